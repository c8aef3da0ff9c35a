from odoo import api, fields, models
from odoo.tools import SQL

LEAD_FIELDS = [
    *(
        "active",
        "company_id",
        "date_conversion",
        "tiktok_converted_by_rules",
        "expected_revenue",
        "stage_id",
        "team_id",
    ),
    *("tiktok_ad_name", "tiktok_ad_uid", "tiktok_adgroup_name", "tiktok_adgroup_uid"),
    *("tiktok_advertiser_uid", "tiktok_assigned_at", "tiktok_campaign_name"),
    *("tiktok_campaign_uid", "tiktok_first_contact_at", "tiktok_form_id", "tiktok_is_test"),
    *("tiktok_lead_uid", "tiktok_received_at", "tiktok_response_seconds", "tiktok_submitted_at"),
    *("type", "user_id", "won_status"),
]


class TiktokLeadReport(models.Model):
    """A lead from TikTok, as the analysis counts it; tests are left out."""

    _name = "tiktok.lead.report"
    _description = "TikTok Lead Analysis"
    _auto = False
    _rec_name = "id"
    _order = "received_at desc, id desc"

    lead_id = fields.Many2one("crm.lead", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True)
    team_id = fields.Many2one("crm.team", "Sales Team", readonly=True)
    stage_id = fields.Many2one("crm.stage", readonly=True)
    form_id = fields.Many2one("tiktok.form", readonly=True)
    campaign_uid = fields.Char("Campaign ID", readonly=True)
    campaign_name = fields.Char("Campaign", readonly=True)
    adgroup_uid = fields.Char("Ad group ID", readonly=True)
    adgroup_name = fields.Char("Ad group", readonly=True)
    ad_uid = fields.Char("Ad ID", readonly=True)
    ad_name = fields.Char("Ad", readonly=True)
    advertiser_uid = fields.Char("Ad account ID", readonly=True)
    won_status = fields.Selection(
        [("won", "Won"), ("lost", "Lost"), ("pending", "Pending")], "Status", readonly=True
    )
    is_open = fields.Boolean("Not archived", readonly=True)
    submitted_at = fields.Datetime("Submitted", readonly=True)
    received_at = fields.Datetime("Received", readonly=True)
    assigned_at = fields.Datetime("Assigned", readonly=True)
    first_contact_at = fields.Datetime("First contact", readonly=True)
    response_seconds = fields.Integer("Seconds to first contact", readonly=True, aggregator="avg")
    response_minutes = fields.Float("Minutes to first contact", readonly=True, aggregator="avg")
    expected_revenue = fields.Float(readonly=True)
    lead_count = fields.Integer("Leads", readonly=True)
    qualified_count = fields.Integer(
        "Qualified",
        readonly=True,
        help="Won, made an opportunity by a person, or moved beyond the first stage.",
    )
    won_count = fields.Integer("Won", readonly=True)
    lost_count = fields.Integer("Lost", readonly=True)
    contacted_count = fields.Integer("Contacted", readonly=True)
    waiting_count = fields.Integer("Waiting for first contact", readonly=True)

    _depends = {"crm.lead": LEAD_FIELDS, "crm.stage": ["fold", "sequence", "team_ids"]}

    @api.model
    def _search(self, *args, **kwargs):
        """Search, without PostgreSQL's compiler: it takes longer than the query it compiles.

        A second against 50 ms, measured, however few leads there are.

        :param args: as of any `_search`
        :param kwargs: as of any `_search`
        :rtype: odoo.tools.Query
        """
        self.env.cr.execute("SET LOCAL jit = off")
        return super()._search(*args, **kwargs)

    @property
    def _table_query(self):
        return SQL("%s %s %s", self._select(), self._from(), self._where())

    @api.model
    def _select(self):
        return SQL(
            """
            SELECT lead.id, lead.id AS lead_id, lead.user_id, lead.team_id, lead.stage_id,
                   COALESCE(lead.company_id, form.company_id) AS company_id,
                   lead.tiktok_form_id AS form_id,
                   lead.tiktok_campaign_uid AS campaign_uid,
                   lead.tiktok_campaign_name AS campaign_name,
                   lead.tiktok_adgroup_uid AS adgroup_uid,
                   lead.tiktok_adgroup_name AS adgroup_name,
                   lead.tiktok_ad_uid AS ad_uid, lead.tiktok_ad_name AS ad_name,
                   lead.tiktok_advertiser_uid AS advertiser_uid,
                   lead.tiktok_submitted_at AS submitted_at,
                   lead.tiktok_received_at AS received_at,
                   lead.tiktok_assigned_at AS assigned_at,
                   lead.tiktok_first_contact_at AS first_contact_at,
                   lead.tiktok_response_seconds AS response_seconds,
                   lead.tiktok_response_seconds / 60.0 AS response_minutes,
                   lead.expected_revenue, lead.won_status, lead.active AS is_open,
                   1 AS lead_count,
                   (lead.won_status = 'won')::int AS won_count,
                   (lead.won_status = 'lost')::int AS lost_count,
                   (lead.tiktok_first_contact_at IS NOT NULL)::int AS contacted_count,
                   (lead.active AND lead.won_status = 'pending'
                    AND lead.tiktok_first_contact_at IS NULL)::int AS waiting_count,
                   COALESCE(lead.won_status = 'won' OR (lead.date_conversion IS NOT NULL
                       AND lead.tiktok_converted_by_rules IS NOT TRUE) OR (
                       lead.type = 'opportunity' AND
                       (COALESCE(lead.team_id, 0), lead.stage_id) NOT IN (VALUES %s)
                   ), FALSE)::int AS qualified_count
            """,
            SQL(", ").join(SQL("(%s, %s)", *pair) for pair in self._first_stages()),
        )

    @api.model
    def _first_stages(self):
        """Return each team's first stage, as a lead is made in, and what stands before it.

        Found before the query and not in it: the planner would take it for a big table.

        :return: pairs of ids, 0 for no team
        :rtype: list
        """
        rel = self.env["crm.stage"]._fields["team_ids"]
        self.env["crm.stage"].flush_model()
        query = SQL(
            """SELECT team.id, stage.id, stage.fold
                 FROM (SELECT id FROM crm_team UNION ALL SELECT 0) AS team
                 JOIN crm_stage stage
                   ON EXISTS (SELECT FROM %(rel)s WHERE %(stage)s = stage.id AND %(team)s = team.id)
                   OR NOT EXISTS (SELECT FROM %(rel)s WHERE %(stage)s = stage.id)
                ORDER BY team.id, stage.sequence, stage.name->>'en_US', stage.id""",
            rel=SQL.identifier(rel.relation),
            stage=SQL.identifier(rel.column1),
            team=SQL.identifier(rel.column2),
        )
        pairs, begun = [(0, 0)], set()
        for team_id, stage_id, fold in self.env.execute_query(query):
            if team_id not in begun:
                pairs.append((team_id, stage_id))
                begun |= set() if fold else {team_id}
        return pairs

    @api.model
    def _from(self):
        return SQL("FROM crm_lead lead LEFT JOIN tiktok_form form ON form.id = lead.tiktok_form_id")

    @api.model
    def _where(self):
        return SQL("WHERE lead.tiktok_lead_uid IS NOT NULL AND lead.tiktok_is_test IS NOT TRUE")

    def action_open_lead(self):
        """Open the lead of this row.

        :return: an action
        :rtype: dict
        """
        self.ensure_one()
        return self.lead_id.get_formview_action()
