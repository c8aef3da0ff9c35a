"""CRM events, offline events and the spend report (contract, sections 7 and 9)."""

import hashlib

import pytest
import requests

from dev.sandbox.tests.clients import data, refusal


@pytest.fixture
def event_set(business):
    """A CRM event set of the first ad account."""
    call = {"advertiser_id": business.account, "name": "Odoo"}
    return data(business.post("/crm/create/", **call))["event_set_id"]


def event(**changes):
    """Return one event."""
    return {
        "event": "Qualified",
        "event_time": 1_789_899_000,
        "event_id": "odoo-lead-42-stage-3",
        "lead": {"lead_id": "7600000000000000123", "lead_event_source": "Odoo"},
        "user": {"email": hashlib.sha256(b"a@example.com").hexdigest()},
        "properties": {"currency": "EUR", "value": 1200.0},
        **changes,
    }


def track(business, event_set, *events, **changes):
    """Send events."""
    body = {"event_source": "crm", "event_source_id": event_set, "data": list(events), **changes}
    return business.post("/event/track/", **body)


def refused(response):
    """Return HTTP status, code and message of events that were refused."""
    body = response.json()
    assert body["code"] != 0
    return response.status_code, body["code"], body["message"]


def test_event_sets(business, event_set):
    (found,) = data(business.get("/crm/list/", advertiser_id=business.account))["crm_event_sets"]
    assert found["event_set_id"] == event_set
    assert found["name"] == "Odoo"
    assert found["create_time"].startswith("2026-09-20T")
    call = {"advertiser_id": business.account, "event_set_ids": ["7"]}
    assert data(business.get("/crm/list/", **call))["crm_event_sets"] == []
    long = {"advertiser_id": business.account, "name": "x" * 41}
    assert refusal(business.post("/crm/create/", **long))[0] == 40002


def test_an_event_is_stored_once(tiktok, business, event_set):
    assert data(track(business, event_set, event())) == {}
    data(track(business, event_set, event(), event(event_id="another")))
    stored = tiktok.crm_events()
    assert [each["event_id"] for each in stored] == ["odoo-lead-42-stage-3", "another"]
    assert stored[0]["lead"]["lead_id"] == "7600000000000000123"


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"event": ""}, "event"),
        ({"event_time": "2026-09-20"}, "seconds"),
        ({"event_time": 1_789_899_000_000}, "milliseconds"),
        ({"lead": {}}, "lead_id"),
        ({"lead": {"lead_id": 7600000000000000123}}, "string"),
        ({"user": {"email": "a@example.com"}}, "SHA-256"),
        ({"user": {"phone": ["+49"]}}, "SHA-256"),
        ({"properties": {"value": "1200", "currency": "EUR"}}, "number"),
        ({"properties": {"value": 1200.0}}, "currency"),
        ({"properties": {"value": 1200.0, "currency": "GEL"}}, "GEL"),
    ],
)
def test_one_bad_event_refuses_the_request(tiktok, business, event_set, change, word):
    status, code, message = refused(track(business, event_set, event(), event(**change)))
    assert (status, code) == (400, 40002)
    assert message.startswith("data[1]")
    assert word in message
    assert tiktok.crm_events() == []


def test_at_most_a_thousand_events(business, event_set):
    data(track(business, event_set, *[event(event_id=str(n)) for n in range(1000)]))
    many = track(business, event_set, *[event(event_id=str(n)) for n in range(1001)])
    sentence = "Number of events must be between 1 and 1000."
    assert refused(many) == (400, 40002, sentence)
    assert refused(track(business, event_set)) == (400, 40002, sentence)


def test_source_and_set(business, event_set):
    assert refused(track(business, event_set, event(), event_source="web"))[:2] == (400, 40002)
    assert refused(track(business, "7", event()))[:2] == (401, 40001)
    assert refused(track(business, event_set, event(), event_source="offline"))[0] == 401


def test_a_token_fits_its_own_event_set(tiktok, business, event_set):
    other = tiktok.create_event_set(advertiser_id=business.account)["event_set_id"]
    business.token = tiktok.grant_event_token(event_set_id=other)
    status, code, message = refused(track(business, event_set))
    assert (status, code) == (401, 40001)
    assert message == f"No permission to operate event source id {event_set}"
    assert refused(track(business, other))[1] == 40002
    tiktok.revoke_business_token(business.token)
    assert refused(track(business, other)) == (400, 40002, "Invalid access token")


def test_offline_events_have_standard_names_and_a_person(tiktok, business):
    call = {"advertiser_id": business.account, "name": "Shop", "description": "Odoo"}
    offline = data(business.post("/offline/create/", **call))["event_set_id"]
    sale = event(event="Purchase")
    assert "lead" in refused(track(business, offline, sale, event_source="offline"))[2]
    del sale["lead"]
    data(track(business, offline, sale, event_source="offline"))
    for change, word in (({"event": "Qualified"}, "standard"), ({"user": {}}, "user")):
        answer = track(business, offline, {**sale, **change}, event_source="offline")
        assert word in refused(answer)[2]
    assert [each["event"] for each in tiktok.crm_events()] == ["Purchase"]


def test_what_is_received_again_is_counted_once(tiktok, business, event_set):
    for _time in range(3):
        data(track(business, event_set, event()))
    (stored,) = tiktok.crm_events()
    assert stored["copies"] == 3
    page = requests.get(f"{tiktok.url}/signals/", timeout=30).text
    for text in ("7600000000000000123", "Qualified", "1200.00", "received 3 times"):
        assert text in page


def test_what_is_not_known_can_be_switched(tiktok, business, event_set):
    standard = event(event="SubmitForm")
    data(track(business, event_set, standard))
    tiktok.set_settings(standard_events="refused", event_age_days=7)
    assert "custom" in refused(track(business, event_set, standard))[2]
    old = event(event_time=1_789_000_000)
    assert "Older" in refused(track(business, event_set, old))[2]


def test_events_may_need_a_token_of_events_manager(tiktok, business, event_set):
    tiktok.set_settings(event_token="events_manager")
    assert refused(track(business, event_set, event()))[:2] == (401, 40001)
    business.token = tiktok.grant_event_token(event_set_id=event_set)
    data(track(business, event_set, event()))
    assert refusal(business.get("/page/get/", advertiser_id=business.account))[0] == 40001


def report(business, **changes):
    """Ask for spend by campaign and day."""
    call = {
        "advertiser_id": business.account,
        "report_type": "BASIC",
        "data_level": "AUCTION_CAMPAIGN",
        "dimensions": ["campaign_id", "stat_time_day"],
        "metrics": ["spend", "campaign_name", "currency"],
        "start_date": "2026-09-14",
        "end_date": "2026-09-20",
        "page_size": 1000,
        **changes,
    }
    return business.get("/report/integrated/get/", **call)


def total(found):
    """Return the spend of all rows in cents."""
    return round(100 * sum(float(row["metrics"]["spend"]) for row in found["list"]))


def test_spend_per_level_adds_up(business):
    by_day = data(report(business))
    row = by_day["list"][0]
    assert row["dimensions"]["stat_time_day"] == "2026-09-14 00:00:00"
    assert row["metrics"]["campaign_name"] == "Spring living room"
    assert row["metrics"]["currency"] == "AED"
    assert isinstance(row["metrics"]["spend"], str)
    assert len(by_day["list"]) == 2 * 7
    for level in ("campaign", "adgroup", "ad"):
        metrics = ["spend", f"{level}_name"]
        summed = data(
            report(
                business,
                data_level=f"AUCTION_{level.upper()}",
                dimensions=[f"{level}_id"],
                metrics=metrics,
            )
        )
        assert total(summed) == total(by_day)


def test_nothing_is_spent_tomorrow(business):
    found = data(report(business, start_date="2026-09-21", end_date="2026-09-25"))
    assert total(found) == 0


@pytest.mark.parametrize(
    "change",
    [
        {"report_type": "AUDIENCE"},
        {"data_level": ""},
        {"dimensions": ["ad_id"]},
        {"dimensions": ["campaign_id", "gender"]},
        {"metrics": ["happiness"]},
        {"start_date": "2026-08-01"},
        {"start_date": "yesterday"},
        {"end_date": "2026-09-01"},
    ],
)
def test_report_refusals(business, change):
    assert refusal(report(business, **change))[0] == 40002
