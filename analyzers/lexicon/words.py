"""The domain dictionary: words of administrative notices that a general dictionary cuts to pieces."""

from functools import lru_cache
from hashlib import sha256
from pathlib import Path

_FILE = Path(__file__).with_name("words.txt")


@lru_cache(maxsize=1)
def domain_words() -> tuple[str, ...]:
    """The words of words.txt in file order. A row is `word<TAB>source`; rows that begin with # are comments."""
    rows = _FILE.read_text(encoding="utf-8").splitlines()
    return tuple(row.split("\t")[0] for row in rows if row and not row.startswith("#"))


@lru_cache(maxsize=1)
def words_digest() -> str:
    """First 12 hexadecimal digits of the SHA-256 of the words: changes whenever a word is added or removed."""
    return sha256("\n".join(domain_words()).encode()).hexdigest()[:12]
