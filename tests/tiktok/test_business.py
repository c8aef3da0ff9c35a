"""How the Marketing API is called."""

import io
import json
import urllib.parse

import pytest
from answering import answering
from tiktok import business_refusal, errors
from tiktok.business_client import BusinessClient
from tiktok.business_login import BusinessLogin, authorize_url
from tiktok.rate_limiter import RateLimiter


@pytest.fixture
def tiktok():
    with answering() as script:
        yield script


@pytest.fixture
def slept():
    return []


@pytest.fixture
def client(tiktok, slept):
    return BusinessClient(tiktok.url, "fake-token", rate_limiter=RateLimiter(sleep=slept.append))


def query(asked):
    return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(asked[1]).query))


def test_a_get_has_the_token_the_slash_and_json_in_its_query(tiktok, client):
    tiktok.data(list=[{"page_id": 7600000000000000456}])
    data = client.get("page/get", {"types": ["A", "B"], "span": {"start": "x"}, "none": None})
    method, path, headers, _body = tiktok.asked[0]
    assert (method, headers["Access-Token"]) == ("GET", "fake-token")
    assert path.startswith("/open_api/v1.3/page/get/?")
    assert query(tiktok.asked[0]) == {"types": '["A", "B"]', "span": '{"start": "x"}'}
    assert data == {"list": [{"page_id": "7600000000000000456"}]}


def test_a_partial_success_is_one(tiktok, client):
    tiktok.data(code=20001, done=1)
    assert client.post("/x/") == {"done": 1}


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        *((code, errors.ReconnectError) for code in (40102, 40104, 40105)),
        *((code, errors.NotAllowedError) for code in (40001, 40115, 40118, 40300, 40301)),
        *((code, errors.RetryLaterError) for code in (40016, 40100, 40132, 40133, 50000, 50002)),
        *((code, errors.WrongRequestError) for code in (40000, 40002, 40007, 40101, 40110, 40700)),
        (41234, errors.WrongRequestError),
        (51305, errors.RetryLaterError),
    ],
)
def test_the_code_decides(tiktok, client, code, kind):
    tiktok.data(code=code, message="No.")
    with pytest.raises(kind) as raised:
        client.get("/x/")
    assert type(raised.value) is kind
    assert (raised.value.code, raised.value.request_id) == (str(code), "req-1")


def test_an_error_shows_no_address_and_no_secret(tiktok, client):
    words = "bad https://o.example/?token=fake-secret-of-ours and fakebusinesstoken1234567890"
    tiktok.data(code=40002, message=words)
    with pytest.raises(errors.WrongRequestError, match=r"bad … and …$"):
        client.get("/x/")


@pytest.mark.parametrize(
    ("words", "shortest", "longest"),
    [("App reaches the QPM limit.", 300, 300), ("App reaches the QPD limit.", 1, 86400)],
)
def test_a_rate_limit_says_how_long_to_wait(tiktok, client, words, shortest, longest):
    tiktok.data(code=40100, message=words)
    with pytest.raises(errors.RetryLaterError) as raised:
        client.get("/x/")
    assert shortest <= raised.value.retry_after <= longest


def test_the_limit_of_a_second_is_waited_for(tiktok, client, slept):
    tiktok.data(code=40100, message="App reaches the QPS limit.")
    tiktok.data(done=1)
    assert client.post("/x/", {"a": 1}) == {"done": 1}
    assert slept == [1]
    assert [asked[3] for asked in tiktok.asked] == [b'{"a": 1}'] * 2


def test_the_limit_of_a_second_is_not_waited_for_without_end(tiktok, client):
    for _time in range(3):
        tiktok.data(code=40100, message="App reaches the QPS limit.")
    with pytest.raises(errors.RetryLaterError):
        client.get("/x/")
    assert not tiktok.answers


@pytest.mark.parametrize("status", [307, 308])
def test_a_redirect_keeps_all_that_was_sent(tiktok, client, status):
    tiktok.say(status=status, Location="/open_api/v1.3/elsewhere/")
    tiktok.data(done=1)
    assert client.post("/x/", {"a": 1}) == {"done": 1}
    method, path, headers, body = tiktok.asked[1]
    assert (method, path, body) == ("POST", "/open_api/v1.3/elsewhere/", b'{"a": 1}')
    assert headers["Access-Token"] == "fake-token"


@pytest.mark.parametrize("again", ["", "?a=1"])
def test_a_redirect_keeps_the_query_once(tiktok, client, again):
    tiktok.say(status=307, Location=f"/open_api/v1.3/elsewhere/{again}")
    tiktok.data()
    client.get("/x/", {"a": 1})
    assert tiktok.asked[1][1] == "/open_api/v1.3/elsewhere/?a=1"


@pytest.mark.parametrize(
    "address",
    ["http://localhost:1/", "https://evil.example/", "http://biz-api.tiktok.com/", "file:///etc"],
)
def test_a_redirect_to_another_host_is_an_error(tiktok, client, address):
    tiktok.say(status=307, Location=address)
    with pytest.raises(errors.UnparsableAnswerError):
        client.get("/x/")


@pytest.mark.parametrize("status", [301, 307])
def test_a_redirect_to_a_malformed_url_is_an_error(tiktok, client, status):
    tiktok.say(status=status, Location="https://[x/")
    with pytest.raises(errors.AnswerLostError):
        client.post("/x/")


def test_endless_redirects_are_an_error(tiktok, client):
    for _time in range(4):
        tiktok.say(status=307, Location="/open_api/v1.3/x/")
    with pytest.raises(errors.UnparsableAnswerError, match="circles"):
        client.get("/x/")


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        (b"<html>please wait", 200, errors.UnparsableAnswerError),
        (b"[]", 200, errors.UnparsableAnswerError),
        (b"{}", 200, errors.UnparsableAnswerError),
        (b'{"code": "x"}', 200, errors.UnparsableAnswerError),
        (b'{"code": [0]}', 200, errors.UnparsableAnswerError),
        (b"404 page not found", 404, errors.UnparsableAnswerError),
        (b"<h1>Bad gateway", 502, errors.RetryLaterError),
        (b"Too Many", 429, errors.RetryLaterError),
    ],
)
def test_what_is_no_envelope_is_a_typed_error(tiktok, client, body, status, kind):
    tiktok.say(body, status)
    with pytest.raises(kind):
        client.get("/x/")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"<html>not found", 404, "not_json"),
        ({"detail": "Not Found"}, 404, "http_404"),
        ({"detail": "Not Allowed"}, 405, "http_405"),
        ({"hello": 1}, 200, "no_code"),
        ([], 200, "not_an_object"),
    ],
)
def test_an_answer_of_another_server_has_its_own_code(tiktok, client, body, status, code):
    tiktok.say(body, status)
    with pytest.raises(errors.UnparsableAnswerError) as raised:
        client.get("/x/")
    assert raised.value.code == code


def test_pages_end_with_the_last(tiktok, client):
    for page in (1, 2):
        info = {"page": page, "total_page": 2}
        tiktok.data(list=[{"page_id": page}], page_info=info)
    assert [item["page_id"] for item in client.iter_pages("/x/", {"a": 1})] == ["1", "2"]
    assert query(tiktok.asked[1]) == {"a": "1", "page": "2", "page_size": "100"}


def test_pages_end_without_new_items(tiktok, client):
    for _page in range(2):
        tiktok.data(list=[{"page_id": 1}])
    assert len(list(client.iter_pages("/x/", {}))) == 1


def test_a_file_is_written_unchanged(tiktok, client):
    tiktok.say(b"PK\x03\x04" + b"x" * 200_000, Content_Type="application/zip")
    out = io.BytesIO()
    assert client.download("/f/", {"task_id": "1"}, out, {"x-lead-region": "eu"}) == 200_004
    assert out.getvalue().startswith(b"PK")
    assert tiktok.asked[0][2]["x-lead-region"] == "eu"


def test_an_empty_file_is_one(tiktok, client):
    tiktok.say(b"", Content_Type="text/csv")
    assert client.download("/f/", {}, io.BytesIO()) == 0


def test_truncated_download_raises(tiktok, client):
    tiktok.say(b"lead_id\r\n1\r\n", Content_Type="text/csv", Content_Length="5000")
    with pytest.raises(errors.AnswerLostError, match="whole"):
        client.download("/f/", {}, io.BytesIO())


@pytest.mark.parametrize("kind", ["application/json", "text/csv"])
def test_an_error_instead_of_a_file_is_one(tiktok, client, kind):
    body = json.dumps({"code": 40105, "message": "No.", "request_id": "req-2"}).encode()
    tiktok.say(body, Content_Type=kind)
    out = io.BytesIO()
    with pytest.raises(errors.ReconnectError) as raised:
        client.download("/f/", {}, out)
    assert raised.value.request_id == "req-2"
    assert not out.getvalue()


def test_a_page_of_html_is_no_file(tiktok, client):
    tiktok.say(b"<h1>not found", 404, Content_Type="text/html")
    with pytest.raises(errors.UnparsableAnswerError):
        client.download("/f/", {}, io.BytesIO())


@pytest.mark.parametrize("status", [204, 301, 302, 303, 304])
def test_an_answer_without_a_file_is_no_empty_file(tiktok, client, status):
    tiktok.say(b"", status, Content_Type="text/csv")
    out = io.BytesIO()
    with pytest.raises(errors.UnparsableAnswerError) as raised:
        client.download("/f/", {}, out)
    assert raised.value.code == "no_file"
    assert not out.getvalue()


def test_authorize_url_has_the_app_and_the_state():
    url = authorize_url("https://x/", app_id="7", state="s", redirect_uri="https://o/?a=1")
    assert url == ("https://x/portal/auth?app_id=7&state=s&redirect_uri=https%3A%2F%2Fo%2F%3Fa%3D1")


def test_a_code_becomes_a_grant(tiktok):
    tiktok.data(access_token="fake", advertiser_ids=[7163948356417550001, "8"], scope=[4, 15])
    grant = BusinessLogin(tiktok.url, "7", "fake-secret").exchange("fake-code")
    assert grant.advertiser_uids == ("7163948356417550001", "8")
    assert grant.scope == (4, 15)
    assert "fake" not in repr(grant)
    assert "Access-Token" not in tiktok.asked[0][2]
    assert json.loads(tiktok.asked[0][3])["auth_code"] == "fake-code"


def test_a_grant_without_a_token_is_none(tiktok):
    tiktok.data(advertiser_ids=[])
    with pytest.raises(errors.UnparsableAnswerError):
        BusinessLogin(tiktok.url, "7", "fake-secret").exchange("fake-code")


def test_advertisers_have_names(tiktok):
    tiktok.data(list=[{"advertiser_id": 71, "advertiser_name": "ACME"}, {"advertiser_id": 0}])
    assert BusinessLogin(tiktok.url, "7", "s").list_advertisers("fake-token") == {"71": "ACME"}


def test_revoke_sends_the_token_and_the_app(tiktok):
    tiktok.data()
    BusinessLogin(tiktok.url, "7", "fake-secret").revoke("fake-token")
    assert json.loads(tiktok.asked[0][3]) == {
        "app_id": "7",
        "secret": "fake-secret",
        "access_token": "fake-token",
    }


class Watch:
    """A clock that only sleeping moves."""

    def __init__(self):
        self.now = 0.0

    def sleep(self, seconds):
        self.now += seconds


def test_rate_limiter_allows_ten_calls_a_second_and_six_hundred_a_minute():
    watch = Watch()
    rate_limiter = RateLimiter(clock=lambda: watch.now, sleep=watch.sleep)
    turns = []
    for _call in range(601):
        try:
            rate_limiter.wait_for_permit()
        except errors.RetryLaterError as error:
            watch.sleep(error.retry_after)
            rate_limiter.wait_for_permit()
        turns.append(watch.now)
    assert all(later - earlier >= 1 for earlier, later in zip(turns, turns[10:], strict=False))
    assert turns[600] - turns[0] >= 60


def test_rate_limiter_does_not_wait_too_long():
    rate_limiter = RateLimiter(limits=((60.0, 1),), clock=lambda: 0.0, sleep=lambda _seconds: None)
    rate_limiter.wait_for_permit()
    with pytest.raises(errors.RetryLaterError) as raised:
        rate_limiter.wait_for_permit()
    assert raised.value.retry_after == 60


def test_a_refusal_is_a_line_that_can_be_stored():
    error = business_refusal.parse_refusal(
        {"code": 40002, "message": "Bad\u202e\nname \ud83d", "request_id": "r\x001"}
    )
    assert (error.words, error.request_id) == ("Bad name ?", "r1")
