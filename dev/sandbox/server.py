"""Serve a world over HTTP on this machine."""

import threading

from werkzeug.serving import WSGIRequestHandler, make_server

from dev.sandbox.app import create_app

WORKERS = 4  # deliveries at the same time
POLL_SECONDS = 0.02  # how long stopping may take


class Quiet(WSGIRequestHandler):
    """Writes no line per request."""

    def log_request(self, code="-", size="-"):
        """Say nothing."""


class Server:
    """A running sandbox.

    :param World world: what is served
    :param int port: 0 for a free one
    :param bool live: deliver automatically; otherwise only when told
    """

    def __init__(self, world, *, port=0, host="127.0.0.1", live=True, workers=WORKERS):
        self.world = world
        self.live = live
        self.workers = workers
        self._http = make_server(
            host, port, create_app(world), threaded=True, request_handler=Quiet
        )
        name = "127.0.0.1" if host == "0.0.0.0" else host
        world.base_url = f"http://{name}:{self._http.server_port}"
        self._thread = threading.Thread(
            target=self._http.serve_forever, args=(POLL_SECONDS,), daemon=True
        )

    @property
    def url(self):
        """Where it answers, without a last slash."""
        return self.world.base_url

    def start(self):
        """Answer from now on."""
        if self.live:
            self.world.scheduler.start(self.workers)
        self._thread.start()
        return self

    def stop(self):
        """End the server."""
        self.world.faults.clear()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join(5)
        self.world.scheduler.stop()
