"""How TikTok is reached where a proxy or an own certificate authority stands in between."""

import base64

import pytest
from local_network import HOST, LocalTiktok, Proxy, make_authority, serving, wrap_tls
from tiktok import client
from tiktok.errors import AnswerLostError, RetryLaterError
from tiktok.open_api import OpenApi

PASSWORD = "s3cret"
LOGIN = f"odoo:{PASSWORD}"
RIGHT = "Basic " + base64.b64encode(LOGIN.encode()).decode()
INIT = "/v2/post/publish/content/init/"


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    """Return the files of a local authority."""
    return make_authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def far(authority):
    """Serve a TikTok whose certificate only the local authority vouches for."""
    with serving(LocalTiktok) as server:
        wrap_tls(server, authority[1])
        yield server


@pytest.fixture
def proxy(far):
    """Serve the only way to it."""
    with serving(Proxy, password=RIGHT, target=far.server_port) as server:
        yield server


@pytest.fixture
def use(monkeypatch):
    """Return what sets how TikTok is reached."""

    def use(proxy="", ca_file=""):
        network = client.Network(str(proxy), str(ca_file))
        monkeypatch.setattr(client, "_network_reader", lambda: network)

    return use


def post():
    """Call TikTok at its own address."""
    return OpenApi(f"https://{HOST}", "act.fake").call("POST", INIT, json={})


def address(server, login=LOGIN):
    """Return the proxy's address."""
    return f"http://{login}@127.0.0.1:{server.server_port}"


def test_through_the_proxy_with_the_local_authority(use, proxy, far, authority):
    use(address(proxy), authority[0])
    assert post() == {"way": "local"}
    assert proxy.asked == [(f"{HOST}:443", RIGHT)]
    assert far.asked == [INIT]


def test_the_reader_is_asked_for_each_session(monkeypatch):
    monkeypatch.setattr(client, "_network_reader", client.Network)
    client.set_network_reader(lambda: client.Network("http://proxy:1", "/ca.pem"))
    session = client.make_session()
    assert session.proxies == {"http": "http://proxy:1", "https": "http://proxy:1"}
    assert session.verify == "/ca.pem"


def test_the_system_s_own_settings_do_not_count(monkeypatch, use, proxy, authority):
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nothing/here.pem")
    use(address(proxy), authority[0])
    assert post() == {"way": "local"}


def refused(far):
    """Return the error of a call that was never sent."""
    with pytest.raises(RetryLaterError) as raised:
        post()
    assert not isinstance(raised.value, AnswerLostError), (
        "nothing reached TikTok: it may be repeated"
    )
    assert PASSWORD not in str(raised.value)
    assert far.asked == []
    return raised.value.code


def test_a_certificate_of_an_unknown_authority_is_refused(use, proxy, far):
    use(address(proxy))
    assert refused(far) == "unreachable"


def test_the_proxy_refuses_the_password(use, proxy, far, authority):
    use(address(proxy, "odoo:wrong"), authority[0])
    assert refused(far) == "bad_proxy"


@pytest.mark.parametrize(
    ("proxy_address", "code"),
    [
        (f"http://{LOGIN}@127.0.0.1:1", "bad_proxy"),
        (f"http://{LOGIN}@not a host", "bad_address"),
        ("http://", "bad_address"),
        ("gopher://127.0.0.1:1", "bad_address"),
    ],
)
def test_a_proxy_that_can_not_be_used(use, far, authority, proxy_address, code):
    use(proxy_address, authority[0])
    assert refused(far) == code


def test_a_file_of_authorities_that_can_not_be_read(use, proxy, far, tmp_path):
    use(address(proxy), tmp_path / "missing.pem")
    assert refused(far) == "bad_ca_file"
    (tmp_path / "empty.pem").write_text("no certificate")
    use(address(proxy), tmp_path / "empty.pem")
    assert refused(far) == "bad_ca_file"
