"""The application: API, page, errors, headers."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from logging import getLogger

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool

from corpus.errors import XianliError
from indexer.index.filters import Filters
from search_api.http import health, items, notices, search
from search_api.http.live import LiveService
from search_api.http.problems import add_problem_handlers
from search_api.http.safety import BodyLimit, SecurityHeaders
from search_api.settings import Settings
from search_api.web import pages

_log = getLogger(__name__)

_LARGEST_BODY = 1_000_000
"""Bytes: 50,000 characters are at most 600,000 as JSON escapes."""


def create_app(settings: Settings) -> FastAPI:
    """The application over the index that the settings name, which need not exist yet."""
    live = LiveService(settings)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await run_in_threadpool(_warm, live)
        yield
        live.close()

    app = FastAPI(
        title="先例",
        summary="检索各地政府通知里的同类条款",
        version=version("xianli"),
        openapi_url="/api/v1/openapi.json",
        docs_url=None,  # FastAPI's page loads its scripts from elsewhere
        redoc_url=None,
        lifespan=lifespan,
    )
    app.state.live = live
    for api in (search.router, items.router, notices.router):
        app.include_router(api, prefix="/api/v1")
    app.include_router(health.router)
    app.include_router(pages.router)
    app.mount("/static", pages.static_files)
    add_problem_handlers(app)
    app.add_middleware(BodyLimit, limit=_LARGEST_BODY)
    app.add_middleware(SecurityHeaders)
    return app


def _warm(live: LiveService) -> None:
    """Load dictionary, index and model before the first request. A server without an index says so when asked."""
    try:
        live.get().search("法治", Filters(), top=1)
    except XianliError as error:
        _log.warning("search is not possible yet: %s", error.detail)
