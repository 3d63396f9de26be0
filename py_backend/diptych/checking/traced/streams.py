"""Random numbers that both frameworks draw alike: one NumPy stream that is keyed by what is drawn.

A draw depends on the seed, the kind, the number of values, and how many draws of that kind and number came before it.
So a draw that one side alone makes (a layer's initial weights, a loader's own seed) does not shift the others.
"""

from __future__ import annotations

import hashlib
import sys
from collections import Counter
from typing import Any


class Stream:
    """Draws as float64 or int64 arrays; their shape is the caller's business. ``uncovered`` names the random sources
    that were used and that this stream does not stand in for."""

    def __init__(self, seed: int) -> None:
        self.uncovered: list[str] = []
        self._numpy = sys.modules["numpy"]
        self._seed = seed
        self._drawn: Counter[tuple[object, ...]] = Counter()
        self.reseed(seed)

    def reseed(self, seed: object) -> None:
        """Begin anew, as after ``torch.manual_seed(seed)`` and ``mx.random.seed(seed)``; NumPy's own stream too."""
        self._seed = int(seed) % 2**32  # type: ignore[call-overload]  # what the frameworks take, a NumPy integer too
        self._drawn.clear()
        self._numpy.random.seed(self._seed)

    def uniform(self, count: int) -> Any:
        """Numbers in [0, 1) that float32 holds exactly."""
        return self._numpy.floor(self._generator("uniform", count).random_sample(count) * 2**24) / 2**24

    def normal(self, count: int) -> Any:
        """Numbers of mean 0 and deviation 1 that float32 holds exactly."""
        return self._generator("normal", count).standard_normal(count).astype("float32").astype("float64")

    def integers(self, low: int, high: int, count: int) -> Any:
        """Integers in [low, high)."""
        return self._generator("integers", count).randint(low, high, count, dtype="int64")

    def permutation(self, count: int) -> Any:
        """The numbers below ``count`` in some order."""
        return self._generator("permutation", count).permutation(count)

    def kept(self, count: int, probability: float) -> Any:
        """Which of ``count`` places a dropout of this probability keeps."""
        return self._generator("mask", count).random_sample(count) >= probability

    def weights(self, shape: tuple[int, ...], place: int) -> Any:
        """Initial values of the ``place``-th parameter of this shape: scaled by the inputs, as layers' defaults are."""
        count = int(self._numpy.prod(shape))
        inputs = int(self._numpy.prod(shape[1:])) if len(shape) > 1 else 100
        bound = 1 / max(inputs, 1) ** 0.5
        drawn = self._numbered(("weights", shape, place)).random_sample(count) * 2 * bound - bound
        return drawn.astype("float32").reshape(shape)

    def _generator(self, kind: str, count: int) -> Any:
        key = (kind, int(count))
        self._drawn[key] += 1
        return self._numbered((self._seed, *key, self._drawn[key]))

    def _numbered(self, key: tuple[object, ...]) -> Any:
        digest = hashlib.sha256(repr(key).encode()).digest()
        return self._numpy.random.RandomState(int.from_bytes(digest[:4], "little"))
