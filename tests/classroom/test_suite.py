"""What did not run never looks like what passed."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers.classroom import suite
from helpers.classroom.suite import Step


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "test_good.py").write_text("def test_it():\n    assert True\n", encoding="utf-8")
    (tmp_path / "test_bad.py").write_text("def test_it():\n    assert False\n", encoding="utf-8")
    (tmp_path / "test_none.py").write_text("", encoding="utf-8")
    return tmp_path


GOOD = Step("good", ("test_good.py",))
BAD = Step("bad", ("test_bad.py",))
IMPOSSIBLE = Step("in a browser", ("test_good.py",), needs=lambda: "no Chromium on this machine")


def test_a_suite_that_passes_is_well(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert suite.run(project, [GOOD])
    assert "passed" in capsys.readouterr().out


def test_one_failure_is_enough(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert not suite.run(project, [GOOD, BAD])
    assert "FAILED" in capsys.readouterr().out


def test_a_step_that_collects_no_test_fails(project: Path) -> None:
    assert not suite.run(project, [Step("none", ("test_none.py",))])


def test_what_cannot_run_says_so_with_its_reason(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CI", raising=False)
    assert suite.run(project, [GOOD, IMPOSSIBLE])
    assert "NOT RUN" in (said := capsys.readouterr().out)
    assert "no Chromium on this machine" in said


def test_what_cannot_run_is_red_in_ci(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "1")
    assert not suite.run(project, [GOOD, IMPOSSIBLE])


def test_a_skipped_test_is_red_in_ci(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    skipping = "import pytest\n\ndef test_it():\n    pytest.skip('not today')\n"
    (project / "test_skips.py").write_text(skipping, encoding="utf-8")
    step = Step("skips", ("test_skips.py", "test_good.py"))
    monkeypatch.delenv("CI", raising=False)
    assert suite.run(project, [step])
    monkeypatch.setenv("CI", "1")
    assert not suite.run(project, [step])


def test_without_any_browser_the_reason_names_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suite.shutil, "which", lambda name: None)
    assert "sudo apt install chromium" in suite.missing_browser()
    assert "sudo apt install bubblewrap" in suite.missing_sandbox()


def test_an_offline_step_reaches_no_host(project: Path) -> None:
    if suite.missing_sandbox():
        pytest.skip(f"NOT RUN: {suite.missing_sandbox()}")
    program = (
        "import socket\n\ndef test_it():\n    interfaces = [name for _, name in socket.if_nameindex()]\n"
        "    assert interfaces == ['lo']\n"
    )
    (project / "test_network.py").write_text(program, encoding="utf-8")
    assert suite.run(project, [Step("offline", ("test_network.py",), offline=True)])
    assert not suite.run(project, [Step("online", ("test_network.py",))])
