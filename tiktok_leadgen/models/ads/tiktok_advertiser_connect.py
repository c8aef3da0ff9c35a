import logging

from markupsafe import Markup

from odoo import api, models
from odoo.exceptions import UserError

from ...job_time import read_clock, read_transaction_clock
from ...live_updates import notify_pages
from ...tiktok import client
from ...tiktok.errors import ReconnectError, SealError, TiktokError
from ...tiktok.values import isolate

_logger = logging.getLogger(__name__)
RECONNECT = "tiktok_leadgen.mail_activity_type_reconnect_ads"
WATCH = "tiktok_leadgen.mail_activity_type_watch_ads"
MANAGERS = "sales_team.group_sale_manager"
_MAIL = Markup(
    '<p>%s</p><p><a href="%s" style="padding: 8px 16px; color: #fff; background-color: #714b67; '
    'border-radius: 4px; text-decoration: none">%s</a></p>'
)


class TiktokAdvertiser(models.Model):
    """Connecting and disconnecting ad accounts, and notifying users of problems."""

    _inherit = "tiktok.advertiser"

    # === ACTION METHODS === #

    def action_connect_ads(self):
        """Open TikTok's consent page for the current company; the list calls it on no record.

        :return: the action that opens the URL
        :rtype: dict
        """
        return self.env.company.action_tiktok_connect_ads()

    def action_connect(self):
        """Open TikTok's consent page; it connects all ad accounts that the user chooses there.

        :return: the action that opens the URL
        :rtype: dict
        """
        self.ensure_one()
        self.check_access("write")
        return self.company_id.action_tiktok_connect_ads()

    def action_disconnect(self):
        """Disconnect these ad accounts; the last one of a consent revokes it."""
        self.check_access("write")
        with client.deadline():
            for advertiser in self.sudo():
                advertiser._disconnect_advertiser()
            self.env["tiktok.business.token"]._revoke_unused_tokens()

    def action_disconnect_all(self):
        """Disconnect all ad accounts of the consent."""
        self.ensure_one()
        self.check_access("write")
        token = self.sudo().business_token_id
        siblings = self.sudo().search([("business_token_id", "=", token.id)]) if token else self
        siblings.with_user(self.env.user).check_access("write")
        siblings.sudo().with_user(self.env.user).action_disconnect()

    # === CONSENT === #

    @api.model
    def _connect_advertisers(self, company, grant, names, choices):
        """Connect the ad accounts of a consent.

        :param company: res.company where the consent was requested
        :param business_login.Grant grant: what TikTok gave
        :param dict names: of the ad accounts by TikTok's id
        :param dict choices: id of the company by TikTok's id; 0 leaves an ad account out
        :return: those connected, and the names of those that belong to another company
        :rtype: tuple[tiktok.advertiser, list[str]]
        """
        known = self._find_known_advertisers(names)
        allowed = self.env.user.company_ids
        token = self.env["tiktok.business.token"]._store_token(company, grant)
        connected, refused = self.browse(), []
        for uid, name in names.items():
            company_id = choices.get(uid, company.id)
            if uid in known and known[uid].company_id not in allowed:
                refused.append(name or uid)
            elif company_id:
                advertiser = known.get(uid) or self._get_or_create_advertiser(uid, name, company_id)
                connected += advertiser._connect_advertiser(token, name)
        self._mark_left_out(token, connected)
        connected._request_sync()
        return connected, refused

    @api.model
    def _find_known_advertisers(self, uids):
        """Find the ad accounts that a company connected before.

        :param uids: TikTok's ids
        :return: tiktok.advertiser by TikTok's id
        :rtype: dict
        """
        domain = [("advertiser_uid", "in", list(uids)), ("state", "!=", "draft")]
        found = self.sudo().search(domain)
        return {advertiser.advertiser_uid: advertiser for advertiser in found}

    @api.model
    def _get_or_create_advertiser(self, uid, name, company_id):
        """Return the ad account of a company: its draft, the archived one or a new one.

        :param str uid: TikTok's id
        :param str name: empty if it is unknown
        :param int company_id: of the company
        :rtype: tiktok.advertiser
        """
        own = [("advertiser_uid", "=", uid), ("company_id", "=", company_id)]
        advertisers = self.sudo().with_context(active_test=False)
        found = advertisers.search(own, limit=1, order="active desc, id desc")
        if found:
            found.active = True
            return found
        values = {"advertiser_uid": uid, "name": name or uid, "company_id": company_id}
        return self.sudo().create({**values, "user_id": self.env.uid})

    def _connect_advertiser(self, token, name=""):
        """Connect an ad account with a consent, and recover the leads it missed.

        :param token: tiktok.business.token of the consent
        :param str name: at TikTok; empty leaves it as it is
        :return: the same with administrator rights
        :rtype: tiktok.advertiser
        """
        self.ensure_one()
        advertiser = self.sudo()
        advertiser._attach_consent(token, name)
        advertiser._recheck_unhealthy()
        advertiser._start_reconciliation(self.env.user)
        return advertiser

    def _attach_consent(self, token, name):
        """Store the consent of an ad account; a new token needs new subscriptions.

        Its leads are received from now on, unless a user stopped them.

        :param token: tiktok.business.token of the consent
        :param str name: at TikTok; empty leaves it as it is
        """
        self.write(
            {
                "name": name or self.name,
                "state": "connected",
                "wants_leads": not self.is_stopped,
                "removed_reason": False,
                "business_token_id": token.id,
                "connected_at": read_transaction_clock(self.env),
            }
        )
        self.activity_unlink([RECONNECT])
        self.env["tiktok.revocation"]._cancel_superseded(self, token)

    @api.model
    def _mark_left_out(self, token, connected):
        """Mark ad accounts that a new consent of the same user no longer includes.

        Those of another user's invalid consent still need that user: their activity stays.

        :param token: tiktok.business.token of the new consent
        :param connected: tiktok.advertiser connected with it
        """
        left_out = [
            ("business_token_id.is_dead", "=", True),
            ("business_token_id.company_id", "=", token.company_id.id),
            ("business_token_id.user_id", "=", token.user_id.id),
            ("id", "not in", connected.ids),
        ]
        self.sudo().search(left_out).write({"removed_reason": "left"})

    def _mark_revoked(self, reason):
        """Mark connected ad accounts as revoked; unless it was done here, a user must reconnect.

        :param str reason: of `REVOKED_REASONS`
        """
        for advertiser in self.filtered(lambda each: each.state == "connected"):
            advertiser.write({"state": "revoked", "removed_reason": reason})
            advertiser.subscription_ids.unlink()
            if reason == "here":
                advertiser.activity_unlink([RECONNECT])
            else:
                advertiser._schedule_reconnection()

    def _schedule_reconnection(self):
        """Schedule an activity for the responsible user to reconnect the ad account."""
        self.activity_unlink([WATCH])
        self.activity_schedule(
            RECONNECT,
            user_id=(self.user_id.filtered("active") or self._find_fallback_user()).id,
            summary=self.env._("Reconnect %s", isolate(self.name)),
            note=self.env._(
                "TikTok no longer accepts the connection, so it may not send leads. "
                "Open the ad account and click Reconnect."
            ),
        )

    def _find_fallback_user(self):
        """Return the user who is notified if the ad account has no responsible user.

        :rtype: res.users
        """
        return self.company_id._tiktok_get_responsible()

    # === DISCONNECTION === #

    @api.ondelete(at_uninstall=False)
    def _unlink_except_disconnecting(self):
        # What is left to unsubscribe is known by this record alone.
        if any(advertiser.is_disconnecting for advertiser in self):
            raise UserError(
                self.env._("Odoo is still disconnecting the ad account at TikTok. Delete it later.")
            )

    @api.model
    def _find_disconnecting_uids(self):
        """Find the disconnected ad accounts whose leads TikTok may still send.

        :return: TikTok's ids by id of the company
        :rtype: dict[int, set]
        """
        found = {}
        for revocation in (
            self.env["tiktok.revocation"].sudo().search([("advertiser_id", "!=", False)])
        ):
            advertiser = revocation.advertiser_id
            if advertiser.state == "revoked":
                found.setdefault(advertiser.company_id.id, set()).add(advertiser.advertiser_uid)
        return found

    def _disconnect_advertiser(self):
        """End our subscriptions and leave the consent, now or when TikTok can be reached."""
        self.ensure_one()
        if self.state == "connected":
            self._end_or_plan_subscriptions()
        # Reconnecting restarts the leads: only Stop Receiving also stops the nightly
        # reconciliation.
        self.write({"wants_leads": False, "is_stopped": False})
        self._mark_revoked("here")
        token = self.business_token_id
        self.business_token_id = False
        if not token.advertiser_ids:
            token._revoke_tokens(self)

    def _end_or_plan_subscriptions(self):
        """End our subscriptions; have the watchdog retry what TikTok could not do."""
        try:
            self._unsubscribe_from_leads()
        except ReconnectError as error:  # they ended together with the consent
            _logger.info("TikTok ad account %s: %s", self.id, type(error).__name__)
        except (TiktokError, UserError, SealError) as error:
            self.env["tiktok.revocation"]._plan_unsubscription(self, error)

    # === ALARMS === #

    def _store_health(self, result):
        """Store a result of the watchdog, raise the alarm of a new problem or clear a past one.

        :param tiktok_watchdog.HealthResult result: of a check
        """
        now = read_clock(self.env)
        values = {
            "health": result.health,
            "health_problem": result.problem or False,
            "health_reason": result.reason or False,
            "health_fix": result.fix or False,
            "health_tried_at": now,
        }
        if not result.is_unchecked:
            values.update(health_checked_at=now, health_unchecked_since=False)
        self.write(values)
        notify_pages(self.company_id)
        if result.health == "broken":
            self._raise_alarm(result)
        elif result.health == "ok" and not result.is_unchecked:
            self._clear_alarm()

    def _raise_alarm(self, result):
        """Notify users with one activity and one mail, once for each problem.

        :param tiktok_watchdog.HealthResult result: what is broken
        """
        if self.health_notified == result.problem:
            return
        self.activity_unlink([WATCH])
        self.health_notified = result.problem
        users = self._find_alarm_users()
        try:
            with self.env.cr.savepoint():
                self._schedule_alarm(result, users[:1])
                self._send_alarm(result, users)
        except Exception as error:  # noqa: BLE001 - a failed mail must not undo the result
            kind = type(error).__name__
            _logger.warning("TikTok ad account %s: no user was notified (%s)", self.id, kind)

    def _clear_alarm(self):
        """Remove the alarm; the leads arrive again."""
        if not self.health_notified:
            return
        self.health_notified = False
        self.activity_unlink([WATCH])
        if self.state == "connected":
            self.message_post(body=self.env._("TikTok leads of this ad account arrive again."))

    def _find_alarm_users(self):
        """Find who is notified: the responsible user first, then sales managers who follow.

        :rtype: res.users
        """
        company = self.company_id
        responsible = self.user_id.filtered("active") or self._find_fallback_user()
        followers = self.message_partner_ids.user_ids.filtered(
            lambda user: user.active and user.has_group(MANAGERS) and company in user.company_ids
        )
        return responsible | followers

    def _schedule_alarm(self, result, user):
        """Schedule the activity of an alarm, unless the one to reconnect says the same.

        :param tiktok_watchdog.HealthResult result: what is broken
        :param user: res.users
        """
        reconnect = self.env.ref(RECONNECT)
        if self.activity_ids.filtered(lambda each: each.activity_type_id == reconnect):
            return
        self.activity_schedule(
            WATCH,
            user_id=user.id,
            summary=self.env._("No TikTok leads from %s", isolate(self.name)),
            note=result.reason,
        )

    def _send_alarm(self, result, users):
        """Send the mail of an alarm; its button opens the ad account.

        :param tiktok_watchdog.HealthResult result: what is broken
        :param users: res.users
        """
        labels = dict(self._fields["health_fix"]._description_selection(self.env))
        url = f"{self.get_base_url()}/odoo/tiktok-ad-accounts/{self.id}"
        self.message_notify(
            partner_ids=users.partner_id.ids,
            subject=self.env._("TikTok leads of %s need your attention", isolate(self.name)),
            body=_MAIL % (result.reason, url, labels.get(result.fix, self.env._("Open"))),
        )
