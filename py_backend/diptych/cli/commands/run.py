"""`diptych run`: train in one framework."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from diptych.cli import training_options
from diptych.cli.exits import UsageError

if TYPE_CHECKING:
    from diptych.equivalence.model import Framework

EXAMPLES = """examples:
  diptych run pytorch --epochs 1           the script that ships
  diptych run mxnet --device cuda
  diptych run train.py -- --my-option 3    your own script, with its own arguments
"""


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Describe the command."""
    parser = commands.add_parser(
        "run",
        help="train in one framework",
        description="Run a training script in a process of its own and print its losses and seconds an epoch.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("what", metavar="FRAMEWORK|SCRIPT", help="pytorch, mxnet, or a Python file")
    parser.add_argument("arguments", nargs="*", metavar="ARGUMENT", help="after --, for the script")
    parser.add_argument("--framework", choices=("pytorch", "mxnet"), help="by default the one that the script imports")
    training_options.add(parser)
    parser.set_defaults(execute=execute)


def execute(arguments: argparse.Namespace) -> int:
    """Train."""
    from diptych.equivalence.model import Framework  # noqa: PLC0415  # not needed for --help

    if arguments.what in set(Framework):
        if arguments.arguments:
            raise UsageError("The script that ships takes no arguments; give --epochs and the like before --.")
        wanted = training_options.request(arguments, (Framework(arguments.what),), {})
    else:
        script = training_options.script(arguments.what, arguments.arguments)
        framework = Framework(arguments.framework) if arguments.framework else _framework_of(script.text)
        wanted = training_options.request(arguments, (framework,), {framework: script})
    return training_options.train_and_print(arguments, wanted)


def _framework_of(text: str) -> Framework:
    from diptych.conversion.convert import convert_document  # noqa: PLC0415  # not needed for --help
    from diptych.source.model import Module  # noqa: PLC0415

    framework = convert_document(Module(text)).source
    if framework is None:
        raise UsageError("The script imports neither PyTorch nor MXNet; say which with --framework.")
    return framework
