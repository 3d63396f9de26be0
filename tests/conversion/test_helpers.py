"""Helpers that a rule names: functions and classes, under a name that is free."""

from __future__ import annotations

from diptych.conversion.helpers import _renamed


def test_a_class_is_renamed_as_a_function_is() -> None:
    assert _renamed("class Stepwise(Base):\n    pass", "Stepwise", "Stepwise_2").startswith("class Stepwise_2(Base)")
    assert _renamed("def step(x):\n    return steps(x)", "step", "step_2") == "def step_2(x):\n    return steps(x)"
