"""The moments at which both sides have done the same, by the links of a real conversion."""

from __future__ import annotations

from diptych import convert
from diptych.checking.moments import moments
from diptych.checking.story import Step, Story
from diptych.checking.traced.steps import instrumented

TEXT = """\
import torch
x = torch.ones(2, 3)
net = torch.nn.Linear(3, 4)
for i in range(2):
    y = net(x)
z = y + 1
"""


def story(text: str, upto: int | None = None, stopped: int | None = None) -> Story:
    """Every statement once, in the order in which it ends; nothing after line ``upto``."""
    _, places = instrumented(text, "<text>")
    ordered = sorted(places, key=lambda place: (place.last, -place.first))
    steps = [Step(p.first, p.last, 1, {}, (), False, False) for p in ordered if upto is None or p.last <= upto]
    return Story((*steps, Step(0, 0, 0, {}, (), False, True)), stopped)


def pairs(original: Story, converted: Story) -> list[tuple[int, int]]:
    links = convert(TEXT).links
    return [(m.lines.last, m.converted_lines.last) for m in moments(original, converted, links) if not m.end]


def line_of(code: str, text: str) -> int:
    return next(number for number, line in enumerate(code.splitlines(), 1) if text in line)


def test_linked_statements_make_a_moment_where_both_have_ended() -> None:
    code = convert(TEXT).code
    found = dict(pairs(story(TEXT), story(code)))
    assert found[2] == line_of(code, "ones")
    assert found[3] == line_of(code, "initialize()"), "what was added belongs to the line that it is for"
    assert found[6] == line_of(code, "z =")


def test_a_statement_that_did_not_end_makes_no_moment() -> None:
    code = convert(TEXT).code
    added = line_of(code, "initialize()")
    stopped = story(code, upto=added - 1, stopped=added)
    assert [line for line, _ in pairs(story(TEXT), stopped)] == [1, 2]
