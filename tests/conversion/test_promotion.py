"""Integers beside numbers: MXNet's np and nd keep an array's dtype where PyTorch makes floats."""

import pytest

from diptych import convert

INTEGERS = "import torch\ni = torch.tensor([1, 2])\n"
WHOLE = "from mxnet import np\ni = np.array([1, 2], dtype='int64')\n"


def last_line(code: str) -> str:
    return code.rstrip().splitlines()[-1]


@pytest.mark.parametrize(
    ("expression", "written"),
    [
        ("i + 2.5", "i.astype('float32') + 2.5"),
        ("2.5 * i", "2.5 * i.astype('float32')"),
        ("i > 1.5", "i.astype('float32') > 1.5"),
        ("i / 2", "i / 2"),
        ("i + 2", "i + 2"),
        ("i * i", "i * i"),
    ],
)
def test_np_casts_integers_beside_a_float(expression: str, written: str) -> None:
    found = convert(f"{INTEGERS}r = {expression}\n", "mxnet", "np")
    assert not found.diagnostics
    assert last_line(found.code) == f"r = {written}"


def test_np_refuses_integers_beside_a_number_of_unknown_kind() -> None:
    found = convert(f"{INTEGERS}r = i * rate\n", "mxnet", "np")
    assert [each.code for each in found.diagnostics] == ["dtype"]


@pytest.mark.parametrize(("expression", "refused"), [("i + 2.5", True), ("i + 2", False), ("i / 2", False)])
def test_what_np_keeps_whole_is_refused_to_pytorch(expression: str, refused: bool) -> None:
    found = convert(f"{WHOLE}r = {expression}\n", "pytorch", "np")
    assert bool(found.diagnostics) is refused


def test_a_sign_in_front_of_an_array_is_a_use_of_it() -> None:
    found = convert(f"{INTEGERS}r = +i\n", "mxnet", "np")
    assert found.diagnostics or last_line(found.code) == "r = i"


BOOLEANS = "import torch\nb = torch.tensor([True, False])\n"


@pytest.mark.parametrize(
    ("expression", "written"),
    [("b == 2", "b.astype('float32') == 2"), ("-1 < b", "-1 < b.astype('float32')"), ("b == True", "b == True")],
)
def test_np_compares_booleans_with_numbers_as_numbers(expression: str, written: str) -> None:
    found = convert(f"{BOOLEANS}r = {expression}\n", "mxnet", "np")
    assert not found.diagnostics
    assert last_line(found.code) == f"r = {written}"


def test_truth_values_are_not_added_as_numbers() -> None:
    assert all(convert(f"{BOOLEANS}r = True + b\n", "mxnet", dialect).diagnostics for dialect in ("np", "nd"))
    assert convert("from mxnet import np\nx = np.ones((2,))\nr = (x > 0) == 2\n", "pytorch", "np").diagnostics


@pytest.mark.parametrize(
    ("expression", "refused"),
    [("i - n", True), ("i * n", False), ("i == n", True), ("x != i", False), ("x - i", False), ("x / d", True)],
)
def test_np_has_no_kernel_for_some_pairs_of_dtypes(expression: str, refused: bool) -> None:
    code = f"{INTEGERS}n = i.int()\nx = i.float()\nd = i.double()\nr = {expression}\n"
    assert bool(convert(code, "mxnet", "np").diagnostics) is refused


@pytest.mark.parametrize("expression", ["1 - (i > 1)", "-(i > 1)", "i - True"])
def test_pytorch_subtracts_no_truth_values(expression: str) -> None:
    assert convert(f"{WHOLE}r = {expression}\n", "pytorch", "np").diagnostics


@pytest.mark.parametrize(
    ("expression", "written"),
    [
        ("x < i", "x < i.astype('float32')"),
        ("b != x", "b.astype('float32') != x"),
        ("b == i", "b.astype('int64') == i"),
    ],
)
def test_np_compares_arrays_of_one_dtype(expression: str, written: str) -> None:
    arrays = "x = torch.tensor([0.5, 1.5])\ni = torch.tensor([1, 2])\n"
    found = convert(f"{BOOLEANS}{arrays}r = {expression}\n", "mxnet", "np")
    assert not found.diagnostics
    assert last_line(found.code) == f"r = {written}"
    assert convert(f"{BOOLEANS}{arrays}r = x.double() < x\n", "mxnet", "np").diagnostics


def test_reversed_gives_an_array_and_a_plain_number_is_not_taken_for_one() -> None:
    assert last_line(convert("import torch\nr = reversed(torch.ones(2)).sum()\n", "mxnet", "np").code).startswith(
        "r = np.flip("
    )
    assert convert("from mxnet import np\nr = np.sin(2)\n", "pytorch", "np").code == "import numpy\nr = numpy.sin(2)\n"
