"""The search service of a running server."""

import time
from collections.abc import Callable
from logging import getLogger
from threading import Lock

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from corpus.errors import XianliError
from search_api.opening import open_service
from search_api.results import SearchResult
from search_api.search import SearchService
from search_api.settings import Settings

RETRY_SECONDS = 60.0
"""How long the former version of an index serves before the one that could not be opened is tried again."""

_log = getLogger(__name__)


class LiveService:
    """The service over the index that the settings name: opened when it is first needed, then kept.

    The server starts without an index; each request tries again, so that one that is made later is found. When another
    version of the index has taken its place, that one is opened; requests under way end on the one that they began with,
    which is let go with the last of them.
    """

    def __init__(self, settings: Settings, on_result: Callable[[SearchResult], None] | None = None) -> None:
        """`on_result` is told of every result, by the thread that searched."""
        self._settings = settings
        self._on_result = on_result
        self._opening = Lock()
        self._service: SearchService | None = None
        self._next_try = 0.0

    @property
    def opened(self) -> SearchService | None:
        """The service, if it is open and over the version of the index that is in use, or that can't be opened now."""
        service = self._service
        due = service is not None and service.index.superseded and time.monotonic() >= self._next_try
        return None if due else service

    def get(self) -> SearchService:
        """The service; raises StorageError or ModelError while it can't be opened."""
        with self._opening:
            if self._service is None:
                self._service = self._open()
            elif self.opened is None:
                try:
                    self._service = self._open()
                except XianliError as error:  # the former version is better than none
                    self._next_try = time.monotonic() + RETRY_SECONDS
                    _log.warning("the new version of the index can't be opened: %s", error.detail)
            return self._service

    def _open(self) -> SearchService:
        service = open_service(self._settings)
        service.on_result = self._on_result
        return service

    def close(self) -> None:
        """Release the index."""
        with self._opening:
            if self._service is not None:
                self._service.index.close()
                self._service = None


async def live_service(request: Request) -> SearchService:
    """The service of the application that answers `request`. A thread is spent on opening it only."""
    live: LiveService = request.app.state.live
    opened = live.opened
    return opened if opened is not None else await run_in_threadpool(live.get)
