"""The signature lint holds every record against the installed libraries, and notices when one is wrong."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest

from diptych.checking.signatures import inspect_names, lint, table_faults
from diptych.equivalence.aliases import ALIASES, BASES
from diptych.equivalence.catalog import load
from diptych.equivalence.compiler import read
from diptych.equivalence.model import Equivalence, Spelling

pytestmark = pytest.mark.frameworks


def record(id: str) -> Equivalence:
    found = load().get(id)
    assert found is not None
    return found


def test_every_record_agrees_with_the_installed_libraries() -> None:
    assert [str(problem) for problem in lint(read().records)] == []


def spelled(id: str, side: str, **changes: str) -> Equivalence:
    """The record with its first spelling of that side changed."""
    original = record(id)
    spellings: tuple[Spelling, ...] = getattr(original, side)
    changed = msgspec.structs.replace(spellings[0], **changes)
    return msgspec.structs.replace(original, **{side: (changed, *spellings[1:])})


MUTATIONS: dict[str, tuple[Callable[[], Equivalence], str]] = {
    "a name that does not exist": (lambda: spelled("linear", "torch", name="torch.nn.Linnear"), "does not exist"),
    "an argument of another name": (
        lambda: spelled("linear", "torch", signature="(in_features, features, bias=True, device=None, dtype=None)"),
        "other arguments",
    ),
    "two arguments exchanged": (
        lambda: spelled("linear", "torch", signature="(out_features, in_features, bias=True, device=None, dtype=None)"),
        "other arguments",
    ),
    "another default": (
        lambda: spelled(
            "linear", "torch", signature="(in_features, out_features, bias=False, device=None, dtype=None)"
        ),
        "other defaults",
    ),
    "a default where one is required": (
        lambda: spelled("dropout", "mxnet", signature="(rate=0.5, axes=(), **kwargs)"),
        "other defaults",
    ),
    "another default of a generated operator": (
        lambda: spelled("sum", "mxnet", signature="(axis=0, keepdims=False, exclude=False)"),
        "other defaults",
    ),
    "an argument of a builtin that only the stubs know": (
        lambda: spelled("ones", "torch", signature="(*shape, out=None, dtype=None)"),
        "other arguments",
    ),
    "an argument by position that is passed by name": (
        lambda: spelled("to-numpy", "torch", signature="(force=False)"),
        "passes its arguments otherwise",
    ),
    "text that is no signature": (lambda: spelled("linear", "torch", signature="(a, a b)"), "not a signature"),
}


def test_each_mutation_is_found() -> None:
    mutated = [msgspec.structs.replace(mutate(), id=name) for name, (mutate, _) in MUTATIONS.items()]
    readable = [each for each in mutated if each.id != "text that is no signature"]
    found: dict[str, str] = {}
    for problem in lint(readable):
        found.setdefault(problem.id, problem.message)
    for each in readable:
        assert MUTATIONS[each.id][1] in found.get(each.id, "nothing found"), each.id


def test_the_table_covers_the_signatures() -> None:
    linear = record("linear")
    assert table_faults(linear) == []
    assert "no row for the argument 'bias'" in str(
        table_faults(msgspec.structs.replace(linear, params=linear.params[:2]))
    )
    renamed = msgspec.structs.replace(linear.params[2], torch="biased")
    assert "'biased' is in no signature" in str(
        table_faults(msgspec.structs.replace(linear, params=(*linear.params, renamed)))
    )
    other = msgspec.structs.replace(linear.params[2], torch_default="False")
    changed = msgspec.structs.replace(linear, params=(*linear.params[:2], other, *linear.params[3:]))
    assert "the default of 'bias'" in str(table_faults(changed))


def test_an_alias_is_the_same_object_as_what_it_stands_for() -> None:
    names = {spelling.name for each in load() for spelling in (*each.torch, *each.mxnet) if " " not in spelling.name}
    for root in ("torch", "mxnet"):
        aliases = {alias: path for alias, path in ALIASES.items() if path.startswith(root) and alias != "mx"}
        known = inspect_names([*aliases, *aliases.values(), *_below(aliases, names)])
        for alias, path in aliases.items():
            same = known[alias].identity == known[path].identity and not known[alias].missing
            pairs = [(n, alias + n[len(path) :]) for n in names if n.startswith(path + ".")]
            shared = [(n, other) for n, other in pairs if not known[other].missing]
            agreed = [known[n].identity == known[other].identity for n, other in shared]
            assert same or (agreed and all(agreed)), f"{alias} is not {path}"


def _below(aliases: dict[str, str], names: set[str]) -> list[str]:
    both = [(n, alias + n[len(path) :]) for alias, path in aliases.items() for n in names if n.startswith(path + ".")]
    return [name for pair in both for name in pair]


def test_bases_exist() -> None:
    for root in ("torch", "mxnet"):
        known = inspect_names({base for base in BASES.values() if base.startswith(root)})
        assert not any(each.missing for each in known.values())
