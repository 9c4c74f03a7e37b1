"""Style sheets and scripts under addresses that change with their content, so that a browser keeps each for good."""

from functools import lru_cache
from hashlib import blake2b
from os import PathLike, stat_result
from pathlib import Path
from urllib.parse import parse_qs

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

STATIC_FOLDER = Path(__file__).parent / "static"

_FOR_GOOD = "public, max-age=31536000, immutable"
_ASK_FIRST = "no-cache"
"""The file may be kept, but whether it is still the same is asked each time."""


def static_address(name: str) -> str:
    """Where a file of the static folder is to be had, with its version."""
    return f"/static/{name}?v={_version(STATIC_FOLDER / name)}"


class VersionedFiles(StaticFiles):
    """Serves the static folder; what is asked for by its present version may be kept for good."""

    def __init__(self) -> None:
        super().__init__(directory=STATIC_FOLDER)

    def file_response(
        self, full_path: str | PathLike[str], stat_result: stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        """See StaticFiles."""
        response = super().file_response(full_path, stat_result, scope, status_code)
        asked = parse_qs(scope["query_string"].decode("latin-1")).get("v")
        present = asked is not None and asked == [_version(Path(full_path))]
        response.headers["Cache-Control"] = _FOR_GOOD if present else _ASK_FIRST
        return response


def _version(path: Path) -> str:
    return _digest(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=256)
def _digest(path: Path, _changed: int) -> str:
    return blake2b(path.read_bytes(), digest_size=6).hexdigest()
