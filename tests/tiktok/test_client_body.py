"""How much of an answer is read, and what its headers may say."""

import contextlib
import http.server
import threading

import pytest
import requests
from answering import answering
from tiktok import client
from tiktok.errors import AnswerLostError, RetryLaterError, UnparsableAnswerError


@contextlib.contextmanager
def endless(sent):
    """Serve an answer that never ends; ``sent`` counts its bytes until the client stops reading."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            with contextlib.suppress(OSError):
                while True:
                    sent.append(self.wfile.write(b"x" * 65536))

        def log_message(self, *_args):
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_an_answer_without_end_is_read_up_to_the_bound():
    sent = []
    with endless(sent) as url, pytest.raises(UnparsableAnswerError) as raised:
        client.Client().call("GET", url)
    assert raised.value.code == "too_large"
    assert sum(sent) < client.MAX_ANSWER_BYTES + 16 * 1024 * 1024  # and what lies in buffers


def test_an_answer_as_large_as_the_bound_is_read(monkeypatch):
    with answering() as tiktok:
        body = b'{"a": "' + b"x" * 1000 + b'"}'
        monkeypatch.setattr(client, "MAX_ANSWER_BYTES", len(body))
        tiktok.say(body)
        assert client.Client().call("GET", tiktok.url)[0] == 200
        tiktok.say(body + b" ")
        with pytest.raises(UnparsableAnswerError):
            client.Client().call("GET", tiktok.url)


def test_an_answer_that_breaks_off_is_lost():
    with answering() as tiktok:
        tiktok.say(b'{"a": 1}', Content_Length="100")
        with pytest.raises(AnswerLostError):
            client.Client().call("GET", tiktok.url)


def test_an_answer_that_drips_ends_with_its_time(monkeypatch):
    clock = iter(range(0, 1000, 20))
    monkeypatch.setattr(client.time, "monotonic", lambda: next(clock))
    answer = requests.Response()
    answer._content, answer._content_consumed = b"x" * client.CHUNK_BYTES * 4, True
    with pytest.raises(AnswerLostError):
        client.read_body(answer)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("7", 7), ("²", None), ("٣", None), ("1.5", None), ("-1", None), ("9" * 5000, None)],
)
def test_retry_after(header, seconds):
    """A header comes as Latin-1, in which a superscript two is a digit, but no number."""
    answer = requests.Response()
    answer.status_code, answer.headers["Retry-After"] = 429, header
    answer.raw = contextlib.nullcontext()
    answer.close = lambda: None
    session = type("Session", (), {"request": lambda *_args, **_options: answer})()
    with pytest.raises(RetryLaterError) as raised:
        client.Client(session).call("GET", "https://open.tiktokapis.com/")
    assert raised.value.retry_after == seconds


def test_the_longest_wait_is_an_hour():
    with answering() as tiktok:
        tiktok.say(status=503, Retry_After="99999999999999")
        with pytest.raises(RetryLaterError) as raised:
            client.Client().call("GET", tiktok.url)
    assert raised.value.retry_after == client.LONGEST_WAIT_SECONDS
