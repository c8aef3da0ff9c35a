import typing
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .. import const
from ..clash import CONCURRENCY_ERRORS, survives_clashes
from ..tiktok import instant_form
from ..tiktok.errors import (
    NotAllowedError,
    NotUnderstoodError,
    ReconnectError,
    RetryLaterError,
    SealError,
    TiktokError,
    WrongRequestError,
)
from ..tiktok.subscription import Target

LATE_HOURS = 1  # after which TikTok has tried to deliver a lead often enough
HEALTH = [
    ("ok", "Works"),
    ("unchecked", "Not checked"),
    ("healing", "Being mended"),
    ("broken", "Needs you"),
]
FIXES = [
    ("reconnect", "Reconnect"),
    ("subscribe", "Receive leads again"),
    ("compare", "Compare now"),
]


class Verdict(typing.NamedTuple):
    """What the watchdog says of an ad account."""

    health: str  # of `HEALTH`
    problem: str = ""  # which one; the same is told once
    reason: str = ""  # a sentence
    fix: str = ""  # of `FIXES`
    unchecked: bool = False  # TikTok could not be asked


class TiktokAdvertiser(models.Model):
    """The watchdog: whether leads can come, and what is done where they can't."""

    _inherit = "tiktok.advertiser"

    health = fields.Selection(HEALTH, readonly=True, copy=False)
    health_problem = fields.Char(readonly=True, copy=False)
    health_reason = fields.Char("What is wrong", readonly=True, copy=False)
    health_fix = fields.Selection(FIXES, "What mends it", readonly=True, copy=False)
    health_checked_at = fields.Datetime("Checked", readonly=True, copy=False)
    health_tried_at = fields.Datetime(readonly=True, copy=False)
    health_unchecked_since = fields.Datetime(
        "Could not be checked since", readonly=True, copy=False
    )
    health_told = fields.Char(readonly=True, copy=False, help="The problem people know of.")
    health_backfill_id = fields.Many2one(
        "tiktok.backfill", "Comparison that mends it", readonly=True, copy=False
    )

    # === ACTION METHODS === #

    def action_check_health(self):
        """Look now whether leads can come."""
        self.check_access("write")
        self.sudo()._watch_now()
        return self._notify(self.env._("TikTok is asked. The answer is here in a moment."), "info")

    def action_mend(self):
        """Do what the banner's button says."""
        self.ensure_one()
        self.check_access("write")
        if self.health_fix == "reconnect":
            return self.action_connect()
        if self.health_fix == "subscribe":
            return self.action_subscribe()
        return self.action_compare()

    def action_subscribe(self):
        """Fetch what a mended ad account missed meanwhile, and look at it again."""
        result = super().action_subscribe()
        broken = self.sudo().filtered(
            lambda advertiser: advertiser.health == "broken" and advertiser.leads_state == "on"
        )
        for advertiser in broken:
            advertiser.health_backfill_id = advertiser._compare_quietly()
        self.sudo()._watch_soon()
        return result

    # === SCHEDULED ACTION === #

    @api.model
    def _watch_domain(self):
        """Return which ad accounts are due: connected, lost, or with something to take back."""
        before = fields.Datetime.now() - timedelta(minutes=const.WATCH_PAUSE_MINUTES)
        return [
            "&",
            *("|", ("health_tried_at", "=", False), ("health_tried_at", "<=", before)),
            *("|", "|", ("state", "=", "connected"), ("health_told", "!=", False)),
            *("&", ("state", "=", "revoked"), ("removed_reason", "=", "taken")),
        ]

    @api.model
    @survives_clashes
    def _cron_watch(self):
        """Look after each ad account, one after the other; one never stops the others."""
        self.env["tiktok.proof"]._close_left()
        self.env["tiktok.revocation"]._retry_due()
        due = self.search(self._watch_domain(), order="health_tried_at nulls first, id")
        due._one_by_one(type(self)._watch_alone)

    def _watch_soon(self):
        """Have those looked at again right now that were not well."""
        ill = self.filtered(lambda each: each.health in ("unchecked", "healing", "broken"))
        if ill:
            ill._watch_now()

    def _watch_now(self):
        self.health_tried_at = False
        self.env.ref(const.WATCH_CRON_XMLID)._tiktok_trigger()

    def _watch_alone(self):
        """Look at one ad account, write down how it is and tell who must know."""
        self.ensure_one()
        try:
            self._keep_verdict(self._watch())
        except CONCURRENCY_ERRORS:
            raise
        except Exception as error:  # noqa: BLE001 - sorted right there
            self.env.cr.rollback()
            self._keep_verdict(self._judge_error(error))

    # === JUDGING === #

    def _watch(self):
        """Ask TikTok all that must be right for leads to come; mend what can be mended.

        :rtype: Verdict
        :raise TiktokError: as TikTok refuses
        """
        if self.state == "revoked" and self.removed_reason == "taken":
            return self._judge_lost()
        if self.state != "connected":
            return Verdict("ok")
        self._probe()
        missing, refusal = self._mend_subscriptions()
        if missing:
            return missing
        found = self._judge_comparison() or self._judge_undelivered() or self._judge_silence()
        if not found and refusal:
            return self._judge_error(refusal)
        return found or Verdict("ok")

    def _probe(self):
        """Ask something that takes a living token and an Admin.

        :raise TiktokError: as TikTok refuses
        """
        client = self._client()
        instant_form.probe(client, self.advertiser_uid)
        published = self.form_ids.filtered(
            lambda form: form.status == "published" and form.page_uid.isdigit()
        )
        # A library may belong to somebody else: what it refuses says nothing of the ad account.
        form = published.sorted(lambda form: bool(form.library_uid))[:1]
        if not form:
            return
        try:
            instant_form.probe_lead(client, form.page_uid, **form._owner_uids())
        except WrongRequestError:
            return  # it has no lead yet

    def _mend_subscriptions(self):
        """Look whether TikTok sends the leads here, and have it do so again where it doesn't.

        :return: what to say if one was missing; and why a library's could not be made
        :rtype: tuple[Verdict | None, TiktokError | None]
        :raise TiktokError: as TikTok refuses the ad account's own
        """
        if not self.wants_leads:
            return None, None
        kinds, refused = [kind for kind, _each in self._sorted_subscriptions()], {}
        short = len(self._targets()) - kinds.count("ours")
        if short > 0 or {"stale", "duplicate"} & set(kinds):
            refused = self._subscribe_all()
        else:
            self._subscriptions()
        refusal = None
        for about, error in refused.items():
            refusal = error
            if not getattr(about, "library_uid", ""):
                raise error
        if short <= sum(isinstance(about, Target) for about in refused):
            return None, refusal
        self.message_post(
            body=self.env._("A subscription was missing at TikTok. It was made again.")
        )
        self.health_backfill_id = self._compare_quietly()
        return Verdict("healing", "subscription", self._healing_sentence("subscription")), None

    def _compare_quietly(self):
        return self.env["tiktok.backfill"]._ask(self)[:1]

    def _judge_comparison(self):
        """Judge by the last comparison: whether it came to its end, and what it had to bring.

        :rtype: Verdict | None
        """
        cause = self.health_problem
        awaited = self.health_backfill_id or cause == "comparison"
        run = self.backfill_id if awaited else self.health_backfill_id
        if run.state in ("waiting", "running"):
            return Verdict("healing", cause, self._healing_sentence(cause))
        last = self.backfill_id
        if last.state == "failed":
            reason = self.env._("The comparison with TikTok is incomplete. %s", last.error or "")
            return Verdict("broken", "comparison", reason, "compare")
        brought = run.new_count if run.state == "done" else 0
        if not brought or cause not in ("silence", "undelivered") or self._delivered_since(run):
            self.health_backfill_id = False
            return None
        return self._say_undelivered(brought)

    def _judge_undelivered(self):
        """Judge by what each comparison had to bring although TikTok should have sent it.

        :rtype: Verdict | None
        """
        run = self.backfill_id
        if run.state != "done" or not self.subscribed_since or not self.wants_leads:
            return None
        events, began = self.env["tiktok.event"], run.started_at or run.create_date
        own = Domain("company_id", "=", self.company_id.id) & Domain(
            "page_uid", "in", self.form_ids.mapped("page_uid")
        )
        brought = events.search(
            own
            & Domain("source", "=", "backfill")
            & Domain("received_at", ">=", began)
            & Domain("submitted_at", ">", self.subscribed_since)
            & Domain("submitted_at", "<", began - timedelta(hours=LATE_HOURS)),
            order="submitted_at desc",
        )
        since = brought[:1].submitted_at
        delivered = own & Domain("source", "=", "webhook") & Domain("received_at", ">", since)
        if not brought or events.search_count(delivered, limit=1):
            return None
        return self._say_undelivered(len(brought))

    def _say_undelivered(self, brought):
        reason = self.env._(
            "TikTok did not send leads here although it should; the comparison brought them: %s. "
            "Is Odoo's address reachable from outside? Press Compare now to see whether more come.",
            brought,
        )
        return Verdict("broken", "undelivered", reason, "compare")

    def _delivered_since(self, run):
        """Tell whether TikTok delivered a lead of this ad account after a comparison."""
        uids = self.form_ids.mapped("page_uid")
        domain = [("company_id", "=", self.company_id.id), ("page_uid", "in", uids)]
        came = [("received_at", ">", run.done_at), ("source", "=", "webhook")]
        return bool(self.env["tiktok.event"].search_count([*domain, *came], limit=1))

    def _judge_silence(self):
        """Compare with TikTok if a form brings nothing for longer than it is used to.

        :rtype: Verdict | None
        """
        silent = self.form_ids._gone_silent() if self.wants_leads else self.form_ids.browse()
        if not silent:
            return None
        self.health_backfill_id = self._compare_quietly()
        return Verdict("healing", "silence", self._healing_sentence("silence", silent[0].name))

    def _healing_sentence(self, cause, name=""):
        if cause == "subscription":
            return self.env._(
                "A subscription was missing at TikTok. It is there again, and what came meanwhile "
                "is fetched."
            )
        if name:
            return self.env._(
                "“%s” brings no lead for longer than usual: it is compared with TikTok.", name
            )
        return self.health_reason or self.env._("It is compared with TikTok.")

    def _judge_lost(self):
        return Verdict(
            "broken",
            "token",
            self.env._("TikTok takes the connection of this ad account no more. Press Reconnect."),
            "reconnect",
        )

    def _judge_error(self, error):
        """Say what an error means: the account's problem, TikTok's, or ours.

        :rtype: Verdict
        """
        if isinstance(error, ReconnectError):
            self._lose("taken")
            return self._judge_lost()
        if isinstance(error, NotAllowedError):
            return Verdict("broken", "admin", self._explain(error), "reconnect")
        if isinstance(error, (RetryLaterError, NotUnderstoodError)):
            return self._judge_unchecked(self._explain(error))
        if isinstance(error, SealError):
            return Verdict("broken", "key", str(error), "reconnect")
        if isinstance(error, (TiktokError, UserError)):
            return Verdict("broken", "refused", self._explain(error), "subscribe")
        return self._judge_unchecked(self._describe_fault(error))

    def _judge_unchecked(self, why):
        """Say that its state is not known; after some hours a person must look.

        :param str why: a sentence
        :rtype: Verdict
        """
        since = self.health_unchecked_since or fields.Datetime.now()
        self.health_unchecked_since = since
        reason = self.env._("The ad account could not be checked. %s", why)
        known = self.health_problem or ""
        if self.health == "broken" and known != "unreachable":  # still, as far as anybody knows
            return Verdict("broken", known, self.health_reason, self.health_fix or "", True)
        if since <= fields.Datetime.now() - timedelta(hours=const.WATCH_ALARM_HOURS):
            return Verdict("broken", "unreachable", reason, "compare", True)
        health = "healing" if self.health == "healing" else "unchecked"
        return Verdict(health, known, reason, "", True)
