"""Rate limits, faults, switches, clock, seed (contract, section 2.1; and the sandbox's own)."""

import threading
import time

import pytest
import requests

from dev.sandbox.clock import Clock
from dev.sandbox.handle import Sandbox, SandboxError
from dev.sandbox.limits import Limits
from dev.sandbox.tests.clients import data, refusal
from dev.sandbox.tests.conftest import NOW


def call(business):
    """Make a call that works."""
    return business.get("/page/get/", advertiser_id=business.account)


def test_ten_calls_in_a_second(tiktok, business):
    for _number in range(10):
        data(call(business))
    assert refusal(call(business)) == (40100, "App reaches the QPS limit.")
    assert data(business.get("/page/library/get/"))  # each endpoint has its own
    tiktok.advance(1)
    data(call(business))
    tiktok.set_settings(rate_code=40133)
    for _number in range(9):
        data(call(business))
    assert refusal(call(business))[0] == 40133


def test_the_minute_locks_for_five(tiktok, business):
    tiktok.set_settings(rate_level="sandbox")
    for _number in range(30):
        data(call(business))
        tiktok.advance(1.5)
    assert "QPM" in refusal(call(business))[1]
    tiktok.advance(299)
    assert "QPM" in refusal(call(business))[1]
    tiktok.advance(1)
    data(call(business))


def test_the_day_ends_at_midnight_utc():
    clock = Clock(NOW)
    limits = Limits(clock)
    for _number in range(1000):
        assert limits.business_full("app", "/page/get/", "sandbox") is None
        clock.shift(3)
    assert limits.business_full("app", "/page/get/", "sandbox") == "QPD"
    clock.shift(86400 - clock.now() % 86400)
    assert limits.business_full("app", "/page/get/", "sandbox") is None


@pytest.mark.parametrize(
    ("kind", "value", "status", "has_code"),
    [("status", 503, 503, False), ("429", 7, 429, False), ("garbage", None, 200, False)],
)
def test_faults_instead_of_an_answer(tiktok, business, kind, value, status, has_code):
    tiktok.set_fault("/page/get/", kind, value, times=1)
    answer = call(business)
    assert answer.status_code == status
    assert ("code" in answer.text) == has_code
    if kind == "429":
        assert answer.headers["Retry-After"] == "7"
    data(call(business))  # one time only


def test_fault_with_a_code_and_a_dead_token(tiktok, business):
    tiktok.set_fault("/page/get/", "code", 50000, times=1)
    assert refusal(call(business))[0] == 50000
    tiktok.set_fault("/page/get/", "code", 20001, times=1)
    partial = call(business).json()
    assert partial["code"] == 20001
    assert partial["data"]["list"]  # partly successful has data
    tiktok.set_fault("*", "dead_token")
    assert refusal(call(business))[0] == 40105
    tiktok.clear_faults()
    data(call(business))


def test_a_success_with_other_data(tiktok, business):
    tiktok.set_fault("/page/get/", "data", times=1)
    assert call(business).json()["data"] is None
    tiktok.set_fault("/page/get/", "data", {"rows": []}, times=1)
    answer = call(business).json()
    assert (answer["code"], answer["data"]) == (0, {"rows": []})
    data(call(business))


def test_truncated_and_reset(tiktok, business):
    tiktok.set_fault("/page/*", "truncated", times=1)
    with pytest.raises(requests.RequestException):
        call(business)
    tiktok.set_fault("/page/*", "reset", times=1)
    with pytest.raises(requests.RequestException):
        call(business)
    data(call(business))


def test_slow(tiktok, business):
    tiktok.set_fault("/page/get/", "slow", 0.2, times=1)
    began = time.monotonic()
    data(call(business))
    assert time.monotonic() - began >= 0.2


def test_hang_until_it_is_let_go(tiktok, business):
    tiktok.set_fault("/page/get/", "hang", 30)
    threading.Timer(0.2, tiktok.clear_faults).start()
    with pytest.raises(requests.RequestException):
        call(business)


def test_skip_lets_calls_pass_first(tiktok, business):
    tiktok.set_fault("/page/get/", "status", 500, skip=2)
    assert [call(business).status_code for _n in range(3)] == [200, 200, 500]
    with pytest.raises(SandboxError, match="no fault"):
        tiktok.set_fault("/page/get/", "earthquake")


def test_switches_know_their_answers(tiktok):
    assert tiktok.settings()["lead_ids"] == "number"
    with pytest.raises(SandboxError, match="it can be number, string"):
        tiktok.set_settings(lead_ids="roman", lead_body="escaped")
    assert tiktok.settings()["lead_body"] == "utf8"  # all or nothing
    with pytest.raises(SandboxError, match="no switch"):
        tiktok.set_settings(nonsense=1)


def test_the_same_seed_makes_the_same_world(tiktok):
    with Sandbox.start(seed=1, clock=NOW) as twin, Sandbox.start(seed=2, clock=NOW) as other:
        known, again, different = (each.describe() for each in (tiktok, twin, other))
    for each in (known, again, different):
        del each["base_urls"]
    assert known == again != different


def test_the_demo_world(tiktok):
    known = tiktok.describe()
    assert len(known["advertisers"]) == 2
    assert {form["language"] for form in known["forms"]} == {"en", "ar", "ru"}
    assert len(known["creators"]) == 2
    assert "fake" in known["business_apps"][0]["secret"]
    assert "fake" in known["developer_apps"][0]["client_secret"]
    ids = [ad[f"{level}_id"] for ad in known["ads"] for level in ("ad", "adgroup", "campaign")]
    ids += [form["page_id"] for form in known["forms"]]
    assert {len(each) for each in ids} == {19}
    assert tiktok.base_urls["TIKTOK_BUSINESS_API_BASE_URL"].endswith("/open_api/v1.3")


def test_control_says_what_is_wrong(tiktok):
    with pytest.raises(SandboxError, match="no control"):
        tiktok.dance()
    with pytest.raises(SandboxError, match="there is no '7'"):
        tiktok.submit_lead("7", {})
    with pytest.raises(TypeError):
        tiktok.set_settings("lead_ids")


def test_an_empty_world_can_be_furnished():
    with Sandbox.start(clock=NOW, empty=True) as sandbox:
        app = sandbox.create_business_app(name="Mine")
        account = sandbox.create_advertiser(name="Mine", currency="USD")
        form = sandbox.create_form(account["advertiser_id"])
        sandbox.create_ads(page_id=form["page_id"])
        sandbox.create_library(advertiser_id=account["advertiser_id"])
        sandbox.create_developer_app(pkce="base64url")
        sandbox.create_creator(username="me", private=True)
        sandbox.add_video(username="me", title="Hello")
        assert sandbox.grant_business_token(app["app_id"], [account["advertiser_id"]])
        assert len(sandbox.describe()["forms"]) == 1
