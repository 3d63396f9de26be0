"""``python -m diptych.checking.prove`` executes the records' proofs and writes the table of what was proven."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable

import msgspec
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from diptych.checking.model import Proving
from diptych.checking.process import FrameworkUnavailable
from diptych.checking.prover import prove
from diptych.equivalence.catalog import PROOFS, read_proofs
from diptych.equivalence.compiler import RECORDS, parse, read
from diptych.equivalence.model import Equivalence, ProofResult, ProofState


def main() -> int:
    """Prove the records named (default: every record) and write the table; 1 where a proof failed."""
    parser = argparse.ArgumentParser(prog="python -m diptych.checking.prove", description=main.__doc__)
    parser.add_argument("ids", nargs="*", help="ids of records; none: every record")
    parser.add_argument("--all", action="store_true", help="run what is already proven too")
    parser.add_argument("--values-only", action="store_true", help="leave out what the converter makes of each side")
    parser.add_argument("--file", action="append", default=[], help="only the records of this file of records/")
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    parser.add_argument("--processes", type=int, default=cores, help="how many run side by side (default: the cores)")
    parser.add_argument("--dry-run", action="store_true", help="leave the table as it is")
    arguments = parser.parse_args()
    records = list(read().records)
    if arguments.file:
        texts = [(RECORDS / name).read_text(encoding="utf-8") for name in arguments.file]
        wanted = {record.id for text in texts for record in parse(text).records}
        records = [record for record in records if record.id in wanted]
    if arguments.ids:
        records = [record for record in records if record.id in arguments.ids]
    console = Console(stderr=True)
    done: list[ProofResult] = []
    try:
        proving = _with_progress(console, records, arguments, done)
    except FrameworkUnavailable as error:
        console.print(str(error), markup=False)
        return 1
    except KeyboardInterrupt:
        console.print(f"Stopped after {len(done)} of {len(records)} records; the next call goes on from there.")
        if not arguments.dry_run:
            _write(done)
        return 130
    if not arguments.dry_run:
        _write(proving.results)
    for failure in proving.failures:
        console.print(str(failure), markup=False, style="red", soft_wrap=True)
    proven = sum(result.state is ProofState.PROVEN for result in proving.results)
    unproven = sum(not record.proofs and not record.cases for record in records)
    console.print(f"{proven} proven, {len(records) - proven - unproven} failed, {unproven} without a proof")
    return 1 if proving.failures else 0


def _with_progress(
    console: Console, records: list[Equivalence], arguments: argparse.Namespace, done: list[ProofResult]
) -> Proving:
    columns = (TextColumn("{task.description:<32}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("starting both frameworks", total=len(records))

        def report(record: Equivalence, result: ProofResult) -> None:
            done.append(result)
            progress.update(task, advance=1, description=record.id[:32])

        known = () if arguments.all else read_proofs()
        return prove(records, known, report, not arguments.values_only, arguments.processes)


def _write(results: Iterable[ProofResult]) -> None:
    """Keep what other records have; forget records that are gone."""
    current = {record.id for record in read().records}
    table = {result.id: result for result in (*read_proofs(), *results) if result.id in current}
    proven = sorted((r for r in table.values() if r.state is ProofState.PROVEN), key=lambda result: result.id)
    lines = ",\n".join(msgspec.json.encode(result).decode() for result in proven)
    PROOFS.write_text(f"[\n{lines}\n]\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
