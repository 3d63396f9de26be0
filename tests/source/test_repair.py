"""Text in any state gets a tree, and what the reader typed keeps its line and column."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diptych.source.repair import HOLE, parse


@pytest.mark.parametrize(
    ("text", "repaired"),
    [
        ("x = torch.ones(5,", "x = torch.ones(5,)"),
        ("x = torch.\ny = 2\n", f"x = torch.{HOLE}\ny = 2\n"),
        ("nn.Linear(28*28, 256\nnet = 3\n", "nn.Linear(28*28, 256)\nnet = 3\n"),
        ("for x in foo\n    pass\n", "for x in foo:\n    pass\n"),
        ("if x:\n", "if x: pass\n"),
        ("x = 'abc\ny = 1\n", "x = 'abc'\ny = 1\n"),
        ("x = {\n'a': torch.\n}\ny = 1\n", "x = {\n'a': torch \n}\ny = 1\n"),
        (
            "class A:\n    def f(self):\n        return self.\n",
            f"class A:\n    def f(self):\n        return self.{HOLE}\n",
        ),
        ("f(a, b=\ny = 1\n", f"f(a, b={HOLE})\ny = 1\n"),
        ("try:\n    x = 1\n", "if 1:\n    x = 1\n"),
    ],
)
def test_what_is_missing_is_supplied_at_the_end_of_its_line(text: str, repaired: str) -> None:
    parsed = parse(text)
    assert parsed.text == repaired
    assert parsed.problem is not None


@pytest.mark.parametrize(
    "text",
    [
        "%matplotlib inline\n!ls\nx?\nx = 1\n",
        "%%time\nx = 1\n",
        "%%bash\necho $((1\n",
        "if x:\n    %time y = f(1)\n",
        "files = !ls\ntimes = %timeit -o f()\n",
        "\ufeffx = 1\n",
    ],
)
def test_magics_are_no_problem_and_keep_every_offset(text: str) -> None:
    parsed = parse(text)
    assert parsed.problem is None
    assert len(parsed.text) == len(text)
    assert [line for line in parsed.text.split("\n") if line.strip() == "x = 1"] == [
        line for line in text.lstrip("\ufeff").split("\n") if line == "x = 1"
    ] or text.startswith("\ufeff")


def test_a_modulo_at_a_line_s_start_is_no_magic() -> None:
    text = "print('%d'\n%time)\n"
    assert parse(text).text == text


@settings(max_examples=300, deadline=None)
@given(st.text() | st.lists(st.sampled_from("(){}[]:=.,'\"#\n\\ \tifdefxy%!?"), max_size=40).map("".join))
def test_any_text_has_a_tree_and_keeps_its_lines(text: str) -> None:
    parsed = parse(text)
    assert isinstance(parsed.tree, ast.Module)
    assert parsed.text.count("\n") == text.count("\n")
