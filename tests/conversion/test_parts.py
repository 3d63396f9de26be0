"""Parts of arrays that MXNet copies, and classes that say what they hold."""

from __future__ import annotations

from diptych import convert


def test_no_initializer_fills_a_copy() -> None:
    code = "import torch\nfrom torch import nn\nw = torch.zeros(4, 3)\nnn.init.ones_(w[:, :2])\n"
    assert any("copy" in found.message for found in convert(code, dialect="np").diagnostics)


def test_what_a_dataset_holds_is_left_out() -> None:
    code = "from torch.utils.data import Dataset\n\n\nclass Numbers(Dataset[int]):\n    pass\n"
    assert "[int]" not in convert(code, dialect="np").code
