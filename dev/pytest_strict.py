"""A pytest plugin: a skip fails the run, and so does a warning of our addons."""

import logging

import hypothesis
import pytest

_skipped = []
_warned = []


class _Watch(logging.Handler):
    def emit(self, record):
        message = record.getMessage()
        if "tiktok" in record.name or "tiktok" in record.pathname or "tiktok" in message:
            _warned.append(f"{record.name}: {message}"[:500])


def pytest_configure():
    """Watch the log from the beginning; let a busy machine fail no generated example."""
    logging.getLogger().addHandler(_Watch(level=logging.WARNING))
    hypothesis.settings.register_profile(
        "steady",
        deadline=None,
        derandomize=True,  # the same every time: a run fails for what was changed
        database=None,
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    hypothesis.settings.load_profile("steady")


def pytest_runtest_logreport(report):
    """Remember what was skipped."""
    if report.skipped:
        _skipped.append(report.nodeid)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session):
    """Fail the run when something was skipped or warned about."""
    if (_skipped or _warned) and session.exitstatus in (0, pytest.ExitCode.OK):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter):
    """Say why."""
    for title, lines in (("skipped", _skipped), ("warnings in the log", _warned)):
        if lines:
            terminalreporter.section(f"not allowed: {title}")
            for line in lines:
                terminalreporter.write_line(line)
