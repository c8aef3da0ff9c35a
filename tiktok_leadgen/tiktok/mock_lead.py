"""Test leads that TikTok creates: one for each form at a time.

https://business-api.tiktok.com/portal/docs, "Test leads"; needs the permission of that name.
"""

from . import values
from .errors import UnparsableAnswerError, WrongRequestError
from .instant_form import INSTANT_FORM, owner_params


def create_mock_lead(client, page_uid, advertiser_uid="", library_uid=""):
    """Have TikTok create a test lead of a form, after deleting an older one.

    :param BusinessClient client: with a token
    :param str page_uid: of the form
    :param str advertiser_uid: of the ad account that has the form
    :param str library_uid: of the library that has it instead
    :return: the lead's id
    :rtype: str
    :raise TiktokError: as TikTok refuses
    :raise UnparsableAnswerError: if TikTok's answer has no lead in it
    """
    own = owner_params(advertiser_uid, library_uid)
    params = {**own, "page_id": page_uid, "lead_source": INSTANT_FORM}
    try:
        older = _lead_uid(client.get("/page/lead/mock/get/", params))
    except WrongRequestError:
        older = ""  # there is none
    if older:
        delete_mock_lead(client, older, advertiser_uid, library_uid)
    created = _lead_uid(client.post("/page/lead/mock/create/", params))
    if not created:
        raise UnparsableAnswerError("TikTok's answer has no lead in it.", "no_lead")
    return created


def delete_mock_lead(client, lead_uid, advertiser_uid="", library_uid=""):
    """Delete a test lead; one that does not exist is deleted.

    :param BusinessClient client: with a token
    :param str lead_uid: of the test lead
    :param str advertiser_uid: of the ad account that has the form
    :param str library_uid: of the library that has it instead
    :raise TiktokError: as TikTok refuses
    """
    body = {**owner_params(advertiser_uid, library_uid), "lead_id": lead_uid}
    try:
        client.post("/page/lead/mock/delete/", body)
    except WrongRequestError as error:
        if error.code != "40007":
            raise


def _lead_uid(data):
    meta = data.get("meta_data")
    return values.parse_uid(meta.get("lead_id")) if isinstance(meta, dict) else ""
