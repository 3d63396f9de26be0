"""`diptych equivalences`: searching the records."""

from __future__ import annotations

import argparse

from diptych.cli import terminal
from diptych.cli.exits import FAILED, FINE

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
    from diptych.equivalence.model import ProofState  # noqa: PLC0415
    from diptych.equivalence.summary import summary  # noqa: PLC0415

    catalog = load()
    found = catalog.search(" ".join(arguments.query), limit=len(catalog.records))
    summaries = [summary(catalog, record) for record in found]
    if arguments.json:
        terminal.print_json(summaries)
        return FINE if found else FAILED
    if not found:
        terminal.console(stderr=True).print("No record holds all of these words; try fewer.")
        return FAILED
    writer = terminal.console()
    rows = terminal.table(writer, "id", "PyTorch", "MXNet", "kind", "proof", "")
    for each in summaries:
        title = terminal.spoken(each.title, arguments.language)
        state = "proven" if each.proof.state is ProofState.PROVEN else "argued" if each.reason else "unproven"
        rows.add_row(each.id, _shown(each.torch), _shown(each.mxnet), each.kind, state, title)
    writer.print(rows)
    return FINE


_SHOWN, _WIDTH = 4, 60


def _shown(texts: tuple[str, ...]) -> str:
    """The first few, shortened, and how many more there are."""
    first = texts[:_SHOWN] if texts and "(" not in texts[0] else texts[:1]
    more = f" and {len(texts) - len(first)} more" if len(texts) > len(first) else ""
    return (", ".join(text if len(text) <= _WIDTH else text[:_WIDTH] + "..." for text in first) or "-") + more
