import logging
from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools import SQL

from ... import const, settings
from ...concurrency import delete_unlocked
from ...event_claims import forget_attempts
from ...event_store import QUOTA_QUERY
from ...reader_language import in_reader_language
from ...tiktok import payload

_logger = logging.getLogger(__name__)

FORMER_TOKEN, KNOWN_SOURCE, UNKNOWN = "former_token", "known_source", "unknown"
RECOGNIZED = [
    (FORMER_TOKEN, "Former webhook token"),
    (KNOWN_SOURCE, "Known ad account or form"),
    (UNKNOWN, "Unknown sender"),
]


class TiktokEvent(models.Model):
    """The quarantine: its bounds, what a user decides, and what is deleted in time.

    Anyone can post to the webhook. Hints at the sender decide which quota a delivery takes, so that
    invented deliveries can't use up the quota of senders whose token was replaced.
    """

    _inherit = "tiktok.event"

    recognized_by = fields.Selection(
        RECOGNIZED,
        readonly=True,
        help="Hint at the sender of an unverified delivery. This is not a verification.",
    )
    discarded_by = fields.Many2one("res.users", readonly=True)
    discarded_at = fields.Datetime("Discarded on", readonly=True)
    discarded_state = fields.Selection(
        [("failed", "Failed"), ("quarantined", "Quarantined")], "Status before", readonly=True
    )
    discarded_reason = fields.Selection(const.REASONS, "Reason before", readonly=True)
    restored_by = fields.Many2one("res.users", readonly=True)
    restored_at = fields.Datetime("Restored on", readonly=True)
    accepted_by = fields.Many2one("res.users", readonly=True)
    accepted_at = fields.Datetime("Accepted on", readonly=True)
    replayed_by = fields.Many2one("res.users", readonly=True)
    replayed_at = fields.Datetime("Replayed on", readonly=True)

    _quarantine_idx = models.Index(
        "(company_id, recognized_by, received_at) INCLUDE (raw_size) WHERE state = 'quarantined'"
    )

    # === BOUNDS === #

    @api.model
    def _recognize_senders(self, rows, authenticator):
        """Write into unverified rows which hint at their sender there is.

        :param list[dict] rows: of `_prepare_row`, quarantined
        :param WebhookAuthenticator authenticator: of the request
        """
        companies = {row["company_id"] for row in rows}
        former = {each for each in companies if authenticator.has_former_token(each)}
        others = [row for row in rows if row["company_id"] not in former]
        advertisers, pages = self._find_known_sources(others) if others else (set(), set())
        for row in rows:
            company_id, uid = row["company_id"], row["advertiser_uid"]
            is_known = (company_id, uid) in advertisers or (company_id, row["page_uid"]) in pages
            is_known = is_known or (
                company_id and settings.advertiser_company_id(uid) == company_id
            )
            hint = KNOWN_SOURCE if is_known else UNKNOWN
            row["recognized_by"] = FORMER_TOKEN if company_id in former else hint

    @api.model
    def _find_known_sources(self, rows):
        """Find the ad accounts and forms that rows name and that are those of their companies.

        :param list[dict] rows: of `_prepare_row`, of any number of companies
        :return: pairs of a company's id and TikTok's id: of ad accounts, and of forms
        :rtype: tuple[set, set]
        """
        of_companies = ("company_id", "in", list({row["company_id"] for row in rows} - {None}))
        found = []
        forms = self.env["tiktok.form"].with_context(active_test=False)
        for records, name, more in (
            (self.env["tiktok.advertiser"], "advertiser_uid", [("state", "!=", "draft")]),
            (forms, "page_uid", []),
        ):
            uids = list({row[name] for row in rows} - {None})
            domain = [of_companies, (name, "in", uids), *more]
            known = records.sudo().search_fetch(domain, ["company_id", name])
            found.append({(record.company_id.id, record[name]) for record in known})
        return tuple(found)

    @api.model
    def _find_full_quotas(self, rows):
        """Find where the new rows don't fit: too many within the hour, or in total.

        TikTok sends refused deliveries again for 24 hours.

        :param list[dict] rows: of `_prepare_row`, quarantined and recognized
        :return: pairs of a company's id and the hint at the sender
        :rtype: set[tuple]
        """
        full, sizes_by_quota = set(), {}
        for row in rows:
            quota = row["company_id"], row["recognized_by"]
            sizes_by_quota.setdefault(quota, []).append(row["raw_size"])
        stored_by_quota = self._measure_quotas(list(sizes_by_quota))
        for quota, sizes in sizes_by_quota.items():
            stored = stored_by_quota[quota]
            limits = (
                *(const.QUARANTINE_ROWS, const.QUARANTINE_BYTES),
                *const.QUARANTINE_QUOTAS[quota[1]],
            )
            added = (len(sizes), sum(sizes)) * 2
            counts = [old + new for old, new in zip(stored, added, strict=True)]
            if any(count > limit for count, limit in zip(counts, limits, strict=True)):
                _logger.warning(
                    "TikTok company %s: unverified deliveries refused: %s within the hour, %s in "
                    "total, recognized by: %s",
                    *(quota[0], counts[0], counts[2], quota[1]),
                )
                full.add(quota)
        return full

    @api.model
    def _measure_quotas(self, quotas):
        """Measure what is quarantined, all in one query: a body may name many companies.

        :param list[tuple] quotas: pairs of a company's id, or None, and the hint at a sender
        :return: rows and bytes of the last hour, then rows and bytes in total, by quota
        :rtype: dict[tuple, tuple[int, int, int, int]]
        """
        parts = []
        for condition, some in (
            (SQL("event.company_id = quota.company_id"), [each for each in quotas if each[0]]),
            (SQL("event.company_id IS NULL"), [each for each in quotas if not each[0]]),
        ):
            if some:
                company_ids, hints = map(list, zip(*some, strict=True))
                parts.append(
                    SQL(QUOTA_QUERY, company_ids, hints, const.QUARANTINE_HOURS, condition)
                )
        rows = self.env.execute_query(SQL(" UNION ALL ").join(parts)) if parts else ()
        return {(company_id, hint): tuple(counts) for company_id, hint, *counts in rows}

    # === DECISIONS === #

    def _filter_decidable(self, decision):
        """Return the deliveries for which a decision is possible.

        :param str decision: one of `delivery_detail.DECISIONS`
        :rtype: tiktok.event
        """
        return self.filtered(lambda event: event._is_decidable(decision))

    def _is_decidable(self, decision):
        self.ensure_one()
        if decision == "accept":
            return self.state == "quarantined"
        if decision == "discard":
            return self.state in ("quarantined", "failed")
        is_discarded = self.state == "ignored" and self.reason == "discarded"
        return bool(is_discarded and self.discarded_state and not self.scrubbed_at)

    def _is_replayable(self):
        self.ensure_one()
        if self.scrubbed_at or self.kind == "other" or self.reason == "discarded":
            return False
        if self.verification == "none":
            return False  # it must be accepted first
        return self.state in ("failed", "ignored", "pending") or (
            self.state == "done" and not self.lead_id
        )

    def _record_decision(self, decision):
        """Store who decided now.

        :param str decision: ``accepted``, ``restored`` or ``replayed``
        """
        self.write({f"{decision}_by": self.env.uid, f"{decision}_at": self._read_clock()})

    def _accept_event(self):
        """Give it the key of a verified delivery; if that was delivered meanwhile, ignore it."""
        self.ensure_one()
        self._record_decision("accepted")
        key = self.dedup_key.split(":", 2)[2]  # see `_get_quarantine_key`
        known = [("company_id", "=", self.company_id.id), ("dedup_key", "=", key)]
        if self.search_count(known, limit=1):
            self.write({"state": "ignored", "reason": "repeated", "verification": "person"})
            return
        self.write({"dedup_key": key, "verification": "person"})
        self._make_pending()

    def _make_pending(self):
        """Have deliveries processed as if they were new."""
        vals = {
            "state": "pending",
            "error": False,
            "attempt_count": 0,
            "next_try_at": self._read_clock(),
            "done_at": False,
        }
        forget_attempts(self)
        # Why it is not a lead stays true.
        no_leads = self.filtered(lambda event: event.reason in payload.REASONS)
        no_leads.write(vals)
        (self - no_leads).write({**vals, "reason": False})
        self._trigger_job()

    def _discard_events(self):
        """Close deliveries, and store who did it and what they were."""
        now = self._read_clock()
        for (state, reason), events in self.grouped(lambda e: (e.state, e.reason)).items():
            events.write(
                {
                    "state": "ignored",
                    "reason": "discarded",
                    "done_at": now,
                    "discarded_by": self.env.uid,
                    "discarded_at": now,
                    "discarded_state": state,
                    "discarded_reason": reason,
                    "restored_by": False,
                    "restored_at": False,
                }
            )

    def _restore_events(self):
        """Give discarded deliveries the status and the reason they had."""
        now = self._read_clock()
        groups = self.grouped(lambda e: (e.discarded_state, e.discarded_reason))
        for (state, reason), events in groups.items():
            events.write(
                {
                    "state": state,
                    "reason": reason,
                    "done_at": now if state == "failed" else False,
                }
            )
        self._record_decision("restored")

    # === CLEANUP === #

    @api.autovacuum
    def _notify_quarantined(self):
        """Notify each day who is responsible for new quarantined deliveries: they are deleted."""
        since = self._read_clock() - timedelta(days=1)
        new = [("state", "=", "quarantined"), ("received_at", ">=", since)]
        for company, count in self.sudo()._read_group(new, ["company_id"], ["__count"]):
            owner = in_reader_language(company or self.env.ref("base.main_company"))
            owner._tiktok_notify_responsible(
                owner.env._("TikTok deliveries are quarantined"),
                owner.env._(
                    "Unverified deliveries since yesterday: %(count)s. Open TikTok → Leads → "
                    "Deliveries and filter by Quarantined: each delivery shows what is missing. "
                    "Fix it, then accept your own deliveries. The others are deleted after "
                    "%(days)s days.",
                    count=count,
                    days=const.QUARANTINE_DAYS,
                ),
            )

    @api.autovacuum
    def _gc_unverified(self):
        """Delete deliveries that stayed quarantined for `QUARANTINE_DAYS`.

        :return: how many were deleted, and how many are left at least
        :rtype: tuple[int, int]
        """
        before = self._read_clock() - timedelta(days=const.QUARANTINE_DAYS)
        domain = [("state", "=", "quarantined"), ("received_at", "<", before)]
        return delete_unlocked(self.sudo().search(domain, limit=const.GC_BATCH))

    @api.autovacuum
    def _gc_scrub(self):
        """Remove answers that are older than their company wants to keep them.

        Only waiting deliveries are left out. Failed ones that were never replayed in all that time
        lose their answers too, as the law demands. An unverified delivery that was discarded loses
        them after `QUARANTINE_DAYS` at the latest: the company never requested it.

        :return: how many were scrubbed, and how many are left at least
        :rtype: tuple[int, int]
        """
        query = SQL(
            """WITH old AS (
                    SELECT event.id FROM tiktok_event event
                      LEFT JOIN res_company company ON company.id = event.company_id
                     WHERE event.scrubbed_at IS NULL AND event.state != 'pending'
                       AND event.received_at < %(now)s - interval '1 day' * least(
                           nullif(coalesce(company.tiktok_retention_days, %(days)s), 0),
                           CASE event.verification WHEN 'none' THEN %(unverified_days)s END)
                     LIMIT %(limit)s
                       FOR NO KEY UPDATE OF event SKIP LOCKED)
               UPDATE tiktok_event
                  SET raw = NULL, headers = NULL, history = NULL, scrubbed_at = %(now)s
                 FROM old WHERE tiktok_event.id = old.id""",
            days=const.DEFAULT_RETENTION_DAYS,
            unverified_days=const.QUARANTINE_DAYS,
            now=self._read_clock(),
            limit=const.GC_BATCH,
        )
        self.env.cr.execute(query)
        self.env.invalidate_all(flush=False)
        done = self.env.cr.rowcount
        return done, int(done == const.GC_BATCH)

    @api.autovacuum
    def _gc_purge(self):
        """Delete rows that were scrubbed long ago: they have nothing left to show.

        :return: how many were deleted, and how many are left at least
        :rtype: tuple[int, int]
        """
        before = self._read_clock() - timedelta(days=const.PURGE_EXTRA_DAYS)
        old = self.sudo().search([("scrubbed_at", "<", before)], limit=const.GC_BATCH)
        return delete_unlocked(old)

    @api.autovacuum
    def _gc_test_leads(self):
        """Delete test leads that no user worked on.

        :return: how many were deleted, and none left: the rest can wait for a day
        :rtype: tuple[int, int]
        """
        before = self._read_clock() - timedelta(days=const.TEST_LEAD_DAYS)
        leads = self.env["crm.lead"].sudo().with_context(active_test=False)
        domain = [
            *(("tiktok_is_test", "=", True), ("create_date", "<", before)),
            *(("user_id", "=", False), ("won_status", "!=", "won"), ("activity_ids", "=", False)),
        ]
        old = leads.search(domain, limit=const.GC_BATCH)
        old = old.filtered(lambda lead: not _was_changed_by_user(lead))
        return delete_unlocked(old)[0], 0


def _was_changed_by_user(lead):
    """Tell whether a user wrote on a lead after it was created; jobs compute fields, too.

    :param lead: crm.lead
    :rtype: bool
    """
    is_later = lead.write_date - lead.create_date > timedelta(minutes=1)
    is_user = is_later and lead.write_uid.id != SUPERUSER_ID
    return is_user or "comment" in lead.message_ids.mapped("message_type")
