"""Services over a database and a machine lock of their own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from diptych.training.service import TrainingService
from diptych.training.store import RunStore


@pytest.fixture(autouse=True)
def own_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What other servers of this machine do must not be seen here."""
    monkeypatch.setenv("DIPTYCH_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("DIPTYCH_LOCK_FILE", str(tmp_path / "lock"))


@pytest.fixture
async def service() -> AsyncIterator[TrainingService]:
    """A service that is closed afterwards."""
    service = TrainingService()
    yield service
    await service.close()


@pytest.fixture
def store() -> RunStore:
    """An empty store."""
    return RunStore()
