"""PostgreSQL is away, or goes while Odoo works: callers are told to try again, nothing is lost."""

import contextlib
import json
import os
import pathlib
import socket
import threading
import urllib.error
import urllib.request

import pytest

from dev import paths, process
from dev.odoo_rpc import Session
from dev.site import Site, free_port

LEADS = "/api/integrations/webhooks/tiktok-leadgen/"
ROUTES = (
    LEADS,
    "/api/integrations/webhooks/tiktok/",
    "/api/integrations/accounts/",
    "/tiktok/media/token/1.jpg",
    "/tiktok/status",
    "/tiktok0123456789abcdef0123456789abcdef.txt",
)
TOKEN = "a-token-that-must-stay-secret"
SERVER_WIDE = ("--load", "base,rpc,web,tiktok_leadgen,tiktok_publish")


class Relay:
    """A way to PostgreSQL that can be cut and restored, as by a network or a server's restart does.

    :param str host: folder of the server's socket, or its name
    :param str port: its port
    """

    def __init__(self, host, port):
        self._server = (host, port)
        self._open = []
        self.port = free_port()
        self._listener = None

    def restore(self):
        """Let connections through from now on."""
        self._listener = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def cut(self):
        """Refuse new connections and end those that are there."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for each in self._open:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        self._open.clear()

    def _accept(self, listener):
        with contextlib.suppress(OSError):
            while True:
                client, _address = listener.accept()
                server = self._connect()
                self._open += [client, server]
                for source, target in ((client, server), (server, client)):
                    threading.Thread(target=_pump, args=(source, target), daemon=True).start()

    def _connect(self):
        host, port = self._server
        if host.startswith("/"):
            server = socket.socket(socket.AF_UNIX)
            server.connect(str(pathlib.Path(host) / f".s.PGSQL.{port}"))
            return server
        return socket.create_connection((host, int(port)))


def _pump(source, target):
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    for each in (source, target):
        with contextlib.suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)


def request(url, body=None):
    """Return the status, the headers and the text of an answer."""
    headers = {"Content-Type": "application/json"}
    asked = urllib.request.Request(url, body, headers)
    try:
        with urllib.request.urlopen(asked, timeout=60) as answer:
            return answer.status, answer.headers, answer.read().decode()
    except urllib.error.HTTPError as refusal:
        return refusal.code, refusal.headers, refusal.read().decode()


def delivery(uid):
    """Return a lead as TikTok posts it."""
    changes = [{"field": "email", "value": "ana@example.com"}]
    entry = {"id": uid, "page_id": 1, "create_time": 1789901990, "changes": changes}
    return json.dumps({"object": 1, "entry": [entry]}).encode()


def assert_away(base, log):
    """Expect that each route of ours says to try again, and that the log names no token."""
    for route in ROUTES:
        status, headers, text = request(f"{base}{route}?company_id=1&token={TOKEN}")
        assert (route, status) == (route, 503)
        assert int(headers["Retry-After"]) > 0
        assert "try again" in text
    status, _headers, _text = request(f"{base}{LEADS}?company_id=1&token={TOKEN}", delivery(1))
    assert status == 503
    assert request(f"{base}/somewhere/else")[0] == 404
    assert TOKEN not in log.read_text()
    assert "token=***" in log.read_text()


@pytest.fixture
def log():
    """Return the log of the Odoo of these tests, empty."""
    return paths.log("outage")


@pytest.fixture
def site():
    """Return a copy of the tests' database; it is gone afterwards."""
    copy = Site("outage")
    copy.copy_of(Site("test", addons=paths.ADDONS))
    yield copy
    process.stop("outage")
    copy.server.delete_database(copy.database)


def test_an_odoo_that_starts_without_postgresql_says_try_again(log):
    """With a filter of databases: told one database, Odoo does not start without PostgreSQL."""
    site = Site("outage")
    site.configure(db_host="127.0.0.1", db_port=free_port(), db_name="")
    port = free_port()
    command = site.command("--http-port", str(port), "--max-cron-threads", "0", *SERVER_WIDE)
    at = command.index("-d")
    del command[at : at + 2]
    env = {name: value for name, value in site.env.items() if not name.startswith("PG")}
    try:
        started = process.start("outage", command, env=env)
        process.wait_http(f"http://127.0.0.1:{port}/web/health", started, 90, "outage")
        assert_away(f"http://127.0.0.1:{port}", log)
    finally:
        process.stop("outage")


@pytest.mark.parametrize("load", [SERVER_WIDE, ()], ids=["--load", "without"])
def test_an_odoo_that_loses_postgresql_says_try_again_and_goes_on(site, log, load):
    relay = Relay(site.server.host or os.environ["PGHOST"], site.server.port or "5432")
    relay.restore()
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    site.configure(db_host="127.0.0.1", db_port=relay.port)
    reached = {"PGHOST": "127.0.0.1", "PGPORT": str(relay.port)}
    site.serve(port, "--max-cron-threads", "0", *load, extra_env=reached)
    session = Session(base, site.database)
    url = session.get("/api/integrations/accounts/tiktok-leadgen-config/")["webhook_url"]
    url = base + url[url.index("/api/") :]
    assert request(url, delivery(7600000000000000777))[0] == 200

    relay.cut()
    assert [request(url, delivery(7600000000000000778))[0] for _again in range(3)] == [503] * 3
    assert_away(base, log)

    relay.restore()
    assert request(url, delivery(7600000000000000778))[0] == 200
    statement = "SELECT count(*) FROM tiktok_event WHERE lead_uid LIKE '760000000000000077%'"
    assert site.server.sql(statement, site.database).strip() == "2"
    assert url.partition("&token=")[2] not in log.read_text()
