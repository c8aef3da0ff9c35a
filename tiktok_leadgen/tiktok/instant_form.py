"""Instant Forms at TikTok: their list, their questions, and the libraries that hold some.

TikTok calls a form a page. A form that was moved to the library of a Business Center is read with
the ``library_id`` instead of the ad account's.
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


def list_forms(client, advertiser_uid="", library_uid=""):
    """Yield the forms of an ad account, or of a library.

    :param BusinessClient client: with a token
    :param str advertiser_uid: of the ad account
    :param str library_uid: of the library instead
    :rtype: Iterator[Form]
    :raise TiktokError: as TikTok refuses
    """
    params = {**owner_params(advertiser_uid, library_uid), "business_type": "LEAD_GEN"}
    for row in client.iter_pages("/page/get/", params):
        yield Form(
            page_uid=require_uid(row, "page_id"),
            name=values.format_line(row.get("title")),
            status=values.join_texts(row.get("status")).upper(),
            preview_url=_web_url(row.get("preview_url")),
            published=values.parse_moment(row.get("publish_time")),
            updated=values.parse_moment(row.get("update_time")),
            library_uid=library_uid,
        )


def probe_forms(client, advertiser_uid):
    """Read one form: this needs a valid token and the permission to read forms.

    :param BusinessClient client: with a token
    :param str advertiser_uid: of the ad account
    :raise TiktokError: as TikTok refuses
    """
    params = {**owner_params(advertiser_uid, ""), "business_type": "LEAD_GEN"}
    require_list(client.get("/page/get/", {**params, "page": 1, "page_size": 1}), "list")


def probe_leads(client, page_uid, advertiser_uid="", library_uid=""):
    """Read a lead of a form and discard it: only an Admin of the ad account may.

    What TikTok answers for a form without leads is not documented, so no lead is expected.

    :param BusinessClient client: with a token
    :param str page_uid: of the form
    :param str advertiser_uid: of the ad account that has the form
    :param str library_uid: of the library that has it instead
    :raise TiktokError: as TikTok refuses, also where the form has no lead yet
    """
    params = {**owner_params(advertiser_uid, library_uid), "page_id": page_uid}
    client.get("/lead/get/", {**params, "lead_source": INSTANT_FORM})


def list_libraries(client):
    """List the form libraries that a token reaches.

    :param BusinessClient client: with a token
    :return: name and advertiser's id, by id
    :rtype: dict[str, tuple[str, str]]
    :raise TiktokError: as TikTok refuses
    """
    found = {}
    for row in client.iter_pages("/page/library/get/"):
        name, holder = (
            values.format_line(row.get("library_name")),
            values.parse_uid(row.get("advertiser_id")),
        )
        found[require_uid(row, "library_id")] = (name, holder)
    return found


def fetch_question_labels(client, page_uid, advertiser_uid="", library_uid="", source=INSTANT_FORM):
    """Fetch the questions of a form, in the form's language.

    :param BusinessClient client: with a token
    :param str page_uid: of the form; empty for direct messages
    :param str advertiser_uid: of the ad account that has the form
    :param str library_uid: of the library that has it instead
    :param str source: INSTANT_FORM or DIRECT_MESSAGE
    :rtype: list[str]
    :raise TiktokError: as TikTok refuses
    """
    params = owner_params(advertiser_uid, library_uid)
    if page_uid:
        params["page_id"] = page_uid
    try:
        data = client.get("/lead/field/get/", {**params, "lead_source": source})
    except (NotAllowedError, WrongRequestError):
        if not page_uid:
            raise
        data = client.get("/page/field/get/", params)  # older, with another permission
    texts = map(values.format_line, require_list(data, "fields", of=str))
    return list(dict.fromkeys(filter(None, texts)))


def owner_params(advertiser_uid, library_uid):
    """Return the parameters that name the owner of a form.

    :param str advertiser_uid: of the ad account that has the form
    :param str library_uid: of the library that has it instead
    :rtype: dict
    """
    if library_uid:
        return {"library_id": library_uid}
    return {"advertiser_id": advertiser_uid}


def _web_url(value):
    """Return a web URL, empty for anything else: it becomes a link.

    :param value: of an answer
    :rtype: str
    """
    address = values.join_texts(value)
    return address if address.startswith(("https://", "http://")) else ""
