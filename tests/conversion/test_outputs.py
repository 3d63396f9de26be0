"""``out=``: the result is bound to a name that is only just new, and assigned to an array that others may read."""

from __future__ import annotations

import pytest

from diptych import convert

ARRAYS = "import torch\nx = torch.tensor([[1.0, 2.0]])\n"


def last_lines(code: str, dialect: str = "np") -> list[str]:
    found = convert(f"{ARRAYS}{code}\n", "mxnet", dialect)
    assert not found.diagnostics
    return found.code.rstrip().splitlines()[-(code.count("\n") + 1) :]


@pytest.mark.parametrize(
    ("code", "written"),
    [
        ("y = torch.zeros(1, 2)\nr = torch.cumsum(x, 0, out=y)", "r = y = np.cumsum(x, axis=0)"),
        ("y = torch.empty(0)\nr = torch.add(input=x, other=x, out=y)", "r = y = x + x"),
        ("y = torch.zeros(2).double()\ntorch.sum(x, dim=1, out=y)", "y[:] = np.sum(x, axis=1)"),
        ("y = torch.zeros(2, dtype=torch.float64)\ntorch.sum(x, 1, out=y)", "y = np.sum(x, axis=1).astype('float64')"),
        ("y = torch.zeros(1, 2)\nr = y + 1\ntorch.mul(x, 2, out=y)", "y[:] = x * 2"),
        (
            "v, i = torch.zeros(1), torch.zeros(1)\nv = torch.zeros(1)\ni = torch.zeros(1).long()\n"
            "i = torch.tensor([0])\nr = torch.max(x, 1, out=(v, i))",
            "r = v, i = (np.max(x, axis=1), np.argmax(x, axis=1))",
        ),
    ],
)
def test_the_result_is_written_into_the_array(code: str, written: str) -> None:
    assert last_lines(code)[-1] == written


def test_what_others_may_read_is_assigned_to_before_it_is_given_another_name() -> None:
    code = "y = x.clone()\nseen = [y]\nr = torch.mul(x, 2, out=y)"
    found = convert(f"{ARRAYS}{code}\n", "mxnet", "np")
    assert found.code.rstrip().splitlines()[-2:] == ["y[:] = x * 2", "r = y"]


@pytest.mark.parametrize(
    "code",
    [
        "r = [torch.mul(x, 2, out=x)]",
        "y = torch.zeros(1, 2)\nfor i in range(2):\n    r = torch.max(x, 1, out=(y, y))",
        "y = x.permute(1, 0)\ntorch.mul(x, 2, out=y)",
        "d = {}\ntorch.mul(x, 2, out=d['y'])",
    ],
)
def test_what_can_not_be_told_is_refused(code: str) -> None:
    assert convert(f"{ARRAYS}{code}\n", "mxnet", "np").diagnostics


@pytest.mark.parametrize(
    ("code", "written"),
    [
        ("dim = 1\nr = torch.sum(x, dim)", "r = np.sum(x, axis=dim)"),
        (
            "dim, keep = 1, False\ndim = -1\nkeepdim = True\nr = x.max(dim, keepdim)[0]",
            "r = np.max(x, axis=dim, keepdims=True)",
        ),
        ("kind = 'sum'\nr = torch.nn.functional.mse_loss(x, x, reduction=kind)", "r = np.sum(np.square(x - x))"),
    ],
)
def test_a_name_that_holds_a_literal_counts_as_the_literal(code: str, written: str) -> None:
    assert last_lines(code)[-1] == written


def test_a_name_that_may_hold_another_value_does_not() -> None:
    code = "kind = 'sum'\nif x.sum() > 0:\n    kind = 'mean'\nr = torch.nn.functional.mse_loss(x, x, reduction=kind)"
    assert convert(f"{ARRAYS}{code}\n", "mxnet", "np").diagnostics
