from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL, formatLang

from ... import const
from ...job_time import read_transaction_clock

# Columns that are counted from our own deliveries.
OUR_COUNTS = ("odoo", "webhook", "recovered", "refused", "deleted", "waiting", "extra")
UPSERT = """
    INSERT INTO tiktok_reconciliation_day (
        form_id, company_id, advertiser_id, day, checked_at, tiktok_count, test_count,
        elsewhere_count, odoo_count, webhook_count, recovered_count, refused_count,
        deleted_count, waiting_count, extra_count, create_uid, create_date, write_uid,
        write_date)
    SELECT %(form)s, %(company)s, %(advertiser)s, day, %(now)s,
           coalesce(theirs.leads, 0), coalesce(theirs.tests, 0),
           coalesce(theirs.others, 0),
           %(ours)s, 1, %(now)s, 1, %(now)s
      FROM unnest(%(days)s::date[], %(leads)s::int[], %(tests)s::int[], %(others)s::int[])
           AS theirs (day, leads, tests, others)
      FULL JOIN (%(events)s) AS ours USING (day)
     WHERE day >= %(first)s
    ON CONFLICT (form_id, day) DO UPDATE SET
        checked_at = excluded.checked_at, advertiser_id = excluded.advertiser_id,
        tiktok_count = CASE WHEN excluded.day < %(aging)s
            THEN greatest(excluded.tiktok_count, tiktok_reconciliation_day.tiktok_count)
            ELSE excluded.tiktok_count END,
        test_count = excluded.test_count, elsewhere_count = excluded.elsewhere_count,
        %(again)s, write_date = excluded.write_date
"""
SUM_UP = """
    UPDATE tiktok_reconciliation_day
       SET difference = greatest(0, tiktok_count - odoo_count),
           missing_count = greatest(0, tiktok_count - known),
           extra_count = extra_count + greatest(0, known - tiktok_count)
      FROM (SELECT id, odoo_count + refused_count + deleted_count + waiting_count + elsewhere_count
                   AS known FROM tiktok_reconciliation_day) AS sums
     WHERE sums.id = tiktok_reconciliation_day.id AND form_id = %s AND checked_at = %s
"""


class TiktokReconciliationDay(models.Model):
    """One day of a form: the leads TikTok has, those Odoo has, and why the numbers differ.

    TikTok's number is counted from its file, ours from the deliveries; neither from the other.
    Rows are written when all regions of a form were exported.
    """

    _name = "tiktok.reconciliation.day"
    _description = "TikTok Reconciliation Day"
    _order = "day desc, form_id"

    form_id = fields.Many2one(
        "tiktok.form", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    advertiser_id = fields.Many2one("tiktok.advertiser", "Ad account", readonly=True, index=True)
    day = fields.Date("Day (UTC)", required=True, readonly=True)
    tiktok_count = fields.Integer("TikTok has", readonly=True, help="Without test leads.")
    odoo_count = fields.Integer("Odoo has", readonly=True)
    difference = fields.Integer(
        readonly=True, help="Number of TikTok leads that are not leads in Odoo."
    )
    webhook_count = fields.Integer("By webhook", readonly=True)
    recovered_count = fields.Integer("By reconciliation", readonly=True)
    refused_count = fields.Integer(
        "Refused",
        readonly=True,
        help="Ignored, failed or quarantined: see the reason of each delivery.",
    )
    deleted_count = fields.Integer("Deleted", readonly=True, help="Deleted in CRM by a person.")
    waiting_count = fields.Integer("Waiting", readonly=True)
    elsewhere_count = fields.Integer("In another company", readonly=True)
    missing_count = fields.Integer(
        "Missing",
        readonly=True,
        help="At TikTok, but without a delivery in Odoo that says what happened.",
    )
    extra_count = fields.Integer(
        "Only in Odoo", readonly=True, help="Deleted at TikTok, or newer than its file."
    )
    test_count = fields.Integer(
        "Tests", readonly=True, help="From TikTok; not included in any total."
    )
    checked_at = fields.Datetime("Reconciled", readonly=True)

    _form_day_uniq = models.Constraint("UNIQUE(form_id, day)", "A form has one record per day.")

    @api.depends("form_id", "day")
    def _compute_display_name(self):
        for row in self:
            row.display_name = f"{row.form_id.display_name}, {row.day}"

    # === ACTION METHODS === #

    def action_view_events(self):
        """Open the deliveries of this form on this day.

        :return: the action that opens the list
        :rtype: dict
        """
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("tiktok_leadgen.tiktok_event_action")
        action["domain"] = [
            ("company_id", "=", self.company_id.id),
            ("page_uid", "=", self.form_id.page_uid),
            ("submitted_at", ">=", self.day),
            ("submitted_at", "<", self.day + timedelta(days=1)),
        ]
        action["context"] = {}
        return action

    # === BUSINESS METHODS === #

    @api.model
    def _describe_totals(self, theirs, ours, missing, moment):
        """Return the result of a reconciliation without its time: a field beside it shows that.

        :param int theirs: leads TikTok has
        :param int ours: leads of these that are in Odoo
        :param int missing: of the others, those without a delivery
        :param datetime moment: of the reconciliation
        :return: a sentence without a full stop, False if there was no reconciliation
        :rtype: str | bool
        """
        if not moment:
            return False
        values = {
            "theirs": formatLang(self.env, theirs, digits=0),
            "left": formatLang(self.env, theirs - ours, digits=0),
            "missing": formatLang(self.env, missing, digits=0),
        }
        if missing:
            return self.env._("Leads in TikTok: %(theirs)s. Missing here: %(missing)s", **values)
        if theirs > ours:
            return self.env._(
                "Leads in TikTok: %(theirs)s. Not imported as leads: %(left)s", **values
            )
        if not theirs:
            return self.env._("TikTok had no leads")
        return self.env._("All %s leads in TikTok are here", values["theirs"])

    @api.model
    def _store_days(self, form, exports):
        """Store the days of a form, and their totals on the form.

        :param form: tiktok.form
        :param exports: tiktok.reconciliation.export of the form
        """
        theirs = {}
        for export in exports:
            for day, counts in (export.days or {}).items():
                theirs[day] = [sum(pair) for pair in zip(counts, theirs.get(day, [0] * 3))]  # noqa: B905 - both have three
        first = read_transaction_clock(self.env).date() - timedelta(days=const.RECONCILIATION_DAYS)
        self.env.flush_all()
        self._upsert_days(form, theirs, first)
        self.invalidate_model()
        form.sudo().write(self._sum_form_totals(form, first))

    @api.model
    def _upsert_days(self, form, theirs, first):
        """Store the counts of TikTok's files and of the deliveries side by side.

        :param form: tiktok.form
        :param dict theirs: leads, tests and leads of another company by day
        :param date first: days before it are left as they are
        """
        days = sorted(theirs)
        counts = zip(*(theirs[day] for day in days), strict=True)
        leads, tests, others = map(list, counts) if days else ([], [], [])
        names = [SQL.identifier(name) for name in OUR_COUNTS]
        columns = [SQL.identifier(f"{name}_count") for name in OUR_COUNTS]
        values = {
            "form": form.id,
            "company": form.company_id.id,
            "advertiser": form.advertiser_id.id or None,
            "now": read_transaction_clock(self.env),
            "ours": SQL(", ").join(SQL("coalesce(ours.%s, 0)", name) for name in names),
            "again": SQL(", ").join(SQL("%s = excluded.%s", name, name) for name in columns),
            "days": days,
            "leads": leads,
            "tests": tests,
            "others": others,
            "events": self._build_events_query(form, first),
            "first": first,
            # TikTok deletes a day's leads one by one: that does not reduce the count.
            "aging": first + timedelta(days=2),
        }
        self.env.cr.execute(SQL(UPSERT, **values))
        self.env.cr.execute(SQL(SUM_UP, form.id, values["now"]))

    @api.model
    def _build_events_query(self, form, first):
        """Return the query that counts the deliveries of a form by day and result.

        :param form: tiktok.form
        :param date first: earlier days are left out
        :rtype: SQL
        """
        return SQL(
            """
            SELECT (coalesce(event.submitted_at, event.received_at))::date AS day,
                   count(*) FILTER (WHERE named AND event.state = 'done'
                       AND event.lead_id IS NOT NULL)::int AS odoo,
                   count(*) FILTER (WHERE named AND event.source = 'webhook')::int AS webhook,
                   count(*) FILTER (WHERE named AND event.source = 'backfill')::int AS recovered,
                   count(*) FILTER (WHERE named
                       AND event.state IN ('ignored', 'failed', 'quarantined'))::int AS refused,
                   count(*) FILTER (WHERE named AND event.state = 'done'
                       AND event.lead_id IS NULL)::int AS deleted,
                   count(*) FILTER (WHERE named AND event.state = 'pending')::int AS waiting,
                   count(*) FILTER (WHERE NOT named AND event.lead_id IS NOT NULL)::int AS extra
              FROM tiktok_event event
              LEFT JOIN crm_lead lead ON lead.id = event.lead_id,
                   LATERAL (SELECT event.exported_at IS NOT NULL AS named) AS mark
             WHERE event.kind = 'lead' AND event.company_id = %s AND event.page_uid = %s
               AND event.dedup_key = 'lead:' || event.lead_uid
               AND event.source != 'test' AND lead.tiktok_is_test IS NOT TRUE
               AND coalesce(event.submitted_at, event.received_at) >= %s
             GROUP BY 1
            """,
            form.company_id.id,
            form.page_uid,
            first,
        )

    @api.model
    def _sum_form_totals(self, form, first):
        """Return the totals of a form as values of its fields.

        :param form: tiktok.form
        :param date first: earlier days are left out
        :rtype: dict
        """
        names = ("tiktok_count", "odoo_count", "missing_count")
        domain = [("form_id", "=", form.id), ("day", ">=", first)]
        (totals,) = self.sudo()._read_group(domain, [], [f"{name}:sum" for name in names])
        tiktok, odoo, missing = (total or 0 for total in totals)
        return {
            "reconciled_at": read_transaction_clock(self.env),
            "tiktok_lead_count": tiktok,
            "odoo_lead_count": odoo,
            "missing_lead_count": missing,
        }
