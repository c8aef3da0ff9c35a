import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from .. import const
from ..clash import CONCURRENCY_ERRORS, survives_clashes
from ..log_guard import place_of
from ..tiktok import instant_form
from ..tiktok.errors import (
    NotAllowedError,
    NotUnderstoodError,
    ReconnectError,
    RetryLaterError,
    TiktokError,
    WrongRequestError,
)
from .tiktok_sync_mixin import RETRY_MINUTES, SYNC_HOURS

_logger = logging.getLogger(__name__)


class TiktokAdvertiser(models.Model):
    """When ad accounts and their forms are brought up to date."""

    _inherit = "tiktok.advertiser"

    last_sync_at = fields.Datetime("Forms as of", readonly=True, copy=False)
    sync_error = fields.Char("Last problem", readonly=True, copy=False)
    library_names = fields.Json(
        "Form libraries", readonly=True, copy=False, help="Names by TikTok's id."
    )

    # === ACTION METHODS === #

    def action_sync(self):
        """Ask TikTok for the forms, in the background."""
        self.check_access("write")
        self.sudo()._ask_sync()
        return self._notify(self.env._("TikTok is asked. New forms appear in a moment."), "info")

    def action_view_forms(self):
        """Open the forms of this ad account."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.actions"]._for_xml_id("tiktok_leadgen.tiktok_form_action")
        action["domain"] = [("advertiser_id", "=", self.id)]
        return action

    # === BUSINESS METHODS === #

    def _ask_sync(self):
        """Have the scheduled action look after these now."""
        self.sudo().write({"sync_requested": True})
        self.env.ref(const.ADS_CRON_XMLID)._tiktok_trigger()

    def _sync_forms(self):
        """Bring the forms and what they ask up to date; new ones just appear.

        One library or form that TikTok does not show keeps nothing else back.

        :return: what TikTok refused, the last of it, in a sentence; or False
        :rtype: str | bool
        :raise TiktokError: as TikTok refuses
        :raise SealError: if a secret can't be opened
        """
        self.ensure_one()
        client = self._client()
        libraries = self._fetch_libraries(client)
        listed = list(instant_form.forms(client, self.advertiser_uid))
        problem, hidden = False, []
        for library_uid in libraries:
            try:
                listed += instant_form.forms(client, library_uid=library_uid)
            except (NotAllowedError, WrongRequestError) as error:
                problem = self._explain(error)
                hidden.append(library_uid)
        self._lock_rows()
        now = fields.Datetime.now()
        self.write({"library_names": libraries, "last_sync_at": now})
        self.env["tiktok.form"]._keep_listed(self, listed, hidden)
        self._save_in_job()
        return self._fetch_all_questions(client) or problem

    def _fetch_all_questions(self, client):
        """Ask what each new or changed form asks; return what TikTok refused, or False."""
        problem = False
        for form in self.form_ids.filtered(lambda form: form._lacks_questions()):
            try:
                form._fetch_questions(client)
            except (NotAllowedError, NotUnderstoodError, WrongRequestError) as error:
                problem = self.env._(
                    "The questions of “%(form)s” are not known yet. %(why)s",
                    form=form.name,
                    why=self._explain(error),
                )
            self._save_in_job()
        return problem

    def _save_in_job(self):
        """Commit, in a scheduled action: leads must not wait for rows while TikTok is asked."""
        if self.env.context.get("ir_cron_progress_id"):
            self.env["ir.cron"]._commit_progress()

    def _fetch_libraries(self, client):
        """Return the form libraries of this ad account: names by id."""
        try:
            found = instant_form.libraries(client)
        except (NotAllowedError, WrongRequestError):
            return self.library_names or {}  # libraries need a Business Center; forms don't
        own = self.advertiser_uid
        return {uid: name for uid, (name, holder) in found.items() if holder in (own, "")}

    # === SCHEDULED ACTIONS === #

    @api.model
    @survives_clashes
    def _cron_sync_advertisers(self):
        """Look after each ad account that is due, one after the other."""
        dead = [("state", "=", "connected"), ("business_token_id.is_dead", "=", True)]
        self.search(dead)._one_by_one(lambda advertiser: advertiser._lose("taken"))
        due = self.search(self._sync_domain(), order="sync_next_at nulls first, id")
        due._one_by_one(type(self)._sync_alone)
        self.env["tiktok.business.token"]._drop_unused()

    def _one_by_one(self, work):
        """Do something with each, committing after each, until the scheduler's time is over.

        :param work: called with one; raises nothing but a clash with another transaction
        """
        remaining = len(self)
        self.env["ir.cron"]._commit_progress(remaining=remaining)
        for advertiser in self:
            try:
                work(advertiser)
                left = self.env["ir.cron"]._commit_progress(1, remaining=remaining - 1)
                remaining -= 1
            except CONCURRENCY_ERRORS:
                self.env.cr.rollback()  # somebody else wrote to it: it stays due
                left = self.env["ir.cron"]._commit_progress(1, remaining=remaining)
            if not left:
                break

    def _sync_alone(self):
        """Look after one ad account; if that fails, the others don't notice."""
        self.ensure_one()
        try:
            self._end_sync(SYNC_HOURS * 3600, self._sync_all())
        except CONCURRENCY_ERRORS:
            raise
        except ReconnectError:
            self.env.cr.rollback()
            self._lose("taken")
        except RetryLaterError as error:
            self.env.cr.rollback()
            seconds = max(error.retry_after or 0, RETRY_MINUTES * 60)
            self._end_sync(seconds, self._explain(error))
            again = fields.Datetime.now() + timedelta(seconds=seconds)
            self.env.ref(const.ADS_CRON_XMLID).sudo()._trigger(again)
        except (TiktokError, UserError) as error:
            self.env.cr.rollback()
            self._end_sync(SYNC_HOURS * 3600, self._explain(error))
        except Exception as error:  # noqa: BLE001 - one ad account never stops the others
            self.env.cr.rollback()
            self._end_sync(SYNC_HOURS * 3600, self._describe_fault(error))

    def _sync_all(self):
        if not self.exists() or self.state != "connected":
            return False
        problem = self._sync_forms()
        if self.wants_leads:
            self._subscribe()
        else:
            self._subscriptions()
        return problem

    def _end_sync(self, seconds, problem=False):
        """Write down that it was looked after, and when it is the next time."""
        next_at = fields.Datetime.now() + timedelta(seconds=seconds)
        self.write({"sync_requested": False, "sync_next_at": next_at, "sync_error": problem})

    def _describe_fault(self, error):
        """Log where a fault of ours happened, without what it holds; return a sentence."""
        _logger.warning("TikTok ad account %s: %s", self.id, place_of(error))
        kind = type(error).__name__
        return self.env._("It could not be brought up to date (%s). It is tried again.", kind)
