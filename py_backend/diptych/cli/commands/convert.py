"""`diptych convert`: a Python file, written for the other framework."""

from __future__ import annotations

import argparse
import sys

from diptych.cli import files, terminal
from diptych.cli.exits import FAILED, FINE

EXAMPLES = """examples:
  diptych convert train.py                      to the other framework, on standard output
  diptych convert train.py --to mxnet -o out.py
  cat train.py | diptych convert - --to pytorch
"""


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Describe the command."""
    parser = commands.add_parser(
        "convert",
        help="convert a Python file between PyTorch and MXNet",
        description="Convert a Python file. What can't be converted stays as it was, and is told on standard error as "
        "FILE:LINE:COLUMN (lines from 1, columns from 0); the exit code is then 1.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", metavar="FILE", help="a Python file; - reads standard input")
    parser.add_argument("-o", "--output", metavar="OUT", help="write to this file instead of standard output")
    parser.add_argument("--to", choices=("mxnet", "pytorch"), help="by default the side that the file does not use")
    parser.add_argument("--dialect", choices=("auto", "nd", "np"), default="auto", help="of MXNet; auto: nd if it can")
    terminal.add_json(parser)
    parser.set_defaults(execute=execute)


def execute(arguments: argparse.Namespace) -> int:
    """Convert, write, and tell what a person has to look at."""
    from diptych.conversion.convert import convert_document  # noqa: PLC0415  # the records are not needed for --help
    from diptych.conversion.model import Severity  # noqa: PLC0415
    from diptych.equivalence.model import Framework  # noqa: PLC0415
    from diptych.source.model import Module  # noqa: PLC0415

    text = files.read(arguments.file)
    target = Framework(arguments.to) if arguments.to else None
    conversion = convert_document(Module(text), target, arguments.dialect)
    unread = any(diagnostic.code == "syntax-error" for diagnostic in conversion.diagnostics)
    if arguments.output and not unread:
        files.write(arguments.output, conversion.code)
    if arguments.json:
        terminal.print_json(conversion)
    elif not arguments.output and not unread:
        sys.stdout.write(conversion.code)
    name = "<stdin>" if arguments.file == files.STDIN else arguments.file
    for diagnostic in conversion.diagnostics:
        print(
            f"{name}:{diagnostic.line}:{diagnostic.column}: {diagnostic.severity.value}: {diagnostic.message} "
            f"[{diagnostic.code}]{f' {diagnostic.suggestion}' if diagnostic.suggestion else ''}",
            file=sys.stderr,
        )
    if conversion.source is None and not unread:
        print(f"{name}: uses neither PyTorch nor MXNet; nothing was changed.", file=sys.stderr)
    errors = any(diagnostic.severity is Severity.ERROR for diagnostic in conversion.diagnostics)
    return FAILED if errors else FINE
