"""The language of problem documents, by `Accept-Language` (RFC 9110, 12.5.4)."""

from typing import Literal

Language = Literal["zh", "en"]


def preferred_language(accepted: str) -> Language:
    """English where it is preferred to Chinese; Chinese for everybody else."""
    weights = {"zh": 0.0, "en": 0.0}
    for one in accepted.split(","):
        tag, _, parameter = one.partition(";")
        language = tag.strip().lower().partition("-")[0]
        if language in weights:
            weights[language] = max(weights[language], _weight(parameter))
    return "en" if weights["en"] > weights["zh"] else "zh"


def _weight(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if not name:
        return 1.0
    try:
        return float(value) if name.strip().lower() == "q" else 0.0
    except ValueError:
        return 0.0
