"""``requires_grad_()`` behind what makes an array: ``attach_grad()`` gives nothing and needs a statement of its own."""

from __future__ import annotations

import pytest

from diptych import convert

BEGIN = "import torch\nx = torch.tensor([1.0, 2.0])\n"


def test_a_statement_of_its_own() -> None:
    result = convert(BEGIN + "y = x.clone().requires_grad_()\nz = (y * y).sum()\nz.backward()\n", dialect="np")
    assert "y = x.copy()\ny.attach_grad()\nwith autograd.record():\n    z = (y * y).sum()\n" in result.code


@pytest.mark.parametrize("line", ["z = (x.clone().requires_grad_() * 2).sum()", "y = x.clone().requires_grad_(False)"])
def test_refused_inside_an_expression(line: str) -> None:
    result = convert(BEGIN + line + "\n", dialect="np")
    assert any("attach_grad" in found.message for found in result.diagnostics)


def test_refused_where_gradients_would_be_cut_off() -> None:
    code = BEGIN + "y = x.clone().requires_grad_()\nz = (y * 2).clone().requires_grad_()\n"
    assert any("attach_grad" in found.message for found in convert(code, dialect="np").diagnostics)


def test_the_data_of_a_parameter_by_keyword() -> None:
    code = "import torch\nfrom torch import nn\nw = nn.Parameter(data=torch.ones(2))\nz = w * 2\n"
    assert "z = w.data() * 2" in convert(code, dialect="np").code


def test_gradients_that_add_up_are_refused_where_their_arrays_have_no_names() -> None:
    code = "from mxnet import autograd, np\nx = np.ones((2,))\nfor each in list([x]):\n    each.attach_grad()\n"
    code += "for _ in range(2):\n    with autograd.record():\n        y = (x * x).sum()\n    y.backward()\n"
    assert "# diptych: gradients add up" in convert(code, "pytorch", "np").code


def test_a_gradient_that_the_pass_does_not_reach_is_kept() -> None:
    code = "from mxnet import autograd, np\nx, w = np.ones((2,)), np.ones((2,))\nx.attach_grad()\nw.attach_grad()\n"
    for name in "xw":
        code += f"with autograd.record():\n    y = ({name} * {name}).sum()\ny.backward()\n"
    result = convert(code, "pytorch", "np").code
    assert "w.grad = None\n" in result
    assert "x.grad = None" not in result
