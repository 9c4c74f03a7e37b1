"""The search service of a running server."""

from threading import Lock

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from search_api.opening import open_service
from search_api.search import SearchService
from search_api.settings import Settings


class LiveService:
    """The service over the index that the settings name: opened when it is first needed, then kept.

    The server starts without an index; each request tries again, so that one that is made later is found.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._opening = Lock()
        self._service: SearchService | None = None

    @property
    def opened(self) -> SearchService | None:
        """The service, if it is open."""
        return self._service

    def get(self) -> SearchService:
        """The service; raises StorageError or ModelError while it can't be opened."""
        with self._opening:
            if self._service is None:
                self._service = open_service(self._settings)
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
