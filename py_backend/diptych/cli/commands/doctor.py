"""`diptych doctor`: what was found, what is missing, and what mends it."""

from __future__ import annotations

import argparse
from contextlib import nullcontext
from typing import TYPE_CHECKING

from diptych.cli import terminal
from diptych.cli.exits import FAILED, FINE

if TYPE_CHECKING:
    from diptych.runtime import Report

EXAMPLES = """examples:
  diptych doctor
  diptych doctor --fetch-mnist     download MNIST if it is not on this machine
  diptych doctor --json
"""


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Describe the command."""
    parser = commands.add_parser(
        "doctor",
        help="say what was found, what is missing, and what mends it",
        description="Look for the frameworks, MNIST and JupyterLab. The exit code is 1 if something is missing; with "
        "--fetch-mnist, only if MNIST still is.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--fetch-mnist", action="store_true", help="download MNIST if it is not on this machine")
    terminal.add_json(parser)
    parser.set_defaults(execute=execute)


def execute(arguments: argparse.Namespace) -> int:
    """Look and print."""
    from diptych.cli.download import Download  # noqa: PLC0415  # not needed for --help
    from diptych.runtime import diagnose  # noqa: PLC0415

    waiting = terminal.console(stderr=True)
    quiet = arguments.json or not waiting.is_terminal or arguments.fetch_mnist
    with nullcontext() if quiet else waiting.status("Looking for the frameworks ..."), Download(waiting) as progress:
        report = diagnose(arguments.fetch_mnist, progress.told)
    if arguments.json:
        terminal.print_json(report)
    else:
        _print(report)
    if arguments.fetch_mnist:  # what was asked for; the rest is information
        return FAILED if any(finding.subject == "MNIST" and finding.problem for finding in report.findings) else FINE
    return FINE if report.ok else FAILED


_MARKS = {"ok": ("ok", "green"), "missing": ("missing", "red"), "optional": ("optional", "yellow")}


def _print(report: Report) -> None:
    writer = terminal.console()
    for finding in report.findings:
        mark, colour = _MARKS[finding.status.value]
        writer.print(f"{mark:<9}", style=colour, end="")
        writer.print(f"{finding.subject}: {finding.problem or finding.detail}", markup=False, soft_wrap=True)
        if finding.remedy:
            writer.print(f"{'':<9}mend it with: {finding.remedy}", markup=False, soft_wrap=True)
    if not report.ok:
        writer.print("\nSomething is missing. Lookup and conversion work all the same.", style="bold")
