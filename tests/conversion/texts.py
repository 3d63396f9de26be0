"""Texts of every kind for the fuzz: programs of the grammar and real ones, as they are, in unusual dress, or broken.

A text follows from its source of chance: a seed gives the same text again. ``kept`` are plain lines that the grammar
put in; whatever is converted around them, they have to come out byte for byte but for their indentation.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from grammar import Grammar

from diptych.equivalence.model import Framework

ROOT = Path(__file__).parents[2]


@dataclass
class Text:
    """A text to convert, the framework it is written for, and the lines that have to stay."""

    framework: Framework
    text: str
    kept: list[str] = field(default_factory=list)


@cache
def _real() -> tuple[tuple[Framework, str], ...]:
    """Real files: the examples and the sources of the rules' tests."""
    found = []
    for path in sorted((ROOT / "tests" / "conversion" / "rules").rglob("*.py")):
        header, _, text = path.read_text(encoding="utf-8").partition("\n")
        target = Framework.MXNET if "mxnet" in header else Framework.PYTORCH
        found.append((target.other, text.partition("# expected\n")[0]))
    for framework, name in ((Framework.PYTORCH, "torch"), (Framework.MXNET, "mxnet")):
        found.append((framework, (ROOT / "examples" / f"mnist_mlp_{name}.py").read_text(encoding="utf-8")))
    return tuple(found)


def text(chance: random.Random) -> Text:
    """Any text: a program of the grammar or a real one, as it is, in unusual dress, or broken."""
    if chance.random() < 0.75:
        framework = chance.choice(list(Framework))
        grammar = Grammar(framework, chance)
        made = Text(framework, grammar.module(), grammar.kept)
    else:
        made = Text(*chance.choice(_real()))
    kind = chance.random()
    if kind < 0.5:
        return made
    if kind < 0.8:
        for _ in range(chance.randint(1, 3)):
            made.text = chance.choice(_DRESSES)(made.text, chance)
        return made
    for _ in range(chance.randint(1, 4)):
        made.text = chance.choice(_BREAKS)(made.text, chance)
    return Text(made.framework, made.text)


def _line(text: str, chance: random.Random, added: str, *, own: bool) -> str:
    lines = text.split("\n")
    place = chance.randrange(len(lines))
    lines[place : place + (not own)] = [added] if own else [lines[place] + added]
    return "\n".join(lines)


Change = Callable[[str, random.Random], str]
# What is unusual and still Python (mostly: some of it breaks a text that holds strings over several lines).
_DRESSES: tuple[Change, ...] = (
    lambda text, chance: text.replace("\n", "\r\n"),
    lambda text, chance: text.replace("\n", "\r"),
    lambda text, chance: "\ufeff" + text,
    lambda text, chance: f"# -*- coding: {chance.choice(('latin-1', 'utf-8', 'cp1252', 'nonsense'))} -*-\n" + text,
    lambda text, chance: "#!/usr/bin/env python\n\f\n" + text,
    lambda text, chance: text.replace("    ", "\t"),
    lambda text, chance: text.replace("    ", "  "),
    lambda text, chance: text.replace("(", "(  # é 名\n        ", 1),
    lambda text, chance: _line(text, chance, "  # a comment, 名", own=False),
    lambda text, chance: _line(text, chance, "# a line: torch.ones(2)", own=True),
    lambda text, chance: _line(text, chance, "", own=True),
    lambda text, chance: text.replace(" = ", " = \\\n    ", 1),
    lambda text, chance: text.replace("x", "größe"),
    lambda text, chance: text.replace("'a'", "'" + "long " * 2000 + "'"),
    lambda text, chance: text + "y = " + "(" * 60 + "x" + ")" * 60 + "\n",
    lambda text, chance: text + "y = " + " + ".join(["x"] * 300) + "\n",
    lambda text, chance: text + "x = 1; y = 2; torch.ones(2); nd.ones(2);\n",
    lambda text, chance: text + "if x: y = torch.ones(2); pass\n",
    lambda text, chance: text.rstrip("\n"),
    lambda text, chance: text + '"""\ntorch.ones(2)\n"""\n',
    lambda text, chance: text + "%time x = 1\n!ls\nx?\n",
    lambda text, chance: "%%mxnet\n" + text,
    lambda text, chance: "from __future__ import annotations\n" + text,
    lambda text, chance: '"""What it does."""\n' + text,
)


def _without(text: str, chance: random.Random) -> str:
    start = chance.randrange(len(text) + 1)
    return text[:start] + text[start + chance.randint(1, 9) :]


_FRAGMENTS = (
    *(
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        "'",
        '"',
        '"""',
        "\\",
        "\n",
        "\t",
        ":",
        ",",
        ".",
        "=",
        "#",
        "\0",
        "\f",
        "\x1c",
        "é",
    ),
    *("\ud800", "\u2028", "import ", "lambda ", "*", "**", ":=", "@", "%", "!", "?", ";", "torch.", "if ", "f'{"),
)


def _with(text: str, chance: random.Random) -> str:
    start = chance.randrange(len(text) + 1)
    added = chance.choice(_FRAGMENTS)
    return text[:start] + added + text[start:]


def _moved(text: str, chance: random.Random) -> str:
    lines = text.split("\n")
    line = lines.pop(chance.randrange(len(lines)))
    lines.insert(chance.randrange(len(lines) + 1), line)
    return "\n".join(lines)


_BREAKS: tuple[Change, ...] = (
    _without,
    _with,
    _with,
    _moved,
    lambda text, chance: text[: chance.randrange(len(text) + 1)],
    lambda text, chance: re.sub(r"^ +", "", text, count=1, flags=re.MULTILINE),
    lambda text, chance: "".join(chance.choices(text, k=min(len(text), 80))) if text else "",
)
