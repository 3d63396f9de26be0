"""The options that `run` and `compare` share."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from diptych.cli import files, terminal
from diptych.cli.exits import FAILED, FINE, INTERRUPTED, CommandError

if TYPE_CHECKING:
    from diptych.equivalence.model import Framework
    from diptych.training.model import RunRequest, Script


def add(parser: argparse.ArgumentParser) -> None:
    """Device, parameters, repeats, threads, --json."""
    parser.add_argument("--device", default="cpu", help="cpu, cuda, cuda:1, ... (by default cpu)")
    parser.add_argument("--epochs", type=int, metavar="N", help="by default as in the script (the shipped ones: 5)")
    parser.add_argument("--batch-size", type=int, metavar="N")
    parser.add_argument("--learning-rate", type=float, metavar="RATE")
    parser.add_argument("--seed", type=int, metavar="N")
    parser.add_argument("--repeats", type=int, default=1, metavar="N", help="train so many times (by default once)")
    parser.add_argument("--threads", type=int, metavar="N", help="by default chosen by a short measurement")
    terminal.add_json(parser)


def script(name: str, arguments: Sequence[str] = ()) -> Script:
    """The script in a file."""
    from diptych.training.model import Script  # noqa: PLC0415  # not needed for --help

    if not Path(name).is_file():
        raise CommandError(f"There is no file {name}.")
    return Script(files.read(name), str(Path(name).absolute()), tuple(arguments))


def request(
    arguments: argparse.Namespace, frameworks: tuple[Framework, ...], scripts: dict[Framework, Script]
) -> RunRequest:
    """What to run, as the options say."""
    from diptych.training.model import Parameters, RunRequest  # noqa: PLC0415  # not needed for --help

    return RunRequest(
        frameworks=frameworks,
        device=arguments.device,
        parameters=Parameters(
            epochs=arguments.epochs,
            batch_size=arguments.batch_size,
            learning_rate=arguments.learning_rate,
            seed=arguments.seed,
        ),
        repeats=arguments.repeats,
        threads=arguments.threads,
        parallel=getattr(arguments, "parallel", False),
        scripts=scripts,
    )


def train_and_print(arguments: argparse.Namespace, wanted: RunRequest) -> int:
    """Train, with progress on standard error, and print the table or the document on standard output."""
    from diptych.cli.results import print_comparison  # noqa: PLC0415  # not needed for --help
    from diptych.cli.watch import train  # noqa: PLC0415
    from diptych.training.model import RunState  # noqa: PLC0415

    comparison = train(wanted, terminal.console(stderr=True))
    if arguments.json:
        terminal.print_json(comparison)
    else:
        sys.stderr.flush()
        print_comparison(terminal.console(), comparison)
    states = {run.state for run in comparison.runs}
    if RunState.CANCELLED in states:
        return INTERRUPTED
    return FINE if states == {RunState.FINISHED} else FAILED
