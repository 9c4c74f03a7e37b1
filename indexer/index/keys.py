"""The exact keys under which metadata is filtered: what is stored with an item and what a filter asks for.

One fold on both sides, so that every backend needs exact matching of keywords only: 区财政局 is found as 区财政局 and as
财政局, 区纪委（区监委） also as 区监委, a basis document by its full title, its short name and its number.
"""

import re
import unicodedata

from corpus.model import BasisReference, ResponsibleUnit

# A level prefix (区, 县, 市, 省, or a place's own name before it) that a drafter leaves out or adds.
_LEVEL_PREFIX = re.compile(r"^(?:本|我)?[省市区县旗镇乡]委?(?=[^委]{2,})")
_BRACKETED = re.compile(r"[（(]([^（()）]+)[)）]")
_PLACE_SUFFIX = re.compile(r"(?<=..)(?:特别行政区|自治[区州县旗]|地区|[省市区县盟旗州])$")


def fold_key(text: str) -> str:
    """NFKC, no white space, lower case: the form in which keys are compared."""
    return "".join(unicodedata.normalize("NFKC", text).split()).lower()


def place_keys(name: str | None) -> frozenset[str]:
    """Keys of a place: 鲤城区 is found as 鲤城区 and 鲤城."""
    if not name:
        return frozenset()
    key = fold_key(name)
    return frozenset({key, _PLACE_SUFFIX.sub("", key)})


def unit_keys(unit: ResponsibleUnit) -> frozenset[str]:
    """Keys of a unit: printed and canonical name, each also without level prefix, and each name inside brackets."""
    names = {unit.name, unit.canonical}
    for name in tuple(names):
        names |= set(re.split("[、,，]", "、".join(_BRACKETED.findall(name)))) - {""}
        names.add(_BRACKETED.sub("", name))
    keys = {fold_key(name) for name in names if name}
    return frozenset(keys | {_LEVEL_PREFIX.sub("", key) for key in keys})


def document_keys(reference: BasisReference) -> frozenset[str]:
    """Keys of a basis document: full title, the name as printed between 《》, and the document number."""
    printed = re.sub(r"^.*?《(.*)》.*$", r"\1", reference.as_printed)
    return frozenset(
        document_key(name) for name in (reference.document, printed, reference.document_number) if name
    )


def document_key(name: str) -> str:
    """The form in which document names are compared: folded, without title marks."""
    return re.sub("[《》〈〉<>]", "", fold_key(name))
