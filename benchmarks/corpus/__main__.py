"""Converts and executes the corpus: code that the rules were not written from, in both directions.

    python benchmarks/corpus [--rest] [--only NAME] [--cache FOLDER] [--show differ|crash|refused]

Prints, by source and direction: how many there are, of how many the original runs here, how many are converted without
an error diagnostic, of these how many ran, of these how many are equal in value, and the silent errors by name.
``--rest`` takes the documented snippets that are not in the list instead: what a change does to code that nobody reads.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from measuring import Outcome, Result, measure
from sources import Source, cache_folder, digest, documented, listing, texts

from diptych.equivalence.model import Framework

_SHOWN = 60  # lines of a program


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rest", action="store_true", help="the documented snippets that are not in the list")
    parser.add_argument("--only", default="", help="names that hold this")
    parser.add_argument("--cache", type=Path, default=None, help="the folder of the scripts")
    parser.add_argument("--show", default="", help="print the programs with this outcome: differs, crashed, refused")
    parser.add_argument("--json", type=Path, default=None, help="write every result there")
    options = parser.parse_args()
    corpus = rest() if options.rest else texts(listing().sources, cache_folder(options.cache))
    corpus = {source: text for source, text in corpus.items() if options.only in source.name}
    results = measure(corpus)
    if options.json:
        options.json.write_text(json.dumps([result.plain() for result in results]))
    for result in results:
        if options.show and result.outcome.value == options.show:
            show(result)
    table(results)


def rest() -> dict[Source, str]:
    """The documented snippets beside the list."""
    listed = {source.name for source in listing().sources}
    return {
        Source(name, framework, "snippet", digest(text)): text
        for framework in Framework
        for name, text in documented(framework).items()
        if name not in listed
    }


def show(result: Result) -> None:
    """A program beside its conversion, and what was found."""
    print(f"===== {result.source.name} ({result.outcome.value})")
    for text in (result.program, result.converted):
        print("\n".join(text.splitlines()[:_SHOWN]))
        print("-----")
    print(result.detail)


@dataclass
class _Row:
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    silent: list[str] = field(default_factory=list)


def table(results: list[Result]) -> None:
    """The figures."""
    rows: dict[tuple[str, Framework], _Row] = {}
    for result in results:
        row = rows.setdefault((result.source.kind, result.source.framework), _Row())
        row.outcomes[result.outcome] += 1
        if result.outcome in (Outcome.CRASHED, Outcome.DIFFERS):
            row.silent.append(result.source.name)
    for (kind, framework), row in rows.items():
        count = row.outcomes
        every = sum(count.values())
        runs = every - count[Outcome.ORIGINAL_FAILS]
        converted = runs - count[Outcome.REFUSED]
        ran = converted - count[Outcome.CRASHED]
        equal = count[Outcome.EQUAL] + count[Outcome.NOTHING]
        print(
            f"{framework.value} -> {framework.other.value}, {kind}s: {every}; the original runs: {runs}; "
            f"converted: {converted} ({converted / max(runs, 1):.1%}); ran: {ran} ({ran / max(converted, 1):.1%}); "
            f"equal: {equal} ({equal / max(ran, 1):.1%}), of these without a value to compare: "
            f"{count[Outcome.NOTHING]}; silent errors: {len(row.silent)} ({len(row.silent) / max(runs, 1):.1%})"
        )
        for name in row.silent:
            print(f"    {name}")


if __name__ == "__main__":
    sys.exit(main())
