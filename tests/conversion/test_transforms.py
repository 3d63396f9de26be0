"""What the words of writings do with an argument: a number for every dimension, a tuple's length, what nothing says."""

from __future__ import annotations

import pytest

from diptych import convert
from diptych.equivalence.authoring import spelled_out
from diptych.equivalence.surface import surface

PREAMBLE = "import torch\nimport torch.nn.functional as F\nx = torch.ones(2, 3, 6, 6)\nw = torch.ones(4, 3, 3, 3)\n"


@pytest.mark.parametrize(
    ("argument", "written"),
    [
        ("stride=2", "stride=(2, 2)"),
        ("stride=(2, 1)", "stride=(2, 1)"),
        ("stride=len(x)", "stride=(len(x),) * 2"),
        ("stride=x.shape", "stride=x.shape"),
        ("stride=step", "stride=((step, step) if isinstance(step, int) else step)"),
    ],
)
def test_a_number_for_every_dimension_becomes_a_tuple(argument: str, written: str) -> None:
    result = convert(f"{PREAMBLE}def f(step):\n    return F.conv2d(x, w, {argument})\n", "mxnet", "np")
    assert written in result.code


def test_what_the_other_side_would_refuse_by_itself_is_refused_where_it_is_known() -> None:
    known = convert(f"{PREAMBLE}y = F.conv2d(x, w, padding='same')\n", "mxnet", "np")
    unknown = convert(f"{PREAMBLE}def f(p):\n    return F.conv2d(x, w, padding=p)\n", "mxnet", "np")
    assert "`padding` is a string" in known.diagnostics[0].message
    assert not unknown.diagnostics


def test_the_length_of_a_tuple_tells_the_dimensions() -> None:
    source = (
        "from mxnet import np, npx\nnpx.set_np()\nx = np.ones((2, 3, 6))\n"
        "y = npx.convolution(x, w, kernel={}, num_filter=4, no_bias=True)\n"
    )
    assert "F.conv1d(x, w)" in convert(source.format("(3,)"), "pytorch", "np").code
    assert "F.conv" not in convert(source.format("size"), "pytorch", "np").code


def test_what_a_record_ignores_goes_to_its_writings() -> None:
    record = spelled_out({"id": "some", "torch": [], "ignore": "name", "to_torch": "torch.abs({x})"}, surface())
    assert "ignore" not in record
    assert record["to_torch"][0]["ignore"] == ["name"]
