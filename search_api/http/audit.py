"""The audit log: who changed the holdings, how, and with what outcome. JSON lines in `audit.jsonl` of the data folder."""

import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from logging import getLogger
from pathlib import Path
from threading import Lock
from typing import Annotated

from fastapi import Depends, Request

from corpus.errors import StorageError
from search_api.http.access import caller_of
from search_api.http.request_ids import request_id

_LONGEST = 300
"""Characters of a name that are kept."""

_log = getLogger(__name__)


class AuditLog:
    """A file that lines are only ever appended to, each on the disk before `append` returns. Threads may share one."""

    def __init__(self, path: Path) -> None:
        """`path` is made with the first line, for its owner alone (mode 600)."""
        self._path = path
        self._lock = Lock()

    def append(self, line: dict[str, str]) -> None:
        """Write a line; raises StorageError."""
        written = json.dumps(line).encode() + b"\n"  # in ASCII: nothing in a name can break or dress up a line
        try:
            with self._lock:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                file = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
                try:
                    os.write(file, written)
                    os.fsync(file)
                finally:
                    os.close(file)
        except OSError as error:
            _log.error("the audit log can't be written", extra={"reason": str(error)})
            told = f"审计日志 {self._path} 写不了：{error.strerror}。请检查数据文件夹（XIANLI_DATA）的权限和磁盘。"
            raise StorageError(told, code="audit") from error


@dataclass(frozen=True, slots=True)
class Auditor:
    """Notes what one request changes, also after it was answered: a job keeps the one of the request that began it."""

    log: AuditLog
    key: str | None
    address: str
    method: str
    request_id: str

    def record(self, target: str, outcome: str) -> None:
        """Note a change that was made or failed.

        `target`: the id of a notice or the name of a file, never contents. `outcome`: a word such as `added` or `removed`, or
        the code of an error. Raises StorageError.
        """
        self.log.append(
            {
                "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
                "key": self.key or "",
                "address": self.address,
                "method": self.method,
                "target": target[:_LONGEST],
                "outcome": outcome[:_LONGEST],
                "request_id": self.request_id,
            }
        )


async def auditor(request: Request) -> Auditor:
    """The auditor of a request."""
    caller = caller_of(request)
    return Auditor(request.app.state.audit, caller.key, caller.address, request.method, request_id())


Audit = Annotated[Auditor, Depends(auditor)]
