"""What clients send to be read: files as multipart/form-data, or a text as JSON, put down in a folder of their own.

Nothing is parsed here. A file's name is kept for showing only; on the disk files are numbered.
"""

import hashlib
import re
import shutil
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, BinaryIO

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException

from corpus.errors import QueryError, ReadError
from indexer.reading import File, find_uploaded
from search_api.filter_values import clean
from search_api.http.upload_schemas import TextUpload

LARGEST_UPLOAD = 100_000_000
"""Bytes of a request with files; one notice may have 20 MB."""
_LARGEST_TEXT = 20_000_000
"""Bytes of a text as JSON: more than 2,000,000 characters are no notice."""
_MOST_FILES = 100
_LONGEST_NAME = 120
_UNNAMED = "未命名.txt"
_CHUNK = 1 << 20
_FILE_FIELD = "file"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was sent: under which name, where it lies for now, and the SHA-256 of its bytes."""

    name: str
    on_disk: Path
    digest: str


@dataclass(frozen=True, slots=True)
class Received:
    """The files of one request, in a folder that `discard` deletes."""

    folder: Path
    uploads: tuple[Upload, ...]

    def files(self) -> Iterator[File | ReadError]:
        """The files to read, those in zip archives among them."""
        for upload in self.uploads:
            yield from find_uploaded(upload.on_disk, upload.name, upload.digest)

    def only_file(self) -> File:
        """The one file that was sent. Raises QueryError where there are several, or a zip archive."""
        files = list(self.files())
        if len(files) != 1 or not isinstance(files[0], File) or files[0].member:
            raise QueryError("这里一次只能给一份文件，不能是压缩包。请逐份上传。", code="several_files")
        return files[0]

    def discard(self) -> None:
        """Delete the files."""
        shutil.rmtree(self.folder, ignore_errors=True)


async def receive(request: Request) -> Received:
    """The files that a request sends. Raises RequestValidationError, or HTTPException for other kinds of bodies.

    Who calls it discards them.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        async with request.form(max_files=_MOST_FILES, max_fields=_MOST_FILES) as form:
            return await run_in_threadpool(put_down, _sent_files(form))
    if kind == "application/json":
        text = _sent_text(await _body(request))
        return await run_in_threadpool(put_down, [(text.name, BytesIO(clean(text.text).encode()))])
    raise HTTPException(415)


def _sent_files(form: FormData) -> list[tuple[str, BinaryIO]]:
    """The file parts of a form, by name."""
    found: list[tuple[str, BinaryIO]] = []
    for field, value in form.multi_items():
        if field != _FILE_FIELD:
            raise _invalid("extra_forbidden", field, "Extra inputs are not permitted")
        if not isinstance(value, UploadFile):
            raise _invalid("file_type", field, "Input should be a file with a file name")
        found.append((value.filename or "", value.file))
    if not found:
        raise _invalid("missing", _FILE_FIELD, "Field required")
    return found


def _sent_text(body: bytes) -> TextUpload:
    try:
        return TextUpload.model_validate_json(body)
    except ValidationError as error:
        raise RequestValidationError(error.errors()) from error


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > _LARGEST_TEXT:
            raise HTTPException(413)
    return bytes(body)


def put_down(sent: list[tuple[str, BinaryIO]]) -> Received:
    """Write what was sent, by name, to a new folder. Who calls it discards it."""
    folder = Path(mkdtemp(prefix="xianli-upload-"))
    with _deleted_on_failure(folder):
        uploads = [
            Upload(shown_name(name), folder / str(number), _write(content, folder / str(number)))
            for number, (name, content) in enumerate(sent)
        ]
    return Received(folder, tuple(uploads))


@contextmanager
def _deleted_on_failure(folder: Path) -> Iterator[None]:
    try:
        yield
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _write(content: BinaryIO, path: Path) -> str:
    """Write a file; gives the SHA-256 of its bytes."""
    digest = hashlib.sha256()
    with path.open("wb") as file:
        while chunk := content.read(_CHUNK):
            digest.update(chunk)
            file.write(chunk)
    return digest.hexdigest()


def shown_name(name: str) -> str:
    """A file's name as it is shown and stored: its last part, without control characters and marks of direction."""
    last = re.split(r"[/\\]", clean(name))[-1]
    visible = "".join(one for one in last if unicodedata.category(one)[0] != "C").strip().strip(".")
    stem, dot, suffix = visible.rpartition(".")
    if len(visible) > _LONGEST_NAME and dot and len(suffix) < 10:
        return f"{stem[: _LONGEST_NAME - len(suffix) - 1]}.{suffix}"
    return visible[:_LONGEST_NAME] or _UNNAMED


def _invalid(kind: str, field: str, message: str) -> RequestValidationError:
    error: dict[str, Any] = {"type": kind, "loc": ("body", clean(field)), "msg": message, "input": None}
    return RequestValidationError([error])


UPLOAD_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "properties": {
                        _FILE_FIELD: {
                            "type": "array",
                            "items": {"type": "string", "format": "binary"},
                            "minItems": 1,
                            "maxItems": _MOST_FILES,
                            "description": "通知的文件（Word、PDF、网页、文本），或装有这些文件的 zip；可以有多个",
                        }
                    },
                    "required": [_FILE_FIELD],
                    "additionalProperties": False,
                },
            },
            "application/json": {"schema": {"$ref": "#/components/schemas/TextUpload"}},
        },
    }
}
"""What a route that receives adds to the OpenAPI document."""
