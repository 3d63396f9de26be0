"""`diptych lab`: JupyterLab with the article's notebook and the panel."""

from __future__ import annotations

import argparse

from diptych.cli import terminal

EXAMPLES = """examples:
  diptych lab                      the article as a notebook; prints the URL
  diptych lab --port 8890 --browser
  diptych lab mine.ipynb
"""


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Describe the command."""
    parser = commands.add_parser(
        "lab",
        help="open JupyterLab with the article's notebook and the panel",
        description="Start JupyterLab on this machine's loopback address with a token of its own, and print the URL "
        "when it answers. Ctrl-C ends it.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("notebook", nargs="?", metavar="NOTEBOOK", help="by default examples/ten_minutes.ipynb")
    parser.add_argument("--port", type=int, help="by default the first free one from 8888")
    parser.add_argument("--browser", action="store_true", help="open the URL in the browser")
    terminal.add_json(parser)
    parser.set_defaults(execute=execute)


def execute(arguments: argparse.Namespace) -> int:
    """Start it and wait for its end."""
    from diptych.cli.jupyterlab import serve  # noqa: PLC0415  # not needed for --help

    return serve(arguments.notebook, arguments.port, arguments.browser, arguments.json)
