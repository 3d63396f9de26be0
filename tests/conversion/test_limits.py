"""What execution showed not to agree is refused where the text tells the arrays' dtypes, ranks or emptiness."""

from __future__ import annotations

import pytest

from diptych.conversion.convert import convert_document
from diptych.conversion.model import Conversion, Severity
from diptych.equivalence.catalog import Catalog
from diptych.equivalence.compiler import read
from diptych.equivalence.index import read_index
from diptych.equivalence.limits import Facet, Row, read_rows
from diptych.equivalence.model import Framework
from diptych.source.model import Module

ARRAYS = (
    "import torch\nx = torch.tensor([[1.0, 2.0]])\ni = torch.tensor([1, 2])\nd = x.double()\ns = torch.tensor(2.5)\n"
)
WRITINGS = ("np.hypot({self}, {other})", "np.hypot(*promoted([{self}, {other}]))")


def converted(code: str, *rows: Row) -> Conversion:
    catalog = Catalog(read_index(), limits=rows)
    return convert_document(Module(code), Framework.MXNET, "np", catalog=catalog)


def errors(found: Conversion) -> list[str]:
    return [each.message for each in found.diagnostics if each.severity is Severity.ERROR]


def rows(facet: Facet, *profiles: str) -> tuple[Row, ...]:
    return tuple(Row("hypot", "mxnet np", writing, facet, profiles) for writing in WRITINGS)


@pytest.mark.parametrize(
    ("arguments", "limit"),
    [
        ("x, i", rows(Facet.DTYPES, "float32 int64")),
        ("x, d", rows(Facet.DTYPES, "float32 float64")),
        ("x, other=i.to(torch.int32)", rows(Facet.DTYPES, "float32 int32")),
        ("x, s", rows(Facet.RANKS, "2 0")),
        ("x, torch.zeros(0, 2)", rows(Facet.EMPTY, "0 1")),
        ("x, unknown.double()", rows(Facet.DTYPES, "float32 ?")),
    ],
)
def test_a_use_at_a_limit_stays_as_it_was(arguments: str, limit: tuple[Row, ...]) -> None:
    code = f"{ARRAYS}unknown = x\nr = torch.hypot({arguments})\n"
    assert not errors(converted(code))
    assert "was seen to fail" in errors(converted(code, *limit))[0]


@pytest.mark.parametrize("arguments", ["x, x", "x, given"])
def test_a_use_beside_it_or_of_unknown_arrays_is_converted(arguments: str) -> None:
    code = f"{ARRAYS}def f(given):\n    return torch.hypot({arguments})\n"
    assert not errors(converted(code, *rows(Facet.DTYPES, "float32 int64", "int64 float32")))


def test_no_later_writing_stands_in_for_one_at_its_limit() -> None:
    limit = Row("clamp", "mxnet np", "np.clip({self}, {min}, {max})", Facet.DTYPES, ("float32",))
    assert "was seen to fail" in errors(converted(f"{ARRAYS}r = torch.clamp(x, 0, 1)\n", limit))[0]


@pytest.mark.parametrize(
    ("call", "written"),
    [
        ("torch.maximum(x, d)", "np.maximum(x.astype(d.dtype), d)"),
        ("torch.maximum(d, i)", "np.maximum(d, i.astype(d.dtype))"),
        ("torch.maximum(i, s)", "np.maximum(i.astype(s.dtype), s)"),
        ("torch.maximum(x, s.double())", "np.maximum(x, s.astype('float64').astype(x.dtype))"),
        ("torch.maximum(x, x)", "np.maximum(x, x)"),
    ],
)
def test_the_array_of_the_narrower_dtype_is_cast(call: str, written: str) -> None:
    assert written in converted(f"{ARRAYS}r = {call}\n").code


def test_a_layer_is_refused_where_it_is_called() -> None:
    code = "import torch\nfrom torch import nn\nlayer = nn.Conv1d(3, 4, 2)\nr = layer(torch.ones(3, 6))\n"
    limit = Row("convolution-1d", "mxnet np", "()", Facet.RANKS, ("2",))
    found = errors(converted(code, limit))
    assert len(found) == 1
    assert "arrays of 2 dimensions" in found[0]


def test_what_a_layer_is_passed_by_name_is_written_by_position() -> None:
    code = "import torch\nfrom torch import nn\nloss = nn.L1Loss()\nr = loss(torch.ones(2), target=torch.zeros(2))\n"
    assert "loss(np.ones((2,)), np.zeros((2,)))" in converted(code).code
    turned = code.replace("torch.ones(2), target=torch.zeros(2)", "target=torch.zeros(2), input=torch.ones(2)")
    assert "loss(np.ones((2,)), np.zeros((2,)))" in converted(turned).code
    assert errors(converted(code.replace("target=", "wanted=")))


def test_every_limit_speaks_of_a_writing_that_is_there() -> None:
    records = {record.id: record for record in read().records}
    gone = [
        f"{each.id}: {each.writing}"
        for each in read_rows()
        if each.id not in records
        or (
            each.writing not in ("", "()")
            and not any(
                each.writing in (writing.np, writing.nd, writing.torch)
                for writing in (*records[each.id].to_mxnet, *records[each.id].to_torch)
            )
        )
    ]
    assert not gone, "run `python -m diptych.checking.unusual --write` for these records"
