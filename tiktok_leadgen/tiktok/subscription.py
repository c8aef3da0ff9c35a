"""Lead subscriptions: which leads TikTok sends to which URL. The app's keys authenticate, no token.

The list is the app's: it holds URLs of third parties, and tokens. Neither is shown or stored.
"""

import dataclasses
import urllib.parse

from . import values
from .errors import (
    AnswerLostError,
    ReconnectError,
    RetryLaterError,
    TiktokError,
    UnparsableAnswerError,
)
from .instant_form import INSTANT_FORM, owner_params
from .lead import DIRECT_MESSAGE
from .shape import require_object, require_text, require_uid

PAGE_SIZE = 1_000
UNCONFIRMED = "unconfirmed"  # it may exist; the list of subscriptions tells
NO_ANSWER = ("unreachable", "answer_lost")


@dataclasses.dataclass(frozen=True)
class Target:
    """Whose leads a subscription sends: those of an ad account, of a library or of one form."""

    advertiser_uid: str = ""
    library_uid: str = ""
    page_uid: str = ""
    source: str = INSTANT_FORM


@dataclasses.dataclass(frozen=True, repr=False)
class Subscription:
    """One subscription as TikTok has it; its repr shows no secret."""

    uid: str
    target: Target
    callback_url: str
    token: str

    def __repr__(self):
        return f"Subscription(uid={self.uid!r}, target={self.target!r})"

    @property
    def bare_callback_url(self):
        """Return the URL without its query, which holds the secret; empty if it is no URL.

        :rtype: str
        """
        parts = values.split_url(self.callback_url)
        host = parts.netloc.rpartition("@")[2]
        return f"{parts.scheme}://{host}{parts.path}" if host else ""


class Subscriptions:
    """The lead subscriptions of one app.

    :param BusinessClient client: its token is not used
    :param str app_id: of the app
    :param str secret: of the app
    """

    def __init__(self, client, app_id, secret):
        self._client = client
        self._app = {"app_id": app_id, "secret": secret}

    def list_subscriptions(self):
        """Return all subscriptions of the app.

        :rtype: list[Subscription]
        :raise TiktokError: as TikTok refuses
        """
        params = {**self._app, "subscribe_entity": "LEAD"}
        rows = self._client.iter_pages("/subscription/get/", params, "subscriptions", PAGE_SIZE)
        return [_read_subscription(row) for row in rows]

    def subscribe(self, target, callback_url, token):
        """Have the leads of a target sent to a URL.

        :param Target target: whose leads
        :param str callback_url: of the webhook
        :param str token: access token that may read the leads; the subscription ends with it
        :return: TikTok's id of the subscription
        :rtype: str
        :raise TiktokError: as TikTok refuses
        :raise UnparsableAnswerError: with the code `UNCONFIRMED`, if there is no id in a success
        """
        detail = {
            "access_token": token,
            "lead_source": target.source,
            **owner_params(target.advertiser_uid, target.library_uid),
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
        uid = values.parse_uid(data.get("subscription_id"))
        if not uid:
            raise UnparsableAnswerError("TikTok did not confirm the subscription.", UNCONFIRMED)
        return uid

    def unsubscribe(self, uid):
        """End a subscription.

        :param str uid: TikTok's id of the subscription
        :raise TiktokError: as TikTok refuses
        """
        self._client.post("/subscription/unsubscribe/", {**self._app, "subscription_id": uid})


def is_own_callback(callback_url, base, route, company_id):
    """Tell whether a callback URL is this Odoo's for this company, whatever its token.

    :param str callback_url: of a subscription
    :param str base: this Odoo's base URL
    :param str route: of the webhook
    :param int company_id: as the URL names it; a URL that names none belongs to every company
    :rtype: bool
    """
    parts, own = values.split_url(callback_url), urllib.parse.urlsplit(base)
    path = f"{own.path.rstrip('/')}{route}".rstrip("/")
    if parts.netloc.lower() != own.netloc.lower() or parts.path.rstrip("/") != path:
        return False
    named = urllib.parse.parse_qs(parts.query).get("company_id")
    return not named or named == [str(company_id)]


def targets_sent_here(classified):
    """Return the targets whose leads TikTok sends to this Odoo.

    :param list classified: kind and `Subscription`
    :rtype: set[Target]
    """
    return {each.target for kind, each in classified if kind == "ours"}


def subscribe_order(target):
    """Return the sort key of a target: an ad account comes before its libraries.

    :param Target target: to be subscribed
    :rtype: tuple
    """
    return bool(target.library_uid), target.source == DIRECT_MESSAGE, str(target)


def attempt_each(work, items):
    """Call a function with each item; a refusal of one stops none of the others.

    :param work: called with one item
    :param list items: hashable
    :return: the error of each item that failed
    :rtype: dict
    :raise ReconnectError: if TikTok no longer accepts the token
    """
    errors = {}
    for number, item in enumerate(items):
        try:
            work(item)
        except ReconnectError:
            raise
        except TiktokError as error:
            if _affects_next_calls(error):
                return {**errors, **dict.fromkeys(items[number:], error)}
            errors[item] = error
    return errors


def _affects_next_calls(error):
    """Tell whether the next call would fail as well: no answer, or TikTok asked to wait.

    :param TiktokError error: of a call
    :rtype: bool
    """
    if not isinstance(error, RetryLaterError):
        return False
    return error.code in NO_ANSWER or error.retry_after is not None


def may_be_subscribed(about, error):
    """Tell whether a subscription may exist although creating it failed.

    :param about: the `Target` or `Subscription` that the error is about
    :param TiktokError error: of the call
    :rtype: bool
    """
    return isinstance(about, Target) and (
        isinstance(error, AnswerLostError) or error.code == UNCONFIRMED
    )


def _read_subscription(row):
    """Read one row of TikTok's list.

    :param dict row: of an answer
    :rtype: Subscription
    :raise UnparsableAnswerError: if it has another shape than documented
    """
    detail = require_object(row, "subscription_detail")
    library_uid = values.parse_uid(detail.get("library_id"))
    target = Target(
        advertiser_uid="" if library_uid else values.parse_uid(detail.get("advertiser_id")),
        library_uid=library_uid,
        page_uid=values.parse_uid(detail.get("page_id")),
        source=values.join_texts(detail.get("lead_source")) or INSTANT_FORM,
    )
    return Subscription(
        uid=require_uid(row, "subscription_id"),
        target=target,
        callback_url=values.join_texts(require_text(row, "callback_url")),
        token=str(detail.get("access_token") or ""),
    )
