"""`diptych lookup`: what is at a place of a file, and its counterpart."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from diptych.cli import files, terminal
from diptych.cli.exits import FAILED, FINE, UsageError

if TYPE_CHECKING:
    from diptych.conversion.model import Lookup
    from diptych.equivalence.model import Parameter

EXAMPLES = """examples:
  diptych lookup model.py:12:8
  diptych lookup model.py:12:8 --json
  echo 'import torch; torch.ones(5, 3)' | diptych lookup :1:20
"""


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Describe the command."""
    parser = commands.add_parser(
        "lookup",
        help="say what is at a place of a file, and its counterpart",
        description="Say what is at a place of a Python file, and what it is in the other framework. The exit code is "
        "1 where nothing known is there.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "place", metavar="FILE:LINE:COL", help="lines count from 1, columns from 0; without FILE: stdin"
    )
    parser.add_argument("--dialect", choices=("auto", "nd", "np"), default="auto", help="of MXNet")
    terminal.add_language(parser)
    terminal.add_json(parser)
    parser.set_defaults(execute=execute)


def execute(arguments: argparse.Namespace) -> int:
    """Look up and print."""
    from diptych.conversion.lookup import lookup_document  # noqa: PLC0415  # the records are not needed for --help
    from diptych.source.model import Module  # noqa: PLC0415

    name, line, column = _place(arguments.place)
    found = lookup_document(Module(files.read(name)), line, column, arguments.dialect)
    if arguments.json:
        terminal.print_json(found)
    elif found is None:
        terminal.console(stderr=True).print(f"Nothing that Diptych knows is at {arguments.place}.", markup=False)
    else:
        _print(found, arguments.language)
    return FAILED if found is None else FINE


def _place(text: str) -> tuple[str, int, int]:
    name, line, column = (*text.rsplit(":", 2), "", "")[:3]
    if not (line.isdecimal() and column.isdecimal() and int(line) >= 1):
        raise UsageError(f"'{text}' is not a place: write FILE:LINE:COL, such as model.py:12:8 (lines from 1).")
    return name or files.STDIN, int(line), int(column)


def _print(found: Lookup, language: str) -> None:
    record = found.equivalence
    writer = terminal.console()
    writer.print(found.symbol, style="bold", markup=False)
    names = ", ".join(spelling.name for spelling in record.spellings(found.framework.other) if spelling.preferred)
    writer.print(f"{record.title.en if language == 'en' else record.title.zh} ({record.kind.value})", markup=False)
    writer.print(f"counterpart: {names or 'none'}", markup=False)
    if found.call is not None and found.converted_call is not None:
        writer.print(f"\n  {found.call}\n  {found.converted_call}", markup=False)
    for diagnostic in found.diagnostics:
        writer.print(f"{diagnostic.severity.value}: {diagnostic.message}", markup=False)
    if record.params:
        writer.print()
        rows = terminal.table(writer, "PyTorch", "default", "MXNet", "default", "")
        for parameter in record.params:
            rows.add_row(*_row(parameter))
        writer.print(rows)
    for heading, texts in (("differences", record.differences), ("notes", record.notes)):
        if texts:
            writer.print(f"\n{heading}:", style="bold")
        for text in texts:
            writer.print(f"- {terminal.spoken(text, language)}", markup=False)
    for argument in (record.reason, record.workaround):
        if argument is not None:
            writer.print(terminal.spoken(argument, language), markup=False)
    writer.print(f"\n{_badge(found)}", markup=False)
    for spelling in (*record.torch, *record.mxnet):
        if spelling.url and spelling.preferred:
            writer.print(spelling.url, markup=False, soft_wrap=True)


def _row(parameter: Parameter) -> tuple[str, str, str, str, str]:
    both = parameter.torch is not None and parameter.mxnet is not None
    differ = both and parameter.torch_default != parameter.mxnet_default
    return (
        *_side(parameter.torch, parameter.torch_default),
        *_side(parameter.mxnet, parameter.mxnet_default),
        "defaults differ" if differ else "",
    )


def _side(name: str | None, default: str | None) -> tuple[str, str]:
    return ("-", "") if name is None else (name, "required" if default is None else default)


def _badge(found: Lookup) -> str:
    proof = found.proof
    if proof is None or proof.state.value != "proven":
        return "unproven"
    versions = ", ".join(f"{name} {version}" for name, version in proof.versions.items())
    apart = "" if proof.max_difference is None else f"; largest difference {proof.max_difference:.3g}"
    return f"proven by execution on {versions}{apart}"
