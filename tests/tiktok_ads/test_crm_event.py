"""CRM events and event sets, against the local TikTok."""

import pytest
from local_business import NOW, run_local_tiktok
from tiktok import crm_event, errors
from tiktok.crm_event import CRM, OFFLINE, LeadEvent

LEAD = "7600000000000000123"


@pytest.fixture(scope="module")
def local():
    with run_local_tiktok() as running:
        yield running


@pytest.fixture
def event_set_uid(local):
    return local.sandbox.create_event_set(advertiser_id=local.advertiser_uid)["event_set_id"]


def make_event(**values):
    event = LeadEvent("uid-1", "Qualified", NOW - 60, LEAD, "ana@example.com", "+56911112222")
    return event._replace(**values)


def stored_events(local, event_set_uid):
    events = local.sandbox.crm_events()
    return [event for event in events if event["event_source_id"] == event_set_uid]


def test_an_event_is_sent_with_its_lead_and_hashes(local, event_set_uid):
    event = make_event(name="Won", value=1200.456, currency="EUR")
    crm_event.send_events(local.client, event_set_uid, CRM, [event], "TEST1")
    (stored,) = stored_events(local, event_set_uid)
    assert stored["lead"] == {"lead_id": LEAD, "lead_event_source": "Odoo"}
    assert stored["properties"] == {"currency": "EUR", "value": 1200.46}
    assert set(stored["user"]) == {"email", "phone"}
    assert stored["test_event_code"] == "TEST1"


def test_an_event_that_is_sent_again_counts_once(local, event_set_uid):
    for _time in range(2):
        crm_event.send_events(local.client, event_set_uid, CRM, [make_event()])
    assert [each["copies"] for each in stored_events(local, event_set_uid)] == [2]


@pytest.mark.parametrize("values", [{"currency": "GEL", "value": 9.0}, {"currency": "EUR"}])
def test_value_and_currency_are_left_out_together(values):
    assert "properties" not in crm_event.format_event(make_event(**values), CRM)


def test_an_offline_event_names_no_lead(local):
    uid = crm_event.create_event_set(local.client, local.advertiser_uid, "Shop", OFFLINE)
    crm_event.send_events(local.client, uid, OFFLINE, [make_event(name="Purchase")])
    (stored,) = stored_events(local, uid)
    assert "lead" not in stored


def test_an_event_without_contact_has_an_empty_user():
    assert crm_event.format_event(make_event(email="", phone="123"), CRM)["user"] == {}


def test_the_check_tells_what_is_wrong(local, event_set_uid):
    with pytest.raises(errors.WrongRequestError) as right:
        crm_event.send_events(local.client, event_set_uid, CRM, [])
    assert crm_event.is_size_refusal(right.value)
    other = local.sandbox.create_event_set(advertiser_id=local.advertiser_uid)["event_set_id"]
    token = local.sandbox.grant_event_token(event_set_id=other)
    with pytest.raises(errors.NotAllowedError):
        crm_event.send_events(local.connect(token), event_set_uid, CRM, [])
    with pytest.raises(errors.WrongRequestError) as dead:
        crm_event.send_events(local.connect("fake"), event_set_uid, CRM, [])
    assert crm_event.is_token_refusal(dead.value)
    assert not crm_event.is_size_refusal(dead.value)


def test_event_sets_are_listed_and_created_once(local):
    uid = crm_event.create_event_set(local.client, local.advertiser_uid, "Odoo leads")
    assert crm_event.create_event_set(local.client, local.advertiser_uid, "Odoo leads") == uid
    listed = crm_event.list_event_sets(local.client, local.advertiser_uid)
    assert (uid, "Odoo leads") in listed
    other = crm_event.create_event_set(local.client, local.advertiser_uid, "Odoo")
    assert other != uid


@pytest.mark.parametrize("name", ["Qualified", "Won_2", "a"])
def test_names(name):
    assert crm_event.is_valid_name(name)


@pytest.mark.parametrize("name", ["", None, "Qualifié", "تم", "With space", "1st", "x" * 51, "a\n"])
def test_names_that_are_refused(name):
    assert not crm_event.is_valid_name(name)


def test_offline_names_are_those_that_the_local_tiktok_accepts(local):
    uid = crm_event.create_event_set(local.client, local.advertiser_uid, "Names", OFFLINE)
    events = [make_event(name=name, event_uid=name) for name in crm_event.STANDARD_NAMES]
    crm_event.send_events(local.client, uid, OFFLINE, events)
    assert len(stored_events(local, uid)) == len(crm_event.STANDARD_NAMES)
