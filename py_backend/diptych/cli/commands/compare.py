"""`diptych compare`: train in both frameworks and compare."""

from __future__ import annotations

import argparse

from diptych.cli import training_options

EXAMPLES = """examples:
  diptych compare                                  the article's MLP on MNIST, 5 epochs
  diptych compare --epochs 1 --json
  diptych compare --repeats 3 --threads 1
  diptych compare --pytorch mine.py --mxnet theirs.py

The scripts that ship are examples/mnist_mlp_torch.py and mnist_mlp_mxnet.py. Ctrl-C cancels.
"""


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Describe the command."""
    parser = commands.add_parser(
        "compare",
        help="train in both frameworks and compare losses and seconds",
        description="Train in both frameworks, one after the other, each in a process of its own, and print losses, "
        "seconds an epoch and test accuracy side by side.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--pytorch", metavar="SCRIPT", help="by default the script that ships")
    parser.add_argument("--mxnet", metavar="SCRIPT", help="by default the script that ships")
    parser.add_argument("--parallel", action="store_true", help="both at the same time; they compete for the cores")
    training_options.add(parser)
    parser.set_defaults(execute=execute)


def execute(arguments: argparse.Namespace) -> int:
    """Train both."""
    from diptych.equivalence.model import Framework  # noqa: PLC0415  # not needed for --help

    given = {Framework.PYTORCH: arguments.pytorch, Framework.MXNET: arguments.mxnet}
    scripts = {framework: training_options.script(name) for framework, name in given.items() if name}
    return training_options.train_and_print(arguments, training_options.request(arguments, tuple(given), scripts))
