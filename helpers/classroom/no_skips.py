"""A plugin for pytest, in force where `CI=1`: a test that was skipped proves nothing, so the run is red."""

from __future__ import annotations

from typing import Any


def pytest_sessionfinish(session: Any, exitstatus: int) -> None:
    """Turn a green run with skipped tests into a red one."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter else []
    if skipped and exitstatus == 0:
        reporter.write_line(f"{len(skipped)} skipped; where CI=1, that is a failure.", red=True)
        session.exitstatus = 1
