"""What the server's log looks like: a line a record, as text or as JSON, on stderr."""

import json
import logging
import sys
import unicodedata
from datetime import UTC, datetime
from queue import Full, Queue
from threading import Thread
from typing import Any, TextIO

from search_api.http.request_ids import request_id

_OWN_FIELDS = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "color_message"}
_WAITING = 10_000
"""Lines that wait for whoever reads the log; more are dropped rather than holding up the server."""
_CLOSE_SECONDS = 2.0


class JsonLines(logging.Formatter):
    """One JSON document a record, in ASCII, so that nothing in it can break a line or dress it up."""

    def format(self, record: logging.LogRecord) -> str:
        """See logging."""
        document = {"time": _time(record), "level": record.levelname, "logger": record.name}
        document |= {"message": record.getMessage().rstrip()} | _fields(record)
        if record.exc_info:
            document["exception"] = self.formatException(record.exc_info)
        return json.dumps(document, default=str)


class TextLines(logging.Formatter):
    """`time level message name=value …`; characters that a terminal acts on are shown as escapes.

    The lines of an exception are indented, so that none of them can pass for a record.
    """

    def format(self, record: logging.LogRecord) -> str:
        """See logging."""
        fields = [f"{name}={_value(value)}" for name, value in _fields(record).items()]
        line = " ".join([_time(record), record.levelname, _visible(record.getMessage().rstrip()), *fields])
        if record.exc_info:
            traceback = self.formatException(record.exc_info).splitlines()
            line = "\n    ".join([line, *map(_visible, traceback)])
        return line


class Log(logging.Handler):
    """Writes lines from a thread of its own: whoever reads them and stops doing so holds up nobody."""

    def __init__(self, form: str, stream: TextIO) -> None:
        """`form`: text or json."""
        super().__init__()
        self.setFormatter(JsonLines() if form == "json" else TextLines())
        self._stream = stream
        self._lines: Queue[str | None] = Queue(_WAITING)
        self._writing = Thread(target=self._write, name="log", daemon=True)
        self._writing.start()

    def emit(self, record: logging.LogRecord) -> None:
        """See logging."""
        try:
            self._lines.put_nowait(self.format(record))
        except Full:
            pass
        except Exception:
            self.handleError(record)

    def close(self) -> None:
        """Write what still waits, unless nobody reads it."""
        try:
            self._lines.put(None, timeout=_CLOSE_SECONDS)
            self._writing.join(_CLOSE_SECONDS)
        except Full:
            pass
        super().close()

    def _write(self) -> None:
        while (line := self._lines.get()) is not None:
            try:
                self._stream.write(f"{line}\n")
                self._stream.flush()
            except (OSError, ValueError):  # nobody reads any more
                return


def start_logging(form: str) -> Log:
    """Write requests and warnings to stderr, as `text` or `json`. To be closed at the end."""
    log = Log(form, sys.stderr)
    root = logging.getLogger()
    root.handlers = [log]
    root.setLevel(logging.WARNING)
    logging.getLogger("search_api").setLevel(logging.INFO)
    return log


def _time(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")


def _fields(record: logging.LogRecord) -> dict[str, Any]:
    """What was said besides the message, and by which request."""
    named = {name: value for name, value in vars(record).items() if name not in _OWN_FIELDS and value is not None}
    return {"request_id": request_id()} | named if request_id() else named


def _value(value: object) -> str:
    """A value as it can stand in a line: in quotation marks, as JSON writes it, unless it is a plain word."""
    text = str(value)
    is_plain = text.isprintable() and not any(one in text for one in ' "=') and text
    return text if is_plain else f'"{_visible(text.replace(chr(34), chr(39)))}"'


def _visible(text: str) -> str:
    """Control characters, marks of direction and the like as escapes: categories Cc, Cf, Cs, Co, Cn, Zl and Zp."""
    if text.isprintable():
        return text
    return "".join(
        one
        if unicodedata.category(one)[0] != "C" and unicodedata.category(one) not in ("Zl", "Zp")
        else ascii(one)[1:-1]
        for one in text
    )
