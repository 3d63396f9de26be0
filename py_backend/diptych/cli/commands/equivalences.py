"""`diptych equivalences`: searching the records."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from diptych.cli import terminal
from diptych.cli.exits import FAILED, FINE

if TYPE_CHECKING:
    from diptych.equivalence.model import Spelling

EXAMPLES = """examples:
  diptych equivalences                     every record
  diptych equivalences cross entropy
  diptych equivalences nn.Linear --json
"""


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Describe the command."""
    parser = commands.add_parser(
        "equivalences",
        help="search the records that relate PyTorch to MXNet",
        description="List the records that hold every word, the best first; all of them without a word.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("query", metavar="WORD", nargs="*", help="a name, or words of a title or note")
    terminal.add_language(parser)
    terminal.add_json(parser)
    parser.set_defaults(execute=execute)


def execute(arguments: argparse.Namespace) -> int:
    """Search and print."""
    from diptych.equivalence import load  # noqa: PLC0415  # the records are not needed for --help

    catalog = load()
    found = catalog.search(" ".join(arguments.query), limit=len(catalog.records))
    if arguments.json:
        items = [{"equivalence": record, "proof": catalog.proof(record.id)} for record in found]
        terminal.print_json({"items": items, "total": len(found)})
        return FINE if found else FAILED
    if not found:
        terminal.console(stderr=True).print("No record holds all of these words; try fewer.")
        return FAILED
    writer = terminal.console()
    rows = terminal.table(writer, "id", "PyTorch", "MXNet", "kind", "proof", "")
    for record in found:
        proof = catalog.proof(record.id)
        proven = "proven" if proof is not None and proof.state.value == "proven" else "unproven"
        title = terminal.spoken(record.title, arguments.language)
        rows.add_row(record.id, _names(record.torch), _names(record.mxnet), record.kind.value, proven, title)
    writer.print(rows)
    return FINE


def _names(spellings: tuple[Spelling, ...]) -> str:
    return ", ".join(spelling.name for spelling in spellings if spelling.preferred) or "-"
