"""Login Kit: consent, PKCE, tokens, rotation (contract, section 3)."""

import pytest

from dev.sandbox import signing
from dev.sandbox.handle import SandboxError
from dev.sandbox.tests.clients import Developer, fine, query, wrong

DAY = 86400
VERIFIER = Developer.VERIFIER


def error(response, status=200):
    """Return name and text of an OAuth error: flat, by default with HTTP 200."""
    body = response.json()
    assert response.status_code == status
    assert set(body) == {"error", "error_description", "log_id"}
    return body["error"], body["error_description"]


def refused(developer, match, **changes):
    """Check that the authorise page refuses, and says why."""
    with pytest.raises(SandboxError, match=match):
        developer.tiktok.consent(developer.url(**changes))


def test_code_to_token(developer):
    answer = query(developer.tiktok.consent(developer.url()))
    assert answer["state"] == "st4te"
    assert answer["scopes"] == "user.info.basic,video.list"
    assert "*" in answer["code"] and "!" in answer["code"]
    tokens = developer.exchange(answer["code"]).json()
    assert tokens["token_type"] == "Bearer"
    assert tokens["scope"] == "user.info.basic,video.list"
    assert (tokens["expires_in"], tokens["refresh_expires_in"]) == (7200, 180 * DAY)
    found = fine(developer.get("/v2/user/info/", tokens["access_token"], fields="open_id"))
    assert found["user"]["open_id"] == tokens["open_id"]


def test_the_code_must_be_decoded(developer):
    location = developer.tiktok.consent(developer.url())
    raw = location.partition("code=")[2].partition("&")[0]
    assert "%" in raw
    assert error(developer.exchange(raw))[0] == "invalid_grant"


def test_a_redirect_uri_with_one_more_slash(developer):
    refused(developer, "redirect_uri", redirect_uri=developer.REDIRECT + "/")
    refused(developer, "redirect_uri", redirect_uri=developer.REDIRECT[:-1])
    refused(developer, "redirect_uri", redirect_uri=None)


def test_what_else_the_page_refuses(developer):
    refused(developer, "client_key", client_key="other")
    refused(developer, "response_type", response_type="token")
    refused(developer, "state", state=None)
    refused(developer, "scope: research", scope="user.info.basic,research.data")
    refused(developer, "scope: missing", scope=None)
    refused(developer, "code_challenge_method", code_challenge_method="plain")


def test_the_person_says_no_or_grants_less(developer):
    answer = query(developer.tiktok.consent(developer.url(), approve=False))
    assert answer["error"] == "access_denied"
    assert answer["state"] == "st4te"
    less = developer.tiktok.consent(developer.url(), scopes="user.info.basic")
    assert query(less)["scopes"] == "user.info.basic"
    assert developer.exchange(query(less)["code"]).json()["scope"] == "user.info.basic"


def test_wrong_verifier(developer):
    other = VERIFIER[:-1] + "A"
    found = error(developer.exchange(developer.code(), code_verifier=other))
    assert found == ("invalid_request", "Code verifier or code challenge is invalid.")
    found = error(developer.exchange(developer.code(), code_verifier=None))
    assert found == ("invalid_request", "Code verifier or code challenge is invalid.")


def test_base64url_is_refused_unless_the_app_says_otherwise(developer):
    url = developer.url(code_challenge=signing.challenge_base64url(VERIFIER))
    found = error(developer.exchange(developer.code(url)))
    assert found == ("invalid_request", "Code verifier or code challenge is invalid.")
    developer.tiktok.set_app(client_key=developer.key, pkce="base64url")
    assert developer.exchange(developer.code(url)).json()["access_token"]
    assert error(developer.exchange(developer.code()))[0] == "invalid_request"
    developer.tiktok.set_app(client_key=developer.key, pkce="either")
    assert developer.exchange(developer.code()).json()["access_token"]
    assert developer.exchange(developer.code(url)).json()["access_token"]


def test_pkce_may_be_absent_required_or_ignored(developer):
    bare = developer.url(code_challenge=None, code_challenge_method=None)
    code = developer.code(bare)
    assert developer.exchange(code, code_verifier=None).json()["access_token"]
    developer.tiktok.set_app(client_key=developer.key, pkce="required")
    with pytest.raises(SandboxError, match="code_challenge: missing"):
        developer.code(bare)
    developer.tiktok.set_app(client_key=developer.key, pkce="ignored")
    code = developer.code(developer.url(code_challenge="nonsense"))
    assert developer.exchange(code, code_verifier="nonsense").json()["access_token"]


def test_a_short_verifier_is_refused(developer):
    url = developer.url(code_challenge=signing.challenge_hex("short"))
    assert error(developer.exchange(developer.code(url), code_verifier="short"))[0] == (
        "invalid_request"
    )


def test_desktop_needs_a_challenge_and_a_loopback_port(developer):
    uri = "http://localhost:8069/callback"
    developer.tiktok.set_app(
        client_key=developer.key, platform="desktop", redirect_uris=["http://localhost:*/callback"]
    )
    assert developer.code(developer.url(redirect_uri=uri))
    refused(developer, "code_challenge: missing", redirect_uri=uri, code_challenge=None)

    def problem(uri):
        return developer.tiktok.redirect_uri_problem(client_key=developer.key, uri=uri)

    assert problem("http://127.0.0.1:1234/") is None
    assert "localhost" in problem("https://example.com/")
    assert "localhost" in problem("http://localhost/")


@pytest.mark.parametrize(
    ("uri", "word"),
    [
        ("https://example.com/callback", None),
        ("http://127.0.0.1:8069/callback", None),
        ("http://example.com/callback", "https"),
        ("https://example.com/?a=1", "query"),
        ("https://example.com/#a", "fragment"),
        ("/callback", "absolute"),
        ("https://example.com/" + "x" * 500, "512"),
    ],
)
def test_redirect_uris_that_may_be_registered(developer, uri, word):
    problem = developer.tiktok.redirect_uri_problem(client_key=developer.key, uri=uri)
    assert (problem is None) if word is None else word in problem


def test_a_code_works_once_and_ten_minutes(developer):
    code = developer.code()
    assert developer.exchange(code).json()["access_token"]
    assert error(developer.exchange(code))[0] == "invalid_grant"
    code = developer.code()
    developer.tiktok.advance(600)
    assert error(developer.exchange(code))[0] == "invalid_grant"


def test_exchange_refusals(developer):
    def name(**changes):
        return error(developer.exchange(developer.code(), **changes))[0]

    assert name(client_secret="wrong") == "invalid_client"
    assert name(client_key="wrong") == "invalid_client"
    assert name(grant_type="password") == "unsupported_grant_type"
    assert name(redirect_uri=developer.REDIRECT + "/") == "invalid_request"
    assert name(redirect_uri=None) == "invalid_request"
    assert error(developer.exchange("invented"))[0] == "invalid_grant"
    as_json = developer.http.post(
        f"{developer.tiktok.url}/v2/oauth/token/", json=developer.keys, timeout=20
    )
    assert error(as_json)[0] == "invalid_request"


def test_oauth_errors_may_be_http_400(developer):
    developer.tiktok.set_settings(oauth_error_status=400)
    assert error(developer.exchange("x"), status=400)[0] == "invalid_grant"


def test_refresh_rotates_and_the_old_one_is_dead(developer):
    first = developer.exchange(developer.code()).json()
    second = developer.refresh(first["refresh_token"]).json()
    assert second["refresh_token"] != first["refresh_token"]
    assert second["access_token"] != first["access_token"]
    assert second["scope"] == first["scope"]
    name, text = error(developer.refresh(first["refresh_token"]))
    assert (name, "once" in text) == ("invalid_grant", True)
    assert developer.refresh(second["refresh_token"]).json()["access_token"]


def test_refresh_may_keep_its_token(developer):
    developer.tiktok.set_settings(refresh_rotates="no", token_life="24h/365d")
    first = developer.exchange(developer.code()).json()
    assert (first["expires_in"], first["refresh_expires_in"]) == (DAY, 365 * DAY)
    developer.tiktok.advance(DAY)
    second = developer.refresh(first["refresh_token"]).json()
    assert second["refresh_token"] == first["refresh_token"]
    assert second["refresh_expires_in"] == 364 * DAY
    assert developer.refresh(first["refresh_token"]).json()["access_token"]


def test_lives_end(developer):
    tokens = developer.exchange(developer.code()).json()
    developer.tiktok.advance(7200)
    answer = developer.get("/v2/user/info/", tokens["access_token"], fields="open_id")
    assert wrong(answer) == (401, "access_token_invalid")
    developer.tiktok.advance(180 * DAY)
    assert error(developer.refresh(tokens["refresh_token"]))[0] == "invalid_grant"


def test_refresh_of_another_app(developer):
    tokens = developer.exchange(developer.code()).json()
    other = developer.tiktok.create_developer_app()
    keys = {key: other[key] for key in ("client_key", "client_secret")}
    assert error(developer.refresh(tokens["refresh_token"], **keys))[0] == "invalid_grant"


def test_revoke(developer, receiver):
    developer.tiktok.set_app(client_key=developer.key, webhook_url=receiver.url)
    tokens = developer.exchange(developer.code()).json()
    form = {**developer.keys, "token": tokens["access_token"]}
    answer = developer.oauth(form, "/v2/oauth/revoke/")
    assert (answer.status_code, answer.content) == (200, b"")
    assert error(developer.oauth(form, "/v2/oauth/revoke/"))[0] == "invalid_request"
    assert error(developer.refresh(tokens["refresh_token"]))[0] == "invalid_grant"
    developer.tiktok.flush()
    assert b'{\\"reason\\":5}' in receiver.requests[0][2]


def test_client_credentials(developer):
    answer = developer.oauth({**developer.keys, "grant_type": "client_credentials"}).json()
    assert answer["access_token"].startswith("clt.")
    assert answer["expires_in"] == 7200


def test_the_page_may_be_skipped(developer):
    developer.http.post(developer.url(), data={"decision": "allow"}, allow_redirects=False)
    url = developer.url(disable_auto_auth="0")
    developer.login()
    answer = developer.http.get(url, allow_redirects=False, timeout=20)
    assert answer.status_code == 302
    assert developer.exchange(query(answer.headers["Location"])["code"]).json()["access_token"]
    shown = developer.http.get(developer.url(disable_auto_auth="1"), timeout=20)
    assert shown.status_code == 200


def test_faults_of_the_token_endpoint(developer):
    developer.tiktok.set_fault("/v2/oauth/token/", "dead_token", times=1)
    assert error(developer.refresh("x"))[0] == "invalid_grant"
    developer.tiktok.set_fault("/v2/oauth/token/", "code", times=1)
    assert error(developer.refresh("x"))[0] == "server_error"
