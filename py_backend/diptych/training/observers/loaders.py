"""Watching a loader from outside: the wrapper that both frameworks' loaders give their iterators in."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from typing import Any

from .recorder import Recorder


class ObservedIterator:
    """A loader's iterator that tells the recorder about each batch and about its end; everything else is the
    iterator's own."""

    def __init__(self, begin: Callable[[], Iterator[Any]], length: int | None, recorder: Recorder) -> None:
        self._recorder = recorder
        self._iteration = recorder.begin_pass(length)  # before the iterator is made: starting workers is part of it
        self._iterator = begin()

    def __iter__(self) -> ObservedIterator:
        return self

    def __next__(self) -> Any:
        try:
            batch = next(self._iterator)
        except BaseException:
            self._recorder.end_pass(self._iteration)
            raise
        self._recorder.advance(self._iteration)
        return batch

    def __len__(self) -> int:
        return len(self._iterator)  # type: ignore[arg-type]  # as the iterator itself answers

    def __getattr__(self, name: str) -> Any:
        return getattr(self._iterator, name)

    def __del__(self) -> None:
        self._recorder.end_pass(self._iteration)  # a loop that was left by `break`


def observe_loader(loader_class: Any, recorder: Recorder) -> None:
    """Have every iteration of ``loader_class`` noted."""
    original = loader_class.__iter__

    @functools.wraps(original)
    def observed(loader: Any) -> ObservedIterator:
        return ObservedIterator(lambda: original(loader), _length(loader), recorder)

    loader_class.__iter__ = observed


def _length(loader: Any) -> int | None:
    try:
        return len(loader)
    except (TypeError, NotImplementedError):  # an iterable dataset has no length
        return None
