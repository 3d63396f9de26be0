"""`diptych doctor`: what is found, what is missing, and what mends it."""

from __future__ import annotations

from pathlib import Path

import pytest

from diptych.runtime import Finding, Report, Status, diagnose


def by_subject(report: Report) -> dict[str, Finding]:
    return {finding.subject: finding for finding in report.findings}


@pytest.mark.frameworks
def test_a_working_environment() -> None:
    findings = by_subject(diagnose())
    for subject in ("Python", "PyTorch", "torchvision", "MXNet", "MNIST", "jupyterlab", "jupyter-server", "ipykernel"):
        assert findings[subject].status is Status.OK, findings[subject]
        assert findings[subject].detail
    assert "cpu" in findings["MXNet"].detail
    assert {"JupyterLab extension", "Server extension", "Node", "Chromium"} <= set(findings)


@pytest.mark.frameworks
def test_each_missing_thing_has_a_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIPTYCH_MNIST", str(tmp_path))
    monkeypatch.setenv("DIPTYCH_MXNET_PYTHON", "/nowhere/python")
    monkeypatch.setenv("PATH", str(tmp_path))
    report = diagnose()
    findings = by_subject(report)
    assert not report.ok
    assert findings["MNIST"].status is Status.MISSING
    assert findings["MXNet"].status is Status.MISSING
    assert findings["Node"].status is Status.OPTIONAL
    assert findings["Chromium"].status is Status.OPTIONAL
    assert all(finding.remedy for finding in report.findings if finding.status is not Status.OK)
