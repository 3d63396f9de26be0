"""Writing: rich on a terminal, plain when piped, JSON when asked for."""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from diptych.equivalence.model import Text

PIPED_WIDTH = 1000  # columns: what is piped is not wrapped


def console(stderr: bool = False) -> Console:
    """A console on standard output, or on standard error."""
    from rich.console import Console  # noqa: PLC0415  # not needed for --help and --json

    stream = sys.stderr if stderr else sys.stdout
    terminal = stream.isatty()
    return Console(stderr=stderr, highlight=False, emoji=False, width=None if terminal else PIPED_WIDTH)


def table(writer: Console, *headers: str, title: str | None = None) -> Table:
    """A table with lines on a terminal, with columns alone when piped."""
    from rich import box  # noqa: PLC0415  # not needed for --help and --json
    from rich.table import Table  # noqa: PLC0415

    lines = box.SIMPLE_HEAD if writer.is_terminal else None
    return Table(*headers, title=title, title_justify="left", box=lines, pad_edge=False, header_style="bold")


def print_json(value: Any) -> None:
    """Write one JSON document to standard output."""
    sys.stdout.write(msgspec.json.format(msgspec.json.encode(value), indent=2).decode() + "\n")


def add_json(parser: argparse.ArgumentParser) -> None:
    """The option --json."""
    parser.add_argument("--json", action="store_true", help="print one JSON document and nothing else")


def add_language(parser: argparse.ArgumentParser) -> None:
    """The option --language."""
    default = "zh" if os.environ.get("LC_ALL", os.environ.get("LANG", "")).startswith("zh") else "en"
    parser.add_argument(
        "--language", choices=("en", "zh"), default=default, help="of notes and differences (by default as LANG says)"
    )


def spoken(text: Text, language: str) -> str:
    """The sentence in one language."""
    return text.zh if language == "zh" else text.en
