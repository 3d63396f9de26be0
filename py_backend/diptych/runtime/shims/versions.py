"""A stand-in for ``distutils.version``, which Python 3.12 removed: what MXNet uses of it."""

from __future__ import annotations

import re
import types
from functools import total_ordering


@total_ordering
class Version:
    """The numeric release part of a version, ordered: "1.26.4" < "2.0.0rc1"."""

    def __init__(self, text: str) -> None:
        self.release = tuple(int(number) for number in re.findall(r"\d+", re.split(r"[a-z+]", text, maxsplit=1)[0]))

    def _of(self, other: object) -> tuple[int, ...]:
        return other.release if isinstance(other, Version) else Version(str(other)).release

    def __eq__(self, other: object) -> bool:
        return self.release == self._of(other)

    def __lt__(self, other: object) -> bool:
        return self.release < self._of(other)

    def __hash__(self) -> int:
        return hash(self.release)


distutils_version = types.SimpleNamespace(LooseVersion=Version, StrictVersion=Version)
