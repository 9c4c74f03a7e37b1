"""Figures for Prometheus: GET /metrics. There are no words of queries and no names of keys in them."""

from collections.abc import Callable, Iterator

from fastapi import APIRouter, Request, Response
from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

from corpus.errors import XianliError
from search_api.results import SearchResult
from search_api.search import SearchService

_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 30.0)

router = APIRouter(include_in_schema=False)


class Metrics:
    """What one server counts. Threads may share one."""

    def __init__(self, opened: Callable[[], SearchService | None], jobs: Callable[[], int]) -> None:
        """`opened`: the service, where it is open. `jobs`: how many are waiting or running."""
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._registry.register(_Holdings(opened, jobs))
        self._requests = Histogram(
            "xianli_request_seconds",
            "Seconds until the answer had been sent, by route and status.",
            ("method", "route", "status"),
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._searches = Counter(
            "xianli_searches", "Searches, by mode and wholeness.", ("mode", "partial"), registry=self._registry
        )
        self._none_found = Counter("xianli_searches_without_hits", "Searches for nothing.", registry=self._registry)

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request that was answered. `route` must be one of few: the template, and not the address."""
        self._requests.labels(method, route, str(status)).observe(seconds)

    def searched(self, result: SearchResult) -> None:
        """Count a search."""
        self._searches.labels(result.mode, str(result.partial).lower()).inc()
        if not result.total:
            self._none_found.inc()

    def page(self) -> bytes:
        """All figures in Prometheus's text format."""
        return generate_latest(self._registry)


class _Holdings(Collector):
    """What the index holds when it is asked for, and the jobs."""

    def __init__(self, opened: Callable[[], SearchService | None], jobs: Callable[[], int]) -> None:
        self._opened = opened
        self._jobs = jobs

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """See prometheus_client."""
        yield GaugeMetricFamily("xianli_jobs", "Jobs that wait or run.", value=self._jobs())
        try:
            service = self._opened()
            held = service.index.statistics() if service else None
        except XianliError:  # an index that does not answer is told by xianli_index_open
            held = None
        yield GaugeMetricFamily("xianli_index_open", "Whether the index is open and answers.", value=held is not None)
        if service and held:
            for name, told, value in (
                ("notices", "Notices held.", held.notices),
                ("items", "Provisions held.", held.items),
                ("vectors", "Vectors held.", held.vectors),
                ("bytes", "Size of the index.", held.size_bytes),
                ("generation", "Changes of the index since it was made.", service.index.generation),
            ):
                yield GaugeMetricFamily(f"xianli_index_{name}", told, value=value)


@router.get("/metrics")
def metrics(request: Request) -> Response:
    """The figures of this server."""
    held: Metrics = request.app.state.metrics
    return Response(held.page(), media_type=CONTENT_TYPE_LATEST)
