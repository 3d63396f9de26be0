"""Converting a result again changes nothing, with all that was left in it; going back is not hindered."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from test_never_silently_wrong import REFUSED_IN_ND, TO_ND, TO_NP, TO_TORCH, TO_TORCH_REFUSED

from diptych import convert
from diptych.conversion.convert import convert_document
from diptych.conversion.model import DialectChoice
from diptych.source.model import Module, Span

HERE = Path(__file__).parent
HEADS = {"mxnet": "import torch\n", "pytorch": "import mxnet as mx\nfrom mxnet import nd\n"}  # by the target


def programs() -> Iterator[tuple[str, str]]:
    """(target, text) of the programs and of the rules' sources."""
    for target, source in (("mxnet", "pytorch"), ("pytorch", "mxnet")):
        for text in (HERE / "programs" / f"{source}.txt").read_text(encoding="utf-8").split("\n\n"):
            yield target, HEADS[target] + text.strip("\n") + "\n"
    for target, given in (("mxnet", TO_ND | TO_NP), ("pytorch", TO_TORCH)):
        for text, _ in given.values():
            yield target, text
    for target, refused in (("mxnet", REFUSED_IN_ND), ("pytorch", TO_TORCH_REFUSED)):
        for text in refused.values():
            yield target, text
    for path in sorted((HERE / "rules").rglob("*.py")):
        header, _, text = path.read_text(encoding="utf-8").partition("\n")
        target = header.removeprefix("# to ").partition(" in ")[0]
        for part in re.split(r"^# (?:next|expected)\n", text, flags=re.MULTILINE):
            yield target, part


@pytest.mark.parametrize("dialect", ["auto", "nd", "np"])
def test_converting_again_changes_nothing(dialect: DialectChoice) -> None:
    changed = []
    for target, text in programs():
        once = convert(text, target, dialect).code
        if convert(once, target, dialect).code != once:
            changed.append(text)
    assert changed == []


LEFT = "import torch\n\nx = torch.ones(2, 3)\ny = torch.jit.script(x)\nz = x.unsqueeze(0)\n"


def test_what_was_left_is_told_again_with_what_to_do() -> None:
    once = convert(LEFT)
    again = convert(once.code)
    assert again.code == once.code
    [found] = again.diagnostics
    assert (found.code, found.line) == ("left-before", 1 + once.code.splitlines().index(_line(once.code)))
    assert "no counterpart of torch.jit.script" in found.message


def test_without_its_comments_a_result_is_converted_like_any_text() -> None:
    once = convert(LEFT).code
    more = re.sub(r"  # diptych: .*", "", once) + "a = torch.zeros(2)\n"
    assert "nd.zeros((2,))" in convert(more).code


def test_marks_do_not_hinder_the_way_back() -> None:
    once = convert(LEFT).code
    marked = _line(once).replace("script(x)", "script(1)")
    back = convert(once.replace(_line(once), marked), "pytorch").code
    assert "x = torch.ones(2, 3)" in back


def test_a_part_is_converted_beside_what_was_left() -> None:
    text = convert(LEFT).code + "a = torch.zeros(2)\n"
    line = text.count("\n")
    part = convert_document(Module(text), selection=Span(line, 0, line, 0), scope="statement")
    assert part.code == "a = nd.zeros((2,))"


def test_a_mark_in_a_string_is_none() -> None:
    assert "nd.ones" in convert('import torch\nx = torch.ones(2)\nt = "# diptych: no"\n').code


def _line(code: str) -> str:
    return next(line for line in code.splitlines() if "# diptych:" in line)
