"""Elements of WordprocessingML by their names alone: the format has two namespaces that mean the same."""

from typing import Any


def name_of(element: Any) -> str:
    """An element's name without its namespace; empty for what is no element."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def child(element: Any, name: str) -> Any:
    """The first child of that name, or None; also where there is no element."""
    return None if element is None else element.find(f"{{*}}{name}")


def value(element: Any, name: str) -> str:
    """An attribute, or the empty string."""
    if element is None:
        return ""
    return next((text for key, text in element.attrib.items() if key.rpartition("}")[2] == name), "")


def is_on(element: Any) -> bool | None:
    """Whether a property that is on or off is on; None where it is not given."""
    return None if element is None else value(element, "val") not in ("0", "false", "off")
