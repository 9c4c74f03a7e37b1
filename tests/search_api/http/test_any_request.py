"""Requests made from the OpenAPI document, right and wrong ones: every answer is one that the document describes."""

from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance
from starlette.testclient import TestClient

from search_api.http import job_queue
from search_api.http.app import create_app
from search_api.settings import Serving, Settings
from tests.search_api.http.conftest import indexed

HERE = {"host": "127.0.0.1"}
EXAMPLES = 8
"""Right and wrong requests of each operation; all of them take some 40 s."""
LEFT_OUT: list[schemathesis.CheckFunction] = [
    positive_data_acceptance,  # a filter can be well formed and mean nothing (a role that there is not): 422 is right then
    negative_data_rejection,  # filters are read as text whatever they are, and unknown parameters of addresses are left aside
]


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[schemathesis.BaseSchema]:
    """The document of a server over the samples that may be written to."""
    data = tmp_path_factory.mktemp("any")
    indexed(data, data / "model")
    app = create_app(
        Settings(data=data, index=str(data / "index"), model=data / "model"), Serving(allow_write=True, rate=0)
    )
    with TestClient(app), pytest.MonkeyPatch.context() as patch:
        patch.setattr(app.router, "lifespan_context", _running)  # each request would start the server and stop it
        patch.setattr(job_queue, "_MOST_WAITING", 1_000)  # batches come faster here than they are done
        yield schemathesis.openapi.from_asgi("/api/v1/openapi.json", app, headers=HERE)


@asynccontextmanager
async def _running(_: FastAPI) -> AsyncIterator[None]:
    yield


@pytest.mark.slow
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_every_request_is_answered_as_described(api: schemathesis.BaseSchema, mode: GenerationMode) -> None:
    asked: Counter[str] = Counter()
    for found in api.get_all_operations():
        assert isinstance(found, Ok), found
        operation = found.ok()

        @seed(7)
        @settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy(generation_mode=mode))
        def answered(case: schemathesis.Case[Any]) -> None:
            case.call_and_validate(excluded_checks=LEFT_OUT, headers=HERE)
            asked[case.operation.label] += 1

        with suppress(Unsatisfiable):  # where any text will do, no request is wrong
            answered()
    assert len(asked) > 10
    assert "POST /api/v1/notices" in asked
