"""The records that relate PyTorch spellings to MXNet spellings: schema, loading, search. No framework is imported."""

from diptych.equivalence.catalog import Catalog, load

__all__ = ["Catalog", "load"]
