import logging

from odoo import api, fields, models

from .. import const
from ..tiktok.errors import (
    NotUnderstoodError,
    ReconnectError,
    RetryLaterError,
    SealError,
    TiktokError,
    UnclearError,
    WrongRequestError,
)
from ..tiktok.lead import DIRECT_MESSAGE
from ..tiktok.subscription import UNCONFIRMED, Subscription, Target, is_ours

_logger = logging.getLogger(__name__)
NO_ANSWER = ("unreachable", "answer_lost")


class TiktokAdvertiser(models.Model):
    """Which subscriptions at TikTok bring the leads of an ad account, and which should."""

    _inherit = "tiktok.advertiser"

    wants_leads = fields.Boolean(
        "Receive leads", readonly=True, copy=False, help="TikTok shall send its leads here."
    )
    is_stopped = fields.Boolean(
        "Stopped", readonly=True, copy=False, help="Somebody wanted no more leads of it."
    )
    subscribe_to = fields.Selection(
        [("all", "All forms, also new ones"), ("forms", "Chosen forms only")],
        "Leads of",
        default="all",
        required=True,
    )
    with_messages = fields.Boolean(
        "Direct messages", help="Also leads that come by direct message, without a form."
    )
    subscription_ids = fields.One2many(
        "tiktok.subscription", "advertiser_id", "Subscriptions at TikTok", readonly=True
    )
    looked_at = fields.Datetime("Asked TikTok", readonly=True, copy=False)
    subscribed_since = fields.Datetime(readonly=True, copy=False)
    is_unconfirmed = fields.Boolean(
        readonly=True, copy=False, help="TikTok did not confirm a subscription it was asked for."
    )
    leads_state = fields.Selection(
        [
            ("off", "Not switched on"),
            ("on", "TikTok sends them here"),
            ("unconfirmed", "Not confirmed by TikTok"),
            ("lost", "TikTok does not send them here"),
        ],
        "Leads",
        compute="_compute_leads_state",
    )
    has_duplicates = fields.Boolean(compute="_compute_leads_state")
    has_others = fields.Boolean(compute="_compute_leads_state")

    # === COMPUTE METHODS === #

    @api.depends("state", "wants_leads", "is_unconfirmed", "subscription_ids.kind")
    def _compute_leads_state(self):
        for advertiser in self:
            kinds = set(advertiser.subscription_ids.mapped("kind"))
            advertiser.has_duplicates = bool(kinds & {"duplicate", "stale"})
            advertiser.has_others = "other" in kinds
            state = "lost" if advertiser.wants_leads else "off"
            if "ours" in kinds:
                state = "on"
            elif advertiser.is_unconfirmed:
                state = "unconfirmed"
            advertiser.leads_state = state if advertiser.state == "connected" else "off"

    # === WHAT TIKTOK HAS === #

    def _subscriptions(self):
        """Ask TikTok which subscriptions concern this ad account, and keep what may be shown.

        :raise TiktokError: as TikTok refuses
        :raise SealError: if a secret can't be opened
        """
        self.ensure_one()
        self._keep_subscriptions(self._sorted_subscriptions())

    def _sorted_subscriptions(self):
        """Return TikTok's subscriptions about this ad account, each with what it is to us.

        :return: kind (of `tiktok.subscription`) and `tiktok.subscription.Subscription`
        :rtype: list[tuple]
        """
        self._check_connected()
        wanted, token, good, found = self._targets(), self._token(), set(), []
        for each in self._app_subscriptions().all():
            target = each.target
            if not self._concerns(target):
                continue
            if not self._is_ours(each):
                kind = "other"
            elif target not in wanted or target in good:
                kind = "duplicate"
            elif each.token != token or each.callback_url not in self._addresses(target):
                kind = "stale"
            else:
                kind = "ours"
                good.add(target)
            found.append((kind, each))
        return found

    def _concerns(self, target):
        """Tell whether a subscription is about this ad account or one of its libraries."""
        libraries = self.library_names or {}
        return target.advertiser_uid == self.advertiser_uid or target.library_uid in libraries

    def _is_ours(self, subscription):
        base = self.company_id.get_base_url()
        route = const.LEAD_WEBHOOK_ROUTE
        return is_ours(subscription.callback_url, base, route, self.company_id.id)

    def _keep_subscriptions(self, found):
        """Replace what is known of TikTok's subscriptions about this ad account.

        :param list found: as `_sorted_subscriptions` returns it
        :raise psycopg2.errors.SerializationFailure: if another transaction did so meanwhile
        """
        self._lock_rows()
        rows = {
            each.uid: {
                "kind": kind,
                "subscription_uid": each.uid,
                "lead_source": each.target.source,
                "library_uid": each.target.library_uid,
                "page_uid": each.target.page_uid,
                "place": each.place,
            }
            for kind, each in found
        }
        commands = [(5,), *((0, 0, row) for row in rows.values())]
        now = fields.Datetime.now()
        sent_here = any(kind == "ours" for kind, _each in found)
        self.sudo().write(
            {
                "looked_at": now,
                "subscription_ids": commands,
                "is_unconfirmed": False,
                "subscribed_since": sent_here and (self.subscribed_since or now),
            }
        )

    # === WHAT SHOULD BE THERE === #

    def _targets(self):
        """Return what must be subscribed.

        :rtype: set[Target]
        """
        if not self.wants_leads:
            return set()
        forms = self.sudo().form_ids.filtered(lambda form: form.status != "gone")
        own = {"advertiser_uid": self.advertiser_uid}
        if self.subscribe_to == "forms":
            chosen = forms.filtered(lambda form: form.is_wanted and form.page_uid.isdigit())
            targets = {Target(**form._owner_uids(), page_uid=form.page_uid) for form in chosen}
        else:
            libraries = self.library_names or {}
            targets = {Target(**own), *(Target(library_uid=uid) for uid in libraries)}
        return targets | ({Target(**own, source=DIRECT_MESSAGE)} if self.with_messages else set())

    def _wants_new_forms(self):
        """Tell whether a form nobody knew shall bring its leads: only a person chooses forms."""
        return self.subscribe_to != "forms"

    def _addresses(self, target):
        """Return the addresses that are right for a target, the best one first.

        Each target has one of its own, as TikTok may take an address once only. The second one
        has no query: should TikTok take none, the signature and the ad account tell it all.

        :rtype: list[str]
        :raise SealError: if the company's webhook token can't be opened
        """
        company = self.company_id.sudo()
        if not company.tiktok_webhook_url:
            raise SealError(
                "The webhook token can't be opened: give the encryption key back, or click "
                "New token on the page TikTok."
            )
        mark = target.page_uid or target.library_uid or target.advertiser_uid
        mark += "-messages" if target.source == DIRECT_MESSAGE else ""
        bare = f"{company.get_base_url()}{const.LEAD_WEBHOOK_ROUTE}"
        return [f"{company.tiktok_webhook_url}&for={mark}", company.tiktok_webhook_url, bare]

    def _app_subscriptions(self):
        """Return the subscriptions of the app the consent was given to.

        That may be another company's than the ad account's: its token works with that app only.

        :rtype: tiktok.subscription.Subscriptions
        :raise UserError: if the app's keys are missing
        """
        company = self.sudo().business_token_id.company_id or self.company_id
        return company._tiktok_subscriptions()

    def _token(self):
        return self.sudo().business_token_id._open()

    def _check_connected(self):
        """Refuse what is not connected.

        :raise ReconnectError: then
        """
        self.ensure_one()
        self._client()

    # === CHANGING IT === #

    def _subscribe(self):
        """Make TikTok send the leads here: renew what is stale, take away what is double.

        :raise TiktokError: as TikTok refused, the ad account itself rather than its libraries
        :raise SealError: if a secret can't be opened
        """
        for error in self._subscribe_all().values():
            raise error

    def _subscribe_all(self):
        """Do what `_subscribe` says; one refusal keeps nothing else from being made.

        :return: the errors by what they are about, a `Target` or a `Subscription`
        :rtype: dict
        :raise ReconnectError: at once
        :raise TiktokError: if TikTok does not say what there is
        """
        self.ensure_one()
        self.sudo().write({"wants_leads": True, "is_stopped": False})
        found = self._sorted_subscriptions()
        old = [each for kind, each in found if kind in ("stale", "duplicate")]
        wanted, made = self._targets(), []
        missing = sorted(wanted - _sent_here(found), key=_turn)
        errors = _try_all(lambda target: made.append(self._subscribe_to(target, old)), missing)
        # An old one may be all that brings the leads of what could not be made.
        done = wanted - errors.keys()
        going = [each for each in old if not errors or each.target in done]
        errors.update(_try_all(lambda each: self._end_old(each, old), going))
        left = [(kind, each) for kind, each in found if kind in ("ours", "other") or each in old]
        here = self._look_again([*left, *made])
        for target in _sent_here(made) - here:
            errors[target] = NotUnderstoodError("TikTok lists no such subscription.", UNCONFIRMED)
        # TikTok may have done what its answer did not say.
        errors = {about: error for about, error in errors.items() if about not in here}
        self.sudo().is_unconfirmed = any(map(_is_unconfirmed, errors.items()))
        return errors

    def _look_again(self, known):
        """Keep what TikTok has now; if it says no more, what must be there by what was done.

        :param list known: as `_sorted_subscriptions` returns it
        :return: the targets it sends here
        :rtype: set[Target]
        """
        try:
            known = self._sorted_subscriptions()
        except ReconnectError:
            raise
        except TiktokError as error:
            _logger.info("TikTok ad account %s: not seen, %s", self.id, type(error).__name__)
        self._keep_subscriptions(known)
        return _sent_here(known)

    def _subscribe_to(self, target, old):
        """Make one subscription; an old one of ours goes first only if TikTok takes no second.

        :param Target target: what
        :param list old: our subscriptions that must go; those that went are taken out
        :return: the new one, as `_sorted_subscriptions` has it
        :rtype: tuple
        """
        full, _plain, bare = self._addresses(target)
        try:
            return self._make_subscription(target, full)
        except WrongRequestError:
            in_the_way = [each for each in old if each.target == target]
            for each in in_the_way:
                self._end_old(each, old)
            return self._make_subscription(target, full if in_the_way else bare)

    def _make_subscription(self, target, address):
        subscriptions, token = self._app_subscriptions(), self._token()
        try:
            uid = subscriptions.subscribe(target, address, token)
        except ReconnectError:
            self.sudo().business_token_id._bury()  # it was in the body
            raise
        _logger.info("TikTok ad account %s: subscribed", self.id)
        return "ours", Subscription(uid, target, address, token)

    def _end_old(self, subscription, old):
        self._end(subscription.uid)
        old.remove(subscription)


def _sent_here(found):
    return {each.target for kind, each in found if kind == "ours"}


def _turn(target):
    """Return when it is a target's turn: the ad account itself comes before its libraries."""
    return bool(target.library_uid), target.source == DIRECT_MESSAGE, str(target)


def _try_all(work, items):
    """Do something with each; one refusal keeps none of the others from it.

    :return: the error of each that failed
    :rtype: dict
    :raise ReconnectError: at once
    """
    errors = {}
    for number, item in enumerate(items):
        try:
            work(item)
        except ReconnectError:
            raise
        except TiktokError as error:
            if _is_about_all(error):
                return {**errors, **dict.fromkeys(items[number:], error)}
            errors[item] = error
    return errors


def _is_unconfirmed(item):
    """Tell whether a subscription may have been made although nothing says so.

    :param tuple item: what an error is about, and the error
    """
    about, error = item
    return isinstance(about, Target) and (
        isinstance(error, UnclearError) or error.code == UNCONFIRMED
    )


def _is_about_all(error):
    """Tell whether the next call would fail as well: TikTok is silent, or said to wait."""
    if not isinstance(error, RetryLaterError):
        return False
    return error.code in NO_ANSWER or error.retry_after is not None
