"""Tokens of advertisers (contract, sections 2.1 to 2.3)."""

import pytest

from dev.sandbox.handle import SandboxError
from dev.sandbox.tests.clients import data, query, refusal

REDIRECT = "https://odoo.example.com/api/integrations/accounts/oauth/callback/tiktok-business/"


@pytest.fixture
def portal(tiktok, business):
    """Return the authorise address of a registered redirect URI."""
    tiktok.set_redirect_uris(business.app["app_id"], [REDIRECT])
    app_id = business.app["app_id"]
    return f"{tiktok.url}/portal/auth?app_id={app_id}&state=abc&redirect_uri={REDIRECT}"


def consent(tiktok, business, portal):
    """Say yes for the first ad account; return the callback's query."""
    return query(tiktok.consent(portal, advertiser_ids=business.account))


def test_code_to_token(tiktok, business, portal):
    answer = consent(tiktok, business, portal)
    assert answer["state"] == "abc"
    assert answer["auth_code"] == answer["code"]
    call = {**business.keys, "auth_code": answer["auth_code"]}
    found = data(business.post("/oauth2/access_token/", token="", **call))
    assert found["advertiser_ids"] == [business.account]
    assert all(isinstance(each, int) for each in found["scope"])
    assert set(found) == {"access_token", "advertiser_ids", "scope"}  # no life, no refresh token


def test_only_auth_code_may_come_back(tiktok, business, portal):
    tiktok.set_settings(portal_code="auth_code")
    assert "code" not in consent(tiktok, business, portal)


def test_a_code_works_once(tiktok, business, portal):
    call = {**business.keys, "auth_code": consent(tiktok, business, portal)["auth_code"]}
    data(business.post("/oauth2/access_token/", token="", **call))
    code, message = refusal(business.post("/oauth2/access_token/", token="", **call))
    assert (code, "once" in message) == (40110, True)


def test_a_code_lives_an_hour(tiktok, business, portal):
    call = {**business.keys, "auth_code": consent(tiktok, business, portal)["auth_code"]}
    tiktok.advance(3600)
    assert refusal(business.post("/oauth2/access_token/", token="", **call))[0] == 40110


def test_wrong_secret_wrong_app_and_no_code(business):
    bad = {**business.keys, "secret": "wrong", "auth_code": "x"}
    assert refusal(business.post("/oauth2/access_token/", token="", **bad))[0] == 40101
    bad = {**business.keys, "app_id": "1", "auth_code": "x"}
    assert refusal(business.post("/oauth2/access_token/", token="", **bad))[0] == 40113
    assert refusal(business.post("/oauth2/access_token/", token="", **business.keys))[0] == 40002


def test_variant_with_the_names_of_the_rfc(tiktok, business, portal):
    call = {
        "client_id": business.app["app_id"],
        "client_secret": business.app["secret"],
        "grant_type": "authorization_code",
        "code": consent(tiktok, business, portal)["auth_code"],
    }
    assert data(business.post("/oauth/token/", token="", **call))["access_token"]


def test_the_older_address_is_the_same(tiktok, business, portal):
    older = portal.replace("/portal/auth", "/marketing_api/auth") + "&scope=4,21"
    call = {**business.keys, "auth_code": consent(tiktok, business, older)["auth_code"]}
    assert data(business.post("/oauth2/access_token/", token="", **call))["scope"] == [4, 21]


def test_redirect_uri_must_match_letter_by_letter(tiktok, business, portal):
    with pytest.raises(SandboxError, match="not registered"):
        tiktok.consent(portal + "/", advertiser_ids=business.account)
    with pytest.raises(SandboxError, match="no such app"):
        tiktok.consent(portal.replace("app_id=", "app_id=9"), advertiser_ids=business.account)


def test_the_person_says_no(tiktok, business, portal):
    answer = query(tiktok.consent(portal, approve=False))
    assert answer["error"] == "access_denied"
    assert "auth_code" not in answer


def test_advertisers_of_a_token(business):
    found = data(business.get("/oauth2/advertiser/get/", **business.keys))["list"]
    assert [each["advertiser_id"] for each in found] == [business.account, business.other]
    assert found[0]["advertiser_name"] == business.accounts[0]["name"]


def test_revoked_expired_empty_and_invented_tokens(tiktok, business):
    def code(**extra):
        return refusal(business.get("/page/get/", advertiser_id=business.account, **extra))[0]

    assert code(token="") == 40104
    assert code(token="invented") == 40105
    revoked = {**business.keys, "access_token": business.token}
    found = data(business.post("/oauth2/revoke_token/", token="", **revoked))
    assert found["app_id"] == business.app["app_id"]
    assert code() == 40105
    business.token = tiktok.grant_business_token(business.app["app_id"], [business.account])
    tiktok.expire_business_token(token=business.token)
    assert code() == 40102


def test_there_is_no_refresh(business):
    assert refusal(business.post("/oauth2/refresh_token/", token="", **business.keys))[0] == 40107


def test_a_missing_last_slash_is_a_bare_404(business):
    answer = business.get("/page/get", advertiser_id=business.account)
    assert answer.status_code == 404
    assert "code" not in answer.text


def test_permissions_and_foreign_advertisers(tiktok, business):
    app_id = business.app["app_id"]
    weak = tiktok.grant_business_token(app_id, [business.account], scope=[4])
    answer = business.get("/page/get/", token=weak, advertiser_id=business.account)
    assert refusal(answer) == (
        40001, "The app lacks the permission Creative Management > Instant Page Management."
    )  # fmt: skip
    narrow = tiktok.grant_business_token(app_id, [business.account])
    assert (
        refusal(business.get("/page/get/", token=narrow, advertiser_id=business.other))[0] == 40001
    )
    assert refusal(business.get("/page/get/", advertiser_id="7"))[0] == 40300


def test_ids_are_texts_and_bodies_are_json(business):
    numeric = business.post(
        "/page/lead/task/", advertiser_id=int(business.account), page_id=business.form
    )
    assert refusal(numeric) == (40002, "advertiser_id: Not a valid string.")
    form = business.http.post(
        business.base + "/page/lead/task/",
        data={"advertiser_id": business.account},
        headers={"Access-Token": business.token},
        timeout=20,
    )
    assert refusal(form) == (40002, "Content-Type must be application/json.")
