"""CRM and offline events (Events API 2.0) and their event sets."""

import functools

from dev.sandbox.business.api import (
    INVALID,
    NOT_ALLOWED,
    TOKEN_DEAD,
    TOKEN_EXPIRED,
    Refused,
    array,
    bearer,
    endpoint,
    limit_calls,
    owner,
    params,
    text,
    uid,
    world,
)
from dev.sandbox.business.forms import stamp

TRACK = "/event/track/"
MOST_EVENTS = 1000
MOST_SETS = 50
DAY = 86400
CRM, OFFLINE = "crm", "offline"
HASH_KEYS = ("email", "phone", "external_id")
STANDARD = {
    "AddPaymentInfo", "AddToCart", "AddToWishlist", "ApplicationApproval", "ClickButton",
    "CompletePayment", "CompleteRegistration", "Contact", "Download", "FindLocation",
    "InitiateCheckout", "Lead", "PlaceAnOrder", "Purchase", "Schedule", "Search", "StartTrial",
    "SubmitApplication", "SubmitForm", "Subscribe", "ViewContent",
}  # fmt: skip
NO_CURRENCY = {"GEL", "UZS", "BGN"}  # some of those that TikTok's list does not have


def add_set(state, advertiser_id, name, source=CRM, uid_=""):
    """Keep a new event set.

    :param str source: ``crm`` or ``offline``
    :param str uid_: its number, empty for a new one
    :rtype: dict
    """
    uid_ = uid_ or state.ids.uid()
    state.event_sets[uid_] = {
        "event_set_id": uid_,
        "name": name,
        "create_time": _iso(state.now()),
        "advertiser_id": advertiser_id,
        "source": source,
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
        and each["source"] == CRM
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
    own = [
        each
        for each in world().event_sets.values()
        if each["advertiser_id"] == advertiser_id and each["source"] == CRM
    ]
    if len(own) >= MOST_SETS:
        raise Refused(INVALID, f"An ad account has at most {MOST_SETS} CRM event sets.")
    return _shown(add_set(world(), advertiser_id, name))


@endpoint("POST", "/offline/create/", permission=42)
def offline_create(token):
    """Make an offline event set; the answer has nothing but its id."""
    uid("advertiser_id", required=True)
    advertiser_id, _none = owner(token)
    name = text("name", required=True)
    text("description", required=True)
    return {"event_set_id": add_set(world(), advertiser_id, name, OFFLINE)["event_set_id"]}


def _with_http_status(function):
    """Answer a refusal as this endpoint alone does: 401 for what is not allowed, else 400."""

    @functools.wraps(function)
    def wrapped(*args):
        try:
            return function(*args)
        except Refused as refusal:
            status = 401 if refusal.code == NOT_ALLOWED else 400
            raise Refused(refusal.code, refusal.message, status) from None

    return wrapped


@endpoint("POST", TRACK, token=False)
@_with_http_status
def event_track():
    """Take events about leads; one bad event refuses the whole request."""
    token = _event_token()
    source = text("event_source", required=True)
    if source not in (CRM, OFFLINE):
        raise Refused(INVALID, "event_source: This sandbox knows crm and offline only.")
    set_id = text("event_source_id", required=True)
    _check_set(token, set_id, source)
    events = array("data") or []
    if not 1 <= len(events) <= MOST_EVENTS:
        raise Refused(INVALID, "Number of events must be between 1 and 1000.")
    for position, event in enumerate(events):
        _check(f"data[{position}]", event, source)
    _store_events(set_id, events)
    return {}


def _event_token():
    """Return the token of the caller; a dead one is an invalid parameter here."""
    try:
        token = bearer()
    except Refused as refusal:
        if refusal.code in (TOKEN_DEAD, TOKEN_EXPIRED):
            raise Refused(INVALID, "Invalid access token") from None
        raise
    limit_calls(token.app_id, TRACK)
    if 41 not in token.scope:
        raise Refused(NOT_ALLOWED, "The app lacks the permission to report conversion events.")
    return token


def _check_set(token, set_id, source):
    """Check that a token may send to an event set.

    :raise Refused: if it may not, or there is no such set
    """
    event_set = world().event_sets.get(set_id)
    known = event_set and event_set["source"] == source
    owned = known and event_set["advertiser_id"] in token.advertiser_ids
    fits = not token.event_set_id or token.event_set_id == set_id
    if not (owned and fits):
        raise Refused(NOT_ALLOWED, f"No permission to operate event source id {set_id}")
    if world().settings.event_token == "events_manager" and not token.event_set_id:
        raise Refused(NOT_ALLOWED, "CRM events need the token that Events Manager makes.")


def _check(where, event, source):
    if not isinstance(event, dict):
        raise Refused(INVALID, f"{where}: Not a valid object.")
    name, moment = event.get("event"), event.get("event_time")
    if not isinstance(name, str) or not name:
        raise Refused(INVALID, f"{where}.event: Missing data for required field.")
    _check_name(where, name, source)
    if type(moment) is not int:
        raise Refused(INVALID, f"{where}.event_time: Must be seconds since 1970.")
    _check_age(where, moment)
    _check_user(where, event.get("user") or {})
    _check_properties(where, event.get("properties") or {})
    if source == OFFLINE:
        _check_offline(where, event)
        return
    lead = event.get("lead")
    if not isinstance(lead, dict) or not isinstance(lead.get("lead_id"), str):
        raise Refused(INVALID, f"{where}.lead.lead_id: Missing data, or not a string.")


def _check_name(where, name, source):
    if source == OFFLINE and name not in STANDARD:
        raise Refused(INVALID, f"{where}.event: Offline events take standard names only.")
    if source == CRM and name in STANDARD and world().settings.standard_events == "refused":
        raise Refused(INVALID, f"{where}.event: CRM events take custom names only.")


def _check_offline(where, event):
    if "lead" in event:
        raise Refused(INVALID, f"{where}.lead: Unknown field.")
    user = event.get("user") or {}
    if not (user.get("email") or user.get("phone")):
        raise Refused(INVALID, f"{where}.user: Must have an email or a phone.")


def _check_properties(where, properties):
    value, currency = properties.get("value"), properties.get("currency")
    if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
        raise Refused(INVALID, f"{where}.properties.value: Must be a number.")
    if value is not None and not currency:
        raise Refused(INVALID, f"{where}.properties.currency: Missing data.")
    if currency in NO_CURRENCY or (currency and len(currency) != 3):
        raise Refused(INVALID, f"{where}.properties.currency: {currency} is not supported.")


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
    """Store each event once: by set, name and event_id; count how often it was received."""
    known = {(e["event_source_id"], e["event"], e.get("event_id")): e for e in world().events}
    test_code = params().get("test_event_code")
    for event in events:
        key = (set_id, event["event"], event.get("event_id"))
        if event.get("event_id") and key in known:
            known[key]["copies"] += 1
            continue
        more = {"event_source_id": set_id, "test_event_code": test_code, "copies": 1}
        known[key] = {**event, **more, "received_at": world().now()}
        world().events.append(known[key])
