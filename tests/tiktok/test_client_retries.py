"""What urllib3 sends again by itself."""

import pytest
from tiktok import client


@pytest.mark.parametrize("status", [413, 429, 500, 502, 503])
@pytest.mark.parametrize("has_retry_after", [False, True])
def test_no_answer_is_waited_for_and_asked_again(status, has_retry_after):
    assert not client.RETRIES.is_retry("GET", status, has_retry_after)
    assert not client.RETRIES.is_retry("POST", status, has_retry_after)
