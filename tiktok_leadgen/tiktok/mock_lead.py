"""Test leads that TikTok makes itself: one for each form at a time.

https://business-api.tiktok.com/portal/docs, "Test leads"; needs the permission of that name.
"""

from . import values
from .errors import NotUnderstoodError, WrongRequestError
from .instant_form import INSTANT_FORM, owner


def make(client, page_uid, advertiser_uid="", library_uid=""):
    """Have TikTok make a test lead of a form, after taking away an older one.

    :param BusinessClient client: with a token
    :return: the lead's id
    :rtype: str
    :raise TiktokError: as TikTok refuses
    """
    own = owner(advertiser_uid, library_uid)
    asked = {**own, "page_id": page_uid, "lead_source": INSTANT_FORM}
    try:
        older = _uid(client.get("/page/lead/mock/get/", asked))
    except WrongRequestError:
        older = ""  # there is none
    if older:
        remove(client, older, advertiser_uid, library_uid)
    made = _uid(client.post("/page/lead/mock/create/", asked))
    if not made:
        raise NotUnderstoodError("TikTok's answer has no lead in it.", "no_lead")
    return made


def remove(client, lead_uid, advertiser_uid="", library_uid=""):
    """Take a test lead away; one that is gone already is fine.

    :raise TiktokError: as TikTok refuses
    """
    body = {**owner(advertiser_uid, library_uid), "lead_id": lead_uid}
    try:
        client.post("/page/lead/mock/delete/", body)
    except WrongRequestError as error:
        if error.code != "40007":
            raise


def _uid(data):
    meta = data.get("meta_data")
    return values.uid(meta.get("lead_id")) if isinstance(meta, dict) else ""
