"""All records, ready to be asked: by id, by public path, by words."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, cached_property
from pathlib import Path

import msgspec

from diptych.equivalence.aliases import canonical, inherited
from diptych.equivalence.index import Index, read_index
from diptych.equivalence.limits import Limits, OfRecord, Row, by_record, read_rows
from diptych.equivalence.model import Equivalence, Form, Helper, ProofResult, ProofState
from diptych.equivalence.ranking import Entry, rank
from diptych.equivalence.signature import takes

PROOFS = Path(__file__).parent / "proofs.json"


class Catalog:
    """Immutable; one instance serves every thread."""

    def __init__(
        self, index: Index, proofs: tuple[ProofResult, ...] | None = None, limits: tuple[Row, ...] | None = None
    ) -> None:
        """``proofs`` and ``limits`` None are the shipped tables, read when first asked for."""
        self.fingerprint = index.fingerprint  # of the records' files: another one where a record changed
        self.helpers: dict[str, Helper] = {helper.name: helper for helper in index.helpers}
        self._index = {each.id: each for each in index.records}
        self._decoded: dict[str, Equivalence] = {}
        self._given = proofs
        self._given_limits = limits
        self._by_path: dict[str, list[str]] = {}
        for each in index.records:
            for spelling in each.spellings:
                ids = self._by_path.setdefault(spelling.path, [])
                if not ids or ids[-1] != each.id:
                    ids.append(each.id)

    def __iter__(self) -> Iterator[Equivalence]:
        return iter(self.records)

    def __len__(self) -> int:
        return len(self._index)

    @cached_property
    def records(self) -> tuple[Equivalence, ...]:
        """Every record, without its proofs."""
        return tuple(self._record(id) for id in self._index)

    def get(self, id: str) -> Equivalence | None:
        """The record with this id, or None."""
        return self._record(id) if id in self._index else None

    def _record(self, id: str) -> Equivalence:
        found = self._decoded.get(id)
        if found is None:
            found = self._decoded[id] = msgspec.json.decode(self._index[id].record, type=Equivalence)
        return found

    def named(self, public_path: str) -> tuple[Equivalence, ...]:
        """The records that spell ``public_path``, by any of its documented aliases.

        ``public_path`` is fully qualified: ``torch.nn.Linear``, ``mx.nd.ones``, ``torch.Tensor.view``. A method that a
        class inherits is found on its base. An unknown path has no records: the answer is empty.
        """
        path = canonical(public_path)
        found = self._by_path.get(path)
        if found is None:
            base = inherited(path)
            found = self._by_path.get(base) if base is not None else None
        return tuple(self._record(id) for id in found or ())

    def search(self, query: str, limit: int = 20) -> tuple[Equivalence, ...]:
        """Records whose names, titles or texts (English or Chinese) hold every word of ``query``, the best first.

        Case does not matter. An empty query answers with the first records in their own order.
        """
        if not query.strip():
            return self.records[:limit]
        ranked = rank(query, self._entries)
        return tuple(self.records[position] for position in ranked[:limit])

    def proof(self, id: str) -> ProofResult | None:
        """What execution said of this record; None where no record has this id.

        A record that changed since it was proven, or that has no proof, has the state ``none``.
        """
        if id not in self._index:
            return None
        now = self._index[id].digest
        proof = self._proofs.get(id)
        if proof is None or proof.digest != now:
            return ProofResult(id=id, state=ProofState.NONE, digest=now)
        return proof

    def limits(self, id: str) -> OfRecord:
        """Where the counterpart of this record was seen not to do."""
        return self._limits.get(id, {})

    def gives(self, path: str, positional: int = 0, keywords: frozenset[str] = frozenset()) -> str:
        """What a use of ``path`` is, as ``source/results.py`` reads it; empty where nothing says.

        Of overloads that give different things the first counts that takes so many arguments by position and these
        keywords."""
        options = self._gives.get(path, ())
        if len(options) < 2:
            return options[0][1] if options else ""
        if path.startswith("torch."):  # which takes NumPy's names of arguments as well
            names = {"axis": "dim", "keepdims": "keepdim"}
            keywords = frozenset(names.get(keyword, keyword) for keyword in keywords)
        return next((gives for signature, gives in options if takes(signature, positional, keywords)), "")

    def is_callable(self, path: str) -> bool:
        """Whether ``path`` is called to be used: neither an attribute nor a constant."""
        return path in self._callables

    def methods(self, owner: str) -> frozenset[str]:
        """The names of the methods of a class that records speak of."""
        return frozenset(path.rpartition(".")[2] for path in self._callables if path.rpartition(".")[0] == owner)

    def is_package(self, path: str) -> bool:
        """Whether ``path`` only holds names: a package, or a module such as ``torch.nn.functional``."""
        return path in self._packages and path not in self._by_path

    @cached_property
    def _packages(self) -> frozenset[str]:
        found = set()
        for path in self._by_path:
            while (path := path.rpartition(".")[0]) and path not in found:
                if path.rpartition(".")[2].islower() and path != "mxnet.np.ndarray":
                    found.add(path)
        return frozenset(found)

    @cached_property
    def _callables(self) -> frozenset[str]:
        called = (Form.FUNCTION, Form.METHOD, Form.CLASS)
        return frozenset(
            named.path for each in self._index.values() for named in each.spellings if named.form in called
        )

    @cached_property
    def _gives(self) -> dict[str, tuple[tuple[str, str], ...]]:
        found: dict[str, list[tuple[str, str]]] = {}
        for each in self._index.values():
            for named in each.spellings:
                if named.gives:
                    found.setdefault(named.path, []).append((named.signature, named.gives))
        several = {path for path, options in found.items() if len({gives for _, gives in options}) > 1}
        return {path: tuple(options if path in several else options[:1]) for path, options in found.items()}

    @cached_property
    def _proofs(self) -> dict[str, ProofResult]:
        return {proof.id: proof for proof in (read_proofs() if self._given is None else self._given)}

    @cached_property
    def _limits(self) -> Limits:
        return by_record(read_rows() if self._given_limits is None else self._given_limits)

    @cached_property
    def _entries(self) -> tuple[Entry, ...]:
        return tuple(Entry.of(record) for record in self.records)


@cache
def load() -> Catalog:
    """The shipped records and their proofs, read once per process.

    Raises ``RecordError`` where a record does not fit the schema.
    """
    return Catalog(read_index())


def read_proofs(path: Path = PROOFS) -> tuple[ProofResult, ...]:
    """The proof table as it was last written; empty where there is none."""
    return msgspec.json.decode(path.read_bytes(), type=tuple[ProofResult, ...]) if path.exists() else ()
