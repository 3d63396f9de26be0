"""A name's signatures as people read them, from the forms that stubs, docstrings and ``inspect`` have."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from diptych.checking.signatures import KnownArgument
from diptych.equivalence.signature import Passing, parse

Signature = tuple[KnownArgument, ...]


def overloads(forms: Iterable[Signature], documented: Iterable[Signature]) -> tuple[str, ...]:
    """Distinct overloads as text, the documented and the most general first."""
    known = [form for form in forms if not _is_plumbing(form)]
    known = [form for form in known if "names" not in _names_of(form)] or known  # of named tensors
    generated = [form for form in known if _names_of(form)[-3:] == ["out", "name", "kwargs"]]
    known = [form for form in known if form not in generated] or known
    every = [_as_known(form, known) for form in documented if not _is_plumbing(form)] + known
    chosen: list[Signature] = []
    for form in [_optional(form, every) for form in every]:
        if any(_covers(other, form) for other in chosen):
            continue
        covered = [place for place, other in enumerate(chosen) if _covers(form, other)]
        chosen.insert(covered[0] if covered else len(chosen), form)
        chosen = [other for other in chosen if other is form or not _covers(form, other)]
    return tuple(dict.fromkeys(text for form in chosen if (text := _text(form))))


def _as_known(documented: Signature, known: list[Signature]) -> Signature:
    """The stub's form of the same arguments, for docstrings forget the ``*``; where it requires an argument that the
    docstring gives a default, it has that."""
    defaults = {argument.name: argument.defaults for argument in documented}
    for form in known:
        if form != documented and set(_names_of(form)) == set(defaults) and _variadic(form) == _variadic(documented):
            return tuple(msgspec.structs.replace(a, defaults=a.defaults or defaults[a.name]) for a in form)
    return documented


def _optional(form: Signature, forms: list[Signature]) -> Signature:
    """Where another overload does without an argument that is passed by name, its default is None."""
    left_out = [a for a in form if a.passing is Passing.KEYWORD and a.defaults is None]
    kept = [a.name for a in form if a not in left_out]
    if not left_out or not any(_names_of(other) == kept for other in forms):
        return form
    return tuple(msgspec.structs.replace(a, defaults=("None",)) if a in left_out else a for a in form)


def _names_of(form: Signature) -> list[str]:
    return [argument.name for argument in form]


def _variadic(form: Signature) -> list[str]:
    return [argument.name for argument in form if argument.passing is Passing.VARIADIC]


def _is_plumbing(form: Signature) -> bool:
    return _names_of(form) in (["args", "kwargs"], ["args", "kwds"])


def _covers(general: Signature, special: Signature) -> bool:
    """Whether every call of ``special`` is one of ``general``."""
    by_place = [a.name for a in special if a.passing in (Passing.EITHER, Passing.POSITIONAL)]
    if _names_of(general)[: len(by_place)] != by_place:
        return False
    if _variadic(special) != _variadic(general):
        return False
    passing = {argument.name: argument.passing for argument in general}
    needed = [a for a in general if a.name not in _names_of(special)]
    return all(a.name in passing for a in special) and all(a.defaults is not None for a in needed)


def _text(form: Signature) -> str:
    parts, keyword = [], False
    for argument in form:
        if argument.passing is Passing.VARIADIC:
            keyword = True
        elif argument.passing is Passing.KEYWORD and not keyword:
            keyword = True
            parts.append("*")
        star = {Passing.VARIADIC: "*", Passing.OPTIONS: "**"}.get(argument.passing, "")
        default = "" if argument.defaults is None else f"={_default(argument.defaults)}"
        parts.append(f"{star}{argument.name}{default}")
    written = f"({', '.join(parts)})"
    try:
        parse(written)
    except ValueError:
        return ""
    return written


def _default(options: tuple[str, ...]) -> str:
    """The first text that is Python; a quoted number is a number."""
    for option in options:
        unquoted = option.strip("'")
        for text in (unquoted, option) if unquoted[:1] in "-0123456789[(" and unquoted != option else (option,):
            try:
                parse(f"(a={text})")
            except ValueError:
                continue
            return text
    return options[0]
