from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ... import const
from ...const import REPEAT_POLICIES
from ...job_time import read_transaction_clock
from ...tiktok.lead import DIRECT_MESSAGE

MANAGERS = "sales_team.group_sale_manager"
STATUSES = [
    ("published", "Published"),
    ("edited", "Draft"),
    ("gone", "No longer at TikTok"),
]


class TiktokForm(models.Model):
    """An Instant Form; it is created with its first lead or when TikTok lists it."""

    _name = "tiktok.form"
    _description = "TikTok Instant Form"
    _inherit = ["tiktok.protected.mixin"]
    _order = "id desc"  # of columns: PostgreSQL sorts leads by it when they are grouped by form
    _check_company_auto = True

    name = fields.Char(required=True, help="The form's name as TikTok sends it.")
    page_uid = fields.Char("Form ID", required=True, readonly=True)
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, default=lambda s: s.env.company
    )
    active = fields.Boolean(default=True)
    advertiser_uid = fields.Char("Ad account ID", readonly=True)
    question_ids = fields.One2many("tiktok.form.question", "form_id", "Questions")
    lead_count = fields.Integer("Leads", compute="_compute_lead_count")
    last_lead_at = fields.Datetime("Last lead", compute="_compute_last_lead_at")
    repeat_policy = fields.Selection(
        REPEAT_POLICIES,
        "Repeat submissions",
        help="Leave empty to use the company's setting.",
    )
    default_country_id = fields.Many2one(
        "res.country",
        "Default country",
        compute="_compute_default_country_id",
        store=True,
        readonly=False,
        help="The country of phone numbers without a country code. "
        "Leave empty to use the company's country.",
    )
    # Assignment of its leads, where it differs from the company's.
    team_id = fields.Many2one(
        "crm.team",
        "Sales team",
        check_company=True,
        index="btree_not_null",
        ondelete="set null",
        help="For leads of this form. Leave empty to use the company's setting.",
    )
    user_id = fields.Many2one(
        "res.users",
        "Salesperson",
        check_company=True,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Receives all leads of this form. Leave empty to use the company's assignment.",
    )
    tag_ids = fields.Many2many("crm.tag", string="Tags", help="For each new lead of this form.")
    # What TikTok says of it, where an ad account is connected.
    advertiser_id = fields.Many2one(
        "tiktok.advertiser",
        "Ad account",
        readonly=True,
        index=True,
        ondelete="set null",
        check_company=True,
    )
    lead_source = fields.Selection(
        [("INSTANT_FORM", "Instant Form"), ("DIRECT_MESSAGE", "Direct messages")],
        readonly=True,
        default="INSTANT_FORM",
        help="Leads from direct messages have no form at TikTok; this record stands for it.",
    )
    status = fields.Selection(STATUSES, readonly=True)
    preview_url = fields.Char("Preview", readonly=True)
    published_at = fields.Datetime("Published on", readonly=True)
    library_uid = fields.Char(
        "Form library ID", readonly=True, help="Set if the form was moved to a Business Center."
    )
    is_selected = fields.Boolean(
        "Receive Leads",
        default=True,
        help="Used when the ad account receives the leads of selected forms only.",
    )
    updated_at = fields.Datetime("Changed at TikTok", readonly=True)
    questions_at = fields.Datetime("Questions last updated", readonly=True)
    silent_since = fields.Datetime(
        "Silent since", readonly=True, copy=False, help="The last lead before the gap."
    )
    # Reconciliation with TikTok's leads.
    reconciled_at = fields.Datetime("Last checked", readonly=True, copy=False)
    tiktok_lead_count = fields.Integer("TikTok has", readonly=True, copy=False)
    odoo_lead_count = fields.Integer("Of these in Odoo", readonly=True, copy=False)
    missing_lead_count = fields.Integer("Missing", readonly=True, copy=False)
    reconciliation_text = fields.Char(
        "Reconciled",
        compute="_compute_reconciliation_text",
        help="Reconciled with the leads TikTok keeps for 90 days, without test leads.",
    )

    _page_uid_uniq = models.Constraint("UNIQUE(company_id, page_uid)", "This form already exists.")

    # === COMPUTE METHODS === #

    @api.depends("advertiser_id.country_id")
    def _compute_default_country_id(self):
        for form in self:
            form.default_country_id = form.default_country_id or form.advertiser_id.country_id

    def _compute_lead_count(self):
        counts = dict(
            self.env["crm.lead"]
            .with_context(active_test=False)
            ._read_group([("tiktok_form_id", "in", self.ids)], ["tiktok_form_id"], ["__count"])
        )
        for form in self:
            form.lead_count = counts.get(form, 0)

    def _compute_last_lead_at(self):
        """Find the newest lead of each form; a stored date would lock the form for each lead."""
        query = SQL(
            "SELECT form.id, %s FROM tiktok_form form WHERE form.id = ANY(%s)",
            self._get_last_lead_sql("form"),
            self.ids,
        )
        self.env["crm.lead"].flush_model(["tiktok_form_id", "tiktok_received_at", "tiktok_is_test"])
        moments = dict(self.env.execute_query(query))
        for form in self:
            form.last_lead_at = moments.get(form.id)

    @api.model
    def _get_last_lead_sql(self, alias):
        """Return the time of a form's newest lead, test leads left out.

        :param str alias: of the form's table
        :rtype: SQL
        """
        return SQL(
            """(SELECT tiktok_received_at FROM crm_lead
                 WHERE tiktok_form_id = %s AND tiktok_is_test IS NOT TRUE
                   AND tiktok_received_at IS NOT NULL
                 ORDER BY tiktok_received_at DESC LIMIT 1)""",
            SQL.identifier(alias, "id"),
        )

    def _field_to_sql(self, alias, field_expr, query=None):
        """Let forms be sorted by their newest lead.

        :param str alias: of the form's table
        :param str field_expr: name of the field
        :param query: that it is for
        :rtype: SQL
        """
        if field_expr == "last_lead_at":
            return self._get_last_lead_sql(alias)
        return super()._field_to_sql(alias, field_expr, query)

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        if field_name == "last_lead_at" and direction.code == "DESC":
            nulls = SQL("NULLS LAST")  # a form without a lead comes last
        return super()._order_field_to_sql(alias, field_name, direction, nulls, query)

    @api.depends("name", "page_uid")
    def _compute_display_name(self):
        for form in self:
            form.display_name = form.name or form.page_uid

    @api.depends("reconciled_at", "tiktok_lead_count", "odoo_lead_count", "missing_lead_count")
    def _compute_reconciliation_text(self):
        for form in self:
            form.reconciliation_text = self.env["tiktok.reconciliation.day"]._describe_totals(
                form.tiktok_lead_count,
                form.odoo_lead_count,
                form.missing_lead_count,
                form.reconciled_at,
            )

    # === ACTION METHODS === #

    def action_view_leads(self):
        """Open the form's leads.

        :return: the action
        :rtype: dict
        """
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.actions"]._for_xml_id("tiktok_leadgen.crm_lead_action_tiktok")
        action["domain"] = [("tiktok_form_id", "=", self.id)]
        action["context"] = {"create": False, "active_test": False}  # as they are counted
        return action

    def action_view_reconciled_days(self):
        """Open the reconciliation days of these forms.

        :return: the action
        :rtype: dict
        """
        self.check_access("read")
        action = self.env["ir.actions.actions"]._for_xml_id(
            "tiktok_leadgen.tiktok_reconciliation_day_action"
        )
        return {**action, "domain": [("form_id", "in", self.ids)], "context": {}}

    def action_preview(self):
        """Open the form as TikTok shows it.

        :return: the action
        :rtype: dict
        """
        self.ensure_one()
        return {"type": "ir.actions.act_url", "url": self.preview_url, "target": "new"}

    def action_test_connection(self):
        """Test the connection with a test lead of this form.

        :return: the action that opens the connection test
        :rtype: dict
        :raise UserError: if the ad account is not connected
        """
        self.ensure_one()
        self.check_access("write")
        self.company_id._tiktok_check_manager()
        if self.advertiser_id.state != "connected":
            raise UserError(
                self.env._("Connect the form's ad account first: TikTok creates the test lead.")
            )
        return self.env["tiktok.connection.test"]._open_test(self.company_id, self)

    # === BUSINESS METHODS === #

    @api.model
    def _find_or_create_forms(self, company, leads):
        """Return the forms of these leads; create those that are new.

        :param company: res.company
        :param list leads: `tiktok.lead.ParsedLead`
        :return: form by its id at TikTok
        :rtype: dict
        """
        wanted = {lead.page.uid: lead for lead in leads if lead.page.uid}
        domain = [("company_id", "=", company.id), ("page_uid", "in", list(wanted))]
        found = self.with_context(active_test=False).search(domain) if wanted else self
        forms = {form.page_uid: form for form in found}
        new = [uid for uid in wanted if uid not in forms]
        created = self.create([self._prepare_form_values(company, wanted[uid]) for uid in new])
        forms.update(zip(new, created, strict=True))
        for uid, lead in wanted.items():
            if lead.page.name and lead.page.name != forms[uid].name:
                # If another transaction holds the form, the next lead brings the name again.
                free = forms[uid].try_lock_for_update(allow_referencing=True)
                free.write({"name": lead.page.name})
        return forms

    @api.model
    def _prepare_form_values(self, company, lead):
        """Return the values of a new form.

        :param company: res.company
        :param lead: its first lead, `tiktok.lead.ParsedLead`
        :rtype: dict
        """
        domain = [
            ("company_id", "=", company.id),
            ("advertiser_uid", "=", lead.advertiser.uid),
        ]
        advertiser = self.env["tiktok.advertiser"].sudo().search(domain, limit=1)
        values = {
            "page_uid": lead.page.uid,
            "company_id": company.id,
            "advertiser_uid": lead.advertiser.uid,
            "advertiser_id": advertiser.id,
        }
        if lead.source == DIRECT_MESSAGE:
            name = lead.advertiser.name or advertiser.name or lead.advertiser.uid
            values["lead_source"] = DIRECT_MESSAGE
            values["name"] = lead.page.name or self.env._("Direct messages to %s", name)
        else:
            values["name"] = lead.page.name or self.env._("Form %s", lead.page.uid)
            values["is_selected"] = advertiser._wants_new_forms()
        return values

    # === SILENCE === #

    def _find_silent_forms(self):
        """Find the published forms that have had no lead for much longer than usual.

        The longest pause of the last weeks includes nights and weekends. Each silence is found
        once.

        :rtype: tiktok.form
        """
        forms = self.filtered(lambda form: form.status == "published")
        wanted = forms.filtered(
            lambda form: form.is_selected or form.advertiser_id.subscribe_to == "all"
        )
        now, silent = read_transaction_clock(self.env), self.browse()
        rhythms = wanted._measure_lead_rhythms(now)
        for form in wanted:
            count, last, pause = rhythms.get(form.page_uid, (0, None, None))
            if count < const.RHYTHM_LEADS or form.silent_since == last:
                continue
            patience = max(pause * 2, timedelta(hours=const.SILENCE_HOURS))
            if now - last > patience:
                form.silent_since = last
                silent += form
        return silent

    def _measure_lead_rhythms(self, now):
        """Measure how often the forms received leads lately.

        :param datetime now: end of the period, in UTC
        :return: number of leads, time of the last one and longest pause, by TikTok's id
        :rtype: dict[str, tuple]
        """
        if not self:
            return {}
        self.env["tiktok.event"].flush_model()
        query = SQL(
            """
            SELECT page_uid, count(*), max(moment), max(moment - before)
              FROM (SELECT page_uid, moment, lag(moment) OVER (
                               PARTITION BY page_uid ORDER BY moment) AS before
                      FROM (SELECT page_uid, date_trunc('second',
                                   coalesce(submitted_at, received_at)) AS moment
                              FROM tiktok_event
                             WHERE company_id = ANY(%s) AND page_uid = ANY(%s) AND kind = 'lead'
                               AND state = 'done' AND source IN ('webhook', 'backfill')) AS came
                     WHERE moment BETWEEN %s AND %s) AS paced
             GROUP BY page_uid
            """,
            self.company_id.ids,
            self.mapped("page_uid"),
            now - timedelta(days=const.RHYTHM_DAYS),
            now,
        )
        rows = self.env.execute_query(query)
        return {uid: (count, last, pause or timedelta()) for uid, count, last, pause in rows}
