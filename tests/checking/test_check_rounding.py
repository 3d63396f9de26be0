"""What rounding explains, and what it does not."""

from __future__ import annotations

import base64
from array import array
from typing import Any

from diptych.checking.rounding import is_noise


def encoded(*numbers: float) -> dict[str, Any]:
    data = base64.b64encode(array("f", numbers).tobytes()).decode("ascii")
    return {"array": data, "dtype": "float32", "shape": [len(numbers)]}


def test_parameters_that_differ_where_their_gradients_are_rounding_are_noise() -> None:
    ours, theirs = encoded(1.0, 2.0), encoded(1.0, 2.1)
    assert is_noise(ours, theirs, [(encoded(1.0, 1e-9), encoded(1.0, -1e-9))], left=0.0)
    assert not is_noise(ours, theirs, [(encoded(1.0, 0.5), encoded(1.0, 0.5))], left=0.0)


def test_parameters_of_other_shapes_are_no_noise() -> None:
    assert not is_noise(encoded(1.0, 2.0), encoded(1.0, 2.0, 3.0), [], left=0.0)
