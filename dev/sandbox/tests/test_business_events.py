"""CRM events and the spend report (contract, section 7)."""

import hashlib

import pytest

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
    ],
)
def test_one_bad_event_refuses_the_request(tiktok, business, event_set, change, word):
    code, message = refusal(track(business, event_set, event(), event(**change)))
    assert code == 40002
    assert message.startswith("data[1]")
    assert word in message
    assert tiktok.crm_events() == []


def test_at_most_a_thousand_events(business, event_set):
    data(track(business, event_set, *[event(event_id=str(n)) for n in range(1000)]))
    many = track(business, event_set, *[event(event_id=str(n)) for n in range(1001)])
    assert refusal(many)[0] == 40002
    assert refusal(track(business, event_set))[0] == 40002


def test_source_and_set(business, event_set):
    assert refusal(track(business, event_set, event(), event_source="web"))[0] == 40002
    assert refusal(track(business, "7", event()))[0] == 40007


def test_what_is_not_known_can_be_switched(tiktok, business, event_set):
    standard = event(event="SubmitForm")
    data(track(business, event_set, standard))
    tiktok.set_settings(standard_events="refused", event_age_days=7)
    assert "custom" in refusal(track(business, event_set, standard))[1]
    old = event(event_time=1_789_000_000)
    assert "Older" in refusal(track(business, event_set, old))[1]


def test_events_may_need_a_token_of_events_manager(tiktok, business, event_set):
    tiktok.set_settings(event_token="events_manager")
    assert refusal(track(business, event_set, event()))[0] == 40001
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
