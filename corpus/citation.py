"""Citations that a drafter can paste and that stand up when checked.

Form: 《title》（document number）labels, for example 《青溪区2018年法治政府建设工作安排》（云青政办〔2018〕36号）三、（四）.
A label that was inferred is never shown as if it were printed: its heading in quotation marks takes its place.
"""

import hashlib
from dataclasses import dataclass

from corpus.model import Notice, Provenance, TaskItem


@dataclass(frozen=True, slots=True)
class Citation:
    """A citation with its parts; `sha256` is that of the item's text in UTF-8, so that a quotation can be checked."""

    text: str
    title: str
    document_number: str | None
    place: str
    item_id: str
    sha256: str

    def __str__(self) -> str:
        return self.text


def cite(notice: Notice, item: TaskItem) -> Citation:
    """The citation of `item` in `notice`."""
    place = "".join(
        label.text if label.provenance is Provenance.PRINTED else _named(step, label.text)
        for step, label in zip(item.path, item.labels, strict=True)
    ).rstrip("、.")
    number = f"（{notice.document_number}）" if notice.document_number else ""
    year = "" if notice.document_number or not notice.date_issued else f"（{notice.date_issued}）"
    return Citation(
        text=f"《{notice.title.translate(_INNER_MARKS)}》{number}{year}{place}",
        title=notice.title,
        document_number=notice.document_number,
        place=place,
        item_id=item.id,
        sha256=hashlib.sha256(item.text.encode(errors="surrogatepass")).hexdigest(),
    )


# GB/T 15834-2011, 4.15.3.3: title marks inside title marks are the single ones.
_INNER_MARKS = str.maketrans("《》", "〈〉")


def _named(step: str, label: str) -> str:
    heading = step.removeprefix(label)
    return f"“{heading}”" if heading else "（原文序号缺失）"
