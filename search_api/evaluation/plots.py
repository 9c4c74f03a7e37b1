"""Plots of a run, as SVG that stands inside a page: text in the page's fonts, lines and letters in its ink."""

import io
import re
import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.cells import cell_len

from search_api.evaluation.comparison import Comparison
from search_api.evaluation.measures import NDCG
from search_api.evaluation.runs import QueryRun

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_WIDTH = 7.2
"""Inches; the page scales the plot to the width it has."""
_ROW = 0.24
"""Inches a labelled bar takes."""
_MOST_LABELLED = 60
"""Bars that are labelled; more are drawn as one profile."""
_BINS = 10
_FONT_SIZE, _PADDING = 9, 20
"""Points."""

# matplotlib knows colours only; the page's own ink is put in the place of this one.
_INK = "#010203"
_NOW, _BEFORE, _WORSE = "#2f6f9f", "#d9902f", "#a3271b"


def distribution(queries: Sequence[QueryRun]) -> str:
    """How many queries have which nDCG@10."""
    from matplotlib.ticker import MaxNLocator

    figure, axes = _figure(2.2, 8)
    axes.hist([query.values[NDCG] for query in queries], bins=_BINS, range=(0.0, 1.0), color=_NOW, rwidth=0.92)
    axes.set_xlim(0.0, 1.0)
    axes.set_xlabel(NDCG)
    axes.set_ylabel("查询数")
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    return _svg(figure, f"{NDCG} 的分布")


def by_query(queries: Sequence[QueryRun], before: dict[str, float]) -> str:
    """nDCG@10 of each query, worst first; `before` has the values of an earlier run by qid."""
    ordered = sorted(queries, key=lambda query: query.values[NDCG])
    values = [query.values[NDCG] for query in ordered]
    marks = [(place, before[query.qid]) for place, query in enumerate(ordered) if query.qid in before]
    figure, axes = _bars([f"{query.qid} {_short(query.query)}" for query in ordered], values, [_NOW] * len(values))
    if marks:
        axes.plot(
            [value for _, value in marks],
            [place for place, _ in marks],
            "|",
            color=_BEFORE,
            markersize=11,
            markeredgewidth=2.5,
        )
    axes.set_xlim(0.0, 1.0)
    return _svg(figure, f"每个查询的 {NDCG}")


def changes(comparison: Comparison) -> str | None:
    """By how much nDCG@10 of each query changed; None where none did."""
    growth = [
        (change.growth[NDCG], f"{change.after.qid} {_short(change.after.query)}")
        for change in comparison.changes
        if change.growth.get(NDCG)
    ]
    if not growth:
        return None
    ordered = sorted(growth)
    values = [value for value, _ in ordered]
    figure, axes = _bars([label for _, label in ordered], values, [_WORSE if value < 0 else _NOW for value in values])
    axes.axvline(0.0, color=_INK, linewidth=0.8)
    return _svg(figure, f"每个查询 {NDCG} 的变化")


def _bars(labels: Sequence[str], values: Sequence[float], colours: Sequence[str]) -> "tuple[Figure, Axes]":
    """A bar a value, the first at the top."""
    labelled = len(values) <= _MOST_LABELLED
    shown = labels if labelled else ()
    figure, axes = _figure(0.7 + _ROW * len(values) if labelled else 4.5, max(map(cell_len, shown), default=1))
    axes.barh(range(len(values)), values, color=colours, height=0.7 if labelled else 1.0)
    axes.set_yticks(range(len(shown)), shown, parse_math=False)  # a query may hold $
    axes.set_ylim(len(values) - 0.4, -0.6)
    axes.set_xlabel(NDCG)
    return figure, axes


def _short(query: str) -> str:
    words = " ".join(query.split())
    return words if len(words) <= 16 else f"{words[:15]}…"


def _figure(height: float, label_cells: int) -> "tuple[Figure, Axes]":
    """A figure with room for labels of so many half-width characters: its fonts need not have Chinese ones to measure."""
    from matplotlib.figure import Figure  # not pyplot, which keeps figures and wants a screen

    figure = Figure(figsize=(_WIDTH, height))
    axes = figure.subplots()
    left = (label_cells / 2 * _FONT_SIZE + _PADDING) / (72 * _WIDTH)
    figure.subplots_adjust(left=left, right=0.98, top=1 - 0.1 / height, bottom=0.5 / height)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_color(_INK)
    axes.tick_params(colors=_INK, labelsize=_FONT_SIZE)
    axes.xaxis.label.set_color(_INK)
    axes.yaxis.label.set_color(_INK)
    return figure, axes


def _svg(figure: "Figure", title: str) -> str:
    """The figure as an element of a page, without what would refer to other places."""
    import matplotlib

    written = io.StringIO()
    metadata = {"Date": None, "Creator": None, "Format": None, "Type": None}
    with matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": title}), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing")  # the reader's fonts have it
        figure.savefig(written, format="svg", transparent=True, metadata=metadata)
    svg = written.getvalue()
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg[svg.index("<svg") :], flags=re.S)
    svg = re.sub(
        r'(<svg) .*?(viewBox="[^"]*").*?>', rf'\1 \2 role="img" aria-label="{title}">', svg, count=1, flags=re.S
    )
    svg = re.sub(r' id="(?:figure|axes|patch|line2d|text|matplotlib\.axis|[xy]tick)_\d+"', "", svg)
    return re.sub(r"font-family: [^;\"]*;? *", "", svg).replace(_INK, "currentColor")
