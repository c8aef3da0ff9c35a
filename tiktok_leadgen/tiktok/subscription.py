"""Subscriptions: what sends leads where. The app's keys authenticate, not a token.

The list is the app's: it holds other people's addresses, and tokens. Neither is shown or kept.
"""

import dataclasses
import urllib.parse

from . import values
from .errors import NotUnderstoodError
from .instant_form import INSTANT_FORM, owner
from .shape import require_object, require_text, require_uid

PAGE_SIZE = 1_000
UNCONFIRMED = "unconfirmed"  # it may exist; the list of subscriptions tells


@dataclasses.dataclass(frozen=True)
class Target:
    """What a subscription is about: all forms of an ad account or a library, or one form."""

    advertiser_uid: str = ""
    library_uid: str = ""
    page_uid: str = ""
    source: str = INSTANT_FORM


@dataclasses.dataclass(frozen=True, repr=False)
class Subscription:
    """One subscription as TikTok has it; its text shows no secret."""

    uid: str
    target: Target
    callback_url: str
    token: str

    def __repr__(self):
        return f"Subscription(uid={self.uid!r}, target={self.target!r})"

    @property
    def place(self):
        """The address without its query, which holds the secret."""
        parts = urllib.parse.urlsplit(self.callback_url)
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


class Subscriptions:
    """The lead subscriptions of one app.

    :param BusinessClient client: its token is not used
    :param str app_id: the app's
    :param str secret: the app's
    """

    def __init__(self, client, app_id, secret):
        self._client = client
        self._app = {"app_id": app_id, "secret": secret}

    def all(self):
        """Return what there is.

        :rtype: list[Subscription]
        :raise TiktokError: as TikTok refuses
        """
        params = {**self._app, "subscribe_entity": "LEAD"}
        rows = self._client.pages("/subscription/get/", params, "subscriptions", PAGE_SIZE)
        return [_read(row) for row in rows]

    def subscribe(self, target, callback_url, token):
        """Have the leads of a target sent to an address.

        :param Target target: what
        :param str token: that may read it; the subscription dies with it
        :return: TikTok's id
        :rtype: str
        :raise TiktokError: as TikTok refuses
        :raise NotUnderstoodError: with the code `UNCONFIRMED`, if TikTok reports success and no id
        """
        detail = {
            "access_token": token,
            "lead_source": target.source,
            **owner(target.advertiser_uid, target.library_uid),
        }
        if target.page_uid:
            detail["page_id"] = target.page_uid
        body = {
            **self._app,
            "subscribe_entity": "LEAD",
            "callback_url": callback_url,
            "subscription_detail": detail,
        }
        data = self._client.post("/subscription/subscribe/", body)
        uid = values.uid(data.get("subscription_id"))
        if not uid:
            raise NotUnderstoodError("TikTok did not confirm the subscription.", UNCONFIRMED)
        return uid

    def unsubscribe(self, uid):
        """End a subscription.

        :raise TiktokError: as TikTok refuses
        """
        self._client.post("/subscription/unsubscribe/", {**self._app, "subscription_id": uid})


def is_ours(callback_url, base, route, company_id):
    """Tell whether an address is this Odoo's for this company, whatever its token.

    :param str base: this Odoo's address
    :param str route: of the webhook
    :param int company_id: as the address names it; one that names none is everybody's here
    :rtype: bool
    """
    parts, own = urllib.parse.urlsplit(callback_url), urllib.parse.urlsplit(base)
    place = f"{own.path.rstrip('/')}{route}".rstrip("/")
    if parts.netloc.lower() != own.netloc.lower() or parts.path.rstrip("/") != place:
        return False
    named = urllib.parse.parse_qs(parts.query).get("company_id")
    return not named or named == [str(company_id)]


def _read(row):
    detail = require_object(row, "subscription_detail")
    library_uid = values.uid(detail.get("library_id"))
    target = Target(
        advertiser_uid="" if library_uid else values.uid(detail.get("advertiser_id")),
        library_uid=library_uid,
        page_uid=values.uid(detail.get("page_id")),
        source=values.text(detail.get("lead_source")) or INSTANT_FORM,
    )
    return Subscription(
        uid=require_uid(row, "subscription_id"),
        target=target,
        callback_url=values.text(require_text(row, "callback_url")),
        token=str(detail.get("access_token") or ""),
    )
