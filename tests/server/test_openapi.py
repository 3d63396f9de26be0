"""The OpenAPI document against the handlers: each describes the other, and answers are what it says."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import jsonschema
import pytest

from diptych.equivalence.model import Framework
from diptych.server.handlers import HANDLERS
from diptych.server.models import ApiError
from diptych.server.openapi import document
from diptych.server.routes import OPERATIONS, Operation
from diptych.training.store import RunStore

from .stored_runs import add_run, story

METHODS = ("get", "post", "put", "patch", "delete")
MODULE = {"type": "module", "text": "from torch import nn\nlayer = nn.Linear(28 * 28, 256)\n"}
NOTEBOOK = {"type": "notebook", "cells": [{"text": "import torch"}, {"text": "torch.ones(5, 3)"}], "active": 1}

CALLS: dict[str, list[dict[str, Any]]] = {
    "searchEquivalences": [{"query": {"query": "Linear", "limit": 3}}, {"query": {"limit": 500}}],
    "readEquivalence": [{"path": {"id": "ones"}}],
    "lookup": [
        {"body": {"document": MODULE, "line": 2, "column": 12}},
        {"body": {"document": NOTEBOOK, "line": 1, "column": 7}},
        {"body": {"document": MODULE, "line": 1, "column": 0}},
    ],
    "convert": [{"body": {"document": MODULE}}, {"body": {"document": NOTEBOOK, "scope": "cell", "to": "mxnet"}}],
    "readScript": [{"path": {"framework": "pytorch"}}, {"path": {"framework": "mxnet"}}],
    "readParameters": [{"body": {"text": '# %% tags=["parameters"]\nepochs = 3\n'}}, {"body": {"text": ""}}],
    "listRuns": [{}, {"query": {"limit": 1}}],
    "readRun": [{"path": {"id": "ended"}}, {"path": {"id": "queued"}}],
    "readRunScript": [{"path": {"id": "ended"}}],
    "cancelRun": [{"path": {"id": "ended"}}],
    "listEvents": [{"path": {"id": "ended"}}, {"path": {"id": "ended"}, "query": {"since": 3}}],
    "compareRuns": [{"query": {"runs": "ended,queued"}}],
    "deleteRun": [{"path": {"id": "ended"}}],
    "readDocument": [{}],
}
# in this room's tests of streams, of real runs and of checks
ELSEWHERE = {"streamEvents", "startRuns", "listRuntimes", "startCheck", "readCheck", "deleteCheck"}


def resolved(schema: Any) -> Any:
    """A schema that stands by itself."""
    return {**schema, "components": document()["components"]}


async def answer_to(api: Any, operation: Operation, call: dict[str, Any]) -> Any:
    path = operation.path.format(**call.get("path", {}))
    sent = {"json": call["body"]} if "body" in call else {}
    return await api(operation.method.value.upper(), path, **sent, **call.get("query", {}))


def check_answer(operation: Operation, answer: Any) -> None:
    described = document()["paths"][f"/diptych/{operation.path}"][operation.method.value]["responses"]
    assert str(answer.status) in described, answer.json
    content = described[str(answer.status)].get("content")
    if content is None:
        assert answer.body == b""
    else:
        jsonschema.validate(
            answer.json, resolved(content["application/json"]["schema"]), jsonschema.Draft202012Validator
        )


def test_every_operation_has_a_handler_and_every_handler_is_described() -> None:
    described = {(operation.path, operation.method.value) for operation in OPERATIONS}
    served = {
        (path, method)
        for path, handler in HANDLERS.items()
        for method in METHODS
        if any(method in vars(kind) for kind in handler.__mro__ if kind.__module__.startswith("diptych."))
    }
    assert described == served


def test_every_operation_is_called_by_these_tests() -> None:
    assert {operation.name for operation in OPERATIONS} == CALLS.keys() | ELSEWHERE


@pytest.mark.parametrize("operation", [o for o in OPERATIONS if o.name in CALLS], ids=lambda operation: operation.name)
async def test_answers_are_what_the_document_says(api: Any, store: RunStore, operation: Operation) -> None:
    add_run(store, "ended")
    add_run(store, "queued", Framework.MXNET)
    store.append("ended", story())
    for call in CALLS[operation.name]:
        answer = await answer_to(api, operation, call)
        assert answer.status == operation.status
        check_answer(operation, answer)


@pytest.mark.parametrize("operation", [o for o in OPERATIONS if o.name in CALLS], ids=lambda operation: operation.name)
async def test_errors_are_what_the_document_says(api: Any, operation: Operation) -> None:
    nowhere = {"id": "nowhere", "framework": "nowhere"}
    if operation.path_parameters:
        check_answer(operation, await answer_to(api, operation, {"path": nowhere}))
    if operation.body is not None:
        check_answer(operation, await answer_to(api, operation, {"body": {"no": "such field"}}))
    if operation.query:
        check_answer(
            operation, await answer_to(api, operation, {"path": nowhere, "query": {"limit": "?", "since": "?"}})
        )


async def test_the_served_document_is_the_printed_one(api: Any) -> None:
    printed = subprocess.run(
        [sys.executable, "-m", "diptych.server.openapi"], capture_output=True, text=True, check=True
    ).stdout
    assert (await api("GET", "openapi.json")).json == json.loads(printed)


def test_it_is_well_formed() -> None:
    described = document()
    assert described["openapi"] == "3.1.0"
    ids = [way["operationId"] for path in described["paths"].values() for way in path.values()]
    assert len(ids) == len(set(ids)) == len(OPERATIONS)
    for schema in described["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(schema)
    text = json.dumps(described)
    for name in {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}:
        assert name in described["components"]["schemas"]


def test_names_are_clean_and_enums_are_strings() -> None:
    schemas = document()["components"]["schemas"]
    assert {"Run", "Epoch", "RunState", "Event", "Document", "Framework", "Conversion", "Lookup"} <= schemas.keys()
    assert all(name.isidentifier() for name in schemas)
    assert schemas["RunState"]["type"] == "string"
    assert schemas["Event"]["discriminator"]["propertyName"] == "type"
    assert schemas["EventList"]["properties"]["events"]["items"] == {"$ref": "#/components/schemas/Event"}
    assert schemas["LookupRequest"]["properties"]["document"] == {"$ref": "#/components/schemas/Document"}


def test_answers_leave_nothing_out_and_requests_may() -> None:
    schemas = document()["components"]["schemas"]
    assert schemas["Run"]["required"] == list(schemas["Run"]["properties"])
    assert schemas["LookupRequest"]["required"] == ["document", "line", "column"]
    assert ApiError.__name__ in schemas
