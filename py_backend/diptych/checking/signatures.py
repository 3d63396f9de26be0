"""Holds the records' signatures and parameter tables against the installed libraries.

``python -m diptych.checking.signatures`` prints what does not agree. Each framework is asked in a process of its own.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from diptych.checking.process import FrameworkUnavailable
from diptych.equivalence.compiler import read
from diptych.equivalence.model import Equivalence, Form, Framework, Kind, Spelling
from diptych.equivalence.signature import Argument, Passing, parameters
from diptych.equivalence.surface import surface

_INSPECTOR = Path(__file__).with_name("inspector.py")
_UNCALLED = (Form.ATTRIBUTE, Form.COMMAND, Form.STATEMENT, Form.MODULE)


class KnownArgument(msgspec.Struct, frozen=True, array_like=True):
    """An argument as the library has it; ``defaults`` are texts that mean its default, None where it is required."""

    name: str
    passing: Passing
    defaults: tuple[str, ...] | None


class Known(msgspec.Struct, frozen=True):
    """What a library says of one name: why it is missing, or what it is and every signature that it has."""

    missing: str = ""
    identity: int = 0
    forms: tuple[tuple[KnownArgument, ...], ...] = ()


@dataclass(frozen=True)
class Problem:
    """A record and what in it disagrees with the library."""

    id: str
    message: str

    def __str__(self) -> str:
        return f"{self.id}: {self.message}"


def inspect_names(names: Iterable[str], interpreter: str = sys.executable) -> dict[str, Known]:
    """What the libraries say of dotted names, all of one framework. Raises ``FrameworkUnavailable``."""
    done = subprocess.run(
        [interpreter, str(_INSPECTOR)],
        input=json.dumps(sorted(set(names))),
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "OMP_NUM_THREADS": "1", "PYTHONWARNINGS": "ignore"},
        check=False,
    )
    if done.returncode:
        raise FrameworkUnavailable(f"{interpreter} can't be asked for signatures: {done.stderr.strip()[-800:]}")
    return msgspec.json.decode(done.stdout, type=dict[str, Known])


def lint(records: Iterable[Equivalence], interpreter: str = sys.executable) -> tuple[Problem, ...]:
    """Every disagreement of ``records`` with the installed libraries and with themselves.

    The arguments of a record with cases were passed by position and by name when it was proven, and the table of one
    with writings is derived from them: these are left to the proofs.

    Raises ``FrameworkUnavailable`` where a framework does not import.
    """
    records = tuple(records)
    unproven = [record for record in records if not record.cases]
    written = [record for record in unproven if not (record.to_mxnet or record.to_torch or record.kind is Kind.NONE)]
    problems: list[Problem] = []
    for framework in Framework:
        spelled = [(record, spelling) for record in unproven for spelling in record.spellings(framework)]
        spelled = [(record, spelling) for record, spelling in spelled if spelling.form is not Form.COMMAND]
        known = inspect_names((spelling.name for _, spelling in spelled), interpreter)
        for record, spelling in spelled:
            message = disagreement(spelling, known[spelling.name])
            problems += [Problem(record.id, message)] if message else []
    return (*problems, *(Problem(record.id, message) for record in written for message in table_faults(record)))


def disagreement(spelling: Spelling, known: Known) -> str:
    """How ``spelling`` differs from the library, or ''."""
    if known.missing and spelling.form is Form.ATTRIBUTE and spelling.name in surface():
        return ""  # of objects only, as the class's annotations say
    if known.missing:
        return f"{spelling.name} does not exist: {known.missing}"
    if spelling.form in _UNCALLED:
        return ""
    try:
        arguments = parameters(spelling)
    except ValueError as error:
        return f"{spelling.name}: {error}"
    if not spelling.signature and all(_says_nothing(form) for form in known.forms):
        return ""  # neither claims anything
    if not known.forms:
        return f"{spelling.name}: the library has no signature to hold {spelling.signature!r} against"
    same_names = [form for form in known.forms if [a.name for a in form] == [a.name for a in arguments]]
    if not same_names:
        return f"{spelling.name}{spelling.signature} has other arguments: {'; '.join(map(_show, known.forms[:4]))}"
    matching = [form for form in same_names if _passed_alike(arguments, form)]
    if not matching:
        return f"{spelling.name}{spelling.signature} passes its arguments otherwise: {_show(same_names[0])}"
    wrong = [argument for argument in arguments if not _default_known(argument, known)]
    if wrong:
        return f"{spelling.name}: other defaults than {', '.join(map(str, wrong))}: {_show(matching[0])}"
    return ""


def table_faults(record: Equivalence) -> list[str]:
    """Where the parameter table and the signatures of a record disagree."""
    faults = []
    for framework in Framework:
        torch = framework is Framework.PYTORCH
        rows = {
            name: (param.torch_default if torch else param.mxnet_default)
            for param in record.params
            if (name := param.torch if torch else param.mxnet)
        }
        known: dict[str, set[str | None]] = {}
        for spelling in record.spellings(framework):
            for argument in parameters(spelling):
                if argument.passing is not Passing.OPTIONS:
                    known.setdefault(argument.name, set()).add(argument.default)
        faults += [f"{framework.value}: no row for the argument {name!r}" for name in known if name not in rows]
        faults += [f"{framework.value}: {name!r} is in no signature" for name in rows if name not in known]
        for name, default in rows.items():
            if name in known and default not in known[name]:
                faults.append(f"{framework.value}: the default of {name!r} is {known[name]}, not {default!r}")
    return faults


def _says_nothing(form: tuple[KnownArgument, ...]) -> bool:
    """``(*args, **kwargs)``."""
    return all(argument.passing in (Passing.VARIADIC, Passing.OPTIONS) for argument in form)


def _passed_alike(arguments: tuple[Argument, ...], form: tuple[KnownArgument, ...]) -> bool:
    loose = (Passing.POSITIONAL, Passing.EITHER)
    return all(
        ours.passing is theirs.passing or (ours.passing in loose and theirs.passing in loose)
        for ours, theirs in zip(arguments, form, strict=True)
    )


def _default_known(argument: Argument, known: Known) -> bool:
    """Some form has this default; or, with overloads, one does without the argument, which then is None."""
    named = [theirs for form in known.forms for theirs in form if theirs.name == argument.name]
    if argument.default is None:
        return any(theirs.defaults is None for theirs in named)
    if any(theirs.defaults and argument.default in theirs.defaults for theirs in named):
        return True
    without = any(all(theirs.name != argument.name for theirs in form) for form in known.forms)
    return argument.default == "None" and without


def _show(form: tuple[Any, ...]) -> str:
    return "(" + ", ".join(f"{a.name}={a.defaults[0]}" if a.defaults else a.name for a in form) + ")"


def main() -> int:
    """Print every disagreement; 1 where there is one."""
    problems = lint(read().records)
    for problem in problems:
        print(problem)
    print(f"{len(problems)} disagreements")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
