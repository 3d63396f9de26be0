"""A program is looked at after each statement of its level, and does what it did without that."""

from __future__ import annotations

import pytest

from diptych.checking.traced.steps import BEGIN, MARK, instrumented


def looked_at(text: str) -> list[tuple[int, int]]:
    """The lines after which somebody looks, in the order in which that happens."""
    tree, places = instrumented(text, "<text>")
    seen: list[tuple[int, int]] = []
    names = {BEGIN: lambda number: None, MARK: lambda n: seen.append((places[n].first, places[n].last))}
    exec(compile(tree, "<text>", "exec"), {"__name__": "__main__", **names})
    return seen


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("a = 1\nb = (a,\n     2)\n", [(1, 1), (2, 3)]),
        ("for i in range(2):\n    a = i\n", [(2, 2), (2, 2), (1, 2)]),
        ("if True:\n    a = 1\nelse:\n    a = 2\n", [(2, 2), (1, 4)]),
        ("try:\n    1 / 0\nexcept ZeroDivisionError:\n    a = 1\n", [(4, 4), (1, 4)]),
        ("'''What it is.'''\nfrom __future__ import annotations\na = 1\n", [(3, 3)]),
        ("def f():\n    a = 1\nf()\nf()\n", [(1, 2), (3, 3), (4, 4)]),
        ("def main():\n    a = 1\nif __name__ == '__main__':\n    main()\n", [(1, 2), (2, 2), (4, 4), (3, 4)]),
        ("def f(x):\n    y = x\n    return y\nz = f(1)\n", [(1, 3), (2, 2), (4, 4)]),
        ("@staticmethod\ndef f():\n    a = 1\n", [(1, 3)]),
        ("while True:\n    a = 1\n    break\n", [(2, 2), (1, 3)]),
    ],
)
def test_where_it_is_looked_at(text: str, lines: list[tuple[int, int]]) -> None:
    assert looked_at(text) == lines


def test_an_error_keeps_its_line() -> None:
    tree, _ = instrumented("a = 1\nb = [\n    a,\n    a / 0,\n]\n", "<text>")
    with pytest.raises(ZeroDivisionError) as raised:
        exec(compile(tree, "<text>", "exec"), {BEGIN: lambda number: None, MARK: lambda number: None})
    assert raised.traceback[-1].lineno + 1 == 4
