"""The lead webhook: shape, signature, retries (contract, section 1)."""

import json

import pytest

from dev.sandbox import signing
from dev.sandbox.handle import SandboxError

ANSWERS = {"first_name": "Ana", "last_name": "Pérez 😀", "phone_number": "+56911112222"}
HOURS_24 = 24 * 3600


@pytest.fixture
def hook(tiktok, business, receiver):
    """A webhook of the first ad account, signed by the demo's app."""
    url = f"{receiver.url}/hook"
    tiktok.paste_webhook(url, business.account, app_id=business.app["app_id"])
    return url


def submit(tiktok, business, answers=None, **options):
    """Submit a form and deliver."""
    lead = tiktok.submit_lead(business.form, answers or ANSWERS, **options)
    tiktok.flush()
    return lead


def sent(receiver):
    """Return the last body as JSON."""
    return json.loads(receiver.requests[-1][2])


def test_body_has_the_documented_shape(tiktok, business, receiver, hook):
    lead = submit(tiktok, business, {**ANSWERS, "What is your budget?": "2-4 M"})
    body = sent(receiver)
    assert body["object"] == 1
    assert body["time"] == int(tiktok.now())
    assert isinstance(body["request_id"], str)
    (entry,) = body["entry"]
    assert entry["id"] == int(lead["lead_id"]) > 2**53
    assert len(lead["lead_id"]) == 19
    assert entry["page_id"] == int(business.form)
    assert entry["advertiser_id"] == int(business.account)
    assert entry["library_id"] == 0
    assert entry["lead_source"] == "INSTANT_FORM"
    assert entry["campaign_name"] and entry["adgroup_name"] and entry["ad_name"]
    assert {"field": "last_name", "value": "Pérez 😀"} in entry["changes"]
    assert {"field": "What is your budget?", "value": "2-4 M"} in entry["changes"]
    assert not {"lead_id", "form_id"} & set(entry)


@pytest.mark.parametrize("body", ["utf8", "escaped"])
@pytest.mark.parametrize("signature", ["raw", "escaped"])
def test_signature_over_raw_or_escaped_body(tiktok, business, receiver, hook, body, signature):
    tiktok.set_settings(lead_body=body, lead_signature=signature)
    submit(tiktok, business)
    _path, headers, raw = receiver.requests[0]
    assert raw.isascii() == (body == "escaped")
    signed = signing.escape_unicode(raw) if signature == "escaped" else raw
    expected = signing.lead_signature(business.app["secret"], signed)
    assert headers["X-Open-Signature"] == expected
    assert headers["x-open-signature-type"] == "HMAC-SHA256"


def test_signature_missing_or_wrong(tiktok, business, receiver, hook):
    tiktok.set_settings(lead_signature="missing")
    submit(tiktok, business)
    assert "X-Open-Signature" not in receiver.requests[0][1]
    tiktok.set_settings(lead_signature="wrong")
    submit(tiktok, business)
    _path, headers, raw = receiver.requests[1]
    right = signing.lead_signature(business.app["secret"], raw)
    assert headers["X-Open-Signature"] not in (right, "")


def test_ids_and_request_id_as_switched(tiktok, business, receiver, hook):
    tiktok.set_settings(lead_ids="string", lead_request_id="number", lead_page_name="empty")
    submit(tiktok, business)
    body = sent(receiver)
    assert isinstance(body["entry"][0]["id"], str)
    assert isinstance(body["request_id"], int)
    assert body["entry"][0]["page_name"] == ""
    tiktok.set_settings(lead_request_id="missing")
    submit(tiktok, business)
    assert "request_id" not in sent(receiver)


@pytest.mark.parametrize(
    ("way", "values"),
    [
        ("comma", ["A, B"]),
        ("list", [["A", "B"]]),
        ("repeated", ["A", "B"]),
        ("json", ['["A", "B"]']),
    ],
)
def test_several_choices(tiktok, business, receiver, hook, way, values):
    tiktok.set_settings(lead_several=way)
    submit(tiktok, business, {"Rooms": ["A", "B"]})
    changes = sent(receiver)["entry"][0]["changes"]
    assert [change["value"] for change in changes] == values


def test_name_in_one_piece_or_two(tiktok, business, receiver, hook):
    tiktok.set_settings(lead_name="name")
    submit(tiktok, business, {"first_name": "Ana", "last_name": "Pérez"})
    assert sent(receiver)["entry"][0]["changes"] == [{"field": "name", "value": "Ana Pérez"}]
    tiktok.set_settings(lead_name="first_last")
    submit(tiktok, business, {"name": "Ana Pérez"})
    fields = [change["field"] for change in sent(receiver)["entry"][0]["changes"]]
    assert fields == ["first_name", "last_name"]


def test_keys_may_be_labels_and_consent_an_answer(tiktok, business, receiver):
    form = business.forms[1]
    tiktok.paste_webhook(receiver.url, form["advertiser_id"])
    tiktok.set_settings(lead_keys="labels", lead_consent="yes")
    tiktok.submit_lead(form["page_id"], {"phone_number": "+9715"})
    tiktok.flush()
    changes = sent(receiver)["entry"][0]["changes"]
    assert changes[0] == {"field": "رقم الهاتف", "value": "+9715"}
    assert changes[1]["value"] == "Yes"


def test_a_try_from_ads_manager_is_marked(tiktok, business, receiver, hook):
    submit(tiktok, business, test="preview")
    (entry,) = sent(receiver)["entry"]
    assert entry["campaign_id"] == 0
    assert entry["campaign_name"].startswith("test lead: dummy data")


def test_direct_message_leads_need_their_own_subscription(tiktok, business, receiver, hook):
    tiktok.submit_message_lead(advertiser_id=business.account, answers={"name": "Ana"})
    tiktok.flush()
    assert not receiver.requests
    business.post(
        "/subscription/subscribe/",
        **business.keys,
        subscribe_entity="LEAD",
        callback_url=hook,
        subscription_detail={
            "access_token": business.token,
            "lead_source": "DIRECT_MESSAGE",
            "advertiser_id": business.account,
        },
    )
    tiktok.submit_message_lead(advertiser_id=business.account, answers={"name": "Ana"})
    tiktok.flush()
    assert sent(receiver)["entry"][0]["lead_source"] == "DIRECT_MESSAGE"


def test_a_thousand_leads_in_one_post_and_not_one_more(tiktok, business, receiver, hook):
    ids = tiktok.submit_leads(business.form, 1500, per_post=1000)
    tiktok.flush()
    sizes = [len(json.loads(body)["entry"]) for _path, _headers, body in receiver.requests]
    assert sizes == [1000, 500]
    assert len(set(ids)) == 1500
    with pytest.raises(SandboxError, match="1 to 1,000"):
        tiktok.submit_leads(business.form, 10, per_post=1001)


def test_retries_immediately_then_for_24_hours_then_drops(tiktok, business, receiver, hook):
    receiver.answers = [(500, "no")] * 100
    began = tiktok.now()
    submit(tiktok, business)
    assert len(receiver.requests) == 2  # the first try and the immediate retry
    tiktok.advance(HOURS_24 + 1)
    (delivery,) = tiktok.deliveries()
    assert delivery["state"] == "dropped"
    waits = [attempt["at"] - began for attempt in delivery["attempts"]]
    assert waits == sorted(waits)
    assert waits[-1] == HOURS_24
    assert len({body for _path, _headers, body in receiver.requests}) == 1
    tries = len(receiver.requests)
    tiktok.advance(7 * HOURS_24)
    assert len(receiver.requests) == tries


@pytest.mark.parametrize("status", [201, 204, 302, 404, 503])
def test_anything_but_200_is_a_failure(tiktok, business, receiver, hook, status):
    receiver.answers = [(status, "")] * 2
    submit(tiktok, business)
    (delivery,) = tiktok.deliveries()
    assert (delivery["state"], len(receiver.requests)) == ("waiting", 2)
    tiktok.advance(60)
    assert tiktok.deliveries()[0]["state"] == "delivered"


def test_no_answer_is_a_failure(tiktok, business, receiver, hook):
    receiver.stop()
    submit(tiktok, business)
    (delivery,) = tiktok.deliveries()
    assert delivery["attempts"][0]["status"] == 0
    assert delivery["attempts"][0]["answer"].startswith("no answer")


def test_a_late_answer_is_a_failure(tiktok, business, receiver, hook):
    tiktok.set_settings(webhook_timeout=0.1)
    receiver.delay = 0.3
    submit(tiktok, business)
    (delivery,) = tiktok.deliveries()
    assert {attempt["answer"] for attempt in delivery["attempts"]} == {"no answer in time"}
    assert delivery["attempts"][0]["headers"]["X-Open-Signature"]


def test_duplicates_and_disorder_on_request(tiktok, business, receiver, hook):
    tiktok.set_settings(lead_copies=3, lead_order="shuffled")
    ids = tiktok.submit_leads(business.form, 20)
    tiktok.flush()
    came = [str(json.loads(body)["entry"][0]["id"]) for _p, _h, body in receiver.requests]
    assert sorted(came) == sorted(ids * 3)
    assert came[:20] != ids


def test_resend_and_other_objects(tiktok, business, receiver, hook):
    submit(tiktok, business)
    (delivery,) = tiktok.deliveries()
    tiktok.resend(delivery["delivery_id"])
    tiktok.send_body(callback_url=hook, payload={"object": 2, "entry": []})
    tiktok.flush()
    assert receiver.requests[0][2] == receiver.requests[1][2]
    assert sent(receiver)["object"] == 2


def test_two_subscriptions_deliver_twice(tiktok, business, receiver, hook):
    tiktok.paste_webhook(f"{receiver.url}/second", business.account)
    submit(tiktok, business)
    assert sorted(path for path, _h, _b in receiver.requests) == ["/hook", "/second"]
    unsigned = next(h for path, h, _b in receiver.requests if path == "/second")
    assert "X-Open-Signature" not in unsigned


def test_leads_of_a_region_may_not_come(tiktok, business, receiver, hook):
    tiktok.set_settings(lead_regions="rest_of_world")
    submit(tiktok, business, region="eu")
    assert not receiver.requests
    tiktok.set_settings(lead_regions="all")
    submit(tiktok, business, region="eu")
    assert len(receiver.requests) == 1


def test_nothing_leaves_this_machine(tiktok, business):
    tiktok.paste_webhook("https://example.com/hook", business.account)
    submit(tiktok, business)
    answer = tiktok.deliveries()[0]["attempts"][0]["answer"]
    assert answer.startswith("not sent: the address is not on this machine")


def test_a_webhook_for_one_form_of_this_account(tiktok, business, receiver):
    foreign = business.forms[2]["page_id"]
    with pytest.raises(SandboxError, match="another ad account"):
        tiktok.paste_webhook(receiver.url, business.account, page_id=foreign)
    tiktok.paste_webhook(receiver.url, business.account, page_id=business.form)
    tiktok.submit_leads(business.forms[1]["page_id"], 1)
    assert tiktok.flush() == 0


def test_leads_center_may_have_no_box(tiktok, business, receiver):
    tiktok.set_settings(leads_center_paste="no")
    with pytest.raises(SandboxError, match="no box"):
        tiktok.paste_webhook(receiver.url, business.account)
    tiktok.set_settings(leads_center_paste="yes", callback_probe="challenge")
    with pytest.raises(SandboxError, match="challenge"):
        tiktok.paste_webhook(receiver.url, business.account)
