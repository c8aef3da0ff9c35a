"""From which addresses TikTok can fetch anything."""

import http.server
import threading
import time

import pytest
import requests
from tiktok import ownership


def refusal(base, **options):
    """Return why an address is refused, or nothing."""
    try:
        ownership.check_media_address(base, **options)
    except ownership.OwnershipError as error:
        return error.code
    return ""


@pytest.mark.parametrize(
    "base",
    [
        "https://shop.example.com",
        "https://shop.example.com:8443/odoo",
        "https://Shop.Example.COM.",
        "https://xn--80aaxitdbjk.xn--p1ai",
        "https://internal.example.com",
        "https://local.shop",
        "https://192-0-2-7.example.net",
    ],
)
def test_public_names(base):
    assert refusal(base) == ""


@pytest.mark.parametrize(
    "host",
    [
        *("192.0.2.7", "192.0.2.7:8069", "8.8.8.8", "10.0.0.5", "[2001:db8::1]", "[::1]:8069"),
        *("127.1", "2130706433", "0x7f000001", "0x7f.1", "192.0.2.7.", "user:x@192.0.2.7"),
    ],
)
def test_ip_addresses(host):
    assert refusal(f"https://{host}") == "ip"


@pytest.mark.parametrize(
    "host",
    [
        *("odoo.local", "odoo.LOCAL", "odoo.local.", "odoo.local:8443", "a.b.local"),
        *("localhost", "odoo.localhost", "odoo.localdomain", "odoo", "odoo."),
        *("odoo.internal", "odoo.intranet", "odoo.lan", "odoo.home", "odoo.home.arpa"),
        *("odoo.corp", "odoo.private", "odoo.test", "odoo.example", "odoo.invalid"),
    ],
)
def test_names_of_the_own_network(host):
    assert refusal(f"https://{host}") == "local"


@pytest.mark.parametrize(
    "base",
    ["http://shop.example.com", "shop.example.com", "https://", "", "https://[::1", "ftp://a.b"],
)
def test_other_schemes_are_refused(base):
    assert refusal(base) == "https"


@pytest.mark.parametrize("host", ["localhost:8069", "127.0.0.1:8069", "[::1]:8069"])
def test_loopback_is_accepted_with_a_local_tiktok(host):
    assert refusal(f"http://{host}", local=True) == ""
    assert refusal(f"http://{host}") == "https"


def test_local_tiktok_accepts_no_other_private_host():
    assert refusal("https://192.0.2.7", local=True) == "ip"
    assert refusal("http://shop.example.com", local=True) == "https"


TOKEN = "a" * 32


class SlowServer(http.server.BaseHTTPRequestHandler):
    """Sends a byte from time to time, and never the end."""

    def do_GET(self):
        """Answer."""
        self.send_response(200)
        self.end_headers()
        while not self.server.is_over.wait(0.02):
            self.wfile.write(b" ")

    def log_message(self, *_args):
        """Say nothing."""


@pytest.fixture
def slow_base():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), SlowServer) as server:
        server.is_over = threading.Event()
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.is_over.set()
        server.shutdown()
        thread.join()


def test_an_answer_without_end_holds_the_page_for_seconds_only(slow_base, monkeypatch):
    monkeypatch.setattr(ownership, "CHECK_SECONDS", 0.5)
    began = time.monotonic()
    with pytest.raises(ownership.OwnershipError) as raised:
        ownership.check_file(requests.Session(), slow_base, TOKEN, local=True)
    assert raised.value.code == "timeout"
    assert time.monotonic() - began < 10


class SilentSession:
    """A session whose server never answers."""

    def get(self, _url, *, timeout, **_options):
        """Remember how long it would wait."""
        self.timeout = timeout
        raise requests.ReadTimeout


def test_all_attempts_to_connect_and_the_answer_share_the_time():
    session = SilentSession()
    with pytest.raises(ownership.OwnershipError):
        ownership.check_file(session, "https://shop.example.com", TOKEN)
    connect, read = session.timeout
    assert 3 * connect + read <= ownership.CHECK_SECONDS
