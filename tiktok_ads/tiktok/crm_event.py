"""CRM events and their event sets: the Events API 2.0 for leads.

https://business-api.tiktok.com/portal/docs?id=1771101303285761
"""

import re
import typing

from .hashing import hash_email, hash_phone

TRACK = "/event/track/"
LIST_SETS, CREATE_SET = "/crm/list/", "/crm/create/"
CREATE_OFFLINE_SET = "/offline/create/"

CRM, OFFLINE = "crm", "offline"
MAX_EVENTS = 1_000  # in one request; TikTok rejects the whole request above it
MAX_SET_NAME = 40
MAX_UID = 25  # digits: TikTok has 19
SYSTEM_NAME = "Odoo"
# TikTok attributes an offline event to a click of up to 28 days before.
OFFLINE_DAYS = 28
REPORT_DAYS = 30  # over which sent events are compared with those in TikTok's reports
SIGNAL_GOAL, SIGNAL_DAYS = 50, 14  # lower-funnel signals that TikTok's optimization wants

# The names that an offline event set accepts; a CRM event set accepts any name.
STANDARD_NAMES = (
    *("AddPaymentInfo", "AddToCart", "AddToWishlist", "ApplicationApproval"),
    *("CompletePayment", "CompleteRegistration", "Contact", "Download", "FindLocation"),
    *("InitiateCheckout", "Lead", "PlaceAnOrder", "Purchase", "Schedule", "Search"),
    *("StartTrial", "SubmitApplication", "SubmitForm", "Subscribe", "ViewContent"),
)
# TikTok's list has not every ISO code: with another one, value and currency are left out.
_CURRENCIES = """
    AED ARS AUD BDT BHD BIF BOB BRL CAD CHF CLP CNY COP CRC CZK DKK DZD EGP EUR GBP GTQ HKD HNL HUF
    IDR ILS INR ISK JPY KES KHR KRW KWD KZT MAD MOP MXN MYR NGN NIO NOK NZD OMR PEN PHP PKR PLN PYG
    QAR RON RUB SAR SEK SGD THB TRY TWD UAH USD VES VND ZAR
"""
CURRENCIES = frozenset(_CURRENCIES.split())

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,49}")
_SIZE_WORDS = "between 1 and 1000"
_DEAD_WORDS = "invalid access token"
REQUEST_REFUSED = "40002"


class LeadEvent(typing.NamedTuple):
    """What TikTok is to learn about one lead."""

    event_uid: str  # the same for each attempt: TikTok counts it once
    name: str
    occurred_at: int  # seconds since 1970, UTC
    lead_uid: str
    email: str = ""
    phone: str = ""
    value: float = 0.0
    currency: str = ""


class RemoteSet(typing.NamedTuple):
    """An event set as TikTok lists it."""

    event_set_uid: str
    name: str


def is_valid_name(name):
    """Tell whether a name can be that of an event: letters, digits and underscores of ASCII.

    :param str name: as a user entered it
    :rtype: bool
    """
    return bool(_NAME.fullmatch(name or ""))


def build_event_uid(lead_uid, event_set_uid, name):
    """Return the ID of an event: one for a lead, an event set and a name, for ever.

    :param str lead_uid: TikTok's
    :param str event_set_uid: TikTok's
    :param str name: of the event
    :rtype: str
    """
    return f"{lead_uid}-{event_set_uid}-{name}"


def format_event(event, source):
    """Return an event as TikTok documents it.

    :param LeadEvent event: what is to be sent
    :param str source: ``crm`` or ``offline``; an offline event names no lead
    :rtype: dict
    """
    content = {
        "event": event.name,
        "event_time": event.occurred_at,
        "event_id": event.event_uid,
        "user": _format_user(event),
    }
    if source == CRM:
        content["lead"] = {"lead_id": event.lead_uid, "lead_event_source": SYSTEM_NAME}
    if event.value and event.currency in CURRENCIES:
        content["properties"] = {"currency": event.currency, "value": round(event.value, 2)}
    return content


def _format_user(event):
    hashes = {"email": hash_email(event.email), "phone": hash_phone(event.phone)}
    return {name: value for name, value in hashes.items() if value}


def send_events(client, event_set_uid, source, events, test_code=""):
    """Send events; TikTok accepts all of them or none.

    :param client: `BusinessClient`
    :param str event_set_uid: TikTok's
    :param str source: ``crm`` or ``offline``
    :param list[LeadEvent] events: up to `MAX_EVENTS`, the oldest first
    :param str test_code: shows them under Test Events
    :raise TiktokError: as TikTok refuses
    """
    body = {
        "event_source": source,
        "event_source_id": event_set_uid,
        "data": [format_event(event, source) for event in events],
    }
    if test_code:
        body["test_event_code"] = test_code
    client.post(TRACK, body)


def is_size_refusal(error):
    """Tell whether TikTok refused only the number of events: token and event set are right.

    :param TiktokError error: of a request without events
    :rtype: bool
    """
    return error.code == REQUEST_REFUSED and _SIZE_WORDS in error.words


def is_token_refusal(error):
    """Tell whether TikTok refused the token with the code of a wrong request.

    :param TiktokError error: of `send_events`
    :rtype: bool
    """
    return error.code == REQUEST_REFUSED and _DEAD_WORDS in error.words.lower()


def list_event_sets(client, advertiser_uid, name=""):
    """Return the CRM event sets of an ad account.

    :param client: `BusinessClient`
    :param str advertiser_uid: TikTok's
    :param str name: only those whose name has it
    :rtype: list[RemoteSet]
    :raise TiktokError: as TikTok refuses
    """
    params = {"advertiser_id": advertiser_uid, "name": name or None}
    return [
        RemoteSet(str(row["event_set_id"]), str(row.get("name") or ""))
        for row in client.get_list(LIST_SETS, params, "crm_event_sets")
        if row.get("event_set_id")
    ]


def create_event_set(client, advertiser_uid, name, source=CRM):
    """Create an event set, unless the ad account has a CRM event set of this name.

    A request whose answer was lost may have created it.

    :param client: `BusinessClient`
    :param str advertiser_uid: TikTok's
    :param str name: up to `MAX_SET_NAME` characters
    :param str source: ``crm`` or ``offline``
    :return: TikTok's ID, empty if the answer has none
    :rtype: str
    :raise TiktokError: as TikTok refuses
    """
    body = {"advertiser_id": advertiser_uid, "name": name}
    if source == OFFLINE:
        # Without it, new campaigns do not use the event set.
        content = {**body, "description": SYSTEM_NAME, "auto_tracking": True}
        return str(client.post(CREATE_OFFLINE_SET, content).get("event_set_id") or "")
    for known in list_event_sets(client, advertiser_uid, name):
        if known.name == name:
            return known.event_set_uid
    return str(client.post(CREATE_SET, body).get("event_set_id") or "")
