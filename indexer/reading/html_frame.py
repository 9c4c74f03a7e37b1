"""Which lines of a page are the notice, and which are the frame that the site puts around it.

The main text is found by structure: from the page's body down, into the one region that holds nearly all lines of prose,
as long as there is one. Names that editors give their regions (`TRS_Editor`, `article`, `zoom`, `UCAPCONTENT`) only lower
the bar. Inside, what is made of links or named as furniture is frame too.
"""

import re
from dataclasses import dataclass
from itertools import accumulate, pairwise

from indexer.reading.content import Grid

_MAIN = re.compile(r"trs_editor|article|zoom|content|ucap|news_?text|detail|wordsection|view|main|正文", re.I)
_FURNITURE = re.compile(
    r"""(?:^|[-_\s])(?:
      share\w* | bdshare\w* | print\w* | fontsize | toolbar | breadcrumbs? | crumbs? | location | position | nav\w* | menu
    | header | banner | top | info | footer | copyright | relat\w* | xg[wlzy]\w* | prev\w* | next\w* | pager | pagination
    | qrcode | ewm | sidebar | recommend\w*
    )(?=$|[-_\s\d])""",
    re.I | re.X,
)
_FURNITURE_TAGS = frozenset(("nav", "aside", "footer", "button"))
_INSIDE = frozenset((
    "html", "body", "div", "section", "article", "main", "table", "tbody", "tr", "td", "form", "center", "fieldset",
))  # fmt: skip
_PROSE = re.compile("[，。；：、]")
_ATTACHMENT = re.compile("附件|附表|附：")
_NEARLY_ALL, _MOST = 0.85, 0.5
_LINKED = 0.6
_SHORT_TITLE = 8
_MASTHEAD_LINES = 5


@dataclass(slots=True)
class Line:
    """A line of a page or, with a grid, a table: how many of its characters are links, and whether it is a heading."""

    text: str
    linked: int = 0
    heading: bool = False
    grid: Grid | None = None

    @property
    def is_linked(self) -> bool:
        """Whether it consists mainly of links."""
        return self.linked > len(self.text) * _LINKED

    @property
    def prose(self) -> int:
        """Its characters, if it is a sentence or a table and not a button, a link or a date."""
        is_long = not self.grid and len(self.text) >= 20
        is_prose = not self.is_linked and (is_long or _PROSE.search(self.text))
        return len(self.text) - self.linked if is_prose else 0


@dataclass(slots=True)
class Region:
    """A block element: its tag and names, the region around it, and its lines from `first` to `end`."""

    tag: str
    names: str
    parent: int
    first: int
    end: int


def find_frame(lines: list[Line], regions: list[Region], title: str) -> set[int]:
    """The numbers of the lines that are frame; `title` is what the page itself is called."""
    furniture = _furniture(lines, regions)
    prose = [0, *accumulate(0 if i in furniture else line.prose for i, line in enumerate(lines))]
    main = _main_region(regions, prose)
    if main is None:
        return set()
    frame = {*range(main.first), *range(main.end, len(lines)), *furniture, *_linked_ends(lines, main)}
    return frame - _title_line(lines, frame, title)


def _furniture(lines: list[Line], regions: list[Region]) -> set[int]:
    """Lines of regions that are no part of a text by their tag or names, unless they hold half of the page's prose."""
    prose = [0, *accumulate(line.prose for line in lines)]
    found: set[int] = set()
    for region in regions:
        if region.first in found and region.end - 1 in found:
            continue
        is_named = region.tag in _FURNITURE_TAGS or _FURNITURE.search(region.names)
        if is_named and prose[region.end] - prose[region.first] <= prose[-1] * _MOST:
            found.update(range(region.first, region.end))
    return found


def _main_region(regions: list[Region], prose: list[int]) -> Region | None:
    """The innermost region that holds nearly all prose of the region around it."""
    inner: dict[int, list[int]] = {}
    for i, region in enumerate(regions):
        inner.setdefault(region.parent, []).append(i)

    def size(i: int) -> int:
        return prose[regions[i].end] - prose[regions[i].first]

    with_prose = [0, *accumulate(after > before for before, after in pairwise(prose))]
    found = None
    candidates = inner.get(-1, [])
    around = prose[-1]
    while candidates:
        largest = max(candidates, key=size)
        region = regions[largest]
        share = _MOST if _MAIN.search(region.names) else _NEARLY_ALL
        several = with_prose[region.end] - with_prose[region.first] > 1
        if region.tag not in _INSIDE or not around or size(largest) < share * around or not several:
            break
        found, around, candidates = region, size(largest), inner.get(largest, [])
    return found


def _title_line(lines: list[Line], frame: set[int], title: str) -> set[int]:
    """The notice's title where it stands in the frame: the last line that the page's own title repeats, or a heading."""
    first = next((i for i in range(len(lines)) if i not in frame), 0)
    if any(_repeats(line.text, title) for line in lines[first : first + _MASTHEAD_LINES]):
        return set()
    before = [i for i in range(first) if not lines[i].is_linked and len(_bare(lines[i].text)) >= _SHORT_TITLE]
    found = [i for i in before if _repeats(lines[i].text, title)] or [i for i in before if lines[i].heading]
    return set(found[-1:])


def _repeats(text: str, title: str) -> bool:
    return len(_bare(text)) >= _SHORT_TITLE and _bare(text) in title


def _bare(text: str) -> str:
    return "".join(text.split())


def _linked_ends(lines: list[Line], main: Region) -> set[int]:
    """Lines of links before the first sentence of the main text and behind its last one, attachments left out."""
    with_prose = [i for i in range(main.first, main.end) if lines[i].prose]
    ends = (*range(main.first, with_prose[0]), *range(with_prose[-1] + 1, main.end)) if with_prose else ()
    return {i for i in ends if lines[i].is_linked and not _ATTACHMENT.match(lines[i].text)}
