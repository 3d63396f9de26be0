"""How long a hover takes, beside what ``ast.parse`` alone takes on the same text: ``python benchmarks/hover.py``.

First: a text never seen before. Edit: one character of it changed. Again: unchanged text, another place.
"""

from __future__ import annotations

import ast
import statistics
from pathlib import Path
from time import perf_counter

from diptych import lookup
from diptych.equivalence.catalog import load

EXAMPLE = Path(__file__).parent.parent / "examples" / "mnist_mlp_torch.py"
LINES = 500
ROUNDS = 30


def document() -> str:
    """500 lines: the example script and functions like those that scripts have."""
    script = EXAMPLE.read_text(encoding="utf-8")
    function = (
        "\n\ndef evaluate_{0}(net, data: torch.Tensor, labels, scale=1.0):\n"
        '    """Accuracy on one batch, in percent."""\n'
        "    scores = net(data.view(-1, 28 * 28))\n"
        "    predicted = scores.argmax(dim=1)\n"
        "    hits = [int(a == b) for a, b in zip(predicted, labels)]\n"
        "    total = {{'hits': sum(hits), 'count': len(hits), 'scale': scale * {0}}}\n"
        "    if total['count'] > {0}:\n"
        "        return 100.0 * total['hits'] / total['count'] + torch.ones(5, 3).sum().item()\n"
        "    return total['scale'] * (1 + {0}) - max(hits or [0])\n"
    )
    number = 0
    while script.count("\n") < LINES - 12:
        script += function.format(number)
        number += 1
    return script


def seconds(action: object, *arguments: object) -> float:
    """Wall-clock time of one call."""
    start = perf_counter()
    action(*arguments)  # type: ignore[operator]  # any function
    return perf_counter() - start


def main() -> None:
    """Prints milliseconds, and ratios to ``ast.parse``."""
    load()
    text = document()
    lines = text.splitlines()
    places = [
        (number, line.index(word) + len(word) - 2)
        for number, line in enumerate(lines, 1)
        for word in ("nn.Linear", ".view", "loss.backward", "torch.ones", "DataLoader(", "trainer.step")
        if word in line and not line.startswith(("from", "import"))
    ]
    measured: dict[str, list[float]] = {"ast.parse": [], "first": [], "edit": [], "again": []}
    lookup(text, *places[0])  # rules and catalog are loaded once in a server's life
    for number in range(ROUNDS):
        place = places[number % len(places)]
        fresh = text.replace("epochs = 5", f"epochs = {1000 + number}")
        edited = text.replace("epochs = 5", f"epochs = {2000 + number}; torch.o")
        measured["ast.parse"].append(seconds(ast.parse, fresh + " "))
        measured["first"].append(seconds(lookup, fresh, *place))
        measured["again"].append(seconds(lookup, fresh, *places[(number + 7) % len(places)]))
        measured["edit"].append(seconds(lookup, edited, *place))
    parse = statistics.median(measured["ast.parse"])
    print(f"{text.count(chr(10)) + 1} lines, median of {ROUNDS}")
    for name, values in measured.items():
        median, worst = statistics.median(values), max(values)
        print(f"{name:10} {1000 * median:7.2f} ms  (worst {1000 * worst:7.2f} ms)  {median / parse:5.2f} x ast.parse")


if __name__ == "__main__":
    main()
