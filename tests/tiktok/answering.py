"""A server on this machine that gives the answers a test names, in their order."""

import contextlib
import http.server
import json
import threading


class Answering:
    """What it shall say and what it was asked."""

    def __init__(self):
        self.answers = []
        self.asked = []
        self.url = ""

    def say(self, body=b"", status=200, **headers):
        """Give one more answer: bytes, or an object as JSON."""
        if not isinstance(body, bytes):
            body = json.dumps(body).encode()
            headers.setdefault("Content_Type", "application/json")
        self.answers.append((status, {k.replace("_", "-"): v for k, v in headers.items()}, body))

    def data(self, code=0, message="OK", **data):
        """Give one more answer in the envelope of the Marketing API."""
        self.say({"code": code, "message": message, "request_id": "req-1", "data": data})


@contextlib.contextmanager
def answering():
    """Serve while the test lasts.

    :rtype: Iterator[Answering]
    """
    script = Answering()

    class Handler(http.server.BaseHTTPRequestHandler):
        def answer(self):
            length = int(self.headers.get("Content-Length", 0))
            script.asked.append((self.command, self.path, self.headers, self.rfile.read(length)))
            status, headers, body = script.answers.pop(0)
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = answer

        def log_message(self, *_args):
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    script.url = f"http://127.0.0.1:{server.server_port}/open_api/v1.3"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield script
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
