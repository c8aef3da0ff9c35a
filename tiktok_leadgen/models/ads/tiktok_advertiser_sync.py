import logging
from datetime import timedelta
from functools import partial

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ... import concurrency, const
from ...ad_account_country import update_country
from ...job_time import backoff, read_clock
from ...lead_recovery import start_due_recovery
from ...live_updates import notify_pages
from ...log_filters import describe_error
from ...reader_language import process_localized
from ...tiktok import instant_form
from ...tiktok.client import seconds_left
from ...tiktok.errors import (
    NotAllowedError,
    ReconnectError,
    RetryLaterError,
    TiktokError,
    UnparsableAnswerError,
    WrongRequestError,
)
from ...tiktok.values import isolate

_logger = logging.getLogger(__name__)
RETRY_SECONDS = const.SYNC_RETRY_MINUTES * 60
SUBSCRIBE_SECONDS = 20  # that a sync needs after it fetched questions
LATE_HOURS = 1  # after which TikTok has tried to deliver a lead often enough


class TiktokAdvertiser(models.Model):
    """Syncing an ad account: its forms, subscriptions and reconciliations."""

    _inherit = "tiktok.advertiser"

    last_sync_at = fields.Datetime("Forms last updated", readonly=True, copy=False)
    sync_error = fields.Char("Last problem", readonly=True, copy=False)
    library_names = fields.Json("Form libraries", readonly=True, copy=False, help="Names by ID.")
    reconciled_at = fields.Datetime("Last checked", readonly=True, copy=False)
    reconciliation_text = fields.Char(
        "Reconciled",
        compute="_compute_reconciliation",
        help="Reconciled with the leads TikTok keeps for 90 days, without test leads.",
    )
    reconciliation_ids = fields.One2many(
        "tiktok.reconciliation", "advertiser_id", "Reconciliations", readonly=True
    )
    reconciliation_id = fields.Many2one(
        "tiktok.reconciliation",
        "Last reconciliation",
        compute="_compute_reconciliation",
        search="_search_last_reconciliation",
    )
    reconciliation_state = fields.Selection(related="reconciliation_id.state")
    reconciliation_is_first = fields.Boolean(related="reconciliation_id.is_first")
    reconciliation_progress = fields.Float(related="reconciliation_id.progress")
    reconciliation_status_text = fields.Char(related="reconciliation_id.status_text")

    # === COMPUTE METHODS === #

    def _compute_reconciliation(self):
        runs = self.env["tiktok.reconciliation"].sudo()
        domain = [("advertiser_id", "in", self.ids)]
        groups = runs._read_group(domain, ["advertiser_id"], ["id:max"])
        last = {advertiser.id: run_id for advertiser, run_id in groups}
        for advertiser in self:
            advertiser.reconciliation_id = last.get(advertiser.id, False)
            totals = advertiser._count_reconciled_leads()
            advertiser.reconciliation_text = self.env["tiktok.reconciliation.day"]._describe_totals(
                *totals, advertiser.reconciled_at
            )

    def _search_last_reconciliation(self, operator, value):
        """Search ad accounts by their last reconciliation.

        :param str operator: any, any! or in
        :param value: domain or ids of reconciliations
        :rtype: Domain
        """
        runs = self.env["tiktok.reconciliation"]
        if operator in ("any", "any!"):
            value = runs.search(value).ids
        elif operator != "in":
            return NotImplemented
        groups = runs.sudo()._read_group([], ["advertiser_id"], ["id:max"])
        found = [advertiser.id for advertiser, run_id in groups if run_id in value]
        none = Domain("reconciliation_ids", "=", False) if False in value else Domain.FALSE
        return Domain("id", "in", found) | none

    def _count_reconciled_leads(self):
        """Count the leads at TikTok, those of them in Odoo, and those missing.

        :rtype: tuple[int, int, int]
        """
        names = ["tiktok_lead_count", "odoo_lead_count", "missing_lead_count"]
        (totals,) = self.env["tiktok.form"]._read_group(
            [("advertiser_id", "in", self.ids)], [], [f"{name}:sum" for name in names]
        )
        return tuple(total or 0 for total in totals)

    # === ACTION METHODS === #

    def action_sync(self):
        """Request the forms in the background.

        :return: the action that notifies the user
        :rtype: dict
        """
        self.check_access("write")
        self.sudo()._request_sync()
        return self._build_notification(
            self.env._("Requesting the forms from TikTok. New forms appear in a moment."), "info"
        )

    def action_reconcile(self):
        """Start a reconciliation in the background.

        :return: the action that reloads the view
        :rtype: dict
        :raise UserError: if an ad account is not connected
        """
        self.check_access("write")
        if any(advertiser.state != "connected" for advertiser in self):
            raise UserError(self.env._("Connect the ad account first: the data comes from TikTok."))
        self._start_reconciliation(self.env.user)
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_cancel_reconciliation(self):
        """Cancel the running reconciliation."""
        self.reconciliation_id.action_cancel()

    def action_resume_reconciliation(self):
        """Resume the reconciliation that was cancelled or failed."""
        self.ensure_one()
        self.reconciliation_id.action_resume()

    def action_view_reconciled_days(self):
        """Open the reconciled days of these ad accounts.

        :return: the action that opens the list
        :rtype: dict
        """
        self.check_access("read")
        action = self.env["ir.actions.actions"]._for_xml_id(
            "tiktok_leadgen.tiktok_reconciliation_day_action"
        )
        return {**action, "domain": [("advertiser_id", "in", self.ids)], "context": {}}

    def action_view_reconciliations(self):
        """Open the reconciliations of these ad accounts.

        :return: the action that opens the list
        :rtype: dict
        """
        self.check_access("read")
        action = self.env["ir.actions.actions"]._for_xml_id(
            "tiktok_leadgen.tiktok_reconciliation_action"
        )
        return {**action, "domain": [("advertiser_id", "in", self.ids)]}

    # === BUSINESS METHODS === #

    def _request_sync(self):
        """Request a sync by the scheduled action."""
        self.sudo().write({"sync_requested": True})
        self.env.ref(const.ADS_CRON_XMLID)._tiktok_trigger()

    def _start_reconciliation(self, user=None):
        """Reconcile the ad accounts in the background, unless they are being reconciled.

        :param user: res.users who requested it, or None
        :return: their open reconciliations
        :rtype: tiktok.reconciliation
        """
        return self.env["tiktok.reconciliation"]._start_for_advertisers(self, user)

    def _sync_with_tiktok(self):
        """Sync the forms and subscriptions of one ad account.

        :return: what TikTok refused, in a sentence; or False
        :rtype: str | bool
        :raise TiktokError: as TikTok refuses
        :raise SealError: if a secret can't be opened
        """
        if not self.exists() or self.state != "connected":
            return False
        problem = self._sync_forms()
        update_country(self)
        if self.wants_leads:
            self._subscribe_to_leads()
            start_due_recovery(self)
        else:
            self._refresh_subscriptions()
        return problem

    def _sync_forms(self):
        """Sync the forms and their questions.

        A library or form that TikTok does not show stops none of the others.

        :return: what TikTok refused, the last of it, in a sentence; or False
        :rtype: str | bool
        :raise TiktokError: as TikTok refuses
        :raise SealError: if a secret can't be opened
        """
        self.ensure_one()
        client = self._get_business_client()
        libraries = self._fetch_form_libraries(client)
        listed = list(instant_form.list_forms(client, self.advertiser_uid))
        problem, hidden = False, []
        for library_uid in libraries:
            try:
                listed += instant_form.list_forms(client, library_uid=library_uid)
            except (NotAllowedError, WrongRequestError) as error:
                problem = self._explain_error(error)
                hidden.append(library_uid)
        self._lock_advertisers()
        self.write({"library_names": libraries, "last_sync_at": read_clock(self.env)})
        self.env["tiktok.form"]._sync_listed_forms(self, listed, hidden)
        self._commit_in_job()
        return self._fetch_form_questions(client) or problem

    def _fetch_form_libraries(self, client):
        """Fetch the form libraries of this ad account.

        :param BusinessClient client: of this ad account
        :return: names by TikTok's id
        :rtype: dict
        """
        try:
            found = instant_form.list_libraries(client)
        except (NotAllowedError, WrongRequestError):
            return self.library_names or {}  # libraries need a Business Center; forms don't
        own = self.advertiser_uid
        return {uid: name for uid, (name, owner) in found.items() if owner in (own, "")}

    def _fetch_form_questions(self, client):
        """Fetch the questions of new and changed forms.

        :param BusinessClient client: of this ad account
        :return: what TikTok refused, the last of it, in a sentence; or False
        :rtype: str | bool
        :raise UnfinishedError: if there was no time for all; what was fetched is committed
        """
        problem, fetched = False, 0
        for form in self.form_ids.filtered(lambda form: form._lacks_questions()):
            try:
                form._fetch_questions(client)
                fetched += 1
            except (NotAllowedError, UnparsableAnswerError, WrongRequestError) as error:
                problem = self.env._(
                    "The questions of “%(form)s” are not known yet. %(why)s",
                    form=isolate(form.name),
                    why=self._explain_error(error),
                )
            self._commit_in_job()
            if fetched and seconds_left(SUBSCRIBE_SECONDS) < SUBSCRIBE_SECONDS:
                raise concurrency.UnfinishedError
        return problem

    def _find_undelivered_events(self, run):
        """Find the leads that a reconciliation recovered although TikTok should have sent them.

        :param run: tiktok.reconciliation
        :return: tiktok.event, the newest submission first
        :rtype: tiktok.event
        """
        began = run.started_at or run.create_date
        return self.env["tiktok.event"].search(
            self._event_domain("backfill")
            & Domain("received_at", ">=", began)
            & Domain("submitted_at", ">", self.subscribed_since)
            & Domain("submitted_at", "<", began - timedelta(hours=LATE_HOURS)),
            order="submitted_at desc",
        )

    def _has_delivered_since(self, moment):
        """Tell whether TikTok delivered a lead of this ad account after a moment.

        :param datetime moment: in UTC
        :rtype: bool
        """
        delivered = self._event_domain("webhook") & Domain("received_at", ">", moment)
        return bool(self.env["tiktok.event"].search_count(delivered, limit=1))

    def _event_domain(self, source):
        uids = self.form_ids.mapped("page_uid")
        company = Domain("company_id", "=", self.company_id.id)
        return company & Domain("page_uid", "in", uids) & Domain("source", "=", source)

    # === SCHEDULED ACTION === #

    @api.model
    @concurrency.retry_on_serialization_failure
    def _cron_sync_advertisers(self):
        """Sync each ad account that is due."""
        invalid = [("state", "=", "connected"), ("business_token_id.is_dead", "=", True)]
        own, on_error = type(self), type(self)._handle_sync_error
        self.env["tiktok.business.token"]._revoke_unused_tokens()
        revoke = partial(own._mark_revoked, reason="taken")
        process_localized(self.search(invalid), revoke, on_error, job="dead_token")
        due = self.search(self._sync_domain(), order="sync_next_at nulls first, id")
        process_localized(due, own._sync_due_advertiser, on_error, job=self._name)

    def _sync_due_advertiser(self):
        problem = self._sync_with_tiktok()
        if self.exists():
            self._lock_advertisers()
            self._record_sync(timedelta(hours=const.SYNC_HOURS), problem)

    def _handle_sync_error(self, error):
        """Record why a sync failed and when it is retried.

        :param Exception error: of the sync
        """
        if isinstance(error, ReconnectError):
            self._mark_revoked("taken")
        elif isinstance(error, RetryLaterError):
            wait = backoff(1, RETRY_SECONDS, RETRY_SECONDS, error.retry_after)
            self._record_sync(wait, self._explain_error(error))
            self.env.ref(const.ADS_CRON_XMLID)._tiktok_trigger(self.sync_next_at)
        else:
            known = (TiktokError, UserError, concurrency.InterruptedAttemptsError)
            explain = self._explain_error if isinstance(error, known) else self._describe_exception
            self._record_sync(timedelta(hours=const.SYNC_HOURS), explain(error))

    def _record_sync(self, wait, problem=False):
        """Record the result of a sync; start a reconciliation that waits for the forms.

        :param timedelta wait: until the next sync
        :param problem: a sentence, or False
        """
        next_at = read_clock(self.env) + wait
        self.write({"sync_requested": False, "sync_next_at": next_at, "sync_error": problem})
        notify_pages(self.company_id)
        runs = self.env["tiktok.reconciliation"].sudo()
        if runs.search_count([("advertiser_id", "in", self.ids), ("state", "=", "waiting")]):
            runs._trigger_job()

    def _describe_exception(self, error):
        """Log where an exception was raised, without its text, and describe it for the user.

        :param Exception error: unexpected
        :rtype: str
        """
        _logger.warning("TikTok ad account %s: %s", self.id, describe_error(error))
        return self.env._("The update failed (%s). It is retried.", type(error).__name__)
