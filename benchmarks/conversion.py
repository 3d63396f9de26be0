"""What converting costs beside ``ast.parse`` of the same text: ``python benchmarks/conversion.py``.

For each kind of text (``sources.py``) and both directions, at 500, 4,000, 5,000 and 50,000 lines: lines a second and
the ratio of processor times, measured in turns and the least of several. Then a hover in 4,000 lines, the first and the
following, and the memory that a conversion takes beside the size of the source. Goals: 20,000 lines a second and 5
times ``ast.parse`` (beyond that, 3 times) up to 4,000 lines, time in proportion to size, 5 ms a hover and 100 ms for
the first, 100 times the source in memory. Files given as arguments are measured as they are; ``--only hover`` leaves
the rest out.
"""

from __future__ import annotations

import argparse
import ast
import gc
import statistics
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from time import process_time

from sources import SourceKind, text_of

from diptych import convert, lookup
from diptych.equivalence.model import Framework

SIZES = {500: 5, 4000: 3, 5000: 3, 50000: 1}  # lines: rounds
HOVERED = 4000
_MARK = "# 00000000"


def seconds(action: Callable[[], object]) -> float:
    """Processor time of one call, garbage of before collected."""
    gc.collect()
    start = process_time()
    kept = action()
    taken = process_time() - start
    del kept
    return taken


def marked(text: str, number: int) -> str:
    """Another text of the same length: nothing that is remembered of one helps with the next."""
    return f"# {number:08}" + text[len(_MARK) :]


def measure(text: str, target: Framework, rounds: int) -> tuple[float, float, int]:
    """Seconds of ``ast.parse`` and of ``convert``, the least of some rounds, and the errors of the conversion."""
    parsing, converting, errors = [], [], 0
    for number in range(rounds):
        own = marked(text, number)
        parsing.append(seconds(lambda own=own: ast.parse(own)))  # type: ignore[misc]  # a name of this round
        converting.append(seconds(lambda own=own: convert(own, target)))  # type: ignore[misc]
    errors = sum(found.severity == "error" for found in convert(own, target).diagnostics)
    return min(parsing), min(converting), errors


def line_of(text: str, name: str, target: Framework, rounds: int) -> str:
    """One row of the table."""
    parse, whole, errors = measure(text, target, rounds)
    count = text.count("\n")
    return (
        f"{name:34} {count:6} lines  ast.parse {1000 * parse:8.1f} ms  convert {1000 * whole:9.1f} ms"
        f"  {whole / parse:6.2f} x  {count / whole:8.0f} lines/s  {1e6 * whole / count:6.1f} us/line  {errors:5} errors"
    )


def hovers(framework: Framework) -> str:
    """The first hover in a text of 4,000 lines, and those after it in other places."""
    text = text_of(SourceKind.TRAINING, framework, HOVERED)
    places = [
        (number, line.index("(") - 1)
        for number, line in enumerate(text.splitlines(), 1)
        if "nn." in line and "(" in line and not line.startswith(("from", "import"))
    ]
    first, after = [], []
    for number in range(3):
        own = marked(text, number + 500)
        first.append(seconds(lambda own=own: lookup(own, *places[len(places) // 2])))  # type: ignore[misc]
        for place in places[:: max(len(places) // 12, 1)]:
            start = process_time()
            assert lookup(own, *place) is not None
            after.append(process_time() - start)
    return (
        f"hover in {HOVERED} lines of {framework.value}: first {1000 * min(first):.1f} ms,"
        f" then {1000 * statistics.median(after):.2f} ms (worst {1000 * max(after):.2f} ms)"
    )


def memory(kind: SourceKind, framework: Framework) -> str:
    """The most that a conversion holds at once, beside the size of the source."""
    text = text_of(kind, framework, HOVERED)
    size = len(text.encode())
    peaks = []
    actions: tuple[Callable[[str], object], ...] = (ast.parse, convert)
    for action in actions:
        gc.collect()
        tracemalloc.start()
        kept = action(marked(text, 900))
        peaks.append(tracemalloc.get_traced_memory()[1] / size)
        tracemalloc.stop()
        del kept
    return f"memory, {kind.value} {framework.value}: ast {peaks[0]:.0f}, convert {peaks[1]:.0f} times the source"


def main() -> None:
    """Prints all ratios in one run."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("files", nargs="*", type=Path, help="measure these instead")
    parser.add_argument("--to", type=Framework, default=Framework.MXNET, help="where the files are converted to")
    parser.add_argument("--most", type=int, default=50000, help="no texts of more lines")
    parser.add_argument("--only", choices=["convert", "hover", "memory"], help="nothing but this")
    options = parser.parse_args()
    for framework in Framework:  # records and rules are loaded once in a server's life
        convert(text_of(SourceKind.DENSE, framework, 500), framework.other)
    if options.files:
        for path in options.files:
            text = f"{_MARK}\n{path.read_text(encoding='utf-8')}"
            print(line_of(text, path.name, options.to, 3), flush=True)
        return
    if options.only in (None, "convert"):
        table(options.most)
    for framework in Framework if options.only in (None, "hover") else ():
        print(hovers(framework), flush=True)
    for kind in SourceKind if options.only in (None, "memory") else ():
        print(memory(kind, Framework.PYTORCH), flush=True)


def table(most: int) -> None:
    """A row for each kind of text, direction and size."""
    for kind in SourceKind:
        for framework in Framework:
            for size, rounds in SIZES.items():
                if size <= most:
                    text = text_of(kind, framework, size)
                    name = f"{kind.value}, {framework.value} to {framework.other.value}"
                    print(line_of(text, name, framework.other, rounds), flush=True)


if __name__ == "__main__":
    main()
