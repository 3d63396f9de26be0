"""The REST interface as data: what `openapi.py` describes, `extension.py` serves and the tests hold against each other.

Nothing here knows Tornado."""

from __future__ import annotations

import re
from enum import Enum
from typing import NamedTuple

import msgspec

from diptych.checking.check_model import CheckProgress
from diptych.conversion.model import Conversion
from diptych.equivalence.model import Framework
from diptych.server.models import (
    CheckRequest,
    ConvertRequest,
    EquivalenceEntry,
    EquivalenceList,
    EventList,
    LookupRequest,
    LookupResponse,
    ParametersRequest,
    RunList,
    RunsStarted,
    RuntimeList,
    ScriptParameters,
    ShippedScript,
)
from diptych.training.model import Comparison, Event, Run, RunRequest, Script

PREFIX = "diptych"
BODY_LIMIT = 2 * 1024 * 1024  # bytes: a notebook of 500 KB of source fits four times over


class Method(str, Enum):
    """An HTTP method, as OpenAPI spells it."""

    GET = "get"
    POST = "post"
    DELETE = "delete"


class Query(NamedTuple):
    """One query parameter. ``kind`` is a type that JSON Schema knows."""

    name: str
    kind: type
    description: str
    default: str | int | None = None
    required: bool = False


class Operation(NamedTuple):
    """One method on one path. ``answer`` None: no content. ``path`` is relative to the server's base URL."""

    name: str  # camelCase: the operation's id
    method: Method
    path: str
    summary: str
    answer: type[msgspec.Struct] | None
    body: type[msgspec.Struct] | None = None
    query: tuple[Query, ...] = ()
    status: int = 200
    errors: tuple[int, ...] = ()  # beyond those of every operation: 401/403, and with a body 400, 413
    message: object = None  # WebSocket: the type of each message

    @property
    def path_parameters(self) -> tuple[str, ...]:
        """The names in braces."""
        return tuple(re.findall(r"{(\w+)}", self.path))


_LIMIT = Query("limit", int, "At most so many items, 1 to 500.", 50)
_OFFSET = Query("offset", int, "Skip so many items.", 0)
_SINCE = Query("since", int, "The sequence number of the last event already seen.", 0)

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "searchEquivalences",
        Method.GET,
        "equivalences",
        "The records that hold every word of the query, the best first; all records without one.",
        EquivalenceList,
        query=(Query("query", str, "Words to find, English or Chinese.", ""), _LIMIT, _OFFSET),
        errors=(400,),
    ),
    Operation(
        "readEquivalence",
        Method.GET,
        "equivalences/{id}",
        "One record and what execution said of it.",
        EquivalenceEntry,
        errors=(404,),
    ),
    Operation(
        "lookup",
        Method.POST,
        "lookup",
        "What is at a place of a document, and its counterpart.",
        LookupResponse,
        LookupRequest,
    ),
    Operation(
        "convert",
        Method.POST,
        "convert",
        "A document, or a part of it, written for the other framework.",
        Conversion,
        ConvertRequest,
    ),
    Operation(
        "startCheck",
        Method.POST,
        "checks",
        "Execute a document and its conversion, each in its framework's own process, and compare every value.",
        CheckProgress,
        CheckRequest,
        status=201,
        errors=(503,),
    ),
    Operation(
        "readCheck",
        Method.GET,
        "checks/{id}",
        "A check as it stands, and its result once it has one.",
        CheckProgress,
        errors=(404,),
    ),
    Operation(
        "deleteCheck",
        Method.DELETE,
        "checks/{id}",
        "End a check with both its processes, and forget it.",
        None,
        status=204,
        errors=(404,),
    ),
    Operation(
        "listRuntimes",
        Method.GET,
        "runtimes",
        "The interpreters in which the frameworks were found, and their devices.",
        RuntimeList,
        query=(Query("refresh", bool, "Look again instead of answering with what was found before.", "false"),),
        errors=(400, 503),
    ),
    Operation(
        "readScript",
        Method.GET,
        "scripts/{framework}",
        "The training script that ships with Diptych, and its parameters.",
        ShippedScript,
        errors=(404,),
    ),
    Operation(
        "readParameters",
        Method.POST,
        "parameters",
        "The parameters of a script, or why it has none.",
        ScriptParameters,
        ParametersRequest,
    ),
    Operation(
        "startRuns",
        Method.POST,
        "runs",
        "Queue one run per framework and repeat.",
        RunsStarted,
        RunRequest,
        status=201,
        errors=(422, 503),
    ),
    Operation(
        "listRuns",
        Method.GET,
        "runs",
        "The runs that are kept, newest first.",
        RunList,
        query=(_LIMIT, _OFFSET),
        errors=(400, 503),
    ),
    Operation("readRun", Method.GET, "runs/{id}", "One run as it stands.", Run, errors=(404, 503)),
    Operation(
        "deleteRun",
        Method.DELETE,
        "runs/{id}",
        "Forget a run that has ended, and its events.",
        None,
        status=204,
        errors=(404, 409, 503),
    ),
    Operation(
        "cancelRun",
        Method.POST,
        "runs/{id}/cancel",
        "Ask a run to stop; one that has ended is left as it is.",
        Run,
        errors=(404, 503),
    ),
    Operation(
        "readRunScript",
        Method.GET,
        "runs/{id}/script",
        "The code that a run ran, as it was then; the values of its parameters are the run's own.",
        Script,
        errors=(404, 503),
    ),
    Operation(
        "listEvents",
        Method.GET,
        "runs/{id}/events",
        "The events after a sequence number, and the run as it stands: polling, where no WebSocket gets through.",
        EventList,
        query=(_SINCE,),
        errors=(400, 404, 503),
    ),
    Operation(
        "streamEvents",
        Method.GET,
        "runs/{id}/stream",
        "A WebSocket: the events after a sequence number, then each new one as it comes, one JSON text a message. "
        "The server closes it when the run has ended (code 1000).",
        None,
        query=(_SINCE,),
        status=101,
        errors=(400, 404, 503),
        message=Event,
    ),
    Operation(
        "compareRuns",
        Method.GET,
        "comparisons",
        "The comparison of any runs.",
        Comparison,
        query=(Query("runs", str, "Ids of runs, separated by commas.", required=True),),
        errors=(400, 404, 503),
    ),
    Operation("readDocument", Method.GET, "openapi.json", "This document.", None),
)

PATH_TYPES: dict[str, type] = {"id": str, "framework": Framework}
