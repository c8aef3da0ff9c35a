import dataclasses
from datetime import timedelta

from odoo import api, models
from odoo.exceptions import UserError

from ... import const
from ...concurrency import (
    InterruptedAttemptsError,
    process_stages,
    retry_on_serialization_failure,
)
from ...job_time import read_clock
from ...lead_recovery import start_recovery
from ...reader_language import process_localized
from ...tiktok import instant_form
from ...tiktok.errors import (
    NotAllowedError,
    ReconnectError,
    RetryLaterError,
    SealError,
    TiktokError,
    UnparsableAnswerError,
    WrongRequestError,
)
from ...tiktok.subscription import Target
from ...tiktok.values import is_number, isolate

HEALTH = [
    ("ok", "Working"),
    ("unchecked", "Not checked"),
    ("repairing", "Being fixed"),
    ("broken", "Needs attention"),
]


@dataclasses.dataclass(frozen=True)
class HealthResult:
    """What the watchdog found about an ad account."""

    health: str  # of `HEALTH`
    problem: str = ""  # its kind; users are notified once of each
    reason: str = ""  # a sentence
    fix: str = ""  # of `const.HEALTH_FIXES`
    is_unchecked: bool = False  # TikTok did not answer


class TiktokWatchdog(models.AbstractModel):
    """Checks whether the leads of ad accounts can arrive, repairs what it can, raises alarms."""

    _name = "tiktok.watchdog"
    _description = "TikTok Watchdog"

    # === SCHEDULED ACTION === #

    @api.model
    @retry_on_serialization_failure
    def _cron_check_advertisers(self):
        """Check each ad account that is due; end abandoned connection tests, retry revocations."""
        tests, revocations = self.env["tiktok.connection.test"], self.env["tiktok.revocation"]
        stages = {
            tests._name: tests._close_abandoned_tests,
            revocations._name: revocations._retry_due_revocations,
            self._name: self._check_due_advertisers,
        }
        process_stages(self.env, stages)

    @api.model
    def _check_due_advertisers(self):
        """Check each ad account that is due.

        :return: tiktok.advertiser that were due
        :rtype: tiktok.advertiser
        """
        advertisers = self.env["tiktok.advertiser"]
        due = advertisers.search(self._due_domain(), order="health_tried_at nulls first, id")
        work, on_error = self._check_advertiser, self._handle_check_error
        process_localized(due, work, on_error, job=self._name)
        return due

    @api.model
    def _due_domain(self):
        """Return which ad accounts are due: connected, revoked there, or with an alarm.

        :rtype: list
        """
        before = read_clock(self.env) - timedelta(minutes=const.WATCH_PAUSE_MINUTES)
        return [
            "&",
            *("|", ("health_tried_at", "=", False), ("health_tried_at", "<=", before)),
            *("|", "|", ("state", "=", "connected"), ("health_notified", "!=", False)),
            *("&", ("state", "=", "revoked"), ("removed_reason", "=", "taken")),
        ]

    @api.model
    def _check_advertiser(self, advertiser):
        """Check one ad account and store the result.

        :param advertiser: tiktok.advertiser
        :raise TiktokError: as TikTok refuses
        """
        advertiser._store_health(self.with_env(advertiser.env)._judge_advertiser(advertiser))

    @api.model
    def _handle_check_error(self, advertiser, error):
        """Store what an error of a check says about an ad account.

        :param advertiser: tiktok.advertiser
        :param Exception error: of the check
        """
        advertiser._store_health(self.with_env(advertiser.env)._judge_error(advertiser, error))

    # === CHECKS === #

    @api.model
    def _judge_advertiser(self, advertiser):
        """Check everything that leads need to arrive; repair what can be repaired.

        :param advertiser: tiktok.advertiser
        :rtype: HealthResult
        :raise TiktokError: as TikTok refuses
        """
        if advertiser.state == "revoked" and advertiser.removed_reason == "taken":
            return self._judge_revoked()
        if advertiser.state != "connected":
            return HealthResult("ok")
        self._probe_access(advertiser)
        missing, refusal = self._repair_subscriptions(advertiser)
        if missing:
            return missing
        found = (
            self._judge_reconciliation(advertiser)
            or self._judge_undelivered(advertiser)
            or self._judge_silence(advertiser)
        )
        if not found and refusal:
            return self._judge_error(advertiser, refusal)
        return found or HealthResult("ok")

    @api.model
    def _probe_access(self, advertiser):
        """Read something that needs a valid token and the role of an Admin.

        :param advertiser: tiktok.advertiser
        :raise TiktokError: as TikTok refuses
        """
        client = advertiser._get_business_client()
        instant_form.probe_forms(client, advertiser.advertiser_uid)
        published = advertiser.form_ids.filtered(
            lambda form: form.status == "published" and is_number(form.page_uid)
        )
        # A library may belong to a third party: what it refuses says nothing of the ad account.
        form = published.sorted(lambda form: bool(form.library_uid))[:1]
        if not form:
            return
        try:
            instant_form.probe_leads(client, form.page_uid, **form._get_owner_uids())
        except WrongRequestError:
            return  # it has no lead yet

    @api.model
    def _repair_subscriptions(self, advertiser):
        """Check that TikTok sends the leads here; create missing subscriptions.

        :param advertiser: tiktok.advertiser
        :return: the result if one was missing; and why a library's could not be created
        :rtype: tuple[HealthResult | None, TiktokError | None]
        :raise TiktokError: as TikTok refuses the ad account's own
        """
        if not advertiser.wants_leads:
            return None, None
        classified = self.env["tiktok.subscription"]._request_classified(advertiser)
        kinds, refused = [kind for kind, _each in classified], {}
        short = len(advertiser._get_required_targets()) - kinds.count("ours")
        if short > 0:
            advertiser.is_recovery_due = True  # committed before anything is restored
        if short > 0 or {"stale", "duplicate"} & set(kinds):
            refused = advertiser._sync_subscriptions()
        else:
            advertiser._refresh_subscriptions()
        left = sum(isinstance(about, Target) for about in refused)
        is_restored = short > left or (advertiser.is_recovery_due and not left)
        if is_restored:  # whatever TikTok refused of the others
            self._start_recovery(advertiser)
        refusal = None
        for about, error in refused.items():
            refusal = error
            if not getattr(about, "library_uid", ""):
                raise error
        if not is_restored:
            return None, refusal
        return HealthResult("repairing", "subscription", self._describe_repair()), None

    @api.model
    def _start_recovery(self, advertiser):
        """Reconcile an ad account whose subscription was restored; an error does not undo it.

        :param advertiser: tiktok.advertiser
        """
        advertiser.message_post(
            body=self.env._("A subscription was missing at TikTok. It was created again.")
        )
        start_recovery(advertiser)
        advertiser._commit_in_job()

    @api.model
    def _describe_repair(self):
        return self.env._(
            "A subscription was missing at TikTok. It was restored and the leads "
            "missed in the meantime are being imported."
        )

    @api.model
    def _judge_reconciliation(self, advertiser):
        """Judge by the last reconciliation: whether it is complete, and what it recovered.

        :param advertiser: tiktok.advertiser
        :rtype: HealthResult | None
        """
        problem = advertiser.health_problem
        awaited = advertiser.health_reconciliation_id or problem == "reconciliation"
        run = advertiser.reconciliation_id if awaited else advertiser.health_reconciliation_id
        if run.state in ("waiting", "running"):
            reason = advertiser.health_reason
            if problem == "subscription":
                reason = self._describe_repair()
            reason = reason or self.env._("A reconciliation with TikTok is running.")
            return HealthResult("repairing", problem, reason)
        last = advertiser.reconciliation_id
        if last.state == "failed":
            reason = self.env._(
                "The reconciliation with TikTok is incomplete. %s", last.error or ""
            )
            return HealthResult("broken", "reconciliation", reason, "reconcile")
        recovered = run.new_count if run.state == "done" else 0
        if (
            not recovered
            or problem not in ("silence", "undelivered")
            or advertiser._has_delivered_since(run.done_at)
        ):
            advertiser.health_reconciliation_id = False
            return None
        return self._report_undelivered(recovered)

    @api.model
    def _judge_undelivered(self, advertiser):
        """Judge by the leads that each reconciliation recovered although they were subscribed.

        :param advertiser: tiktok.advertiser
        :rtype: HealthResult | None
        """
        run = advertiser.reconciliation_id
        if run.state != "done" or not advertiser.subscribed_since or not advertiser.wants_leads:
            return None
        recovered = advertiser._find_undelivered_events(run)
        if not recovered or advertiser._has_delivered_since(recovered[:1].submitted_at):
            return None
        return self._report_undelivered(len(recovered))

    @api.model
    def _judge_silence(self, advertiser):
        """Start a reconciliation if a form receives no lead for longer than usual.

        :param advertiser: tiktok.advertiser
        :rtype: HealthResult | None
        """
        forms = advertiser.form_ids
        silent = forms._find_silent_forms() if advertiser.wants_leads else forms.browse()
        if not silent:
            return None
        advertiser.health_reconciliation_id = advertiser._start_reconciliation()[:1]
        reason = self.env._(
            "“%s” has received no lead for longer than usual: a reconciliation with "
            "TikTok is running.",
            isolate(silent[0].name),
        )
        return HealthResult("repairing", "silence", reason)

    # === RESULTS === #

    @api.model
    def _report_undelivered(self, count):
        """Return the result for leads that TikTok did not deliver.

        :param int count: of these leads
        :rtype: HealthResult
        """
        reason = self.env._(
            "TikTok did not send these leads here; the reconciliation recovered them: "
            "%s. Check that Odoo's URL can be reached from outside. Click Reconcile Now "
            "to see whether more are missing.",
            count,
        )
        return HealthResult("broken", "undelivered", reason, "reconcile")

    @api.model
    def _judge_revoked(self):
        """Return the result for a connection that TikTok no longer accepts.

        :rtype: HealthResult
        """
        reason = self.env._(
            "TikTok no longer accepts the connection of this ad account. Click Reconnect."
        )
        return HealthResult("broken", "token", reason, "reconnect")

    @api.model
    def _judge_error(self, advertiser, error):
        """Judge whether an error is the account's problem, TikTok's, or ours.

        :param advertiser: tiktok.advertiser
        :param Exception error: of a check
        :rtype: HealthResult
        """
        if isinstance(error, ReconnectError):
            advertiser._mark_revoked("taken")
            return self._judge_revoked()
        if isinstance(error, NotAllowedError):
            reason = advertiser._explain_error(error)
            return HealthResult("broken", "admin", reason, "reconnect")
        if isinstance(error, (RetryLaterError, UnparsableAnswerError, InterruptedAttemptsError)):
            return self._judge_unchecked(advertiser, advertiser._explain_error(error))
        if isinstance(error, SealError):
            return HealthResult("broken", "key", str(error), "reconnect")
        if isinstance(error, (TiktokError, UserError)):
            reason = advertiser._explain_error(error)
            return HealthResult("broken", "refused", reason, "subscribe")
        return self._judge_unchecked(advertiser, advertiser._describe_exception(error))

    @api.model
    def _judge_unchecked(self, advertiser, cause):
        """Return the result for an unknown state; after some hours a user must act.

        :param advertiser: tiktok.advertiser
        :param str cause: a sentence
        :rtype: HealthResult
        """
        now = read_clock(self.env)
        since = advertiser.health_unchecked_since or now
        advertiser.health_unchecked_since = since
        reason = self.env._("The ad account could not be checked. %s", cause)
        health, problem = advertiser.health, advertiser.health_problem or ""
        if health == "broken" and problem != "unreachable":  # still, as far as is known
            fix = advertiser.health_fix or ""
            return HealthResult("broken", problem, advertiser.health_reason, fix, True)
        if since <= now - timedelta(hours=const.WATCH_ALARM_HOURS):
            return HealthResult("broken", "unreachable", reason, "reconcile", True)
        health = "repairing" if health == "repairing" else "unchecked"
        return HealthResult(health, problem, reason, "", True)
