"""Notebook files: what a conversion keeps of them, and which files are no notebooks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import nbformat
import pytest

from diptych.equivalence.model import Framework
from diptych.folders import convert_file
from diptych.folders.file import unreadable
from diptych.folders.model import ConvertedFile, Kind, Options, Outputs

EXAMPLES = Path(__file__).parents[2] / "examples"
OUTPUT = {"name": "stdout", "output_type": "stream", "text": ["5\n"]}


def code(text: str, **more: Any) -> dict[str, Any]:
    cell = {"cell_type": "code", "execution_count": 3, "id": "a", "metadata": {}, "outputs": [OUTPUT], "source": text}
    return {**cell, **more}


def notebook(*cells: dict[str, Any], **more: Any) -> bytes:
    kernel = {"display_name": "Mine", "language": "python", "name": "mine"}
    node = {
        "cells": list(cells),
        "metadata": {"kernelspec": kernel, "own": {"x": 1}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return (json.dumps({**node, **more}, indent=1) + "\n").encode()


def converted(data: bytes, outputs: Outputs = Outputs.CLEAR, to: Framework | None = None) -> ConvertedFile:
    return convert_file(Kind.NOTEBOOK, data, Options(to=to, outputs=outputs))


def test_ids_metadata_and_the_kernel_stay() -> None:
    data = notebook(
        {"cell_type": "markdown", "id": "m", "metadata": {"tags": ["t"]}, "source": "# torch.ones"},
        code("import torch\nx = torch.ones(5, 3)", id="c", metadata={"collapsed": True}),
    )
    written = json.loads(converted(data).data)
    given = json.loads(data)
    assert written["metadata"] == given["metadata"]
    assert written["cells"][0]["source"] == ["# torch.ones"]
    assert [(cell["id"], cell["metadata"]) for cell in written["cells"]] == [
        ("m", {"tags": ["t"]}),
        ("c", {"collapsed": True}),
    ]
    assert written["cells"][1]["source"] == ["from mxnet import nd\n", "x = nd.ones((5, 3))"]
    nbformat.validate(nbformat.reads(json.dumps(written), as_version=4))


@pytest.mark.parametrize(("outputs", "left"), [(Outputs.CLEAR, ([], None)), (Outputs.KEEP, ([OUTPUT], 3))])
def test_old_outputs_are_cleared_or_kept(outputs: Outputs, left: tuple[list[Any], int | None]) -> None:
    [cell] = json.loads(converted(notebook(code("import torch\nx = torch.ones(2)")), outputs).data)["cells"]
    assert (cell["outputs"], cell["execution_count"]) == left


def test_a_notebook_without_anything_to_convert_stays_byte_for_byte() -> None:
    data = notebook(code("print(5)")).replace(b"\n ", b"\n    ")
    assert converted(data).data == data


def test_converting_the_result_changes_nothing_and_keeps_its_new_outputs() -> None:
    once = converted((EXAMPLES / "ten_minutes.ipynb").read_bytes(), to=Framework.MXNET).data
    executed = json.loads(once)
    executed["cells"][-1].setdefault("outputs", []).append(OUTPUT)
    data = json.dumps(executed).encode()
    assert converted(once, to=Framework.MXNET).data == once
    assert converted(data, to=Framework.MXNET).data == data


def test_cells_without_ids_stay_without_them() -> None:
    cell = code("import torch\nx = torch.ones(2)")
    del cell["id"]
    written = json.loads(converted(notebook(cell, nbformat_minor=4)).data)
    assert written["nbformat_minor"] == 4
    assert "id" not in written["cells"][0]


def test_text_as_lines_and_text_as_one_string_are_the_same() -> None:
    lines = converted(notebook(code(["import torch\n", "x = torch.ones(2)"])))  # type: ignore[arg-type]
    assert json.loads(lines.data) == json.loads(converted(notebook(code("import torch\nx = torch.ones(2)"))).data)


def test_diagnostics_tell_the_cell() -> None:
    data = notebook(
        {"cell_type": "markdown", "id": "m", "metadata": {}, "source": ""}, code("import torch\ntorch.jit.script(1)")
    )
    [remark] = converted(data).remarks
    assert (remark.diagnostic.cell, remark.diagnostic.line, remark.text) == (1, 2, "torch.jit.script(1)")


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "no JSON"),
        (b"\xff\xfe", "no JSON"),
        (b"[]", "`nbformat` is missing"),
        (b"[" * 100_000, "no JSON"),
        (b'{"nbformat": 3, "nbformat_minor": 0, "worksheets": []}', "upgrades it to 4"),
        (b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"cell_type": "code"}]}', "does not follow"),
        (b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}}', "does not follow"),
        (b'{"nbformat": 4, "nbformat_minor": 5, "metadata": [], "cells": {}}', "does not follow"),
        (notebook(metadata={"language_info": {"name": "R"}}), "its language is r"),
    ],
)
def test_what_is_no_notebook_says_why_and_stays(data: bytes, told: str) -> None:
    found = converted(data)
    assert told in (unreadable(found) or "")
    assert found.data == data
