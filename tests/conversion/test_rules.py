"""Each file below ``rules/`` shows what a rule makes of a source, or sources that it leaves alone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from diptych import convert
from diptych.conversion.model import DialectChoice

RULES = Path(__file__).parent / "rules"


def _cases() -> list[object]:
    """(target, dialect, source, expected) of every file, whose first line says ``to mxnet`` or ``to mxnet in np``; a
    ``noop.py`` holds sources that stay as they are."""
    found: list[object] = []
    for path in sorted(RULES.rglob("*.py")):
        header, _, text = path.read_text(encoding="utf-8").partition("\n")
        target, _, dialect = header.removeprefix("# to ").partition(" in ")
        name = f"{path.parent.name}/{path.stem}"
        if path.stem == "noop":
            for number, source in enumerate(re.split(r"^# next\n", text, flags=re.MULTILINE)):
                found.append(pytest.param(target, dialect or "auto", source, source, id=f"{name}-{number}"))
        else:
            source, expected = text.split("# expected\n")
            found.append(pytest.param(target, dialect or "auto", source, expected, id=name))
    return found


@pytest.mark.parametrize(("target", "dialect", "source", "expected"), _cases())
def test_rule(target: str, dialect: DialectChoice, source: str, expected: str) -> None:
    assert convert(source, target, dialect).code == expected


@pytest.mark.parametrize(("target", "dialect", "source", "expected"), _cases())
def test_converting_again_changes_nothing(target: str, dialect: DialectChoice, source: str, expected: str) -> None:
    assert convert(expected, target, dialect).code == expected
