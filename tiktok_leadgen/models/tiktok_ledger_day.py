from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL, formatLang

from .. import const

OURS = ("odoo", "webhook", "backfill", "refused", "deleted", "waiting", "extra")
UPSERT = """
    INSERT INTO tiktok_ledger_day (
        form_id, company_id, advertiser_id, day, checked_at, tiktok_count, test_count,
        elsewhere_count, odoo_count, webhook_count, backfill_count, refused_count,
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
            THEN greatest(excluded.tiktok_count, tiktok_ledger_day.tiktok_count)
            ELSE excluded.tiktok_count END,
        test_count = excluded.test_count, elsewhere_count = excluded.elsewhere_count,
        %(again)s, write_date = excluded.write_date
"""
SUM_UP = """
    UPDATE tiktok_ledger_day
       SET difference = greatest(0, tiktok_count - odoo_count),
           missing_count = greatest(0, tiktok_count - known),
           extra_count = extra_count + greatest(0, known - tiktok_count)
      FROM (SELECT id, odoo_count + refused_count + deleted_count + waiting_count + elsewhere_count
                   AS known FROM tiktok_ledger_day) AS sums
     WHERE sums.id = tiktok_ledger_day.id AND form_id = %s AND checked_at = %s
"""


class TiktokLedgerDay(models.Model):
    """One day of a form: what TikTok has, what we have, and why they differ if they do.

    TikTok's number comes from its file, ours from the events; neither from the other. Rows are
    written when all regions of a form were compared.
    """

    _name = "tiktok.ledger.day"
    _description = "TikTok Ledger Day"
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
    difference = fields.Integer(readonly=True, help="How many of TikTok's are no lead in Odoo.")
    webhook_count = fields.Integer("By webhook", readonly=True)
    backfill_count = fields.Integer("By comparison", readonly=True)
    refused_count = fields.Integer(
        "Refused", readonly=True, help="Ignored, failed or kept aside: the events say why."
    )
    deleted_count = fields.Integer("Deleted", readonly=True, help="Deleted in CRM by a person.")
    waiting_count = fields.Integer("Waiting", readonly=True)
    elsewhere_count = fields.Integer("In another company", readonly=True)
    missing_count = fields.Integer(
        "Missing", readonly=True, help="TikTok has them, and no row here tells what became of them."
    )
    extra_count = fields.Integer(
        "Only in Odoo", readonly=True, help="Deleted at TikTok, or newer than its file."
    )
    test_count = fields.Integer("Tests", readonly=True, help="At TikTok; they count nowhere else.")
    checked_at = fields.Datetime("Compared", readonly=True)

    _form_day_uniq = models.Constraint("UNIQUE(form_id, day)", "A day of a form is written once.")

    @api.depends("form_id", "day")
    def _compute_display_name(self):
        for row in self:
            row.display_name = f"{row.form_id.display_name}, {row.day}"

    # === ACTION METHODS === #

    def action_view_events(self):
        """Open what came of this form on this day."""
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
    def _sentence(self, theirs, ours, missing, moment):
        """Return what the comparison found, without its time: a field beside it shows that.

        :param int theirs: leads TikTok has
        :param int ours: leads of these that are in Odoo
        :param int missing: of the others, those that no row tells of
        :param datetime moment: when it was compared
        :return: a sentence without a full stop, False if it was never compared
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
            return self.env._("Leads in TikTok: %(theirs)s, missing here: %(missing)s", **values)
        if theirs > ours:
            return self.env._(
                "Leads in TikTok: %(theirs)s, became no lead here: %(left)s", **values
            )
        if not theirs:
            return self.env._("There are no leads in TikTok")
        return self.env._("All %s leads in TikTok are here", values["theirs"])

    @api.model
    def _store(self, form, parts):
        """Write the days of a form.

        :param form: tiktok.form
        :param parts: tiktok.backfill.part, all that was exported of it
        """
        theirs = {}
        for part in parts:
            for day, counts in (part.days or {}).items():
                theirs[day] = [sum(pair) for pair in zip(counts, theirs.get(day, [0] * 3))]  # noqa: B905 - both have three
        first = fields.Date.today() - timedelta(days=const.LEDGER_DAYS)
        self.env.flush_all()
        self._upsert(form, theirs, first)
        self.invalidate_model()
        form.sudo().write(self._totals(form, first))

    @api.model
    def _upsert(self, form, theirs, first):
        """Write what TikTok's files and the events say, side by side.

        :param dict theirs: leads, tests and leads of another company by day
        :param date first: days before it are left as they are
        """
        days = sorted(theirs)
        counts = zip(*(theirs[day] for day in days), strict=True)
        leads, tests, others = map(list, counts) if days else ([], [], [])
        names = [SQL.identifier(name) for name in OURS]
        columns = [SQL.identifier(f"{name}_count") for name in OURS]
        values = {
            "form": form.id,
            "company": form.company_id.id,
            "advertiser": form.advertiser_id.id or None,
            "now": fields.Datetime.now(),
            "ours": SQL(", ").join(SQL("coalesce(ours.%s, 0)", name) for name in names),
            "again": SQL(", ").join(SQL("%s = excluded.%s", name, name) for name in columns),
            "days": days,
            "leads": leads,
            "tests": tests,
            "others": others,
            "events": self._events_query(form, first),
            "first": first,
            # TikTok forgets a day's leads one by one: what it had is not unsaid by that.
            "aging": first + timedelta(days=2),
        }
        self.env.cr.execute(SQL(UPSERT, **values))
        self.env.cr.execute(SQL(SUM_UP, form.id, values["now"]))

    @api.model
    def _events_query(self, form, first):
        """Return what became of the leads of a form, by day, as SQL."""
        return SQL(
            """
            SELECT (coalesce(event.submitted_at, event.received_at))::date AS day,
                   count(*) FILTER (WHERE named AND event.state = 'done'
                       AND event.lead_id IS NOT NULL)::int AS odoo,
                   count(*) FILTER (WHERE named AND event.source = 'webhook')::int AS webhook,
                   count(*) FILTER (WHERE named AND event.source = 'backfill')::int AS backfill,
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
    def _totals(self, form, first):
        """Return what the form says of itself.

        :rtype: dict
        """
        names = ["tiktok_count", "odoo_count", "missing_count"]
        domain = [("form_id", "=", form.id), ("day", ">=", first)]
        (totals,) = self.sudo()._read_group(domain, [], [f"{name}:sum" for name in names])
        return {
            "ledger_at": fields.Datetime.now(),
            **{f"ledger_{name}": total or 0 for name, total in zip(names, totals, strict=True)},
        }
