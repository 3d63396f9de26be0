"""`diptych convert`: a Python file, a notebook or a directory, written for the other framework."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from diptych.cli import files, terminal
from diptych.cli.exits import FAILED, FINE, CommandError, UsageError

if TYPE_CHECKING:
    from diptych.folders.model import Options

EXAMPLES = """examples:
  diptych convert train.py                      to the other framework, on standard output
  diptych convert train.py --to mxnet -o out.py
  cat train.py | diptych convert - --to pytorch
  diptych convert book.ipynb -o mxnet.ipynb     old outputs are cleared, unless --outputs keep
  diptych convert SRC -o OUT                    a directory: Python and notebooks converted, the rest copied
  diptych convert SRC --dry-run --json          the report alone

A directory's report is in OUT/diptych-report: index.html, report.md, report.json. The same command again does what is
missing or has changed, and leaves what was edited in OUT. Not copied: version control, virtual environments, caches.
"""


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Describe the command."""
    parser = commands.add_parser(
        "convert",
        help="convert a Python file, a notebook or a directory between PyTorch and MXNet",
        description="Convert a Python file, a notebook, or a directory. What can't be converted stays as it was, and "
        "is told on standard error as FILE:LINE:COLUMN (lines from 1, columns from 0; in notebooks with the cell, "
        "counted from 1 over cells of all kinds); the exit code is then 1.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", metavar="SRC", help="a Python file, a notebook or a directory; - reads standard input")
    parser.add_argument(
        "-o", "--output", metavar="OUT", help="a file, instead of standard output; of a directory, another directory"
    )
    parser.add_argument("--to", choices=("mxnet", "pytorch"), help="by default the side that a file does not use")
    parser.add_argument(
        "--dialect",
        choices=("auto", "nd", "np"),
        default="auto",
        help="of MXNet; auto: nd if it can, one for all files of a directory",
    )
    parser.add_argument(
        "--outputs",
        choices=("clear", "keep"),
        default="clear",
        help="of a notebook that changes: cleared by default, as they no longer belong to its code",
    )
    parser.add_argument("--dry-run", action="store_true", help="of a directory: write nothing, tell what would become")
    parser.add_argument(
        "--check",
        action="store_true",
        help="of a directory: EXECUTE each converted file and its original, alone in a scratch directory, and compare "
        "their values (see `diptych check`); check only code that you would run",
    )
    parser.add_argument(
        "--timeout",
        type=float,
        default=60.0,
        metavar="S",
        help="of --check: for a side of a file (default: 60 s)",
    )
    parser.add_argument("--jobs", type=_jobs, metavar="N", help="processes for a directory; by default one a core")
    terminal.add_json(parser)
    parser.set_defaults(execute=execute)


def execute(arguments: argparse.Namespace) -> int:
    """Convert, write, and tell what a person has to look at."""
    if arguments.file != files.STDIN and Path(arguments.file).is_dir():
        return _folder(arguments)
    if arguments.dry_run or arguments.jobs or arguments.check:
        raise UsageError("--dry-run, --check and --jobs are for directories; `diptych check` is for files.")
    return _file(arguments)


def _options(arguments: argparse.Namespace) -> Options:
    from diptych.equivalence.model import Framework  # noqa: PLC0415  # the records are not needed for --help
    from diptych.folders.model import Options, Outputs  # noqa: PLC0415

    target = Framework(arguments.to) if arguments.to else None
    return Options(target, arguments.dialect, Outputs(arguments.outputs))


def _folder(arguments: argparse.Namespace) -> int:
    from diptych.checking.check_model import Limits  # noqa: PLC0415
    from diptych.cli import folder  # noqa: PLC0415

    if arguments.check and arguments.dry_run:
        raise UsageError("--check executes what was written; a dry run writes nothing.")
    return folder.convert(
        Path(arguments.file),
        Path(arguments.output) if arguments.output else None,
        _options(arguments),
        jobs=arguments.jobs,
        dry_run=arguments.dry_run,
        check=Limits(arguments.timeout) if arguments.check else None,
        json=arguments.json,
    )


def _file(arguments: argparse.Namespace) -> int:
    from diptych.cli import diagnostics  # noqa: PLC0415
    from diptych.folders.file import convert_file, errors, unreadable  # noqa: PLC0415
    from diptych.folders.model import Kind  # noqa: PLC0415

    name = "<stdin>" if arguments.file == files.STDIN else arguments.file
    kind = Kind.NOTEBOOK if name.lower().endswith(".ipynb") else Kind.PYTHON
    data, options = files.read_bytes(arguments.file), _options(arguments)
    converted = convert_file(kind, data, options)
    if (reason := unreadable(converted)) is not None:
        raise CommandError(f"{name}: {reason}")
    unread = kind is Kind.PYTHON and any(found.diagnostic.code == "syntax-error" for found in converted.remarks)
    if arguments.output and not unread:
        files.write_bytes(arguments.output, converted.data)
    if arguments.json:
        terminal.print_json(diagnostics.document(kind, data, options))
    elif not arguments.output and not unread:
        files.print_bytes(converted.data)
    for remark in converted.remarks:
        diagnostics.tell(name, remark)
    if converted.source is None and not unread:
        print(f"{name}: uses neither PyTorch nor MXNet; nothing was changed.", file=sys.stderr)
    return FAILED if errors(converted.remarks) else FINE


def _jobs(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 1024:
        raise argparse.ArgumentTypeError(f"a number of processes, from 1, not {text}")
    return int(text)
