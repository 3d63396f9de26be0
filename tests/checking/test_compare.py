"""Two values agree in structure, shape, dtype family and number, or it is said where they don't."""

from __future__ import annotations

import math
from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diptych.checking.compare import Tolerance, agree
from diptych.checking.model import Array, Value
from diptych.equivalence.model import Dialect

NP = Tolerance(dialect=Dialect.NP)
ND = Tolerance(dialect=Dialect.ND)


def floats(*values: float, shape: tuple[int, ...] | None = None, dtype: str = "float32") -> Array:
    return Array(dtype, (len(values),) if shape is None else shape, array("d", values))


def integers(*values: int, shape: tuple[int, ...] | None = None, dtype: str = "int64") -> Array:
    return Array(dtype, (len(values),) if shape is None else shape, array("q", values))


@pytest.mark.parametrize(
    ("torch", "mxnet"),
    [
        (floats(1, 2), floats(1, 2 + 1e-7)),
        (floats(math.nan, math.inf), floats(math.nan, math.inf)),
        (integers(1, 2), integers(1, 2, dtype="int32")),
        ([1, [floats(2.5)]], [1, [floats(2.5)]]),
        ({"a": 1.5}, {"a": 1.5}),
        (None, None),
        ("text", "text"),
        (True, True),
    ],
)
def test_these_agree(torch: Value, mxnet: Value) -> None:
    assert agree(torch, mxnet, NP).problem == ""


@pytest.mark.parametrize(
    ("torch", "mxnet", "says"),
    [
        (floats(1, 2), floats(1, 2.1), "1 of 2 values differ"),
        (floats(math.nan), floats(1), "values differ"),
        (floats(1, 2), floats(1, 2, shape=(2, 1)), "shape"),
        (floats(1), integers(1), "dtype"),
        (floats(5, shape=()), floats(5), "shape"),
        (integers(1, 0, dtype="bool"), floats(1, 0), "dtype"),
        ([1], [1, 2], "entries"),
        ({"a": 1}, {"b": 1}, "keys"),
        (1, 1.0, "int in PyTorch, float in MXNet"),
        (True, 1, "bool in PyTorch, int in MXNet"),
        (1.0, floats(1), "array of float32 in MXNet"),
        ("a", "b", "'a' in PyTorch"),
        (1.0, None, "None in MXNet"),
    ],
)
def test_these_differ(torch: Value, mxnet: Value, says: str) -> None:
    assert says in agree(torch, mxnet, NP).problem


def test_nd_has_neither_zero_dim_nor_boolean_arrays() -> None:
    assert agree(floats(5, shape=()), floats(5), ND).problem == ""
    assert agree(integers(1, 0, dtype="bool"), floats(1, 0), ND).problem == ""
    assert agree(floats(1, 0), integers(1, 0, dtype="bool"), ND).problem != ""


def test_another_dtype_is_allowed_only_where_it_is_asked_for() -> None:
    assert agree(integers(2), floats(2), ND).problem != ""
    assert agree(integers(2), floats(2), Tolerance(any_dtype=True)).problem == ""
    assert agree(integers(2), floats(3), Tolerance(any_dtype=True)).problem != ""


@given(st.lists(st.floats(width=32), min_size=1, max_size=20))
def test_an_array_agrees_with_itself(values: list[float]) -> None:
    assert agree(floats(*values), floats(*values), NP).problem == ""


@given(st.floats(allow_nan=False, allow_infinity=False, width=32), st.floats(min_value=1e-3, max_value=1e3))
def test_a_change_beyond_the_tolerance_is_seen(value: float, change: float) -> None:
    other = value + change * (1 + abs(value))
    agreement = agree(floats(value), floats(other), Tolerance(rtol=1e-5, atol=1e-6))
    assert agreement.problem
    assert agreement.max_difference == abs(value - other)
