"""Consent to the Marketing API: one for all ad accounts that a user chooses.

https://business-api.tiktok.com/portal/docs?id=1738373164380162. The token has no end and no
refresh token: it works until it is revoked.
"""

import dataclasses
import urllib.parse

from .business_client import BusinessClient
from .shape import require_list, require_text
from .values import format_line, parse_uid

AUTHORIZE_PATH = "/portal/auth"


@dataclasses.dataclass(repr=False)
class Grant:
    """What TikTok grants with a consent; its repr shows no secret."""

    access_token: str
    advertiser_uids: tuple
    scope: tuple  # numbers

    def __repr__(self):
        return f"Grant(scope={self.scope!r})"


def authorize_url(portal, *, app_id, state, redirect_uri):
    """Return the URL of TikTok's consent page.

    :param str portal: base URL of TikTok's business portal
    :param str app_id: of the app
    :param str state: returned with the answer
    :param str redirect_uri: where TikTok sends the browser back to
    :rtype: str
    """
    query = {"app_id": app_id, "state": state, "redirect_uri": redirect_uri}
    return f"{portal.rstrip('/')}{AUTHORIZE_PATH}?{urllib.parse.urlencode(query)}"


class BusinessLogin:
    """The token endpoints of one app.

    :param str base_url: of the Marketing API
    :param str app_id: of the app
    :param str secret: of the app
    :param requests.Session session: default: a new one
    """

    def __init__(self, base_url, app_id, secret, session=None):
        self._base = base_url
        self._app = {"app_id": app_id, "secret": secret}
        self._session = session

    def _create_client(self, token=""):
        return BusinessClient(self._base, token, self._session)

    def exchange(self, auth_code):
        """Exchange the code of a consent for a token. A code works once.

        :param str auth_code: from the redirect
        :rtype: Grant
        :raise TiktokError: as TikTok refuses
        """
        body = {**self._app, "auth_code": auth_code, "return_advertiser_ids": True}
        data = self._create_client().post("/oauth2/access_token/", body)
        return Grant(
            access_token=require_text(data, "access_token"),
            advertiser_uids=tuple(
                filter(None, map(parse_uid, _optional_list(data, "advertiser_ids")))
            ),
            scope=tuple(
                number for number in _optional_list(data, "scope") if isinstance(number, int)
            ),
        )

    def list_advertisers(self, token):
        """List the ad accounts of a token.

        :param str token: of a consent
        :return: names by id
        :rtype: dict
        :raise TiktokError: as TikTok refuses
        """
        data = self._create_client(token).get("/oauth2/advertiser/get/", self._app)
        rows = require_list(data, "list")
        names = {
            parse_uid(row.get("advertiser_id")): format_line(row.get("advertiser_name"))
            for row in rows
        }
        names.pop("", None)
        return names

    def revoke(self, token):
        """Revoke a consent.

        :param str token: of the consent
        :raise TiktokError: as TikTok refuses
        """
        self._create_client().post("/oauth2/revoke_token/", {**self._app, "access_token": token})


def _optional_list(data, name):
    found = data.get(name)
    return found if isinstance(found, list) else []
