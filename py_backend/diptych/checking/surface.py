"""The public surface of the installed libraries: every name that a record could speak of.

``python -m diptych.checking.surface`` writes ``equivalence/surface.json``; with ``--counts`` it prints how many names
each namespace has. Each framework is asked in a process of its own.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from fnmatch import fnmatchcase
from pathlib import Path

import msgspec

from diptych.checking.overloads import Signature, overloads
from diptych.checking.process import FrameworkUnavailable
from diptych.checking.returns import gives
from diptych.equivalence import aliases
from diptych.equivalence.aliases import canonical

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_ROOM = Path(__file__).parent
_PROGRAM = _ROOM / "surface_program.py"
_NAMESPACES = _ROOM / "namespaces.toml"
_EQUIVALENCE = Path(aliases.__file__).parent
SURFACE = _EQUIVALENCE / "surface.json"
_LIBRARIES = (("torch", "torchvision"), ("mxnet",))


class Namespaces(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What ``namespaces.toml`` asks for."""

    modules: tuple[str, ...]
    classes: tuple[str, ...]
    extra: tuple[str, ...]
    operators: tuple[str, ...]
    only: dict[str, tuple[str, ...]]

    def of(self, libraries: tuple[str, ...]) -> Namespaces:
        """The part that belongs to ``libraries``."""

        def ours(paths: Iterable[str]) -> tuple[str, ...]:
            return tuple(path for path in paths if path.partition(".")[0] in libraries)

        only = {path: self.only[path] for path in ours(self.only)}
        return Namespaces(ours(self.modules), ours(self.classes), ours(self.extra), self.operators, only)


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why some names are apart: patterns of names, and of the modules in which they were made."""

    reason: str
    names: tuple[str, ...] = ()
    homes: tuple[str, ...] = ()


class Fact(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a library says of one name."""

    form: str
    documented: bool
    home: str
    identity: int
    listed: bool = False  # in the namespace's __all__
    inherited: str = ""  # the base class that has it
    forms: tuple[Signature, ...] = ()
    documented_forms: tuple[Signature, ...] = ()
    returns: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    fluent: bool = False


class Answer(msgspec.Struct, frozen=True):
    """What ``surface_program.py`` answers."""

    facts: dict[str, Fact]
    tuples: dict[str, tuple[str, ...]]


class Name(msgspec.Struct, frozen=True):
    """One public name: its signatures, what it gives, and why it is apart where it is not counted."""

    form: str
    signatures: tuple[str, ...]
    gives: str
    apart: str


def surface(interpreter: str = sys.executable) -> dict[str, Name]:
    """Every name of the installed libraries. Raises ``FrameworkUnavailable``."""
    namespaces = msgspec.convert(tomllib.loads(_NAMESPACES.read_text(encoding="utf-8")), Namespaces)
    names: dict[str, Name] = {}
    for libraries in _LIBRARIES:
        names |= _names(_ask(namespaces.of(libraries), interpreter))
    return dict(sorted(names.items()))


def _ask(request: Namespaces, interpreter: str) -> Answer:
    done = subprocess.run(
        [interpreter, str(_PROGRAM)],
        input=msgspec.json.encode(request).decode(),
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "OMP_NUM_THREADS": "1", "PYTHONWARNINGS": "ignore"},
        check=False,
    )
    if done.returncode:
        raise FrameworkUnavailable(f"{interpreter} can't list its libraries: {done.stderr.strip()[-800:]}")
    return msgspec.json.decode(done.stdout, type=Answer)


def _names(answer: Answer) -> dict[str, Name]:
    rules, gifts = _rules(), _gifts()
    facts: dict[str, Fact] = {}
    for path, fact in sorted(answer.facts.items(), key=lambda item: (len(item[0]), item[0])):
        if canonical(path) == path or canonical(path) not in answer.facts:
            facts.setdefault(canonical(path), fact)
    reasons = {path: _apart(path, fact, rules) for path, fact in facts.items()}
    firsts: dict[tuple[int, str], str] = {}
    for path in sorted((path for path in facts if not reasons[path]), key=lambda path: _rank(path, facts[path])):
        firsts.setdefault((facts[path].identity, path.rpartition(".")[2]), path)
    names = {}
    for path, fact in facts.items():
        last = path.rpartition(".")[2]
        if f"{canonical(fact.inherited)}.{last}" in facts:
            continue  # the base class has it
        reason, first = reasons[path], firsts.get((fact.identity, last), path)
        if reason is None and first != path and fact.form in ("function", "class"):
            reason = f"alias of {first}"
        elif reason is None and not (fact.documented or fact.listed or fact.form in ("attribute", "operator")):
            reason = "undocumented"
        if reason == "backend leftover":
            names[path] = Name(fact.form, (), "", reason)
            continue
        told = gives(path, fact.form, fact.returns, fact.told, tuples=answer.tuples, fluent=fact.fluent)
        signatures = overloads(fact.forms, fact.documented_forms)
        names[path] = Name(fact.form, signatures, _gift(path, gifts) or told, reason or "")
    return names


def _rules() -> tuple[Rule, ...]:
    table = tomllib.loads((_EQUIVALENCE / "apart.toml").read_text(encoding="utf-8"))
    return msgspec.convert(table["rule"], tuple[Rule, ...])


def _gifts() -> dict[str, list[str]]:
    """What names give where introspection does not tell: patterns of names by result."""
    return tomllib.loads((_EQUIVALENCE / "gives.toml").read_text(encoding="utf-8"))


def _gift(path: str, gifts: dict[str, list[str]]) -> str:
    return next((gift for gift, names in gifts.items() if any(fnmatchcase(path, name) for name in names)), "")


def _apart(path: str, fact: Fact, rules: tuple[Rule, ...]) -> str | None:
    """The first rule's reason, '' where that says that the name counts, None where no rule speaks."""
    for rule in rules:
        if any(fnmatchcase(path, pattern) for pattern in rule.names) and not path.endswith("__"):
            return rule.reason
        if not fact.listed and any(fnmatchcase(fact.home, pattern) for pattern in rule.homes):
            return rule.reason
    if fact.form == "module":
        return "re-export"
    return None


def _rank(path: str, fact: Fact) -> tuple[bool, bool, bool, int, str]:
    """Of several paths of one object the first counts. ``torch`` holds builtins that ``nn.functional`` documents."""
    functional = path.startswith("torch.nn.functional.") and fact.form == "function"
    return not functional, path.count(".") > 1, not fact.listed, path.count("."), path


def write(names: dict[str, Name]) -> str:
    """The text of ``surface.json``: one name a line."""
    lines = [f"  {json.dumps(path)}: {msgspec.json.encode(name).decode()}" for path, name in names.items()]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def counts(names: dict[str, Name]) -> str:
    """How many names each namespace has: counted, and apart by reason."""
    rows: dict[str, Counter[str]] = {}
    for path, name in names.items():
        column = name.apart.partition(" of ")[0] or "counted"
        rows.setdefault(path.rpartition(".")[0], Counter())[column] += 1
    rows["all"] = sum(rows.values(), Counter())
    columns = ["counted", *sorted({column for row in rows.values() for column in row} - {"counted"})]
    lines = [f"{'':36}" + "".join(f"{column:>18}" for column in columns)]
    lines += [f"{space:36}" + "".join(f"{row[column]:18}" for column in columns) for space, row in rows.items()]
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    """Write the surface, or print its counts."""
    names = surface()
    if "--counts" in arguments:
        print(counts(names))
    else:
        SURFACE.write_text(write(names), encoding="utf-8")
        print(f"{len(names)} names, {sum(not name.apart for name in names.values())} counted")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
