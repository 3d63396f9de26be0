"""``python -m diptych.checking.coverage`` counts, by namespace, the public names that are proven, argued, or missing.

A name is *proven* where its record is proven and the name itself was used in what was executed and agreed; *argued*
where its record is of kind none; *unproven* where a record maps it without such an execution; *missing* where it has no
record.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from enum import Enum

from rich.console import Console
from rich.table import Table

from diptych.equivalence.catalog import Catalog, load
from diptych.equivalence.model import Kind, ProofState
from diptych.equivalence.surface import surface


class State(str, Enum):
    """What the records say of a public name."""

    PROVEN = "proven"
    UNPROVEN = "unproven"
    ARGUED = "argued"
    MISSING = "missing"


@dataclass
class Coverage:
    """The state of every counted public name."""

    states: dict[str, State] = field(default_factory=dict)

    def names(self, state: State, prefix: str = "") -> list[str]:
        """The names in ``state`` that begin with ``prefix``."""
        return [name for name, found in self.states.items() if found is state and name.startswith(prefix)]


def coverage(catalog: Catalog | None = None) -> Coverage:
    """The state of every counted name of the surface."""
    catalog = catalog or load()
    return Coverage({name: state_of(catalog, name) for name, known in surface().items() if not known.apart})


def state_of(catalog: Catalog, name: str) -> State:
    """What the records say of ``name``."""
    records = catalog.named(name)
    if not records:
        return State.MISSING
    for record in records:
        proof = catalog.proof(record.id)
        if proof is not None and proof.state is ProofState.PROVEN and name in proof.names:
            return State.PROVEN
    return State.ARGUED if all(record.kind is Kind.NONE for record in records) else State.UNPROVEN


_ARRAY_SPACES = ("torch.", "torch.Tensor.", "torch.special.", "torch.linalg.", "torch.nn.functional.")


def families(names: list[str], catalog: Catalog | None = None) -> int:
    """How many different things ``names`` are: a function, its method, its in-place form and its aliases count once."""
    catalog = catalog or load()
    keys: dict[str, str] = {}

    def root(key: str) -> str:
        while keys.setdefault(key, key) != key:
            key = keys[key]
        return key

    for name in names:
        owner, _, last = name.rpartition(".")
        if f"{owner}." not in _ARRAY_SPACES or re.fullmatch(r"__\w+__", last):
            root(name)
            continue
        root(base := last.rstrip("_"))
        for record in catalog.named(name):
            same = {spelling.name.rpartition(".")[2].rstrip("_") for spelling in record.torch}
            if len(same) <= _ALIASES:  # aliases of one thing; a record of more is a list of many
                for other in same:
                    keys[root(other)] = root(base)
    wanted = {base_of(name) for name in names}
    return len({root(key) for key in wanted})


_ALIASES = 4


def base_of(name: str) -> str:
    """The name without owner and in-place mark for functions and methods of arrays, else the name itself."""
    owner, _, last = name.rpartition(".")
    plain = f"{owner}." in _ARRAY_SPACES and not re.fullmatch(r"__\w+__", last)
    return last.rstrip("_") if plain else name


def main() -> int:
    """Print the counts; 1 where a name is missing or mapped without a proof."""
    parser = argparse.ArgumentParser(prog="python -m diptych.checking.coverage", description=main.__doc__)
    parser.add_argument("--list", choices=[state.value for state in State], help="print the names in this state")
    parser.add_argument("--prefix", default="", help="only names that begin with this")
    parser.add_argument("--json", action="store_true", help="one document with every name's state")
    arguments = parser.parse_args()
    found = coverage()
    if arguments.json:
        print(json.dumps({name: state.value for name, state in found.states.items()}, indent=1))
        return 0
    if arguments.list:
        print("\n".join(found.names(State(arguments.list), arguments.prefix)))
        return 0
    _print(found, arguments.prefix)
    return 1 if found.names(State.MISSING) or found.names(State.UNPROVEN) else 0


def _print(found: Coverage, prefix: str) -> None:
    spaces: dict[str, Counter[State]] = defaultdict(Counter)
    for name, state in found.states.items():
        if name.startswith(prefix):
            spaces[name.rpartition(".")[0]][state] += 1
            spaces["all of " + name.partition(".")[0].replace("torchvision", "torch")][state] += 1
    table = Table("namespace", *(state.value for state in State), box=None, pad_edge=False)
    for space in sorted(spaces, key=lambda space: (not space.startswith("all"), space)):
        table.add_row(space, *(str(spaces[space][state]) for state in State))
    console = Console()
    console.print(table)
    proven = [name for name in found.names(State.PROVEN) if name.startswith("torch")]
    console.print(
        f"{len(proven)} PyTorch names proven; {families(proven)} with a function's forms and aliases counted once"
    )


if __name__ == "__main__":
    sys.exit(main())
