"""Notices that tests send, and a server that may be written to."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from httpx2 import Response
from starlette.testclient import TestClient

from search_api.http.app import create_app
from search_api.settings import Serving, Settings

NOTICE = (
    "甲市{district}人民政府办公室关于印发{district}{year}年工作要点的通知\n{short}政办〔{year}〕{number}号\n各单位：\n现印发给你们。\n"
    "甲市{district}人民政府办公室\n{year}年5月9日\n{district}{year}年工作要点\n一、{first}（区司法局负责）\n二、公开文件。（区政府办负责）\n"
)


def notice(year: int = 2018, number: int = 1, first: str = "清理文件。", district: str = "乙区") -> bytes:
    """The text of an invented notice, UTF-8."""
    text = NOTICE.format(year=year, number=number, first=first, district=district, short=district[0])
    return text.encode()


def archive(**files: bytes) -> bytes:
    """A zip archive of files by name, without their suffixes."""
    written = BytesIO()
    with ZipFile(written, "w") as opened:
        for name, content in files.items():
            opened.writestr(f"{name}.txt", content)
    return written.getvalue()


@contextmanager
def serving(folder: Path, **settings: Any) -> Iterator[TestClient]:
    """A client at the machine of a running server that may be written to; its index is in `folder`, without a model."""
    usual: dict[str, Any] = {"data": folder, "index": str(folder / "index"), "model": folder / "model"}
    app = create_app(Settings(**usual | settings), Serving(allow_write=True, rate=0))
    with TestClient(app, base_url="http://127.0.0.1", client=("127.0.0.1", 50_000)) as client:
        yield client


def send(client: TestClient, *files: tuple[str, bytes], **parameters: Any) -> Response:
    """Upload files by name."""
    parts = [("file", (name, content)) for name, content in files]
    return client.post("/api/v1/notices", files=parts, params=parameters or None)
