"""What reading the text tells about values, and what it does not."""

from __future__ import annotations

import ast

import pytest

from diptych.equivalence.model import Framework
from diptych.source.model import Module
from diptych.source.source import Source
from diptych.source.types import Family, Instance, Plain, Role, Tensor, Type

PREAMBLE = """\
import torch
from torch import nn
from torch.utils.data import DataLoader
net = nn.Sequential(nn.Linear(4, 3), nn.ReLU())
loader = DataLoader([], batch_size=2)
"""


def type_at_end(code: str) -> Type | None:
    """The type of the last expression."""
    source = Source.of(Module(PREAMBLE + code))
    last = source.tree.body[-1]
    assert isinstance(last, ast.Expr)
    return source.type_of(last.value, source.scope)


@pytest.mark.parametrize(
    ("code", "dtype", "rank"),
    [
        ("torch.ones(5, 3)", Family.FLOAT, 2),
        ("torch.ones((2, 3, 4)).view(-1, 4)", Family.FLOAT, 2),
        ("torch.zeros(3, dtype=torch.int64)", Family.INTEGER, 1),
        ("torch.ones(5, 3).argmax(dim=1)", Family.INTEGER, 1),
        ("torch.ones(5, 3) == 1", Family.BOOLEAN, 2),
        ("torch.where(torch.ones(5) > 0, torch.ones(5), 0)", Family.FLOAT, None),
        ("torch.where(torch.ones(3) > 0, torch.zeros(3, dtype=torch.int64), 0.5)", None, None),
        ("torch.ones(2, 3, 4).flatten(1)", Family.FLOAT, 2),
        ("torch.ones(5, 3).sum()", Family.FLOAT, 0),
        ("net(torch.ones(2, 4))", Family.FLOAT, 2),
        ("x = torch.ones(2)\nx = x.unsqueeze(0)\nx", Family.FLOAT, 2),
        ("x = y = torch.ones(2)\nif net:\n    x = torch.ones(2, 3)\nx", Family.FLOAT, None),
    ],
)
def test_dtype_family_and_rank_follow_from_the_arguments(code: str, dtype: Family, rank: int | None) -> None:
    found = type_at_end(code)
    assert isinstance(found, Tensor)
    assert (found.framework, found.dtype, found.rank) == (Framework.PYTORCH, dtype, rank)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("torch.ones(1).item()", Plain.NUMBER),
        ("'a,b'.split(',')", None),
        ("unknown.view(1)", None),
        ("x = torch.ones(1)\nx = open('f')\nx", None),
        ("torch.ones(2).shape", Plain.SIZE),
        ("x = torch.ones(1) if net else 'a'\nx", None),
    ],
)
def test_what_nothing_says_is_unknown(code: str, expected: Type | None) -> None:
    assert type_at_end(code) == expected


def test_loops_over_loaders_give_tensors_even_where_the_loop_rebinds_them() -> None:
    source = Source.of(Module(PREAMBLE + "for X, y in loader:\n    X, y = X.to('cpu'), y.to('cpu')\n    y\n"))
    loop = source.tree.body[-1]
    assert isinstance(loop, ast.For)
    last = loop.body[-1]
    assert isinstance(last, ast.Expr)
    assert isinstance(source.type_of(last.value, source.scope), Tensor)


def test_a_parameter_has_the_type_that_every_call_passes() -> None:
    source = Source.of(Module(PREAMBLE + "def f(model):\n    model\n\nf(net)\n"))
    function = source.tree.body[-2]
    assert isinstance(function, ast.FunctionDef)
    name = function.body[0]
    assert isinstance(name, ast.Expr)
    found = source.type_of(name.value, source.scope.child(function))
    assert isinstance(found, Instance)
    assert found.role is Role.MODULE


def test_a_name_that_a_loop_sets_from_itself_is_known_whichever_is_asked_first() -> None:
    source = Source.of(Module("import torch\nx = torch.ones(2)\nfor i in range(2):\n    x = x.to('cpu')\n"))
    loop = source.tree.body[2]
    assert isinstance(loop, ast.For)
    assigned = loop.body[0]
    assert isinstance(assigned, ast.Assign)
    assert isinstance(source.type_of(assigned.value, source.scope), Tensor)
