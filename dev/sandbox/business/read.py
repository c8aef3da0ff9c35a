"""``/lead/get/``: one lead of a form; which one is not documented."""

from dev.sandbox import leads
from dev.sandbox.business.api import (
    INVALID,
    NOT_FOUND,
    Refused,
    endpoint,
    form_of,
    one_of,
    owner,
    owns,
    text,
    uid,
    world,
)
from dev.sandbox.business.forms import rest_id, stamp

SOURCES = ("INSTANT_FORM", "DIRECT_MESSAGE")


def described(lead):
    """Return a lead as ``lead_data`` (by label) and ``meta_data``.

    :rtype: dict
    """
    form = world().forms.get(lead.page_id)
    data = {form.label(key) if form else key: leads.text_of(value) for key, value in lead.answers}
    meta = {
        "lead_id": lead.lead_id,
        "lead_source": lead.lead_source,
        "page_id": rest_id(lead.page_id),
        **leads.attribution(lead),
        "create_time": stamp(lead.create_time),
    }
    return {"lead_data": data, "meta_data": meta}


@endpoint("GET", "/lead/get/", permission=21)
def lead_get(token):
    """Return one lead of a form, or of direct messages."""
    text("lead_source", required=True)
    source = one_of("lead_source", SOURCES)
    account = owner(token, admin=True)
    page_id = uid("page_id", required=source == "INSTANT_FORM")
    if source == "DIRECT_MESSAGE" and page_id:
        raise Refused(INVALID, "page_id: Not allowed for DIRECT_MESSAGE.")
    if page_id:
        form_of(page_id, *account)
    found = [
        lead
        for lead in world().leads.values()
        if lead.lead_source == source and owns(lead, *account) and _of_page(lead, page_id)
    ]
    if not found:
        raise Refused(NOT_FOUND, "There is no lead.")
    return described(_choice(found))


def _of_page(lead, page_id):
    return not page_id or lead.page_id == page_id


def _choice(found):
    way = world().settings.lead_get
    if way == "any":
        return world().ids.random.choice(found)
    return found[-1] if way == "newest" else found[0]
