import logging

from odoo import models
from odoo.exceptions import UserError

from ... import const
from ...lead_recovery import note_lost_targets, recover_missed_leads
from ...tiktok import client
from ...tiktok.errors import (
    ReconnectError,
    TiktokError,
    UnparsableAnswerError,
    WrongRequestError,
)
from ...tiktok.lead import DIRECT_MESSAGE
from ...tiktok.subscription import (
    UNCONFIRMED,
    Subscription,
    Target,
    attempt_each,
    may_be_subscribed,
    subscribe_order,
    targets_sent_here,
)
from ...tiktok.values import is_number, isolate

_logger = logging.getLogger(__name__)
NOT_FOUND = "40007"


class TiktokAdvertiser(models.Model):
    """Subscriptions of an ad account: which are wanted, and creating and ending them."""

    _inherit = "tiktok.advertiser"

    # === ACTION METHODS === #

    def action_subscribe(self):
        """Subscribe to the leads, and end our stale and duplicate subscriptions.

        :return: the action that shows the result
        :rtype: dict
        :raise UserError: if nothing worked
        """
        done = self.env._("TikTok now sends its leads here.")
        result = self._request_for_each(type(self)._subscribe_if_possible, done)
        recover_missed_leads(self.sudo())
        return result

    def action_unsubscribe(self):
        """End our subscriptions; those of third parties stay.

        :return: the action that shows the result
        :rtype: dict
        :raise UserError: if nothing worked
        """
        done = self.env._("TikTok no longer sends these leads here.")
        return self._request_for_each(type(self)._unsubscribe_from_leads, done, "warning")

    def action_refresh_subscriptions(self):
        """List the subscriptions at TikTok.

        :return: the action that shows the result
        :rtype: dict
        :raise UserError: if nothing worked
        """
        done = self.env._("This is the current state at TikTok.")
        return self._request_for_each(type(self)._refresh_subscriptions, done)

    def action_check_health(self):
        """Request a check of whether leads can arrive.

        :return: the action that notifies the user
        :rtype: dict
        """
        self.check_access("write")
        self.sudo()._request_health_check()
        return self._build_notification(
            self.env._("Requested from TikTok. The answer appears here in a moment."), "info"
        )

    def action_fix(self):
        """Do what the button of the banner offers.

        :return: the action to run next
        :rtype: dict
        """
        self.ensure_one()
        self.check_access("write")
        if self.health_fix == "reconnect":
            return self.action_connect()
        if self.health_fix == "subscribe":
            return self.action_subscribe()
        return self.action_reconcile()

    # === REQUESTS OF USERS === #

    def _request_for_each(self, work, done, kind="success"):
        """Request something of TikTok for each ad account, within the time of one request.

        TikTok keeps what it did for one ad account whatever happens to the next, so Odoo does too.

        :param work: a method; returns what is missing if only part of it worked
        :param str done: notification if everything worked
        :param str kind: of that notification
        :return: the action that notifies the user
        :rtype: dict
        :raise UserError: if nothing worked
        """
        self.check_access("write")
        with client.deadline():
            results = {each: each._request_in_savepoint(work) for each in self.sudo()}
        problems = {each: problem for each, (_worked, problem) in results.items() if problem}
        if not problems:
            return self._build_notification(done, kind)
        message = "\n".join(
            f"{isolate(each.name)}: {problem}" if len(self) > 1 else problem
            for each, problem in problems.items()
        )
        if not any(worked for worked, _problem in results.values()):
            raise UserError(message)
        warning = self.env._(
            "TikTok did not complete the request. Fix what is named here, then click the "
            "button again. %s",
            message,
        )
        action = self._build_notification(warning, "warning")
        action["params"]["sticky"] = True
        return action

    def _request_in_savepoint(self, work):
        """Request something of TikTok for one ad account; undo all changes if it fails.

        :param work: a method; returns what is missing if only part of it worked
        :return: whether anything worked, and the sentence that says what did not
        :rtype: tuple[bool, str]
        """
        if client.seconds_left(1) < 1:
            return False, self.env._(
                "There was not enough time to check with TikTok. Click the button again."
            )
        try:
            with self.env.cr.savepoint():
                return True, work(self) or ""
        except (TiktokError, UserError) as error:
            return False, self._explain_error(error)

    def _subscribe_if_possible(self):
        """Subscribe to as many of the wanted leads as TikTok accepts.

        :return: the first reason why leads are missing, as a sentence
        :rtype: str
        :raise TiktokError: if TikTok sends none of the leads here
        """
        for about, error in self._sync_subscriptions().items():
            if not self.is_unconfirmed and "ours" not in self.subscription_ids.mapped("kind"):
                raise error
            target = about.target if isinstance(about, Subscription) else about
            name = self.env["tiktok.subscription"]._describe_target(target)
            return f"{name}: {self._explain_error(error)}"
        if not self._get_required_targets():
            return self.env._(
                "No form is selected, so TikTok sends nothing here. Tick “Receive leads” "
                "for the forms you want."
            )
        return ""

    def _recheck_unhealthy(self):
        """Request a check of those that were not healthy."""
        unhealthy = self.filtered(lambda each: each.health in ("unchecked", "repairing", "broken"))
        if unhealthy:
            unhealthy._request_health_check()

    def _request_health_check(self):
        self.health_tried_at = False
        self.env.ref(const.WATCH_CRON_XMLID)._tiktok_trigger()

    # === REQUIRED SUBSCRIPTIONS === #

    def _get_required_targets(self):
        """Return the targets that must be subscribed.

        :rtype: set[Target]
        """
        if not self.wants_leads:
            return set()
        forms = self.sudo().form_ids.filtered(lambda form: form.status != "gone")
        own = {"advertiser_uid": self.advertiser_uid}
        if self.subscribe_to == "forms":
            chosen = forms.filtered(lambda form: form.is_selected and is_number(form.page_uid))
            targets = {Target(**form._get_owner_uids(), page_uid=form.page_uid) for form in chosen}
        else:
            libraries = self.library_names or {}
            targets = {Target(**own), *(Target(library_uid=uid) for uid in libraries)}
        return targets | ({Target(**own, source=DIRECT_MESSAGE)} if self.with_messages else set())

    def _wants_new_forms(self):
        """Tell whether the leads of a new form are wanted: chosen forms are a user's choice.

        :rtype: bool
        """
        return self.subscribe_to != "forms"

    def _open_access_token(self):
        return self.sudo().business_token_id._open_token()

    # === CHANGES AT TIKTOK === #

    def _refresh_subscriptions(self):
        """Store the subscriptions that TikTok has about this ad account.

        :raise TiktokError: as TikTok refuses
        :raise SealError: if a secret can't be opened
        """
        self.ensure_one()
        subscriptions = self.env["tiktok.subscription"]
        subscriptions._store_classified(self, subscriptions._request_classified(self))

    def _subscribe_to_leads(self):
        """Subscribe to the leads: renew stale subscriptions, end duplicates.

        :raise TiktokError: as TikTok refused, the ad account itself rather than its libraries
        :raise SealError: if a secret can't be opened
        """
        for error in self._sync_subscriptions().values():
            raise error

    def _sync_subscriptions(self):
        """Create missing subscriptions and end old ones; a refusal stops none of the others.

        :return: the errors by what they are about, a `Target` or a `Subscription`
        :rtype: dict
        :raise ReconnectError: if TikTok no longer accepts the token
        :raise TiktokError: if TikTok does not list the subscriptions
        """
        self.ensure_one()
        if self.is_stopped or not self.wants_leads:  # other jobs may change the row meanwhile
            self.sudo().write({"wants_leads": True, "is_stopped": False})
        self._commit_in_job()
        subscriptions = self.env["tiktok.subscription"]
        found = subscriptions._request_classified(self)
        old = [each for kind, each in found if kind in ("stale", "duplicate")]
        wanted, made = self._get_required_targets(), []
        missing = sorted(wanted - targets_sent_here(found), key=subscribe_order)
        note_lost_targets(self, {*missing} - {each.target for each in old})
        errors = attempt_each(
            lambda target: made.append(self._replace_subscription(target, old)), missing
        )
        # An old one may be all that brings the leads of what could not be subscribed.
        done = wanted - errors.keys()
        ending = [each for each in old if not errors or each.target in done]
        errors.update(attempt_each(lambda each: self._end_old_subscription(each, old), ending))
        left = [(kind, each) for kind, each in found if kind in ("ours", "other") or each in old]
        here = subscriptions._reload_classified(self, [*left, *made])
        for target in targets_sent_here(made) - here:
            errors[target] = UnparsableAnswerError(
                "TikTok lists no such subscription.", UNCONFIRMED
            )
        # TikTok may have done what its answer did not say.
        errors = {about: error for about, error in errors.items() if about not in here}
        self.sudo().is_unconfirmed = any(may_be_subscribed(*item) for item in errors.items())
        self._commit_in_job()  # the caller may raise an error: what TikTok accepted stays
        return errors

    def _replace_subscription(self, target, old):
        """Create a subscription; end an old one first only if TikTok accepts no second one.

        :param Target target: of the subscription
        :param list old: our subscriptions that must end; those that ended are removed
        :return: the new one, as `tiktok.subscription._request_classified` has it
        :rtype: tuple
        """
        full, _plain, bare = self.env["tiktok.subscription"]._get_callback_urls(self, target)
        try:
            return self._create_subscription(target, full)
        except WrongRequestError:
            in_the_way = [each for each in old if each.target == target]
            for each in in_the_way:
                self._end_old_subscription(each, old)
            return self._create_subscription(target, full if in_the_way else bare)

    def _create_subscription(self, target, callback_url):
        """Create a subscription at TikTok.

        :param Target target: of the subscription
        :param str callback_url: where TikTok sends the leads
        :return: kind and the new subscription
        :rtype: tuple[str, Subscription]
        :raise ReconnectError: if TikTok no longer accepts the token
        :raise TiktokError: as TikTok refuses
        """
        api, token = self.env["tiktok.subscription"]._get_app_api(self), self._open_access_token()
        try:
            uid = api.subscribe(target, callback_url, token)
        except ReconnectError:
            self.sudo().business_token_id._invalidate_token()  # it was in the body
            raise
        _logger.info("TikTok ad account %s: subscribed", self.id)
        return "ours", Subscription(uid, target, callback_url, token)

    def _end_old_subscription(self, subscription, old):
        self._end_subscription(subscription.uid)
        old.remove(subscription)

    def _unsubscribe_from_leads(self):
        """End our subscriptions; those of third parties stay.

        :raise TiktokError: as TikTok refuses
        :raise SealError: if a secret can't be opened
        """
        self.ensure_one()
        self.sudo().write({"wants_leads": False, "is_stopped": True})
        subscriptions = self.env["tiktok.subscription"]
        found = subscriptions._request_classified(self)
        for kind, each in found:
            if kind != "other":
                self._end_subscription(each.uid)
        others = [(kind, each) for kind, each in found if kind == "other"]
        subscriptions._reload_classified(self, others)

    def _end_subscriptions(self, company):
        """End what still sends leads of a disconnected ad account here.

        :param company: res.company whose app subscribed
        :raise TiktokError: as TikTok refuses
        :raise UserError: if the app's keys are missing
        """
        api = company._tiktok_get_subscriptions()
        subscriptions = self.env["tiktok.subscription"]
        for each in api.list_subscriptions() if self else ():
            if subscriptions._concerns_advertiser(
                self, each.target
            ) and subscriptions._is_own_subscription(self, each):
                self._end_subscription(each.uid, api)

    def _end_subscription(self, uid, api=None):
        """End a subscription at TikTok; one that does not exist is ended.

        :param str uid: TikTok's id of the subscription
        :param Subscriptions api: of an app; default: of the app that received the consent
        :raise TiktokError: as TikTok refuses
        """
        try:
            (api or self.env["tiktok.subscription"]._get_app_api(self)).unsubscribe(uid)
        except WrongRequestError as error:
            if error.code != NOT_FOUND:
                raise
