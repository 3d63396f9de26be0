"""Which handler serves which path of the table of routes."""

from __future__ import annotations

from diptych.server.base import JsonErrors
from diptych.server.handlers.catalog import EquivalenceHandler, EquivalencesHandler
from diptych.server.handlers.checks import CheckHandler, ChecksHandler
from diptych.server.handlers.conversion import ConvertHandler, LookupHandler
from diptych.server.handlers.machine import DocumentHandler, ParametersHandler, RuntimesHandler, ScriptHandler
from diptych.server.handlers.missing import MissingHandler
from diptych.server.handlers.runs import (
    CancelHandler,
    ComparisonHandler,
    EventsHandler,
    RunHandler,
    RunScriptHandler,
    RunsHandler,
)
from diptych.server.handlers.stream import StreamHandler

HANDLERS: dict[str, type[JsonErrors]] = {
    "equivalences": EquivalencesHandler,
    "equivalences/{id}": EquivalenceHandler,
    "lookup": LookupHandler,
    "convert": ConvertHandler,
    "checks": ChecksHandler,
    "checks/{id}": CheckHandler,
    "runtimes": RuntimesHandler,
    "scripts/{framework}": ScriptHandler,
    "parameters": ParametersHandler,
    "runs": RunsHandler,
    "runs/{id}": RunHandler,
    "runs/{id}/cancel": CancelHandler,
    "runs/{id}/script": RunScriptHandler,
    "runs/{id}/events": EventsHandler,
    "runs/{id}/stream": StreamHandler,
    "comparisons": ComparisonHandler,
    "openapi.json": DocumentHandler,
}

__all__ = ["HANDLERS", "MissingHandler"]
