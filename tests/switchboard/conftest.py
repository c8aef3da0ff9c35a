"""A local TikTok in this process, for tests inside Odoo."""

import time

import pytest

from dev.sandbox.handle import Sandbox


@pytest.fixture(scope="session")
def running_tiktok():
    """Return a local TikTok whose clock stands: it acts only when it is told to."""
    with Sandbox.start(seed=1, clock=time.time()) as tiktok:
        tiktok.set_settings(rate_level="off")
        yield tiktok


@pytest.fixture(autouse=True)
def given_tiktok(request, running_tiktok):
    """Give it to the test case; the faults of a test are cleared after it."""
    request.instance.tiktok = running_tiktok
    yield
    running_tiktok.clear_faults()
