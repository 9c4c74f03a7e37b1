"""Citations that a drafter can paste and that stand up when checked.

Form: 《title》（document number）labels, for example 《青溪区2018年法治政府建设工作安排》（云青政办〔2018〕36号）三、（四）.
A label that was inferred is never shown as if it were printed: its heading in quotation marks takes its place.
"""

import hashlib
import re
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


@dataclass(frozen=True, slots=True)
class Citations:
    """One citation in the forms that drafters paste.

    `text` is that of `cite`; `gbt7714` an entry of a list of references; `in_text` a phrase within a sentence; `link` the
    text with an address where the item can be read, None where no address is known.
    """

    text: str
    gbt7714: str
    in_text: str
    link: str | None


def cite(notice: Notice, item: TaskItem) -> Citation:
    """The citation of `item` in `notice`."""
    place = "".join(
        label.text if label.provenance is Provenance.PRINTED else _named(step, label.text)
        for step, label in zip(item.path, item.labels, strict=True)
    ).rstrip("、.")
    return Citation(
        text=f"{_titled(notice)}{place}",
        title=notice.title,
        document_number=notice.document_number,
        place=place,
        item_id=item.id,
        sha256=hashlib.sha256(item.text.encode(errors="surrogatepass")).hexdigest(),
    )


def citations(notice: Notice, item: TaskItem, address: str | None = None) -> Citations:
    """The citation of `item` in every form; `address` is where a reader finds the item."""
    plain = cite(notice, item)
    return Citations(
        text=plain.text,
        gbt7714=_reference(notice, plain.place),
        in_text=f"{_titled(notice)}{_spoken_place(item)}",
        link=f"{plain.text} {address}" if address else None,
    )


def _titled(notice: Notice) -> str:
    """《title》 with the document number, or without one the date."""
    identified = notice.document_number or notice.date_issued
    return f"《{notice.title.translate(_INNER_MARKS)}》" + (f"（{identified}）" if identified else "")


def _reference(notice: Notice, place: str) -> str:
    """An entry after GB/T 7714-2015: issuer. title: number[A]. year: place.

    [A] (档案) is the type of its annex B that documents of government fall under, as the common citation styles have it too;
    [EB/OL] would need the address of publication, which is not known. The number stands where numbers of reports and
    standards do (other title information). What is unknown is left out: an entry without an author begins with the title.
    """
    issuers = notice.issuer.split("、") if notice.issuer else []
    named = ", ".join(issuers[:_MOST_ISSUERS]) + (", 等" if len(issuers) > _MOST_ISSUERS else "")
    title = ": ".join(filter(None, (notice.title, notice.document_number)))
    year = (notice.date_issued or "")[:4]
    parts = (named, f"{title}[A]", ": ".join(filter(None, (year, place))))
    return f"{'. '.join(filter(None, parts))}."


_MOST_ISSUERS = 3
"""Names of authors that an entry gives (GB/T 7714-2015, 8.1.2)."""

# How a sentence names a level of an outline: 第三部分第（四）项. A level of another style is named as it is printed.
_SPOKEN = (
    (re.compile("([一二三四五六七八九十百]+)、"), "第{}部分"),
    (re.compile("（([一二三四五六七八九十百]+)）"), "第（{}）项"),
    (re.compile("第([一二三四五六七八九十百]+)，"), "第{}项"),
    (re.compile("([0-9]+)[.、]"), "第{}点"),
    (re.compile("（([0-9]+)）"), "第（{}）小点"),
    (re.compile("([0-9]+)"), "第{}项"),  # a row of a table
)


def _spoken_place(item: TaskItem) -> str:
    return "".join(
        _spoken(label.text) if label.provenance is Provenance.PRINTED else _named(step, label.text)
        for step, label in zip(item.path, item.labels, strict=True)
    )


def _spoken(label: str) -> str:
    return next((spoken.format(match[1]) for form, spoken in _SPOKEN if (match := form.fullmatch(label))), label)


# GB/T 15834-2011, 4.15.3.3: title marks inside title marks are the single ones.
_INNER_MARKS = str.maketrans("《》", "〈〉")


def _named(step: str, label: str) -> str:
    heading = step.removeprefix(label)
    return f"“{heading}”" if heading else "（原文序号缺失）"
