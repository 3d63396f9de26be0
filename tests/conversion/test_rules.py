"""Each file below ``rules/`` shows what a rule makes of a source, or sources that it leaves alone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from diptych import convert

RULES = Path(__file__).parent / "rules"


def _cases() -> list[object]:
    """(target, source, expected) of every file; a ``noop.py`` holds sources that stay as they are."""
    found: list[object] = []
    for path in sorted(RULES.rglob("*.py")):
        header, _, text = path.read_text(encoding="utf-8").partition("\n")
        target = header.removeprefix("# to ")
        name = f"{path.parent.name}/{path.stem}"
        if path.stem == "noop":
            for number, source in enumerate(re.split(r"^# next\n", text, flags=re.MULTILINE)):
                found.append(pytest.param(target, source, source, id=f"{name}-{number}"))
        else:
            source, expected = text.split("# expected\n")
            found.append(pytest.param(target, source, expected, id=name))
    return found


@pytest.mark.parametrize(("target", "source", "expected"), _cases())
def test_rule(target: str, source: str, expected: str) -> None:
    assert convert(source, target).code == expected


@pytest.mark.parametrize(("target", "source", "expected"), _cases())
def test_converting_again_changes_nothing(target: str, source: str, expected: str) -> None:
    assert convert(expected, target).code == expected
