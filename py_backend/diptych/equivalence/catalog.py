"""All records, ready to be asked: by id, by public path, by words."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, cached_property
from pathlib import Path

import msgspec

from diptych.equivalence.aliases import canonical, inherited
from diptych.equivalence.compiler import Compiled, read_index
from diptych.equivalence.model import Equivalence, Form, Helper, ProofResult, ProofState
from diptych.equivalence.ranking import Entry, rank
from diptych.equivalence.signature import takes

PROOFS = Path(__file__).parent / "proofs.json"


class Catalog:
    """Immutable; one instance serves every thread."""

    def __init__(self, compiled: Compiled, proofs: tuple[ProofResult, ...] = ()) -> None:
        self.records = records = compiled.records
        self.helpers: dict[str, Helper] = {helper.name: helper for helper in compiled.helpers}
        self._digests = compiled.digests
        self._by_id = {record.id: record for record in records}
        self._proofs = {proof.id: proof for proof in proofs}
        self._by_path: dict[str, tuple[Equivalence, ...]] = {}
        for record in records:
            for path in dict.fromkeys(canonical(spelling.name) for spelling in (*record.torch, *record.mxnet)):
                self._by_path[path] = (*self._by_path.get(path, ()), record)

    def __iter__(self) -> Iterator[Equivalence]:
        return iter(self.records)

    def __len__(self) -> int:
        return len(self.records)

    def get(self, id: str) -> Equivalence | None:
        """The record with this id, or None."""
        return self._by_id.get(id)

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
        return found or ()

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
        record = self._by_id.get(id)
        if record is None:
            return None
        now = self._digests[id]
        proof = self._proofs.get(id)
        if proof is None or proof.digest != now:
            return ProofResult(id=id, state=ProofState.NONE, digest=now)
        return proof

    def gives(self, path: str, positional: int = 0, keywords: frozenset[str] = frozenset()) -> str:
        """What a use of ``path`` is, as ``source/results.py`` reads it; empty where nothing says.

        Of overloads that give different things the first counts that takes so many arguments by position and these
        keywords."""
        options = self._gives.get(path, ())
        if len(options) < 2:
            return options[0][1] if options else ""
        return next((gives for signature, gives in options if takes(signature, positional, keywords)), "")

    def is_callable(self, path: str) -> bool:
        """Whether ``path`` is called to be used: neither an attribute nor a constant."""
        return path in self._callables

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
        spellings = (spelling for record in self.records for spelling in (*record.torch, *record.mxnet))
        return frozenset(canonical(spelling.name) for spelling in spellings if spelling.form in called)

    @cached_property
    def _gives(self) -> dict[str, tuple[tuple[str, str], ...]]:
        found: dict[str, list[tuple[str, str]]] = {}
        for record in self.records:
            for spelling in (*record.torch, *record.mxnet):
                if gives := record.gives or spelling.gives:
                    found.setdefault(canonical(spelling.name), []).append((spelling.signature, gives))
        return {
            path: tuple(options) if len({g for _, g in options}) > 1 else (options[0],)
            for path, options in found.items()
        }

    @cached_property
    def _entries(self) -> tuple[Entry, ...]:
        return tuple(Entry.of(record) for record in self.records)


@cache
def load() -> Catalog:
    """The shipped records and their proofs, read once per process.

    Raises ``RecordError`` where a record does not fit the schema.
    """
    return Catalog(read_index(), read_proofs())


def read_proofs(path: Path = PROOFS) -> tuple[ProofResult, ...]:
    """The proof table as it was last written; empty where there is none."""
    return msgspec.json.decode(path.read_bytes(), type=tuple[ProofResult, ...]) if path.exists() else ()
