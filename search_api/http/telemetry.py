"""Traces for an OpenTelemetry collector: with the extra `telemetry`, and where the standard variables name a collector."""

import os
from collections.abc import Mapping
from logging import getLogger
from typing import Any

from fastapi import FastAPI

_log = getLogger(__name__)

_NAMING_A_COLLECTOR = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
_WITH_QUERY = ("http.target", "http.url", "url.full", "url.query")
"""Attributes of a request that have what was searched for in them, under old and new conventions."""
_NOT_TRACED = "healthz,metrics,static"


def trace(app: FastAPI) -> None:
    """Send traces of requests, without their queries, over OTLP/HTTP; nothing unless a variable names the collector."""
    if not _is_wanted(os.environ):
        return
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.instrumentation.fastapi import FastAPIInstrumentor
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError as error:
        _log.warning("no traces: the extra `telemetry` is not installed", extra={"missing": error.name})
        return
    named = "OTEL_SERVICE_NAME" in os.environ
    provider = TracerProvider(resource=Resource.create({} if named else {"service.name": "xianli"}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    FastAPIInstrumentor.instrument_app(
        app, tracer_provider=provider, server_request_hook=_without_query, excluded_urls=_NOT_TRACED
    )


def _is_wanted(variables: Mapping[str, str]) -> bool:
    switched_off = variables.get("OTEL_SDK_DISABLED", "").lower() == "true"
    return not switched_off and any(variables.get(name) for name in _NAMING_A_COLLECTOR)


def _without_query(span: Any, scope: dict[str, Any]) -> None:
    """Take what was searched for out of a span."""
    for name in _WITH_QUERY:
        if name in (span.attributes or {}):
            span.set_attribute(name, "" if name == "url.query" else str(span.attributes[name]).partition("?")[0])
