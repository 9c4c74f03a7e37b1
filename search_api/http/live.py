"""The search service of a running server."""

from logging import getLogger
from threading import Lock

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from corpus.errors import XianliError
from search_api.opening import index_version, open_service
from search_api.search import SearchService
from search_api.settings import Settings

_log = getLogger(__name__)


class LiveService:
    """The service over the index that the settings name: opened when it is first needed, then kept.

    The server starts without an index; each request tries again, so that one that is made later is found. When another
    version of the index has taken its place, that one is opened; requests under way end on the one that they began with.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._opening = Lock()
        self._service: SearchService | None = None
        self._version: str | None = None

    @property
    def opened(self) -> SearchService | None:
        """The service, if it is open and over the version of the index that is in use."""
        return self._service if self._version == index_version(self._settings) else None

    def get(self) -> SearchService:
        """The service; raises StorageError or ModelError while it can't be opened."""
        with self._opening:
            version = index_version(self._settings)
            if self._service is None:
                self._service, self._version = open_service(self._settings), version
            elif self._version != version:
                self._version = version
                try:
                    self._service = open_service(self._settings)
                except XianliError as error:  # the former version is better than none
                    _log.warning("the new version of the index can't be opened: %s", error.detail)
            return self._service

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
