"""Writing files whole."""

import os
import tempfile
from pathlib import Path

from corpus.errors import XianliError


def write_whole(path: Path, content: bytes) -> None:
    """Write a file, whole or not at all: an interruption leaves what was there. Raises XianliError."""
    try:
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
            Path(name).chmod(0o666 & ~_umask())
            os.replace(name, path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise XianliError(
            f"{path}：无法写入（{error.strerror or error}）。请换一个位置。", code="unwritable"
        ) from error


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
