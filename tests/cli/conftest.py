"""What every test of the command line needs."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def own_machine_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Timed runs of other programs on this machine must not be waited for."""
    monkeypatch.setenv("DIPTYCH_LOCK_FILE", str(tmp_path / "lock"))
