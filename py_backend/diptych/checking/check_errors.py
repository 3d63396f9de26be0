"""What can go wrong on the way to a check: each error has a stable code and a sentence that says what to do."""

from __future__ import annotations


class CheckError(Exception):
    """Base of these errors; ``str(error)`` is the sentence, ``code`` what programs tell errors apart by."""

    code = "check_error"


class UnknownCheck(CheckError):
    """No check has this id."""

    code = "unknown_check"

    def __init__(self) -> None:
        super().__init__("There is no such check: it was cancelled, or it ended long ago. Start another one.")


class TooManyChecks(CheckError):
    """So many wait already that another would not come to its turn."""

    code = "too_many_checks"

    def __init__(self) -> None:
        super().__init__("Other checks wait already; cancel one, or wait until they have ended.")
