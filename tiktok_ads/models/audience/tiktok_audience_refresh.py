import logging
from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain

from odoo.addons.tiktok_leadgen.concurrency import (
    InterruptedAttemptsError,
    process_each,
    retry_on_serialization_failure,
)
from odoo.addons.tiktok_leadgen.job_time import backoff, find_task_seconds, read_clock
from odoo.addons.tiktok_leadgen.log_filters import describe_error
from odoo.addons.tiktok_leadgen.tiktok import client
from odoo.addons.tiktok_leadgen.tiktok.errors import (
    NotAllowedError,
    ReconnectError,
    RetryLaterError,
    TiktokError,
    UnparsableAnswerError,
    WrongRequestError,
)

from ...tiktok import audience
from .tiktok_audience import REFRESH_CRON

_logger = logging.getLogger(__name__)
JOB = "tiktok.audience.refresh"
STATUS_JOB = f"{JOB}.status"  # whose interrupted attempts are counted
REFRESH_DAYS = 7
REFRESH_SECONDS = 240  # for all requests of one audience
FIRST_WAIT, LONGEST_WAIT = 300, 24 * 3600  # seconds
MARK_LENGTH = 8  # of the part of a name that tells databases apart


class TiktokAudience(models.Model):
    """The weekly refresh: all members are uploaded, and replace those at TikTok.

    Where the process ends before the new audience is stored, the next attempt finds it at TikTok
    by its name.
    """

    _inherit = "tiktok.audience"

    # === SCHEDULED ACTIONS === #

    @api.model
    @retry_on_serialization_failure
    def _cron_refresh_audiences(self):
        """Refresh the audiences that are due, and ask about those that TikTok still computes."""
        left_over = process_each(
            self.search(self._due_domain()),
            lambda record: record._refresh_audience(),
            lambda record, error: record._handle_refresh_error(error),
            job=JOB,
        )
        if not left_over:
            computing = Domain("audience_uid", "!=", False) & Domain("is_valid", "=", False)
            process_each(
                self.search(computing & Domain("problem", "=", False)),
                lambda record: record._refresh_status(),
                lambda record, error: record._handle_refresh_error(error),
                job=STATUS_JOB,
            )
        self._plan_next_run()

    @api.model
    def _due_domain(self):
        due = Domain("next_refresh_at", "=", False)
        return due | Domain("next_refresh_at", "<=", read_clock(self.env))

    @api.model
    def _plan_next_run(self):
        """Trigger the job for the audience that will be due first.

        One that is due already was left: `process_each` plans its next attempt.
        """
        later = Domain("next_refresh_at", ">", read_clock(self.env))
        first = self.search(later, order="next_refresh_at", limit=1)
        if first:
            self.env["ir.cron"]._tiktok_trigger_job(REFRESH_CRON, first.next_refresh_at)

    # === ONE AUDIENCE === #

    def _refresh_audience(self):
        """Replace the members at TikTok by those of now."""
        self.ensure_one()
        self.member_count = sum(1 for _line in self._iter_lines())
        try:
            with client.deadline(find_task_seconds(REFRESH_SECONDS)):
                self._sync_remote()
        except TiktokError as error:
            self._plan_retry(error)
            return
        now = read_clock(self.env)
        self.write(
            {
                "refreshed_at": now,
                "next_refresh_at": now + timedelta(days=REFRESH_DAYS),
                "attempt_count": 0,
                "problem": False,
                "problem_message": False,
            }
        )

    def _sync_remote(self):
        """Create the audience at TikTok, replace its members, or delete it: too few remain.

        :raise UnparsableAnswerError: if TikTok names no uploaded file
        :raise WrongRequestError: if TikTok refuses the members
        """
        if self.member_count < audience.MIN_MEMBERS:
            self._handle_small_audience()
            return
        business = self.advertiser_id._get_business_client()
        advertiser_uid = self.advertiser_id.advertiser_uid
        paths = [
            audience.upload_file(business, advertiser_uid, content)
            for content in audience.split_files(self._iter_lines())
        ]
        if not all(paths):
            raise UnparsableAnswerError("TikTok's answer has no file path.", "no_file_path")
        try:
            self._store_members(business, paths)
        except WrongRequestError as error:
            if not audience.is_size_refusal(error):
                raise
            self._handle_small_audience()
            return
        self._refresh_status()

    def _store_members(self, business, paths):
        """Put uploaded files into the audience, into a new one if there is none.

        :param BusinessClient business: of the ad account
        :param list[str] paths: of uploaded files
        :raise UnparsableAnswerError: if TikTok names no audience
        :raise WrongRequestError: if TikTok refuses the members
        """
        advertiser_uid = self.advertiser_id.advertiser_uid
        if self.audience_uid:
            try:
                audience.replace_members(business, advertiser_uid, self.audience_uid, paths)
            except WrongRequestError as error:
                if not audience.is_gone(error):
                    raise
                self.audience_uid = False
            else:
                return
        uid = audience.create_audience(business, advertiser_uid, self._get_remote_name(), paths)
        if not uid:
            raise UnparsableAnswerError("TikTok's answer has no audience.", "no_audience")
        self.write({"audience_uid": uid, "state": "active", "is_valid": False})

    def _handle_small_audience(self):
        """Delete an audience of which too few people would remain: some of them left it.

        :raise TiktokError: as TikTok refuses
        """
        if self.audience_uid:
            self._delete_remote("removed")
        elif self.state != "removed":
            self.state = "too_small"

    def _delete_remote(self, state):
        """Delete the audience at TikTok.

        :param str state: afterwards
        :raise TiktokError: as TikTok refuses
        """
        if self.audience_uid:
            business = self.advertiser_id._get_business_client()
            try:
                audience.delete_audience(
                    business, self.advertiser_id.advertiser_uid, self.audience_uid
                )
            except WrongRequestError as error:
                if not audience.is_gone(error):
                    raise
        self.write(
            {
                "audience_uid": False,
                "state": state,
                "is_valid": False,
                "is_expiring": False,
                "matched_count": 0,
            }
        )

    def _refresh_status(self):
        """Store what TikTok says of the audience.

        :raise TiktokError: as TikTok refuses
        """
        business = self.advertiser_id._get_business_client()
        uid = self.advertiser_id.advertiser_uid
        remote = audience.get_audience(business, uid, self.audience_uid)
        if remote:
            self.write(
                {
                    "is_valid": remote.is_valid,
                    "is_expiring": remote.is_expiring,
                    "matched_count": remote.matched_count,
                }
            )

    def _get_remote_name(self):
        """Return the name at TikTok: of this audience of this database alone.

        :rtype: str
        """
        mark = self.env["ir.config_parameter"].sudo().get_param("database.uuid") or ""
        ending = f" (Odoo {mark[:MARK_LENGTH]}-{self.id})"
        return self.name[: audience.MAX_NAME - len(ending)] + ending

    # === ERRORS === #

    def _plan_retry(self, error):
        """Store why the audience was not refreshed, and plan the next attempt.

        :param TiktokError error: of the refresh
        """
        kinds = (
            (NotAllowedError, "not_allowed"),
            (RetryLaterError, "unreachable"),
            (ReconnectError, "reconnect"),
        )
        problem = next((name for kind, name in kinds if isinstance(error, kind)), "refused")
        if error.code == "ads_not_connected":
            problem = "not_connected"
        _logger.info("TikTok audience %s: %s %s", self.id, type(error).__name__, error.code)
        self._postpone_refresh(problem, error.words or error.code, error)

    def _handle_refresh_error(self, error):
        """Plan the next attempt after an error that was not expected.

        :param Exception error: of the refresh
        """
        if isinstance(error, TiktokError):
            self._plan_retry(error)
            return
        problem = "interrupted" if isinstance(error, InterruptedAttemptsError) else "error"
        if problem == "error":
            _logger.error("TikTok audience %s: %s", self.id, describe_error(error))
        self._postpone_refresh(problem, False, error)

    def _postpone_refresh(self, problem, message, error):
        """Plan the next attempt.

        :param str problem: of `PROBLEMS`
        :param message: of TikTok, False for none
        :param Exception error: of the refresh
        """
        attempts = self.attempt_count + 1
        wait = backoff(attempts, FIRST_WAIT, LONGEST_WAIT, getattr(error, "retry_after", None))
        self.write(
            {
                "problem": problem,
                "problem_message": message,
                "attempt_count": attempts,
                "next_refresh_at": read_clock(self.env) + wait,
            }
        )
