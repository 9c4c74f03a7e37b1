"""Routes for whoever watches the server."""

from fastapi import APIRouter, Response

from search_api.http.answering import documented, json_response
from search_api.http.schemas import Health, Readiness
from search_api.http.search import Service

router = APIRouter(tags=["运行"])


@router.get("/healthz", summary="进程是否在运行", response_model=None, responses=documented(Health))
async def healthz() -> Response:
    """The process lives. Answered without a thread, so also while all of them search."""
    return json_response({"status": "ok"})


@router.get("/readyz", summary="能否检索", response_model=None, responses=documented(Readiness, 503, 504))
def readyz(service: Service) -> Response:
    """The index is open and can be read, or as much of it as answers."""
    with service.index.snapshot() as snapshot:
        held = service.index.statistics()
    return json_response(
        {
            "status": "partial" if snapshot.partial else "ready",
            "mode": service.mode,
            "notices": held.notices,
            "items": held.items,
            "vectors": held.vectors,
            "fingerprint": held.fingerprint,
            "backend": held.backend,
        }
    )
