"""Instant Forms ("pages"), their fields and their libraries."""

import datetime

from dev.sandbox.business.api import (
    INVALID,
    NOT_FOUND,
    Refused,
    array,
    endpoint,
    form_of,
    one_of,
    owner,
    owns,
    paged,
    struct,
    text,
    uid,
    world,
)

LEAD_GEN = "LEAD_GEN"
BUSINESS_TYPES = (
    LEAD_GEN,
    "STORE_FRONT",
    "APP_PROFILE_PAGE",
    "TIKTOK_INSTANT_PAGE",
    "SHOP_ADS_PLP",
    "SHOP_ADS_PDP",
    "POP_UP_FORM",
)
STATUSES = ("EDITED", "PUBLISHED")
MOMENT = "%Y-%m-%d %H:%M:%S"


def stamp(seconds):
    """Write a time as the REST interface does: text, UTC.

    :rtype: str
    """
    moment = datetime.datetime.fromtimestamp(seconds, datetime.UTC)
    return moment.strftime(MOMENT)


def rest_id(value):
    """Write the id of a page or an ad as the switch says: one poller saw numbers."""
    return int(value) if world().settings.rest_ids == "number" else value


@endpoint("GET", "/page/get/", permission=31)
def page_get(token):
    """List forms."""
    advertiser_id, library_id = owner(token)
    types = array("business_types") or [one_of("business_type", BUSINESS_TYPES, LEAD_GEN)]
    if any(each not in BUSINESS_TYPES for each in types):
        raise Refused(INVALID, f"business_types: Must be of {', '.join(BUSINESS_TYPES)}.")
    forms = [
        form
        for form in world().forms.values()
        if owns(form, advertiser_id, library_id) and LEAD_GEN in types and _matches_filters(form)
    ]
    forms.sort(key=lambda form: form.create_time, reverse=True)
    page, info = paged(forms)
    return {"list": [_row(form) for form in page], "page_info": info}


def _matches_filters(form):
    status = one_of(world().settings.page_filter, STATUSES)
    if status and form.status != status:
        return False
    if text("title").lower() not in form.title.lower():
        return False
    span = struct("update_time_range")
    return not span or _moment(span, "start") <= form.update_time <= _moment(span, "end")


def _moment(span, name):
    try:
        moment = datetime.datetime.strptime(span.get(name), MOMENT).replace(tzinfo=datetime.UTC)
    except (TypeError, ValueError):
        raise Refused(INVALID, f"update_time_range.{name}: YYYY-MM-DD HH:MM:SS.") from None
    return moment.timestamp()


def _row(form):
    return {
        "page_id": rest_id(form.page_id),
        "title": form.title,
        "status": form.status,
        "create_time": stamp(form.create_time),
        "update_time": stamp(form.update_time),
        "publish_time": stamp(form.publish_time),
        "preview_url": f"{world().base_url}/forms/{form.page_id}?preview=1",
        "transfer_status": "UNSET" if form.library_id == "0" else "TRANSFERRED",
    }


def _fields(form):
    meta = {
        "page_id": rest_id(form.page_id),
        "page_name": form.title,
        "page_url": f"{world().base_url}/forms/{form.page_id}",
        "create_time": stamp(form.create_time),
    }
    labels = [question.label for question in form.questions]
    return {"fields": labels, world().settings.meta_key: meta}


@endpoint("GET", "/page/field/get/", permission=31)
def page_field_get(token):
    """List the questions of a form: their labels."""
    return _fields(form_of(uid("page_id", required=True), *owner(token)))


@endpoint("GET", "/lead/field/get/", permission=21)
def lead_field_get(token):
    """List the fields of leads, by form or of direct messages."""
    source = one_of("lead_source", ("INSTANT_FORM", "DIRECT_MESSAGE"), "INSTANT_FORM")
    account = owner(token)
    if source == "DIRECT_MESSAGE":
        return {"fields": ["Name", "Phone number", "Email"], world().settings.meta_key: {}}
    return _fields(form_of(uid("page_id", required=True), *account))


@endpoint("GET", "/page/library/get/", permission=31)
def library_get(token):
    """List the form libraries that the token reaches."""
    libraries = [
        library
        for library in world().libraries.values()
        if library.advertiser_id in token.advertiser_ids
    ]
    page, info = paged(libraries)
    rows = [
        {
            "library_id": library.library_id,
            "library_name": library.name,
            "advertiser_id": library.advertiser_id,
            "create_time": stamp(library.create_time),
            "update_time": stamp(library.create_time),
        }
        for library in page
    ]
    return {"list": rows, "page_info": info}


@endpoint("POST", "/page/library/transfer/", permission=31)
def library_transfer(token):
    """Move an ad account's forms to the library of a Business Center."""
    advertiser_id, _none = owner(token, admin=True)
    bc_id = uid("bc_id", required=True)
    state = world()
    library = next((each for each in state.libraries.values() if each.bc_id == bc_id), None)
    if not library:
        raise Refused(NOT_FOUND, "bc_id: The Business Center does not exist.")
    for record in (*state.forms.values(), *state.leads.values()):
        if record.advertiser_id == advertiser_id and record.page_id != "0":
            record.library_id = library.library_id
    return {"library_id": library.library_id}
