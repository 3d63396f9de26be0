"""The cheat sheet: everything is on it, nothing in it can act, and the files in examples/ are up to date."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from diptych.cheat_sheet.entries import Entry, Example, Theme, themes
from diptych.cheat_sheet.markdown import markdown
from diptych.cheat_sheet.page import page
from diptych.equivalence import load
from diptych.equivalence.model import Dialect, Kind, Text

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture(scope="module")
def every() -> tuple[Theme, ...]:
    return themes()


@pytest.mark.slow
def test_the_files_in_examples_are_those_of_the_records(every: tuple[Theme, ...]) -> None:
    texts = {
        "cheat_sheet.html": page(every),
        "cheat_sheet.md": markdown(every, "en"),
        "cheat_sheet.zh.md": markdown(every, "zh"),
    }
    stale = [name for name, text in texts.items() if (EXAMPLES / name).read_text(encoding="utf-8") != text]
    assert stale == [], "run `make cheat-sheet`"


@pytest.mark.slow
def test_every_record_is_on_it_once_in_both_languages(every: tuple[Theme, ...]) -> None:
    entries = [entry for theme in every for entry in theme.entries]
    assert sorted(entry.id for entry in entries) == sorted(record.id for record in load())
    assert all(re.search(r"[\u4e00-\u9fff]", theme.title.zh) for theme in every)


@pytest.mark.slow
def test_a_proven_record_shows_how_both_sides_are_written(every: tuple[Theme, ...]) -> None:
    bare = [entry.id for theme in every for entry in theme.entries if entry.proven and not entry.examples]
    assert bare == []


def _theme(text: str) -> Theme:
    both = Text(text, text)
    example = Example(text, text, Dialect.NP)
    return Theme(
        "t", both, (Entry("e", both, Kind.EXACT, (text,), (text,), (example,), (both,), both, both, True, 1e-7),)
    )


def test_nothing_from_a_record_can_act() -> None:
    text = page((_theme("<img src=x onerror=alert(1)></script><script>alert(2)</script>"),))
    assert "<img" not in text
    assert text.count("<script>") == 1


def test_code_with_bars_stays_in_its_cell() -> None:
    row = next(line for line in markdown((_theme("a | b"),), "en").splitlines() if line.startswith("| a"))
    assert len(re.findall(r"(?<!\\)\|", row)) == 5


@pytest.mark.slow
def test_no_two_things_on_it_share_an_id(every: tuple[Theme, ...]) -> None:
    ids = re.findall(r'\sid="([^"]+)"', page(every))
    assert len(ids) == len(set(ids))
