"""Consent to the Marketing API: one for all ad accounts a person chooses.

https://business-api.tiktok.com/portal/docs?id=1738373164380162. The token has no end and no
refresh token: it works until somebody revokes it.
"""

import dataclasses
import urllib.parse

from .business import BusinessClient
from .shape import require_list, require_text
from .values import line, uid

AUTHORIZE_PATH = "/portal/auth"


@dataclasses.dataclass(repr=False)
class Grant:
    """What TikTok gives for a consent; its text shows none of it."""

    access_token: str
    advertiser_uids: tuple
    scope: tuple  # numbers

    def __repr__(self):
        return f"Grant(scope={self.scope!r})"


def authorize_url(portal, *, app_id, state, redirect_uri):
    """Return the address of TikTok's consent page.

    :param str portal: base of TikTok's business portal
    :param str state: comes back with the answer
    :rtype: str
    """
    query = {"app_id": app_id, "state": state, "redirect_uri": redirect_uri}
    return f"{portal.rstrip('/')}{AUTHORIZE_PATH}?{urllib.parse.urlencode(query)}"


class BusinessLogin:
    """The token endpoints of one app.

    :param str base_url: of the Marketing API
    :param str app_id: the app's
    :param str secret: the app's
    :param requests.Session session: default: a new one
    """

    def __init__(self, base_url, app_id, secret, session=None):
        self._base = base_url
        self._app = {"app_id": app_id, "secret": secret}
        self._session = session

    def _client(self, token=""):
        return BusinessClient(self._base, token, self._session)

    def exchange(self, auth_code):
        """Turn the code of a consent into a token. A code works once.

        :rtype: Grant
        :raise TiktokError: as TikTok refuses
        """
        body = {**self._app, "auth_code": auth_code, "return_advertiser_ids": True}
        data = self._client().post("/oauth2/access_token/", body)
        return Grant(
            access_token=require_text(data, "access_token"),
            advertiser_uids=tuple(filter(None, map(uid, _list(data, "advertiser_ids")))),
            scope=tuple(number for number in _list(data, "scope") if isinstance(number, int)),
        )

    def advertisers(self, token):
        """Return the ad accounts of a token.

        :return: names by id
        :rtype: dict
        :raise TiktokError: as TikTok refuses
        """
        data = self._client(token).get("/oauth2/advertiser/get/", self._app)
        rows = require_list(data, "list")
        names = {uid(row.get("advertiser_id")): line(row.get("advertiser_name")) for row in rows}
        names.pop("", None)
        return names

    def revoke(self, token):
        """Give the consent back.

        :raise TiktokError: as TikTok refuses
        """
        self._client().post("/oauth2/revoke_token/", {**self._app, "access_token": token})


def _list(data, name):
    found = data.get(name)
    return found if isinstance(found, list) else []
