"""Subscriptions (contract, sections 1.1 and 2.9)."""

import pytest

from dev.sandbox.tests.clients import data, refusal


def subscribe(business, callback, token=None, **detail):
    """Subscribe to the leads of the first ad account."""
    return business.post(
        "/subscription/subscribe/",
        token="",  # the app's keys authenticate, no header
        **business.keys,
        subscribe_entity="LEAD",
        callback_url=callback,
        subscription_detail={
            "access_token": token or business.token,
            "lead_source": "INSTANT_FORM",
            "advertiser_id": business.account,
            **detail,
        },
    )


def listed(business):
    """Return the app's subscriptions."""
    call = {**business.keys, "subscribe_entity": "LEAD", "page_size": 1000}
    return data(business.get("/subscription/get/", token="", **call))["subscriptions"]


def test_subscribe_deliver_unsubscribe(tiktok, business, receiver):
    subscription_id = data(subscribe(business, receiver.url))["subscription_id"]
    (found,) = listed(business)
    assert found["subscription_id"] == subscription_id
    assert found["callback_url"] == receiver.url
    assert found["subscription_detail"]["advertiser_id"] == business.account
    tiktok.submit_leads(business.form, 1)
    tiktok.flush()
    assert len(receiver.requests) == 1
    call = {**business.keys, "subscription_id": subscription_id}
    ended = data(business.post("/subscription/unsubscribe/", token="", **call))
    assert ended == {"subscription_id": subscription_id}
    assert refusal(business.post("/subscription/unsubscribe/", token="", **call))[0] == 40007
    tiktok.submit_leads(business.form, 1)
    tiktok.flush()
    assert len(receiver.requests) == 1


@pytest.mark.parametrize(("way", "count"), [("listed", 1), ("hidden", 0)])
def test_a_revoked_token_kills_it_silently(tiktok, business, receiver, way, count):
    tiktok.set_settings(dead_subscription=way)
    data(subscribe(business, receiver.url))
    call = {**business.keys, "access_token": business.token}
    data(business.post("/oauth2/revoke_token/", token="", **call))
    tiktok.submit_leads(business.form, 3)
    tiktok.flush()
    assert not receiver.requests
    assert len(listed(business)) == count
    fresh = tiktok.grant_business_token(business.app["app_id"], [business.account])
    data(subscribe(business, receiver.url, token=fresh))
    tiktok.submit_leads(business.form, 1)
    tiktok.flush()
    assert len(receiver.requests) == 1


def test_the_same_again(tiktok, business, receiver):
    data(subscribe(business, receiver.url))
    code, message = refusal(subscribe(business, receiver.url))
    assert (code, "already" in message) == (40002, True)
    data(subscribe(business, receiver.url, page_id=business.form))
    tiktok.set_settings(subscription_unique="callback")
    other = subscribe(business, receiver.url, page_id=business.forms[1]["page_id"])
    assert refusal(other)[0] == 40002
    tiktok.set_settings(subscription_unique="none")
    data(subscribe(business, receiver.url))
    tiktok.submit_leads(business.form, 1)
    tiktok.flush()
    assert len(receiver.requests) == 3  # each subscription has its own deliveries


def test_by_form_and_by_library(tiktok, business, receiver):
    data(subscribe(business, f"{receiver.url}/form", page_id=business.form))
    library = {"advertiser_id": "", "library_id": business.library["library_id"]}
    data(subscribe(business, f"{receiver.url}/library", **library))
    tiktok.submit_leads(business.forms[1]["page_id"], 1)
    tiktok.submit_leads(business.form, 1)
    tiktok.submit_leads(business.forms[3]["page_id"], 1)
    tiktok.flush()
    assert [path for path, _h, _b in receiver.requests] == ["/form", "/library"]


def test_refusals(tiktok, business, receiver):
    assert refusal(subscribe(business, "no address"))[0] == 40002
    assert refusal(subscribe(business, receiver.url, token="invented"))[0] == 40105
    assert refusal(subscribe(business, receiver.url, page_id="7"))[0] == 40007
    message = {"lead_source": "DIRECT_MESSAGE", "page_id": business.form}
    assert refusal(subscribe(business, receiver.url, **message))[0] == 40002
    both = {"library_id": business.library["library_id"]}
    assert refusal(subscribe(business, receiver.url, **both))[0] == 40002
    weak = tiktok.grant_business_token(business.app["app_id"], [business.account], scope=[4])
    assert refusal(subscribe(business, receiver.url, token=weak))[0] == 40001
    tiktok.set_role(advertiser_id=business.account, role="ANALYST")
    assert refusal(subscribe(business, receiver.url))[0] == 40001
    business.keys["secret"] = "wrong"
    assert refusal(subscribe(business, receiver.url))[0] == 40101


def test_query_strings_and_http_may_be_refused(tiktok, business, receiver):
    url = f"{receiver.url}/?company_id=1&token=abc"
    data(subscribe(business, url))
    tiktok.set_settings(callback_query="refused")
    assert "query" in refusal(subscribe(business, url + "2"))[1]
    tiktok.set_settings(callback_http="refused")
    assert "https" in refusal(subscribe(business, receiver.url))[1]


def test_other_entities_bring_no_leads(tiktok, business, receiver):
    call = {**business.keys, "subscribe_entity": "AD", "callback_url": receiver.url}
    data(business.post("/subscription/subscribe/", token="", **call))
    tiktok.submit_leads(business.form, 1)
    assert tiktok.flush() == 0
    call["subscribe_entity"] = "NOTHING"
    assert refusal(business.post("/subscription/subscribe/", token="", **call))[0] == 40002


def test_somebody_else_subscribes_with_the_same_app(tiktok, business, receiver):
    uid = tiktok.subscribe_other_program(
        callback_url=receiver.url, advertiser_id=business.account, app_id=business.keys["app_id"]
    )
    assert uid in [each["subscription_id"] for each in listed(business)]
    assert uid in [each["subscription_id"] for each in tiktok.subscriptions()]
    assert business.token in [each["token"] for each in tiktok.business_tokens()]
    tiktok.submit_leads(business.form, 1)
    tiktok.flush()
    assert len(receiver.requests) == 1
