"""The application: API, page, errors, and what stands between them and whoever asks."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from importlib.metadata import version
from logging import getLogger

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from corpus.errors import XianliError
from indexer.index.filters import Filters
from search_api.http import (
    comparison,
    drafts,
    exports,
    health,
    items,
    jobs,
    metrics,
    notices,
    openapi,
    search,
    suggestions,
)
from search_api.http.access import Authorisation, Identification
from search_api.http.audit import AuditLog
from search_api.http.job_queue import JobQueue
from search_api.http.keys import KeyStore
from search_api.http.limits import BodyLimit, ConcurrencyLimit, RateLimit, Tally, WrongKeys
from search_api.http.live import LiveService
from search_api.http.metrics import Metrics
from search_api.http.problems import add_problem_handlers
from search_api.http.request_ids import HEADER
from search_api.http.request_log import RequestLog
from search_api.http.safety import SecurityHeaders
from search_api.http.telemetry import trace
from search_api.http.timeouts import TimeLimit
from search_api.http.writing import Writer
from search_api.settings import Serving, Settings
from search_api.web import pages

_log = getLogger(__name__)

_API = (search, suggestions, items, comparison, exports, notices, jobs, drafts)
_JOBS_STOP_SECONDS = 2.0
_COMPRESSED_FROM = 64_000
"""Bytes of an answer: the page of a pasted provision has it in every link; others are not worth the time."""
_QUICKLY = 2
_READABLE = ("ETag", "Location", "Retry-After", HEADER, "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")
"""Headers of answers that scripts of other sites may read."""


def create_app(settings: Settings, serving: Serving | None = None) -> FastAPI:
    """The application over the index that the settings name, which need not exist yet."""
    serving = Serving() if serving is None else serving
    counted = Metrics(lambda: live.opened, lambda: job_queue.unfinished)
    live = LiveService(settings, counted.searched)
    writer = Writer(settings, live)
    job_queue = JobQueue(settings.data, writer)
    store, wrong, put_off = KeyStore(settings.data / "keys.sqlite"), WrongKeys(), Tally("too many requests")

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await run_in_threadpool(_warm, live)
        yield
        with suppress(TimeoutError):  # a notice that is being stored is stored whole or not at all
            await asyncio.wait_for(run_in_threadpool(job_queue.close), _JOBS_STOP_SECONDS)
        wrong.tally.report()
        put_off.report()
        store.close()
        live.close()

    app = FastAPI(
        title="先例",
        summary="检索各地政府通知里的同类条款",
        version=version("xianli"),
        openapi_url="/api/v1/openapi.json",
        docs_url=None,  # FastAPI's page loads its scripts from elsewhere
        redoc_url=None,
        openapi_tags=openapi.TAGS,
        generate_unique_id_function=openapi.operation_id,
        lifespan=lifespan,
    )
    app.state.live, app.state.writer, app.state.jobs = live, writer, job_queue
    app.state.metrics, app.state.audit = counted, AuditLog(settings.data / "audit.jsonl")
    for module in _API:
        app.include_router(module.router, prefix="/api/v1")
    for module in (health, metrics, pages):
        app.include_router(module.router)
    app.mount("/static", pages.static_files)
    add_problem_handlers(app)
    openapi.describe(app)
    trace(app)
    _guard(app, serving, store, wrong, put_off)
    return app


def _guard(app: FastAPI, serving: Serving, store: KeyStore, wrong: WrongKeys, put_off: Tally) -> None:
    """Put what every request has to pass before `app`; the last one is the outermost, which a request meets first."""
    app.add_middleware(GZipMiddleware, minimum_size=_COMPRESSED_FROM, compresslevel=_QUICKLY)
    app.add_middleware(BodyLimit, largest=serving.largest_body, largest_upload=serving.largest_upload)
    app.add_middleware(TimeLimit, seconds=serving.request_seconds)
    app.add_middleware(ConcurrencyLimit, most=serving.concurrent_requests)
    app.add_middleware(Authorisation, cors_origins=serving.cors_origins)
    if serving.rate:
        app.add_middleware(RateLimit, rate=serving.rate, tally=put_off)
    app.add_middleware(Identification, store=store, serving=serving, wrong=wrong)
    if serving.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=serving.cors_origins,
            allow_methods=("GET", "POST", "DELETE"),
            allow_headers=("Authorization", HEADER),
            expose_headers=_READABLE,
        )
    app.add_middleware(RequestLog, metrics=app.state.metrics, with_queries=serving.log_queries)
    app.add_middleware(SecurityHeaders)
    if serving.trusted_proxies:
        app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=list(serving.trusted_proxies))


def _warm(live: LiveService) -> None:
    """Load dictionary, index and model before the first request, and begin to make suggestions.

    A server without an index says so when asked.
    """
    try:
        service = live.get()
        service.search("法治", Filters(), top=1)
        service.suggestions.prepare()
    except XianliError as error:
        _log.warning("search is not possible yet: %s", error.detail)
