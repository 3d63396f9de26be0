"""Ranking of records for words that a reader types."""

from __future__ import annotations

import msgspec

from diptych.equivalence.aliases import canonical
from diptych.equivalence.model import Equivalence, Text

_TAIL, _PREFIX, _NAME, _TITLE, _TEXT = 50, 25, 12, 10, 1


class Entry(msgspec.Struct, frozen=True):
    """What a record is found by, in lower case."""

    names: tuple[str, ...]  # whole paths: "torch.nn.linear"
    tails: tuple[str, ...]  # their last parts: "linear"
    titles: tuple[str, ...]  # both languages, and the id
    text: str  # everything else that people read

    @staticmethod
    def of(record: Equivalence) -> Entry:
        """The searchable words of ``record``."""
        names = tuple(spelling.name.lower() for spelling in (*record.torch, *record.mxnet))
        texts: list[Text | None] = [
            *record.differences,
            *record.notes,
            record.returns,
            record.reason,
            record.workaround,
        ]
        arguments = [name for param in record.params for name in (param.torch, param.mxnet) if name]
        examples = [part for example in record.examples for part in (example.torch, example.mxnet)]
        words = [part for text in texts if text for part in (text.en, text.zh)]
        return Entry(
            names=names,
            tails=tuple(name.rpartition(".")[2] for name in names),
            titles=(record.title.en.lower(), record.title.zh.lower(), record.id.lower()),
            text="\n".join((*words, *arguments, *examples)).lower(),
        )


def rank(query: str, entries: tuple[Entry, ...]) -> list[int]:
    """Positions of the entries that hold every word of ``query``, best first; equals keep their order."""
    words = [canonical(word) if "." in word else word for word in query.lower().split()]
    scores = [(_score(words, entry), position) for position, entry in enumerate(entries)]
    return [position for score, position in sorted(scores, key=lambda pair: (-pair[0], pair[1])) if score > 0]


def _score(words: list[str], entry: Entry) -> int:
    total = 0
    for word in words:
        score = _word_score(word, entry)
        if score == 0:
            return 0
        total += score
    return total


def _word_score(word: str, entry: Entry) -> int:
    """A whole name counts most, then its beginning, a part of a name, the title, and any other text."""
    last = word.rpartition(".")[2]
    if word in entry.names or word in entry.tails:
        return _TAIL
    if "." in word and last in entry.tails and any(name.endswith(word) for name in entry.names):
        return _TAIL
    if any(tail.startswith(word) for tail in entry.tails):
        return _PREFIX
    if any(word in name for name in entry.names):
        return _NAME
    if any(word in title for title in entry.titles):
        return _TITLE
    return _TEXT if word in entry.text else 0
