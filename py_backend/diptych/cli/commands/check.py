"""`diptych check`: run a file and its conversion, and compare every value."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from diptych.cli import files, terminal
from diptych.cli.exits import UsageError

if TYPE_CHECKING:
    from diptych.source.model import Document

EXAMPLES = """examples:
  diptych check model.py                   against its conversion to the other framework
  diptych check book.ipynb --timeout 300   the code cells of a notebook
  cat model.py | diptych check - --json

exit codes:
  0    every value that could be compared agrees, but for rounding
  1    a value differs
  2    wrong usage
  3    a side could not be run to its end, or there was nothing to compare
  4    refused: the converter leaves something as it was, so there is no whole program to run
  130  cancelled by Ctrl-C; both processes are ended
"""
_MEBIBYTE = 2**20


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Describe the command."""
    parser = commands.add_parser(
        "check",
        help="run a file and its conversion, and compare every value",
        description="EXECUTES the file, with all that it does, in its own framework, and its conversion in the other: "
        "each in a process and a scratch directory of its own, within a time and a memory, with the same random "
        "numbers, initial weights and clock. Then compares every top-level value (arrays, parameters, gradients, "
        "numbers, structures) and names the first line where both sides part. Check only code that you would run.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", metavar="FILE", help="a Python file or a notebook; - reads standard input")
    parser.add_argument("--to", choices=("mxnet", "pytorch"), help="by default the side that the file does not use")
    parser.add_argument("--dialect", choices=("auto", "nd", "np"), default="auto", help="of MXNet; auto: nd if it can")
    parser.add_argument("--timeout", type=_positive, default=60.0, metavar="S", help="seconds for a side (default: 60)")
    parser.add_argument("--memory", type=_positive, default=4096.0, metavar="MB", help="for a side (default: 4096 MB)")
    parser.add_argument("--force", action="store_true", help="run it even where the converter left something as it was")
    parser.add_argument("--seed", type=int, default=0, help="of the random numbers that both sides draw (default: 0)")
    terminal.add_json(parser)
    parser.set_defaults(execute=execute)


def execute(arguments: argparse.Namespace) -> int:
    """Check, and tell."""
    from diptych.checking.check_model import Limits  # noqa: PLC0415  # not needed for --help
    from diptych.cli import checking  # noqa: PLC0415
    from diptych.equivalence.model import Framework  # noqa: PLC0415

    document = _document(arguments.file)
    target = Framework(arguments.to) if arguments.to else None
    limits = Limits(arguments.timeout, int(arguments.memory * _MEBIBYTE))
    name = "<stdin>" if arguments.file == files.STDIN else arguments.file
    found = checking.run(name, document, target, arguments.dialect, limits, seed=arguments.seed, force=arguments.force)
    if arguments.json:
        terminal.print_json(found)
    else:
        checking.tell(terminal.console(), name, found)
    return checking.exit_code(found)


def _document(name: str) -> Document:
    from diptych.folders.notebook import NotANotebook, read_cells  # noqa: PLC0415  # not needed for --help
    from diptych.source.model import Module, Notebook  # noqa: PLC0415

    if not name.lower().endswith(".ipynb"):
        return Module(files.read(name))
    try:
        return Notebook(read_cells(files.read_bytes(name)))
    except NotANotebook as error:
        raise UsageError(f"{name}: {error}") from error


def _positive(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number < 1e9:
        raise argparse.ArgumentTypeError(f"a number above 0, not {text}")
    return number
