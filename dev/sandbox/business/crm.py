"""CRM events (Events API 2.0) and CRM event sets."""

from dev.sandbox.business.api import (
    INVALID,
    NOT_ALLOWED,
    NOT_FOUND,
    Refused,
    array,
    endpoint,
    owner,
    params,
    text,
    uid,
    world,
)
from dev.sandbox.business.forms import stamp

MOST_EVENTS = 1000
MOST_SETS = 50
DAY = 86400
HASH_KEYS = ("email", "phone", "external_id")
STANDARD = {
    "AddPaymentInfo", "AddToCart", "AddToWishlist", "ClickButton", "CompletePayment",
    "CompleteRegistration", "Contact", "Download", "InitiateCheckout", "PlaceAnOrder",
    "Search", "SubmitForm", "Subscribe", "ViewContent",
}  # fmt: skip


def add_set(state, advertiser_id, name):
    """Keep a new CRM event set.

    :rtype: dict
    """
    uid_ = state.ids.uid()
    state.event_sets[uid_] = {
        "event_set_id": uid_,
        "name": name,
        "create_time": _iso(state.now()),
        "advertiser_id": advertiser_id,
    }
    return state.event_sets[uid_]


def _iso(seconds):
    return stamp(seconds).replace(" ", "T") + "Z"


def _shown(event_set):
    return {key: event_set[key] for key in ("event_set_id", "name", "create_time")}


@endpoint("GET", "/crm/list/", permission=42)
def crm_list(token):
    """List an advertiser's CRM event sets."""
    uid("advertiser_id", required=True)
    advertiser_id, _none = owner(token)
    name, wanted = text("name"), array("event_set_ids")
    found = [
        _shown(each)
        for each in world().event_sets.values()
        if each["advertiser_id"] == advertiser_id
        and name.lower() in each["name"].lower()
        and (not wanted or each["event_set_id"] in wanted)
    ]
    return {"crm_event_sets": found}


@endpoint("POST", "/crm/create/", permission=42)
def crm_create(token):
    """Make a CRM event set."""
    uid("advertiser_id", required=True)
    advertiser_id, _none = owner(token)
    name = text("name", required=True, most=40)
    own = [e for e in world().event_sets.values() if e["advertiser_id"] == advertiser_id]
    if len(own) >= MOST_SETS:
        raise Refused(INVALID, f"An ad account has at most {MOST_SETS} CRM event sets.")
    return _shown(add_set(world(), advertiser_id, name))


@endpoint("POST", "/event/track/", permission=41)
def event_track(token):
    """Take events about leads; one bad event refuses the whole request."""
    if text("event_source", required=True) != "crm":
        raise Refused(INVALID, "event_source: This sandbox knows crm only.")
    if world().settings.event_token == "events_manager" and not token.event_set_id:
        raise Refused(NOT_ALLOWED, "CRM events need the token that Events Manager makes.")
    set_id = text("event_source_id", required=True)
    event_set = world().event_sets.get(set_id)
    if not event_set or event_set["advertiser_id"] not in token.advertiser_ids:
        raise Refused(NOT_FOUND, "event_source_id: There is no such CRM event set.")
    events = array("data") or []
    if not 1 <= len(events) <= MOST_EVENTS:
        raise Refused(INVALID, f"data: Must have 1 to {MOST_EVENTS} events.")
    for position, event in enumerate(events):
        _check(f"data[{position}]", event)
    _store_events(set_id, events)
    return {}


def _check(where, event):
    if not isinstance(event, dict):
        raise Refused(INVALID, f"{where}: Not a valid object.")
    name, moment = event.get("event"), event.get("event_time")
    if not isinstance(name, str) or not name:
        raise Refused(INVALID, f"{where}.event: Missing data for required field.")
    if name in STANDARD and world().settings.standard_events == "refused":
        raise Refused(INVALID, f"{where}.event: CRM events take custom names only.")
    if type(moment) is not int:
        raise Refused(INVALID, f"{where}.event_time: Must be seconds since 1970.")
    _check_age(where, moment)
    lead = event.get("lead")
    if not isinstance(lead, dict) or not isinstance(lead.get("lead_id"), str):
        raise Refused(INVALID, f"{where}.lead.lead_id: Missing data, or not a string.")
    _check_user(where, event.get("user") or {})


def _check_age(where, moment):
    now, days = world().now(), world().settings.event_age_days
    if moment > now + DAY:
        raise Refused(INVALID, f"{where}.event_time: In the future; is it milliseconds?")
    if days and moment < now - days * DAY:
        raise Refused(INVALID, f"{where}.event_time: Older than {days} days.")


def _check_user(where, user):
    for key in HASH_KEYS:
        values = user.get(key) or []
        for value in values if isinstance(values, list) else [values]:
            if not _is_hash(value):
                raise Refused(INVALID, f"{where}.user.{key}: Not a SHA-256 in lower-case hex.")


def _is_hash(value):
    return isinstance(value, str) and len(value) == 64 and set(value) <= set("0123456789abcdef")


def _store_events(set_id, events):
    """Store each event once: by set, name and event_id."""
    known = {(e["event_source_id"], e["event"], e.get("event_id")) for e in world().events}
    test_code = params().get("test_event_code")
    for event in events:
        key = (set_id, event["event"], event.get("event_id"))
        if event.get("event_id") and key in known:
            continue
        known.add(key)
        more = {"event_source_id": set_id, "test_event_code": test_code}
        world().events.append({**event, **more})
