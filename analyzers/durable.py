"""Making sure that what was written is still there after a power cut."""

import os
from pathlib import Path


def sync_folder(folder: Path) -> None:
    """Flush the folder's entries to disk, where the system can (Windows opens no folders)."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
