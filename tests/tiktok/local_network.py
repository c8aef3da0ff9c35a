"""A TikTok with a certificate of a local authority, and a proxy that alone knows the way to it."""

import contextlib
import datetime
import http.server
import json
import select
import socket
import ssl
import threading

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

HOST = "open.tiktokapis.com"
DAY = datetime.timedelta(days=1)
PEM = serialization.Encoding.PEM


class LocalTiktok(http.server.BaseHTTPRequestHandler):
    """Answers each call in TikTok's envelope, and counts them."""

    def do_POST(self):
        """Answer."""
        self.server.asked.append(self.path)
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        content = json.dumps({"data": {"way": "local"}, "error": {"code": "ok"}}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_args):
        """Say nothing."""


class Proxy(http.server.BaseHTTPRequestHandler):
    """Leads every host to the local TikTok, for who knows the password."""

    def do_CONNECT(self):
        """Open a tunnel."""
        self.server.asked.append((self.path, self.headers.get("Proxy-Authorization")))
        if self.headers.get("Proxy-Authorization") != self.server.password:
            self.send_error(407)
            return
        with socket.create_connection(("127.0.0.1", self.server.target)) as far:
            self.send_response(200)
            self.end_headers()
            _pipe(self.connection, far)

    def log_message(self, *_args):
        """Say nothing."""


def _pipe(one, other):
    ends = {one: other, other: one}
    while True:
        for ready in select.select(list(ends), [], [], 10)[0]:
            content = ready.recv(65536)
            if not content:
                return
            ends[ready].sendall(content)


def make_authority(folder):
    """Write the file of a new certificate authority, and the certificate and key of TikTok's host.

    :param pathlib.Path folder: an empty one
    :return: file of the authority, and one with certificate and key
    :rtype: tuple[pathlib.Path, pathlib.Path]
    """
    ca_key, key = (ec.generate_private_key(ec.SECP256R1()) for _each in range(2))
    ca_name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Local authority")])
    basic = x509.BasicConstraints(ca=True, path_length=None)
    authority = _build(ca_name, ca_name, ca_key).add_extension(basic, critical=True)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, HOST)])
    hosts = x509.SubjectAlternativeName([x509.DNSName(HOST)])
    leaf = _build(name, ca_name, key).add_extension(hosts, critical=False)
    ca_file, tls_file = folder / "ca.pem", folder / "tls.pem"
    ca_file.write_bytes(authority.sign(ca_key, hashes.SHA256()).public_bytes(PEM))
    private = key.private_bytes(
        PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    tls_file.write_bytes(leaf.sign(ca_key, hashes.SHA256()).public_bytes(PEM) + private)
    return ca_file, tls_file


def _build(subject, issuer, key):
    now = datetime.datetime.now(datetime.timezone.utc)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - DAY)
        .not_valid_after(now + DAY)
    )


@contextlib.contextmanager
def serving(handler, **values):
    """Serve on a free port while the test lasts.

    :param values: of the server, for its handler
    :rtype: Iterator[http.server.ThreadingHTTPServer]
    """
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.asked = []
    server.handle_error = lambda *_args: None  # a client that refuses the certificate hangs up
    for name, value in values.items():
        setattr(server, name, value)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def wrap_tls(server, tls_file):
    """Have a server speak TLS with this certificate.

    :param pathlib.Path tls_file: of `make_authority`
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tls_file)
    plain = server.get_request

    def get_request():
        connection, address = plain()
        return context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False), (
            address
        )

    server.get_request = get_request
