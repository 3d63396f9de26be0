"""The entry point: which commands there are, and how they end."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import metadata

from diptych.cli.commands import check, compare, convert, doctor, equivalences, lab, lookup, run
from diptych.cli.exits import FAILED, INTERRUPTED, USAGE, CommandError, UsageError

_EXITS = "exit codes: 0 fine, 1 failed or found problems, 2 wrong usage, 130 cancelled by Ctrl-C; check has more"


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    root = argparse.ArgumentParser(
        prog="diptych",
        description="PyTorch and Apache MXNet (Gluon) side by side.",
        epilog=_EXITS,
    )
    root.add_argument("--version", action="version", version=f"diptych {metadata.version('diptych')}")
    commands = root.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for command in (lookup, convert, check, run, compare, equivalences, doctor, lab):
        command.add(commands)
    return root


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the answer is the exit code."""
    parsed = parser().parse_args(arguments)
    try:
        return int(parsed.execute(parsed))
    except UsageError as error:
        return _complain(error, USAGE)
    except CommandError as error:
        return _complain(error, FAILED)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # the reader (`| head`) has enough; Python must not complain about it once more at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED


def _complain(error: Exception, code: int) -> int:
    print(f"diptych: {error}", file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
