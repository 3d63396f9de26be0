"""Where the arguments of a call stand."""

from __future__ import annotations

import ast

from diptych.conversion.layout import slots
from diptych.source.text import Text


def test_a_lambda_keeps_the_commas_of_its_parameters() -> None:
    code = "f(lambda a, b=(1, 2), *c: (a, b), (lambda d, e: d), key=lambda g, h: g, last=3)"
    call = ast.parse(code, mode="eval").body
    assert isinstance(call, ast.Call)
    places, _ = slots(call, Text(code))
    assert [code[place.start : place.end] for place in places] == [
        "lambda a, b=(1, 2), *c: (a, b)",
        "(lambda d, e: d)",
        "key=lambda g, h: g",
        "last=3",
    ]
