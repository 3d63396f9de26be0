"""How long converting takes, beside ``ast.parse`` on the same text: ``python benchmarks/convert.py``.

Scripts of 500 and 5,000 lines, made of the example's kind of code; and a lookup after an edit of each, in one run.
"""

from __future__ import annotations

import ast
import statistics
from time import perf_counter

from hover import document

from diptych import convert, lookup

SIZES = (500, 5000)
ROUNDS = {500: 15, 5000: 3}


def script(lines: int) -> str:
    """The hover benchmark's document, its functions repeated under other names."""
    text = document()
    head, mark, functions = text.partition("\n\ndef evaluate_0")
    parts, number = [text], 0
    count = text.count("\n")
    while count + functions.count("\n") < lines:
        number += 1
        part = (mark + functions).replace("def evaluate_", f"def evaluate_{number}_")
        parts.append(part)
        count += part.count("\n")
    assert head
    return "".join(parts)


def milliseconds(action: object, *arguments: object) -> float:
    """Wall-clock time of one call."""
    start = perf_counter()
    action(*arguments)  # type: ignore[operator]  # any function
    return 1000 * (perf_counter() - start)


def main() -> None:
    """Prints medians and their ratios to ``ast.parse``."""
    convert("import torch\nx = torch.ones(2)\n")  # records and rules are loaded once in a server's life
    for size in SIZES:
        text = script(size)
        line = next(number for number, line in enumerate(text.splitlines(), 1) if "nn.Linear(" in line)
        column = text.splitlines()[line - 1].index("Linear") + 1
        measured: dict[str, list[float]] = {"ast.parse": [], "convert": [], "lookup after an edit": []}
        for number in range(ROUNDS[size]):
            fresh = text.replace("epochs = 5", f"epochs = {1000 + number}")
            edited = text.replace("epochs = 5", f"epochs = {2000 + number}")
            measured["ast.parse"].append(milliseconds(ast.parse, fresh + " "))
            measured["convert"].append(milliseconds(convert, fresh))
            measured["lookup after an edit"].append(milliseconds(lookup, edited, line, column))
        parse = statistics.median(measured["ast.parse"])
        print(f"{text.count(chr(10)) + 1} lines, median of {ROUNDS[size]}")
        for name, values in measured.items():
            median = statistics.median(values)
            print(f"  {name:22} {median:9.2f} ms  {median / parse:7.2f} x ast.parse")


if __name__ == "__main__":
    main()
