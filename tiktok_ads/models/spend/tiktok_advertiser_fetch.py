import logging
import tempfile
import time
from datetime import timedelta
from decimal import Decimal

from odoo import api, models
from odoo.tools import split_every

from odoo.addons.tiktok_leadgen.concurrency import (
    InterruptedAttemptsError,
    retry_on_serialization_failure,
)
from odoo.addons.tiktok_leadgen.job_time import (
    backoff,
    find_task_seconds,
    read_clock,
    read_exact_clock,
)
from odoo.addons.tiktok_leadgen.log_filters import describe_error
from odoo.addons.tiktok_leadgen.reader_language import process_localized
from odoo.addons.tiktok_leadgen.tiktok import client as tiktok_client
from odoo.addons.tiktok_leadgen.tiktok.errors import (
    NotAllowedError,
    ReconnectError,
    RetryLaterError,
    TiktokError,
    UnparsableAnswerError,
    WrongRequestError,
)

from ... import const
from ...tiktok import ad_account_info, spend_report

_logger = logging.getLogger(__name__)


class TiktokAdvertiser(models.Model):
    """Fetching the costs: the last days each night, the earlier months once.

    Each step is committed, so that a run may end anywhere. The stages: the last 30 days; a file
    with the 13 months before; then each window whose sums are not the ad account's own.
    """

    _inherit = "tiktok.advertiser"

    # === SCHEDULED ACTIONS === #

    @api.model
    @retry_on_serialization_failure
    def _cron_fetch_spend(self):
        """Fetch the costs of each connected ad account: daily, after TikTok's correction."""
        # What another transaction holds is due by its own plan: it must not hold up the others.
        connected = self.search([("state", "=", "connected")])
        connected.try_lock_for_update(allow_referencing=True)._request_spend()
        self._process_due_spend()

    @api.model
    @retry_on_serialization_failure
    def _cron_continue_spend(self):
        """Continue what was requested, waits for a file or is retried."""
        self._process_due_spend()

    @api.model
    def _process_due_spend(self):
        due = [
            ("state", "=", "connected"),
            ("spend_next_at", "!=", False),
            ("spend_next_at", "<=", read_clock(self.env)),
        ]
        process_localized(
            self.search(due, order="spend_next_at, id"),
            type(self)._fetch_due_spend,
            type(self)._handle_spend_error,
            job=const.SPEND_JOB,
        )

    # === ONE AD ACCOUNT === #

    def _fetch_due_spend(self):
        """Fetch what is due of one ad account, as far as it comes in this run.

        :raise UnparsableAnswerError: if a report has another shape than documented
        """
        self.ensure_one()
        if not self.exists() or self.state != "connected":
            return
        with tiktok_client.deadline(find_task_seconds(const.SPEND_SECONDS)):
            client = self._get_business_client()
            try:
                is_over = self._fetch_stages(client)
            except spend_report.UnreadableReportError as error:
                raise UnparsableAnswerError(
                    "TikTok's report can't be read.", f"no_{error}"
                ) from None
        if is_over:
            self._finish_spend()
        elif self.spend_next_at <= read_clock(self.env):  # the time of this run is over
            self.env.ref(const.SPEND_CRON_XMLID)._tiktok_trigger()

    def _fetch_stages(self, client):
        """Go from stage to stage until one has to wait or the time is over.

        :param BusinessClient client: of this ad account
        :return: whether all is fetched
        :rtype: bool
        """
        if self.spend_stage not in ("history", "check"):
            self._sync_account_info(client)
            if not self._fetch_recent_days(client):
                return False
        if self.spend_stage == "history" and not self._fetch_history_file(client):
            return False
        if self.spend_stage == "check":
            return self._check_earlier_days(client)
        return True

    def _sync_account_info(self, client):
        """Request currency, time zone and status of the ad account.

        :param BusinessClient client: of this ad account
        :raise UnparsableAnswerError: if its currency is not known
        """
        account = ad_account_info.fetch_ad_account(client, self.advertiser_uid)
        self._lock_advertisers()
        if account:
            self._store_account_info(account)
        if not self.spend_currency_id:
            raise UnparsableAnswerError("The ad account's currency is not known.", "no_currency")
        self._commit_spend_step()

    def _fetch_recent_days(self, client):
        """Fetch the last 30 days, and those before that were not final at the last fetch.

        :param BusinessClient client: of this ad account
        :return: whether the time was enough
        :rtype: bool
        """
        today, first = self._get_spend_today(), self._get_recent_start()
        done, other = self.spend_recent_until, Decimal(str(self.other_spend))
        start = max(first, done + timedelta(days=1)) if done else first
        windows = spend_report.split_windows(start, today, const.RECENT_WINDOW_DAYS)
        for begin, end in sorted(windows):  # the oldest first: a later run goes on from there
            gap = self._fetch_window(client, begin, end)
            other = gap + (other if self.spend_recent_until else 0)
            self._lock_advertisers()
            self.write({"spend_recent_until": end, "other_spend": other})
            if not self._commit_spend_step() and end < today:
                return False
        self._fetch_event_count(client)
        self._lock_advertisers()
        start, checked = self._get_history_start(), self.spend_checked_from or first
        is_complete = checked <= start
        earlier = "check" if self.is_spend_file_read else "history"
        self.write(
            {
                "spend_until": today,
                "spend_recent_until": False,
                "spend_fetched_at": read_clock(self.env),
                "spend_from": start,
                "spend_checked_from": checked,
                "spend_stage": "done" if is_complete else earlier,
            }
        )
        self._check_spend_alerts()
        return bool(self._commit_spend_step()) or is_complete

    def _fetch_window(self, client, first, last):
        """Fetch up to 30 days, ad by ad, and replace what is stored of them.

        :param BusinessClient client: of this ad account
        :param date first: day
        :param date last: day
        :return: what the ad account cost beyond its ads
        :rtype: Decimal
        """
        moment, spend = read_exact_clock(self.env), self.env["tiktok.ad.spend"]
        totals = spend_report.fetch_day_totals(client, self.advertiser_uid, first, last)
        rows = spend_report.iter_ad_days(client, self.advertiser_uid, first, last)
        is_empty = not totals
        for batch in split_every(const.SPEND_BATCH, rows, list):
            is_empty = False
            self._check_report_currency(batch)
            spend._store_ad_days(self, batch, moment)
            self._commit_spend_step()
        if is_empty:
            return Decimal(0)  # an answer without anything proves nothing
        fetched = spend._sum_days(self, first, last, moment)
        gaps = spend_report.find_gaps(totals, fetched, spend_report.list_days(first, last))
        spend._delete_outdated_days(self, [day for day, gap in gaps.items() if not gap], moment)
        return max(Decimal(0), sum(gaps.values(), Decimal(0)))

    def _check_report_currency(self, rows):
        """Check that amounts are in the currency that is stored with them.

        :param list rows: `spend_report.AdDay`
        :raise UnparsableAnswerError: if they are not
        """
        if any(row.currency and row.currency != self.spend_currency_id.name for row in rows):
            raise UnparsableAnswerError("TikTok reports in another currency.", "other_currency")

    # === THE EARLIER MONTHS === #

    def _fetch_history_file(self, client):
        """Have TikTok prepare a file with the months before, and store it; it may refuse.

        :param BusinessClient client: of this ad account
        :return: whether the next stage begins
        :rtype: bool
        """
        try:
            if not self.spend_task_uid:
                self._begin_history_task(client)
                return self._wait_for_task()
            status = spend_report.check_task(client, self.advertiser_uid, self.spend_task_uid)
            is_late = self._is_task_too_old()
            if status in spend_report.UNDER_WAY and not is_late:
                return self._wait_for_task()
            # A file that no run is long enough for is given up, too: windows have a position.
            is_done = status == spend_report.DONE
            if is_done and not self._store_history_file(client) and not is_late:
                return False
        except (
            *(NotAllowedError, WrongRequestError, UnparsableAnswerError),
            spend_report.UnreadableReportError,
        ) as error:
            _logger.info("TikTok ad account %s: no report: %s", self.id, type(error).__name__)
        self._lock_advertisers()
        done = {"spend_task_uid": False, "spend_task_at": False, "is_spend_file_read": True}
        self.write({"spend_stage": "check", **done})
        return bool(self._commit_spend_step())

    def _begin_history_task(self, client):
        """Request the file; today's figures are unreliable in it.

        :param BusinessClient client: of this ad account
        """
        last = self.spend_checked_from - timedelta(days=1)
        uid = spend_report.begin_task(client, self.advertiser_uid, self.spend_from, last)
        self._lock_advertisers()
        self.write({"spend_task_uid": uid, "spend_task_at": read_clock(self.env)})
        self._commit_spend_step()

    def _is_task_too_old(self):
        age = read_clock(self.env) - self.spend_task_at
        return age.total_seconds() > const.TASK_LONGEST_SECONDS

    def _wait_for_task(self):
        """Look at the task again in a moment.

        :return: False, as its callers do
        :rtype: bool
        """
        self._lock_advertisers()
        self._plan_spend(timedelta(seconds=const.TASK_SECONDS))
        return False

    def _store_history_file(self, client):
        """Download the file and store it in batches.

        :param BusinessClient client: of this ad account
        :return: whether the time was enough
        :rtype: bool
        """
        moment = read_exact_clock(self.env)
        time.sleep(const.TASK_CALL_SECONDS)
        with tempfile.TemporaryFile() as file:
            spend_report.download_task(client, self.advertiser_uid, self.spend_task_uid, file)
            file.seek(0)
            rows = spend_report.iter_file_rows(file)
            for batch in split_every(const.SPEND_BATCH, rows, list):
                self._check_report_currency(batch)
                self.env["tiktok.ad.spend"]._store_ad_days(self, batch, moment)
                if not self._commit_spend_step():
                    return False
        return True

    def _check_earlier_days(self, client):
        """Compare each window of the earlier months with the ad account's totals.

        A file lacks deleted ads, and there may be no file: what differs is fetched again.

        :param BusinessClient client: of this ad account
        :return: whether all are compared
        :rtype: bool
        """
        last = self.spend_checked_from - timedelta(days=1)
        for first, end in spend_report.split_windows(self.spend_from, last):
            totals = spend_report.fetch_day_totals(client, self.advertiser_uid, first, end)
            stored = self.env["tiktok.ad.spend"]._sum_days(self, first, end)
            gaps = spend_report.find_gaps(totals, stored, {*totals, *stored})
            if any(gaps.values()):
                self._fetch_window(client, first, end)
            self._lock_advertisers()
            self.spend_checked_from = first
            if not self._commit_spend_step():
                return False
        self.spend_stage = "done"
        return True

    # === RESULTS === #

    def _finish_spend(self):
        """Record that all is fetched; the next fetch is after TikTok's next correction."""
        self.write({"spend_stage": "done", "spend_error": False})
        self._plan_nightly_spend()

    def _commit_spend_step(self):
        """Commit in a scheduled action: no row is held during calls to TikTok.

        :return: seconds that are left for this run, 0 where no other call would end in its time;
            1 outside of a scheduled action
        :rtype: float
        """
        if not self.env.context.get("ir_cron_progress_id"):
            return 1
        left = self.env["ir.cron"]._commit_progress()
        return left if tiktok_client.seconds_left(const.CALL_SECONDS) >= const.CALL_SECONDS else 0

    def _handle_spend_error(self, error):
        """Record why costs could not be fetched, and when that is retried.

        :param Exception error: of the fetch
        """
        if isinstance(error, ReconnectError):
            self._mark_revoked("taken")
            return
        if isinstance(error, TiktokError):
            self.spend_error = self._explain_error(error)
            if isinstance(error, RetryLaterError):
                wait = backoff(1, const.RETRY_SECONDS, const.RETRY_SECONDS, error.retry_after)
                self._plan_spend(wait)
                return
        elif isinstance(error, InterruptedAttemptsError):
            self.spend_error = self.env._(
                "Odoo stopped each time it fetched the costs. They are fetched again tomorrow."
            )
        else:
            _logger.warning("TikTok ad account %s: %s", self.id, describe_error(error))
            self.spend_error = self.env._(
                "The costs could not be fetched (%s). They are fetched again tomorrow.",
                type(error).__name__,
            )
        self._plan_nightly_spend()
