"""All that can be done with a file without the index: reading, parsing and analysing it."""

from dataclasses import dataclass

from analyzers.terms import Analyzer
from corpus.errors import ParseError
from corpus.model import Document, ParsedNotice, Source
from indexer.analysis import ItemTerms, analyse_item
from indexer.parsing import PARSER_VERSION, parse
from indexer.parsing.places import Place
from indexer.reading import File, read, sha256


@dataclass(frozen=True, slots=True)
class Request:
    """A file to prepare; `place` is that of its notice, where somebody knows it.

    `held` is the SHA-256 of the bytes that the index holds from this path and would read alike. `is_draft`: a text without
    numbered items will do.
    """

    file: File
    place: Place | None = None
    held: str | None = None
    is_draft: bool = False


@dataclass(frozen=True, slots=True)
class Prepared:
    """What is in a file: the SHA-256 of its bytes, and the notice with the terms of its items.

    No notice where the bytes are those that are held.
    """

    digest: str
    parsed: ParsedNotice | None = None
    terms: tuple[ItemTerms, ...] = ()


def prepare(request: Request, analyzer: Analyzer) -> Prepared:
    """Read, parse and analyse a file, unless it is held; raises ReadError and ParseError."""
    path, data = request.file.path, request.file.read_bytes()
    digest = sha256(data)
    if digest == request.held:
        return Prepared(digest)
    content = read(data, str(path))
    document = content.document(Source(path.name, digest, content.encoding, PARSER_VERSION))
    if request.is_draft:
        return Prepared(digest, parse(document))
    parsed = parse_document(document, str(path), request.place)
    return Prepared(digest, parsed, tuple(analyse_item(item, analyzer) for item in parsed.items))


def attempt(request: Request | Exception, analyzer: Analyzer) -> Prepared | Exception:
    """What is in a file, or what went wrong with it; what is no request any more is passed on."""
    if isinstance(request, Exception):
        return request
    try:
        return prepare(request, analyzer)
    except Exception as failure:
        return failure


def parse_document(document: Document, name: str, place: Place | None = None) -> ParsedNotice:
    """The notice in a document; raises ParseError when it has no items."""
    parsed = parse(document, place)
    if not parsed.items:
        raise ParseError(
            f"{name}：没有找到带序号的条款，未收录。转发通知、批复没有条款；如果正文有条款，请检查序号（一、（一）1.）是否丢失。"
        )
    return parsed
