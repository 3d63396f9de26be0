"""What a record's writings make of the ways in which a name is used."""

from __future__ import annotations

from functools import cache

import pytest

from diptych import convert
from diptych.conversion.convert import convert_document
from diptych.conversion.model import Conversion, DialectChoice
from diptych.equivalence.catalog import Catalog
from diptych.equivalence.compiler import compiled_of, parse, read
from diptych.equivalence.index import index_of
from diptych.source.model import Module, Span

# Records of names that PyTorch does not have, so that shipped ones can't stand in the way.
RECORDS = """
[[record]]
id = "halve"
title = "Half | 一半"
torch = [
  { name = "torch.halve", signature = "(input, *, out=None)", gives = "tensor samedtype samerank" },
  { name = "torch.Tensor.halve", form = "method", signature = "()", gives = "tensor samedtype samerank" },
  { name = "torch.Tensor.halve_", form = "method", signature = "()", gives = "tensor samedtype samerank" },
]
to_mxnet = { np = "{self} / 2" }

[[record]]
id = "spread"
title = "Spread | 幅度"
torch = [{ name = "torch.spread", signature = "(input, dim=None, keepdim=False, scale=1, device=None)" }]
ignore = "device"

[[record.to_mxnet]]
np = "np.ptp({input})"
when = "!dim scale=1"

[[record.to_mxnet]]
np = '''
np.max({input}, axis={dim}{, keepdims={keepdim}}) - np.min({input}, axis={dim}{, keepdims={keepdim}})
'''
when = "dim !dim:tensor"

[[record]]
id = "both-ends"
title = "Both ends | 两端"
torch = [{ name = "torch.both_ends", signature = "(input, dim)", gives = "tensors:low,high" }]
to_mxnet = { np = "np.min({input}, axis={dim}) ;; np.max({input}, axis={dim})" }

[[record]]
id = "smooth"
title = "Smooth | 平滑"
torch = [{ name = "torch.smooth", signature = "(input, width)", gives = "tensor" }]
to_mxnet = { np = "smooth({input}, {width})", nd = "" }

[[record]]
id = "mirror"
title = "Mirror | 镜像"
torch = [{ name = "torch.mirror", signature = "(input)", gives = "tensor" }]
to_mxnet = { np = "np.flip({input})" }

[[record]]
id = "made"
title = "Made | 生成"
torch = [{ name = "torch.made", signature = "(weights=None, width=2)", gives = "tensor" }]
to_mxnet = { np = "np.ones({width})" }

[[record]]
id = "below"
title = "Numbers below another | 小于某数的数"
torch = [{ name = "torch.below", signature = "(low, high)", gives = "tensor" }]
to_mxnet = { np = "np.arange({high})" }

[[record]]
id = "twice"
title = "Twice | 两倍"
torch = [{ name = "torch.twice", signature = "(input)", gives = "tensor" }]
to_mxnet = { np = "{input} + {input}" }

[[helper]]
name = "twice"
np = '''
def twice(x):
    return 2 * x
'''

[[helper]]
name = "smooth"
np = '''
def smooth(x, width):
    return np.convolve(x, np.ones(width) / width)
'''
"""
HEAD = "import torch\nx = torch.tensor([[1.0, 2.0]])\n"


@cache
def catalog() -> Catalog:
    """The shipped records and those above."""
    shipped, own = read(), parse(RECORDS)
    return Catalog(index_of(compiled_of((*shipped.records, *own.records), (*shipped.helpers, *own.helpers))))


def converted(code: str, dialect: DialectChoice = "np") -> Conversion:
    """``code`` behind the two lines that import PyTorch and make ``x``."""
    return convert_document(Module(HEAD + code), dialect=dialect, catalog=catalog())


def body(code: str) -> str:
    """What becomes of ``code`` itself."""
    conversion = converted(code)
    assert conversion.diagnostics == (), [found.message for found in conversion.diagnostics]
    return conversion.code.partition("x = np.array([[1.0, 2.0]])\n")[2]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        pytest.param("y = torch.halve(x)", "y = x / 2", id="a function"),
        pytest.param("y = x.halve()", "y = x / 2", id="a method"),
        pytest.param("y = torch.halve(input=x) ** 2", "y = (x / 2) ** 2", id="parentheses around the whole"),
        pytest.param("y = torch.halve(x + 1)", "y = (x + 1) / 2", id="parentheses around an argument"),
        pytest.param("y = torch.halve((x + 1))", "y = (x + 1) / 2", id="no parentheses twice"),
        pytest.param("y = torch.halve(-x)", "y = (-x) / 2", id="a sign"),
        pytest.param("y = x.exp().halve()", "y = np.exp(x) / 2", id="a chain of methods"),
        pytest.param("print(x.halve())", "print(x / 2)", id="an argument needs none"),
        pytest.param("x.halve_()", "x[:] = x / 2", id="in place"),
        pytest.param("x.exp_().halve_()", "x[:] = np.exp(x)\nx[:] = x / 2", id="in place, a chain"),
        pytest.param("y = x.halve_()", "x[:] = x / 2\ny = x", id="in place, and its value"),
        pytest.param("x[0].halve_()", "x[0] = x[0] / 2", id="in place, a part"),
        pytest.param(
            "def f():\n    return x.halve_()", "def f():\n    x[:] = x / 2\n    return x", id="in place, returned"
        ),
        pytest.param("torch.halve(x, out=x)", "x[:] = x / 2", id="out"),
        pytest.param("y = torch.spread(x)", "y = np.ptp(x)", id="the writing without dim"),
        pytest.param("y = torch.spread(x, 1)", "y = np.max(x, axis=1) - np.min(x, axis=1)", id="the writing with dim"),
        pytest.param(
            "y = torch.spread(keepdim=True, dim=1, input=x)",
            "y = np.max(x, axis=1, keepdims=True) - np.min(x, axis=1, keepdims=True)",
            id="keywords in another order",
        ),
        pytest.param(
            "y = torch.spread(x, axis=1, keepdims=True)",
            "y = np.max(x, axis=1, keepdims=True) - np.min(x, axis=1, keepdims=True)",
            id="NumPy's names of arguments",
        ),
        pytest.param("y = torch.spread(x, device='cpu')", "y = np.ptp(x)", id="an argument that changes nothing"),
        pytest.param("y = torch.spread(x, scale=1)", "y = np.ptp(x)", id="an argument that equals its default"),
        pytest.param("a, b = torch.both_ends(x, 0)", "a, b = (np.min(x, axis=0), np.max(x, axis=0))", id="a tuple"),
        pytest.param("y = torch.both_ends(x, 0)[1]", "y = np.max(x, axis=0)", id="one of a tuple by place"),
        pytest.param("y = list(map(torch.mirror, [x]))", "y = list(map(np.flip, [x]))", id="passed on"),
        pytest.param(
            "y = torch.spread(\n    x,  # rows\n    1,\n)",
            "# rows\ny = np.max(x, axis=1) - np.min(x, axis=1)",
            id="comments between arguments stay",
        ),
    ],
)
def test_a_use_is_written_as_its_record_says(code: str, expected: str) -> None:
    assert body(code + "\n") == expected + "\n"


def test_what_is_costly_is_evaluated_once() -> None:
    conversion = converted("y = torch.spread(torch.mirror(x), 1)\n")
    assert "def spread(input, dim):\n    return np.max(input, axis=dim) - np.min(input, axis=dim)\n" in conversion.code
    assert conversion.code.endswith("y = spread(np.flip(x), 1)\n")


def test_a_function_made_for_a_record_is_not_taken_for_a_helper_of_its_name() -> None:
    conversion = converted("y = torch.twice(torch.mirror(x))\n")
    assert "def twice_of(input):\n    return input + input\n" in conversion.code
    assert conversion.code.count("def ") == 1
    assert conversion.code.endswith("y = twice_of(np.flip(x))\n")


def test_a_helper_is_written_once_under_a_free_name() -> None:
    conversion = converted("smooth = 3\ny = torch.smooth(x, smooth) + torch.smooth(x, 5)\n")
    assert conversion.code.count("def smooth_2(x, width):") == 1
    assert conversion.code.endswith("y = smooth_2(x, smooth) + smooth_2(x, 5)\n")
    assert conversion.code.index("def smooth_2") < conversion.code.index("x = np.array")


def test_a_part_comes_with_the_helpers_that_it_calls() -> None:
    source = HEAD + "def f(x):\n    return torch.smooth(x, 5)\n"
    part = convert_document(Module(source), selection=Span(4, 4, 4, 4), scope="statement", catalog=catalog())
    assert (
        part.code == "def smooth(x, width):\n    return np.convolve(x, np.ones(width) / width)\n\n\nreturn smooth(x, 5)"
    )
    assert [(link.source_start, link.target_start) for link in part.links] == [(1, 5)]


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        pytest.param(
            "torch.spread(x, 0, scale=2)", "`scale=2` has no counterpart", id="an argument without counterpart"
        ),
        pytest.param("torch.below(2, 5)", "`low=2` has no counterpart", id="the first argument in no text"),
        pytest.param("def f(d):\n    return torch.spread(x, d)", "stays as it was", id="an unknown type"),
        pytest.param("torch.spread(*[x])", "hides which arguments", id="starred arguments"),
        pytest.param("torch.spread(x, 1, input=x)", "passed twice", id="an argument by place and by name"),
        pytest.param("y = x.halve_() + 1", "inside an expression", id="in place inside an expression"),
        pytest.param("x.exp().halve_()", "no name", id="in place on something without a name"),
        pytest.param("y = x.view(-1)\ny.halve_()", "share its memory", id="in place where memory is shared"),
        pytest.param("y = [torch.halve(x, out=x)]", "a statement of its own", id="out inside an expression"),
        pytest.param("y = torch.made(3)", "`weights=3` has no counterpart", id="a first argument without counterpart"),
        pytest.param("f = torch.both_ends", "passed on", id="passed on without a plain counterpart"),
    ],
)
def test_what_no_writing_fits_stays_as_it_was_and_says_why(code: str, reason: str) -> None:
    conversion = converted(code + "\n")
    assert any(reason in found.message for found in conversion.diagnostics), conversion.diagnostics
    assert "torch." in conversion.code or "halve_" in conversion.code


def test_a_unit_that_is_free_goes_to_np_where_nd_has_no_counterpart() -> None:
    assert converted("y = torch.mirror(x)\n", "auto").dialect == "np"
    assert converted("y = torch.ones(2, 3)\n", "auto").dialect == "nd"
    assert converted("y = torch.mirror(x)\n", "nd").diagnostics


def test_a_field_of_one_expression_that_gives_them_all_is_taken_by_its_place() -> None:
    assert body("y = torch.linalg.eigh(x).eigenvectors\n") == "y = np.linalg.eigh(x)[1]\n"


@pytest.mark.parametrize(
    "call",
    [
        "x.unsqueeze(0)",
        "x.add_(1)",
        "x.masked_fill(m, 0)",
        "x[0].clamp(min=0)",
        "x.std()",
        "x.max(1)[0]",
        "x.split(2)",
        "x.sort(0)[0]",
    ],
)
def test_a_method_that_tells_is_not_passed_over_where_nothing_says_what_it_is_of(call: str) -> None:
    conversion = converted(f"def f(x, m):\n    return {call}\n")
    assert [found.code for found in conversion.diagnostics] == ["unknown-receiver"]
    other = converted("def f(axes, names):\n    axes.scatter(1, 2)\n    names.sort()\n    return names.split(',', 1)\n")
    assert other.diagnostics == ()


@pytest.mark.parametrize("call", ["x.repeat(2)", "x.split(3)", "x.split(3, axis=0)"])
def test_so_is_a_method_of_mxnets_arrays_that_means_something_else_in_pytorch(call: str) -> None:
    found = convert(f"from mxnet import nd\ndef f(x):\n    return {call}\n", "pytorch", "nd")
    assert [each.code for each in found.diagnostics] == ["unknown-receiver"]


@pytest.mark.parametrize(
    ("line", "promotes"),
    [
        ("torch.cat([x, i])", True),
        ("torch.cat([x, x])", False),
        ("torch.hypot(x, d)", True),
        ("torch.hypot(x, d.sum())", False),  # without dimensions it does not widen the other
        ("torch.hypot(x, unknown)", False),
    ],
)
def test_arrays_of_several_dtypes_are_cast_to_the_widest(line: str, promotes: bool) -> None:
    before = "import torch\nx = torch.ones(2, 3)\ni = torch.tensor([[1, 2, 3]])\nd = x.double()\n"
    found = convert(f"{before}def f(unknown):\n    return {line}\n", "mxnet", "np")
    assert ("promoted([" in found.code) is promotes


@pytest.mark.parametrize("read", ["value.is_cuda", "not value.is_leaf", "value.itemsize * 2", "value.is_nested"])
def test_an_attribute_that_tells_is_not_passed_over_either(read: str) -> None:
    found = convert(f"import torch\ndef f(value):\n    return {read}\n", "mxnet", "np")
    assert [each.code for each in found.diagnostics] == ["unknown-receiver"]


def test_the_reason_is_of_the_writing_that_came_nearest() -> None:
    found = convert("from torch import nn\nlayer = nn.LSTM(4, 5, bias=False)\n", "mxnet", "np")
    assert any("`bias` is not True" in each.message for each in found.diagnostics)


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        ("torch.nansum(x, dim=())", "an empty `dim`"),
        ("torch.frombuffer(x, dtype=torch.int16)", "`torch.int16` is not known as a dtype of MXNet's np"),
        ("torch.bartlett_window(4, k)", "`periodic` is given"),
        ("torch.nn.L1Loss(reduction=k)", "`reduction` is not known to be"),
    ],
)
def test_reasons_are_true(call: str, reason: str) -> None:
    conversion = convert_document(Module(f"import torch\ndef f(x, k):\n    return {call}\n"), dialect="np")
    assert any(reason in found.message for found in conversion.diagnostics), conversion.diagnostics


@pytest.mark.parametrize(
    ("code", "written"),
    [
        ("args = (x, 1)\ny = torch.cumsum(*args)", "y = np.cumsum(x, axis=1)"),
        ("options = {'dim': 1, 'keepdim': True}\ny = torch.sum(x, **options)", "y = np.sum(x, axis=1, keepdims=True)"),
        ("dims = [0, 1]\ny = x.permute(*dims)", "y = x.transpose((0, 1))"),
    ],
)
def test_what_a_starred_name_holds_is_passed(code: str, written: str) -> None:
    found = convert(f"import torch\nx = torch.ones(2, 3)\n{code}\n", "mxnet", "np")
    assert found.code.rstrip().splitlines()[-1] == written


def test_what_a_loop_put_into_a_starred_name_is_refused() -> None:
    loop = "for i in range(2):\n    if i == 0:\n        args = (x, i)\n    y = torch.cumsum(*args)\n"
    found = convert(f"import torch\nx = torch.ones(2, 3)\n{loop}", "mxnet", "np")
    assert [each.code for each in found.diagnostics] == ["unmapped-argument"]


@pytest.mark.parametrize("between", ["x = x + 1", "args = (x, 0)", "print(args)"])
def test_a_starred_name_that_may_hold_something_else_is_refused(between: str) -> None:
    code = f"import torch\nx = torch.ones(2, 3)\nargs = (x, 1)\n{between}\ny = torch.cumsum(*args)\n"
    assert [each.code for each in convert(code, "mxnet", "np").diagnostics] == ["unmapped-argument"]


@pytest.mark.parametrize(
    ("passed", "written"),
    [
        ("size_average=False", "np.sum(np.abs(x - y))"),
        ("True, True", "np.mean(np.abs(x - y))"),
        ("reduce=False", "np.abs(x - y)"),
        ("None, None, 'sum'", "np.sum(np.abs(x - y))"),
    ],
)
def test_how_losses_reduced_before_reduction(passed: str, written: str) -> None:
    code = f"import torch\nx, y = torch.ones(2), torch.zeros(2)\nr = torch.nn.functional.l1_loss(x, y, {passed})\n"
    assert convert(code, "mxnet", "np").code.rstrip().splitlines()[-1] == f"r = {written}"


@pytest.mark.parametrize(
    ("call", "written"),
    [
        ("torch.ones_like(x, layout=torch.strided, memory_format=torch.preserve_format)", "np.ones_like(x)"),
        ("torch.nn.functional.one_hot(input=x, num_classes=3)", "npx.one_hot(x, 3, dtype='int64')"),
        ("torch.randint_like(x, 3, device='cpu')", "np.random.randint(3, size=x.shape).astype(x.dtype)"),
        ("torch.arange(0., 3., requires_grad=True).sum()", "np.arange(0., 3.).sum()"),
    ],
)
def test_what_says_nothing_special_is_left_out(call: str, written: str) -> None:
    found = convert(f"import torch\nx = torch.tensor([1, 2])\ny = {call}\n", "mxnet", "np")
    assert found.code.rstrip().splitlines()[-1] == f"y = {written}"


def test_a_gradient_asked_for_inside_an_expression_is_refused_where_it_may_be_noticed() -> None:
    code = "import torch\ny = torch.arange(3., requires_grad=True).sum()\ny.backward()\n"
    assert any(each.code == "unmapped-argument" for each in convert(code, "mxnet").diagnostics)
