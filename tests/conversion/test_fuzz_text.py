"""What holds of any text, on texts of a small grammar in every dress; ``fuzz_text.py`` tries many more of them."""

from __future__ import annotations

import random

import pytest
from fuzz_text import TooSlow, limited, parses, problem_of
from grammar import Grammar
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from texts import text

from diptych import convert
from diptych.equivalence.model import Framework


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(chance=st.randoms(use_true_random=False))
def test_any_text_is_converted_safely(chance: random.Random) -> None:
    made = text(chance)
    problem = problem_of(made, chance)
    assert not problem, f"{problem}\nof the text\n{made.text}"


def test_a_seed_makes_its_text_again() -> None:
    assert text(random.Random(7)) == text(random.Random(7))


def test_the_grammar_makes_python() -> None:
    programs = [Grammar(Framework.PYTORCH, random.Random(seed)).module() for seed in range(50)]
    assert sum(map(parses, programs)) > 40


@pytest.mark.parametrize(
    "value",
    [
        " + ".join(["x"] * 40),  # once took time doubled by every operand
        "x" + ".view(2)" * 40,
        "torch.add(" * 40 + "x" + ", 1)" * 40,
        "[" * 40 + "x" + "]" * 40,
    ],
)
def test_long_expressions_in_a_loop_take_little_time(value: str) -> None:
    source = f"import torch\nx = torch.ones(2)\nfor i in range(3):\n    x = x + y\n    y = {value}\n    x = {value}\n"
    with limited(3):
        convert(source)


def test_too_slow_is_noticed() -> None:
    with pytest.raises(TooSlow), limited(0.01):
        sum(range(10**9))
