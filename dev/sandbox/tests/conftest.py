"""A sandbox whose clock stands still, and a receiver for what it sends."""

import http.server
import threading
import time

import pytest

from dev.sandbox.handle import Sandbox
from dev.sandbox.tests.clients import Business, Developer

NOW = 1_789_900_000  # 20 September 2026


@pytest.fixture
def tiktok():
    """A seeded sandbox that acts only when told."""
    with Sandbox.start(seed=1, clock=NOW) as sandbox:
        yield sandbox


@pytest.fixture
def business(tiktok):
    """The Marketing API with a token for the demo's ad accounts."""
    return Business(tiktok)


@pytest.fixture
def developer(tiktok):
    """The developer platform, called as the demo's app."""
    return Developer(tiktok)


class Receiver:
    """Keeps what is posted to it; answers what it is told to, 200 by default."""

    def __init__(self):
        self.requests = []
        self.answers = []  # (status, text) for the next requests
        self.delay = 0  # seconds before an answer
        self.pages = {}  # path -> (status, headers, body) for GET
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            """Writes down and answers."""

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.requests.append((self.path, dict(self.headers), body))
                time.sleep(receiver.delay)
                self.reply(*(receiver.answers.pop(0) if receiver.answers else (200, "OK")))

            def do_GET(self):
                receiver.requests.append((self.path, dict(self.headers), b""))
                path = self.path.partition("?")[0]
                status, headers, body = receiver.pages.get(path, (404, {}, b""))
                self.reply(status, body, headers)

            def reply(self, status, body, headers=()):
                raw = body.encode() if isinstance(body, str) else body
                self.send_response(status)
                for name, value in dict(headers).items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(raw)))
                self.end_headers()
                self.wfile.write(raw)

            def log_message(self, *_args):
                """Say nothing."""

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)
        self.thread.start()

    def stop(self):
        """End it."""
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def receiver():
    """Run a web server of another program."""
    server = Receiver()
    yield server
    server.stop()
