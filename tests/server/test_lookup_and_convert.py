"""POST lookup, POST convert: documents in, records and conversions out."""

from __future__ import annotations

from typing import Any

import pytest

TEXT = "from torch import nn\nlayer = nn.Linear(28 * 28, 256)\n"
MODULE = {"type": "module", "text": TEXT}


async def test_lookup_answers_with_the_record_and_the_users_own_call(api: Any) -> None:
    answer = await api("POST", "lookup", json={"document": MODULE, "line": 2, "column": 12})
    assert answer.status == 200
    found = answer.json["lookup"]
    assert found["symbol"] == "torch.nn.Linear"
    assert found["framework"] == "pytorch"
    assert found["converted_call"] == "nn.Dense(256, in_units=28 * 28, flatten=False)"
    assert found["equivalence"]["title"]["en"]
    assert found["equivalence"]["title"]["zh"]


async def test_lookup_where_nothing_is_known_answers_with_null(api: Any) -> None:
    answer = await api("POST", "lookup", json={"document": MODULE, "line": 2, "column": 1})
    assert (answer.status, answer.json) == (200, {"lookup": None})


async def test_lookup_beyond_the_end_of_the_text_is_no_error(api: Any) -> None:
    answer = await api("POST", "lookup", json={"document": MODULE, "line": 999, "column": 5})
    assert (answer.status, answer.json) == (200, {"lookup": None})


async def test_lookup_in_a_notebook_knows_the_imports_of_earlier_cells(api: Any) -> None:
    cells = [{"text": "from torch import nn"}, {"text": "nn.Linear(2, 3)"}]
    document = {"type": "notebook", "cells": cells, "active": 1}
    answer = await api("POST", "lookup", json={"document": document, "line": 1, "column": 4})
    assert answer.json["lookup"]["symbol"] == "torch.nn.Linear"


async def test_convert_answers_with_code_links_and_diagnostics(api: Any) -> None:
    answer = await api("POST", "convert", json={"document": MODULE})
    assert answer.status == 200
    assert "nn.Dense(256, in_units=28 * 28, flatten=False)" in answer.json["code"]
    assert answer.json["target"] == "mxnet"
    assert answer.json["links"]


async def test_converting_the_statement_under_the_cursor(api: Any) -> None:
    cursor = {"start_line": 2, "start_column": 3, "end_line": 2, "end_column": 3}
    answer = await api("POST", "convert", json={"document": MODULE, "scope": "statement", "selection": cursor})
    assert answer.status == 200
    assert answer.json["text"].strip() == "layer = nn.Linear(28 * 28, 256)"
    assert "nn.Dense" in answer.json["code"]


async def test_a_syntax_error_is_a_diagnostic_and_not_an_error(api: Any) -> None:
    answer = await api("POST", "convert", json={"document": {"type": "module", "text": "def ("}, "to": "mxnet"})
    assert answer.status == 200
    assert [diagnostic["code"] for diagnostic in answer.json["diagnostics"]] == ["syntax-error"]


@pytest.mark.parametrize("path", ["lookup", "convert"])
@pytest.mark.parametrize(
    ("body", "code", "told"),
    [
        (b"", "malformed_json", "JSON"),
        (b'{"document": ', "malformed_json", "JSON"),
        (b"\xff\xfe", "malformed_json", "JSON"),
        (b"[]", "invalid_body", "Expected `object`"),
        (b"{}", "invalid_body", "document"),
        (b'{"document": {"type": "essay", "text": ""}, "line": 1, "column": 0}', "invalid_body", "$.document.type"),
        (b'{"document": {"type": "module", "text": 3}, "line": 1, "column": 0}', "invalid_body", "$.document.text"),
        (b'{"document": {"type": "module", "text": ""}, "colour": "red"}', "invalid_body", "colour"),
    ],
)
async def test_a_malformed_body_is_refused_with_the_name_of_the_field(
    api: Any, path: str, body: bytes, code: str, told: str
) -> None:
    answer = await api("POST", path, body=body)
    assert answer.status == 400
    assert answer.json["code"] == code
    assert told in answer.json["message"]


@pytest.mark.parametrize(
    ("path", "change", "code"),
    [
        ("lookup", {"line": 0, "column": 0}, "invalid_position"),
        ("lookup", {"line": 1, "column": -1}, "invalid_position"),
        ("lookup", {"document": {"type": "notebook", "cells": []}, "line": 1, "column": 0}, "invalid_cell"),
        ("convert", {"document": {"type": "notebook", "cells": [{"text": ""}], "active": 3}}, "invalid_cell"),
        ("convert", {"scope": "statement"}, "selection_missing"),
        ("convert", {"scope": "cell"}, "not_a_notebook"),
        (
            "convert",
            {
                "scope": "selection",
                "selection": {"start_line": 2, "start_column": 0, "end_line": 1, "end_column": 0},
            },
            "invalid_selection",
        ),
    ],
)
async def test_places_that_can_not_be_are_refused(api: Any, path: str, change: dict[str, Any], code: str) -> None:
    answer = await api("POST", path, json={"document": MODULE, **change})
    assert (answer.status, answer.json["code"]) == (400, code)


@pytest.mark.parametrize("path", ["lookup", "convert", "parameters", "runs"])
async def test_a_body_of_10_megabytes_is_refused_with_advice(api: Any, path: str) -> None:
    answer = await api("POST", path, body=b'{"text": "' + b"x" * 10_000_000 + b'"}')
    assert (answer.status, answer.json["code"]) == (413, "body_too_large")
    assert "2 MB" in answer.json["message"]


async def test_a_body_without_a_length_is_measured_as_it_comes(jp_fetch: Any, api: Any) -> None:
    async def pieces(write: Any) -> None:
        for _ in range(100):
            await write(b"x" * 100_000)

    reply = await jp_fetch("diptych", "convert", method="POST", body_producer=pieces, raise_error=False)
    assert reply.code == 413
    assert b"body_too_large" in reply.body


async def test_just_below_the_limit_is_still_taken(api: Any) -> None:
    text = "# " + "x" * 1_900_000 + "\n"
    answer = await api("POST", "convert", json={"document": {"type": "module", "text": text}, "to": "mxnet"})
    assert (answer.status, answer.json["code"]) == (200, text)
