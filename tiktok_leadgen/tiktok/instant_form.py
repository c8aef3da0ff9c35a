"""Instant Forms at TikTok: which there are, what they ask, and the libraries that hold some.

TikTok calls a form a page. One that was moved to the library of a Business Center is asked for by
its ``library_id``, no longer by the ad account.
"""

import dataclasses

from . import values
from .errors import NotAllowedError, WrongRequestError
from .shape import require_list, require_uid

INSTANT_FORM = "INSTANT_FORM"


@dataclasses.dataclass
class Form:
    """One form as TikTok lists it; times are seconds since 1970."""

    page_uid: str
    name: str
    status: str  # EDITED or PUBLISHED
    preview_url: str
    published: int | None
    updated: int | None
    library_uid: str = ""


def forms(client, advertiser_uid="", library_uid=""):
    """Yield the forms of an ad account, or of a library.

    :param BusinessClient client: with a token
    :rtype: Iterator[Form]
    :raise TiktokError: as TikTok refuses
    """
    params = {**owner(advertiser_uid, library_uid), "business_type": "LEAD_GEN"}
    for row in client.pages("/page/get/", params):
        yield Form(
            page_uid=require_uid(row, "page_id"),
            name=values.line(row.get("title")),
            status=values.text(row.get("status")).upper(),
            preview_url=_address(row.get("preview_url")),
            published=values.moment(row.get("publish_time")),
            updated=values.moment(row.get("update_time")),
            library_uid=library_uid,
        )


def probe(client, advertiser_uid):
    """Ask for one form: it takes a living token and the right to read forms.

    :raise TiktokError: as TikTok refuses
    """
    params = {**owner(advertiser_uid, ""), "business_type": "LEAD_GEN"}
    require_list(client.get("/page/get/", {**params, "page": 1, "page_size": 1}), "list")


def probe_lead(client, page_uid, advertiser_uid="", library_uid=""):
    """Ask for a lead of a form, and drop it: only an Admin of the ad account may.

    What TikTok answers for a form that has no lead is not documented, so none is looked for.

    :raise TiktokError: as TikTok refuses, also where the form has no lead yet
    """
    params = {**owner(advertiser_uid, library_uid), "page_id": page_uid}
    client.get("/lead/get/", {**params, "lead_source": INSTANT_FORM})


def libraries(client):
    """Return the form libraries that a token reaches.

    :return: name and advertiser's id, by id
    :rtype: dict[str, tuple[str, str]]
    :raise TiktokError: as TikTok refuses
    """
    found = {}
    for row in client.pages("/page/library/get/"):
        name, holder = values.line(row.get("library_name")), values.uid(row.get("advertiser_id"))
        found[require_uid(row, "library_id")] = (name, holder)
    return found


def labels(client, page_uid, advertiser_uid="", library_uid="", source=INSTANT_FORM):
    """Return what a form asks, in the form's language.

    :param str page_uid: empty for direct messages
    :rtype: list[str]
    :raise TiktokError: as TikTok refuses
    """
    params = owner(advertiser_uid, library_uid)
    if page_uid:
        params["page_id"] = page_uid
    try:
        data = client.get("/lead/field/get/", {**params, "lead_source": source})
    except (NotAllowedError, WrongRequestError):
        if not page_uid:
            raise
        data = client.get("/page/field/get/", params)  # older, with another permission
    texts = map(values.line, require_list(data, "fields", of=str))
    return list(dict.fromkeys(filter(None, texts)))


def owner(advertiser_uid, library_uid):
    """Return whose a form is, as TikTok wants to hear it.

    :rtype: dict
    """
    if library_uid:
        return {"library_id": library_uid}
    return {"advertiser_id": advertiser_uid}


def _address(value):
    """Return a web address, empty for anything else: it becomes a link."""
    address = values.text(value)
    return address if address.startswith(("https://", "http://")) else ""
