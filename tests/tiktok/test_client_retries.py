"""What urllib3 sends again automatically."""

import pytest
import requests
from tiktok import client
from tiktok.errors import AnswerLostError, RetryLaterError


@pytest.mark.parametrize("status", [413, 429, 500, 502, 503])
@pytest.mark.parametrize("has_retry_after", [False, True])
def test_a_status_is_not_retried(status, has_retry_after):
    assert not client.RETRIES.is_retry("GET", status, has_retry_after)
    assert not client.RETRIES.is_retry("POST", status, has_retry_after)


class Broken:
    """A connection that breaks."""

    def __init__(self, error):
        self.error = error

    def request(self, *_args, **_options):
        """Break."""
        raise self.error


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed", RetryLaterError),
        ("CertificateError: hostname doesn't match", RetryLaterError),
        ("[SSL: DECRYPTION_FAILED_OR_BAD_RECORD_MAC] bad record mac", AnswerLostError),
        ("EOF occurred in violation of protocol", AnswerLostError),
    ],
)
def test_tls_that_breaks_after_the_request_loses_the_answer(words, kind):
    broken = Broken(requests.exceptions.SSLError(words))
    with pytest.raises(RetryLaterError) as raised:
        client.Client(broken).call("POST", "https://open.tiktokapis.com/v2/post/")
    assert type(raised.value) is kind
