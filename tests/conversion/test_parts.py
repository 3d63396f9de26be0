"""Parts of arrays that MXNet copies, and classes that say what they hold."""

from __future__ import annotations

from diptych import convert
from diptych.conversion.convert import convert_document
from diptych.source.model import Module, Span


def test_no_initializer_fills_a_copy() -> None:
    code = "import torch\nfrom torch import nn\nw = torch.zeros(4, 3)\nnn.init.ones_(w[:, :2])\n"
    assert any("copy" in found.message for found in convert(code, dialect="np").diagnostics)


def test_what_a_dataset_holds_is_left_out() -> None:
    code = "from torch.utils.data import Dataset\n\n\nclass Numbers(Dataset[int]):\n    pass\n"
    assert "[int]" not in convert(code, dialect="np").code


def test_a_statement_that_goes_with_its_line_goes_from_its_part() -> None:
    text = "import torch\nimport torch.optim as o\nnet = torch.nn.Linear(2, 3)\nopt = o.SGD(net.parameters(), lr=0.1)\n"
    assert "torch.optim" not in convert(text).code
    part = convert_document(Module(text), selection=Span(2, 0, 2, 0), scope="statement")
    assert (part.code, part.text) == ("", "import torch.optim as o")
