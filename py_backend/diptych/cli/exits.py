"""How a command ends."""

from __future__ import annotations

FINE = 0
FAILED = 1  # it failed, or found problems
USAGE = 2
INTERRUPTED = 130  # what shells use for an end by Ctrl-C


class CommandError(Exception):
    """The command can't do what was asked; the sentence says what to do."""


class UsageError(CommandError):
    """The command was called in a wrong way."""
