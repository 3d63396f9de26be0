"""Whole notebooks: names carried across cells, magics untouched, cells that belong to two processes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_properties import _PROGRAMS, _SETTINGS, _parses

from diptych.conversion.convert import convert_document
from diptych.conversion.model import Severity
from diptych.conversion.notebook import NotebookConversion, convert_notebook
from diptych.equivalence.model import Dialect, Framework
from diptych.source.magics import mask
from diptych.source.model import Cell, CellType, Notebook


def converted(*texts: str, to: Framework | None = None) -> NotebookConversion:
    return convert_notebook(Notebook(tuple(Cell(text) for text in texts)), to)


def codes(conversion: NotebookConversion) -> list[tuple[str, int | None, int]]:
    return [(found.code, found.cell, found.line) for found in conversion.diagnostics]


def test_names_are_carried_across_cells() -> None:
    result = converted("import torch", "x = torch.ones(5, 3)", "y = x.view(3, 5)")
    assert result.cells == ("from mxnet import nd", "x = nd.ones((5, 3))", "y = x.reshape(3, 5)")
    assert (result.source, result.target, result.dialect) == (Framework.PYTORCH, Framework.MXNET, Dialect.ND)


def test_markdown_magics_and_shell_lines_stay() -> None:
    cells = (
        Cell("# torch.ones", CellType.MARKDOWN),
        Cell("%matplotlib inline\n!pip install torch\nimport torch\ntorch.ones?"),
        Cell("%%bash\npython -c 'import torch'"),
        Cell("%%time\nx = torch.ones(5, 3)"),
        Cell("%timeit torch.ones(5, 3)\nfiles = !ls"),
    )
    result = convert_notebook(Notebook(cells))
    assert result.cells == (
        "# torch.ones",
        "%matplotlib inline\n!pip install torch\nfrom mxnet import nd\ntorch.ones?",
        "%%bash\npython -c 'import torch'",
        "%%time\nx = nd.ones((5, 3))",
        "%timeit nd.ones((5, 3))\nfiles = !ls",
    )


def test_a_cell_of_another_language_that_speaks_of_a_framework_is_told() -> None:
    result = converted("import torch\nx = torch.ones(2)", "%%writefile model.py\nimport torch\n")
    assert codes(result) == [("magic", 1, 1)]
    assert result.cells[1] == "%%writefile model.py\nimport torch\n"


def test_functions_that_come_along_never_stand_before_a_magic() -> None:
    first, second = converted("import torch", "%%time\nx = torch.logsumexp(torch.ones(2, 3), 1)").cells
    assert "def logsumexp" in first
    assert second.startswith("%%time\n")
    notebook = Notebook((Cell("import torch"), Cell("%%time\nx = torch.logsumexp(torch.ones(2, 3), 1)")), active=1)
    panel = convert_document(notebook, scope="cell").code
    assert panel.startswith("%%time\ndef logsumexp")


def test_the_last_line_of_a_cell_can_go() -> None:
    cells = ("from mxnet import np, npx\nnpx.set_np()", "x = np.ones((2, 3))")
    assert converted(*cells).cells == ("import torch", "x = torch.ones(2, 3)")
    panel = convert_document(Notebook(tuple(Cell(text) for text in cells)), scope="cell")
    assert (panel.code, panel.text) == ("import torch", cells[0])


def test_a_broken_cell_stays_and_the_others_are_converted() -> None:
    result = converted("import torch", "x = torch.ones(\n", "y = torch.ones(2, 3)")
    assert result.cells == ("from mxnet import nd", "x = torch.ones(\n", "y = nd.ones((2, 3))")
    assert [(code, cell) for code, cell, _ in codes(result)] == [("syntax-error", 1)]


def test_diagnostics_tell_cell_and_line() -> None:
    result = converted("import torch", "", "x = torch.ones(2)\ny = torch.jit.script(x)")
    assert [(cell, line) for _, cell, line in codes(result)] == [(2, 2)]
    assert "torch.jit.script(x)  # diptych: " in result.cells[2]


def test_one_dialect_for_the_notebook() -> None:
    result = converted("import torch", "x = torch.ones(2)", "y = torch.logsumexp(torch.ones(2, 3), 1)\nz = x == x")
    assert all("nd." not in cell for cell in result.cells) or all("np." not in cell for cell in result.cells)
    there = converted("%%mxnet\nfrom mxnet import np, npx\nnpx.set_np()", "import torch\nx = torch.ones(2)")
    assert there.dialect is Dialect.NP
    assert "np.ones" in there.cells[1]


def test_a_training_step_in_several_cells_is_refused() -> None:
    result = converted(
        "import torch\nfrom torch import nn\nnet = nn.Linear(3, 2)\nloss_fn = nn.CrossEntropyLoss()",
        "out = net(torch.ones(4, 3))",
        "loss = loss_fn(out, torch.zeros(4).long())\nloss.backward()",
    )
    assert ("recording", 2, 2) in codes(result)
    assert "with " not in "".join(result.cells)


def test_mxnet_cells_become_pytorch_cells_of_the_kernel() -> None:
    result = converted("import numpy", "%%mxnet\nfrom mxnet import nd\n", "%%mxnet\nx = nd.ones((5, 3))", to=None)
    assert result.cells == ("import numpy", "import torch\n", "x = torch.ones(5, 3)")


def test_mxnet_cells_stay_where_a_name_would_mean_something_else() -> None:
    cells = (
        "import torch\nx = torch.ones(5, 3)",
        "%%mxnet\nfrom mxnet import nd\nx = nd.zeros((2, 2))",
        "print(x)",
    )
    result = converted(*cells, to=Framework.PYTORCH)
    assert codes(result) == [("shared-names", 1, 1)]
    assert result.cells[1].startswith("%%mxnet\n# diptych: stays in MXNet's process: x ")
    assert result.cells[::2] == cells[::2]


def test_the_same_name_is_no_matter_where_nobody_reads_the_other_s() -> None:
    result = converted(
        "import torch\nx = torch.ones(5, 3)\nprint(x)",
        "%%mxnet\nfrom mxnet import nd\nx = nd.zeros((2, 2))\nprint(x)",
        to=Framework.PYTORCH,
    )
    assert result.cells[1] == "import torch\nx = torch.zeros(2, 2)\nprint(x)"


def test_a_string_that_looks_like_a_magic_stays() -> None:
    text = 'from mxnet import nd\nx = nd.ones((5, 3))\ntext = """\n%%mxnet\n"""\n'
    assert '"""\n%%mxnet\n"""' in converted(text).cells[0]


def test_uses_are_counted_apart_from_errors() -> None:
    names = converted("import torch\nx = torch.ones(2)\ny = torch.jit.script(x)").names
    assert (names.seen, names.mapped, names.unmapped) == (2, 1, ("torch.jit.script",))


@pytest.mark.parametrize("target", list(Framework))
@_SETTINGS
@given(texts=st.lists(_PROGRAMS, max_size=5))
def test_cells_still_parse_and_converting_again_changes_nothing(texts: list[str], target: Framework) -> None:
    once = converted(*texts, to=target)
    assert len(once.cells) == len(texts)
    for text, result in zip(texts, once.cells, strict=True):
        if _parses(mask(text)):
            assert _parses(mask(result)), result
    again = converted(*once.cells, to=target)
    assert again.cells == once.cells
    assert all(found.severity in Severity for found in again.diagnostics)
