from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import date_utils

from ... import company_setup, const, page_figures
from ...event_claims import claim_events
from ...job_time import read_transaction_clock
from ...setup_step import STEPS
from ...tiktok.public_url import is_public_https
from .res_company import SALES_MANAGERS

COUNT = {"compute": "_compute_tiktok_counts", "groups": SALES_MANAGERS}
HEALTH = {"compute": "_compute_tiktok_health", "groups": SALES_MANAGERS}
WATCHED = {"compute": "_compute_tiktok_watched", "groups": SALES_MANAGERS}
RECONCILED = {"compute": "_compute_tiktok_reconciliation", "groups": SALES_MANAGERS}
SETUP = {"compute": "_compute_tiktok_setup", "groups": SALES_MANAGERS}
STEP = {"selection": STEPS, **SETUP}


class ResCompany(models.Model):
    """The page CRM → Integrations → TikTok: how leads arrive, and what needs attention.

    Its fields are computed for sales managers; other users who read a company get nothing.
    """

    _inherit = "res.company"

    tiktok_last_received_at = fields.Datetime("Last received", **COUNT)
    tiktok_received_today = fields.Integer("Received today", **COUNT)
    tiktok_created_today = fields.Integer("Leads today", **COUNT)
    tiktok_waiting_count = fields.Integer("Waiting", **COUNT)
    tiktok_failed_count = fields.Integer("Failed", **COUNT)
    tiktok_quarantined_count = fields.Integer("Quarantined", **COUNT)
    tiktok_quarantined_since = fields.Datetime("Quarantined since", **COUNT)
    tiktok_wrong_signature_count = fields.Integer("Invalid signatures", **COUNT)
    tiktok_url_is_local = fields.Boolean(**HEALTH)
    tiktok_job_is_off = fields.Boolean(**HEALTH)
    tiktok_waiting_text = fields.Char(
        "Why leads are waiting", compute="_compute_tiktok_waiting_text", groups=SALES_MANAGERS
    )
    tiktok_can_configure = fields.Boolean(
        compute="_compute_tiktok_can_configure", groups=SALES_MANAGERS
    )
    tiktok_connected_ads = fields.Integer(
        "Connected ad accounts", compute="_compute_tiktok_connected_ads", groups=SALES_MANAGERS
    )
    tiktok_broken_count = fields.Integer("Ad accounts that need attention", **WATCHED)
    tiktok_broken_text = fields.Char("Problem", **WATCHED)
    tiktok_broken_others = fields.Char("Other ad accounts that need attention", **WATCHED)
    tiktok_broken_fix = fields.Selection(const.HEALTH_FIXES, "Solution", **WATCHED)
    tiktok_healing_text = fields.Char("In progress", **WATCHED)
    tiktok_reconciliation_text = fields.Char(
        "Reconciled with TikTok",
        **RECONCILED,
        help="Reconciled with the leads TikTok keeps for 90 days, without test leads.",
    )
    tiktok_reconciliation_at = fields.Datetime("Last checked", **RECONCILED)
    tiktok_reconciliation_missing = fields.Integer(**RECONCILED)
    tiktok_reconciliation_progress = fields.Float(**RECONCILED)
    tiktok_reconciliation_is_open = fields.Boolean(**RECONCILED)
    tiktok_can_reconcile = fields.Boolean(**RECONCILED)

    # The set-up: four steps that tick themselves
    tiktok_lead_method = fields.Selection(
        company_setup.METHODS, "How leads come in", groups=SALES_MANAGERS
    )
    tiktok_setup_closed = fields.Boolean("Set-up closed", groups=SALES_MANAGERS)
    tiktok_setup_is_complete = fields.Boolean(**SETUP)
    tiktok_step_method = fields.Selection(string="1 How leads come in", **STEP)
    tiktok_step_lead = fields.Selection(string="2 First lead", **STEP)
    tiktok_step_assignment = fields.Selection(string="3 Who gets them", **STEP)
    tiktok_step_mapping = fields.Selection(string="4 Mapping", **STEP)
    tiktok_method_text = fields.Char(**SETUP)
    tiktok_assignment_text = fields.Char(**SETUP)
    tiktok_mapping_text = fields.Char(**SETUP)
    tiktok_last_lead_id = fields.Many2one("crm.lead", "Last lead", **SETUP)
    tiktok_last_lead_name = fields.Char("Person", **SETUP)
    tiktok_last_lead_ms = fields.Integer("Milliseconds", **SETUP)
    tiktok_has_business_app = fields.Boolean("The app's keys are set", **SETUP)
    tiktok_business_redirect_uri = fields.Char("Advertiser redirect URL", **SETUP)

    # === COMPUTE METHODS === #

    def _compute_tiktok_counts(self):
        counts = type(self)._tiktok_count_events
        self._tiktok_fill_figures("_compute_tiktok_counts", counts)

    def _tiktok_can_see_overview(self):
        return self.env.su or self.env.user.has_group(SALES_MANAGERS)

    def _tiktok_count_events(self):
        """Count the company's deliveries.

        :return: the values of the fields that `_compute_tiktok_counts` computes
        :rtype: dict
        """
        self.ensure_one()
        return page_figures.count_deliveries(self.sudo(), self._tiktok_get_day_start())

    def _tiktok_get_day_start(self):
        """Return when the user's day began.

        :return: in UTC
        :rtype: datetime
        """
        local = fields.Datetime.context_timestamp(self, read_transaction_clock(self.env))
        start = date_utils.start_of(local.replace(tzinfo=None), "day")
        return start - local.utcoffset()

    def _compute_tiktok_health(self):
        job = self.env.ref(const.CRON_XMLID, raise_if_not_found=False)
        for company in self:
            company.tiktok_url_is_local = not is_public_https(company.get_base_url())
            company.tiktok_job_is_off = not (job and job.sudo().active)

    def _compute_tiktok_waiting_text(self):
        allowed = self._tiktok_can_see_overview()
        queue = self.env["tiktok.queue.status"].sudo()
        check = self.env["tiktok.configuration.check"]
        for company in self:
            known = allowed and company._origin
            status = known and queue._get_queue_status(known)
            company.tiktok_waiting_text = status and check._describe_wait(status)

    def _compute_tiktok_can_configure(self):
        allowed = self.has_access("write")
        for company in self:
            company.tiktok_can_configure = allowed or company._tiktok_is_manager()

    def _compute_tiktok_connected_ads(self):
        counts = dict(
            self.env["tiktok.advertiser"]
            .sudo()
            ._read_group(
                [("company_id", "in", self.ids), ("state", "=", "connected")],
                ["company_id"],
                ["__count"],
            )
        )
        for company in self:
            company.tiktok_connected_ads = counts.get(company._origin, 0)

    def _compute_tiktok_watched(self):
        self._tiktok_fill_figures("_compute_tiktok_watched", page_figures.describe_health)

    def _compute_tiktok_reconciliation(self):
        name = "_compute_tiktok_reconciliation"
        self._tiktok_fill_figures(name, page_figures.describe_reconciliation)

    def _compute_tiktok_setup(self):
        self._tiktok_fill_figures("_compute_tiktok_setup", company_setup.prepare_values)

    def _tiktok_fill_figures(self, compute, prepare):
        """Fill the fields of one compute method, with nothing for those who may not see the page.

        :param str compute: name of the method
        :param prepare: returns the values by field of a company with all rights
        """
        names = [name for name, field in self._fields.items() if field.compute == compute]
        allowed = self._tiktok_can_see_overview()
        for company in self:
            known = allowed and company._origin.sudo()
            company.update(prepare(known) if known else dict.fromkeys(names, False))

    # === ACTION METHODS === #

    def action_tiktok_overview(self):
        """Open the page of the current company.

        :return: the action that opens it
        :rtype: dict
        """
        self._tiktok_check_reader()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("TikTok"),
            "res_model": "res.company",
            "res_id": self.env.company.id,
            "view_mode": "form",
            "views": [(self.env.ref("tiktok_leadgen.res_company_view_form_tiktok").id, "form")],
            "context": {"create": False, "delete": False, "duplicate": False},
        }

    def action_tiktok_choose_method(self, method=None):
        """Choose how leads come in; the first choice also decides who gets them.

        :param str method: a key of `company_setup.METHODS`
        :return: a notification that says who gets them, which reloads nothing; None if unchanged
        :rtype: dict | None
        :raise UserError: for another method
        """
        self.ensure_one()
        self._tiktok_check_manager()
        if method not in dict(company_setup.METHODS):
            raise UserError(self.env._("Leads cannot come in this way."))
        text = company_setup.choose_method(self.sudo(), method, self.env.user)
        title = self.env._("New leads are assigned")
        return self._tiktok_prepare_notification(title, text, next=False) if text else None

    def action_tiktok_toggle_setup(self):
        """Close the set-up, or open it again.

        :return: the action that reloads the page
        :rtype: dict
        """
        self.ensure_one()
        self._tiktok_check_manager()
        self.sudo().tiktok_setup_closed = not self.tiktok_setup_closed
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_tiktok_open_last_lead(self):
        """Open the last lead that came in.

        :return: the action that opens it
        :rtype: dict
        :raise UserError: if it was deleted meanwhile
        """
        self.ensure_one()
        self._tiktok_check_reader()
        lead = self.tiktok_last_lead_id
        if not lead:
            raise UserError(self.env._("The lead was deleted."))
        return lead.get_formview_action()

    def action_tiktok_view_mapping(self):
        """Open the form whose mapping must be checked, or the list where there are several.

        :return: the action that opens them
        :rtype: dict
        """
        action = self._tiktok_open_own("tiktok_leadgen.tiktok_form_action")
        forms = self.env["tiktok.form"].search([("company_id", "=", self.id)], limit=2)
        return forms.get_formview_action() if len(forms) == 1 else action

    def action_tiktok_switch(self):
        """Turn lead generation on or off.

        :return: the action that reloads the page
        :rtype: dict
        """
        self._tiktok_check_manager()
        for company in self.sudo():
            company.tiktok_leadgen_enabled = not company.tiktok_leadgen_enabled
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_tiktok_job_on(self):
        """Turn the scheduled action that creates leads on again.

        :return: the action that reloads the page
        :rtype: dict
        """
        self._tiktok_check_manager()
        self.env.ref(const.CRON_XMLID).sudo().active = True
        self.env["tiktok.event"].sudo()._trigger_job()
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_tiktok_send_test_lead(self):
        """Send a test lead the way TikTok sends leads, and open what it became.

        :return: the action that opens the lead, or the delivery if there is none
        :rtype: dict
        :raise UserError: if the quarantine is full
        """
        self.ensure_one()
        self._tiktok_check_manager()
        company = self.sudo()
        sent = self.env["tiktok.connection.test"].sudo()._send_test_lead(company)
        if sent.is_refused:
            raise UserError(self.env._("Too many unverified deliveries: review the quarantine."))
        events = self.env["tiktok.event"].sudo()
        mine = [("company_id", "=", company.id), ("lead_uid", "=", sent.lead_uid)]
        event = events.search(mine, limit=1)
        events._process_batch(claim_events(events.env, ids=event.ids))
        event.invalidate_recordset()
        shown = event.lead_id or event
        return shown.with_user(self.env.user).get_formview_action()

    def action_tiktok_test_connection(self):
        """Test the connection with a test lead of the form that received leads last.

        :return: the action that opens the connection test
        :rtype: dict
        """
        self.ensure_one()
        self._tiktok_check_manager()
        tests = self.env["tiktok.connection.test"]
        return tests._open_test(self, tests._find_best_form(self))

    def action_tiktok_fix(self):
        """Fix the first ad account that needs attention, as its own button does.

        :return: the action of that button
        :rtype: dict
        """
        self.ensure_one()
        self._tiktok_check_manager()
        broken = page_figures.find_advertisers(self.sudo(), "broken")[:1]
        return broken.with_user(self.env.user).action_fix() if broken else None

    def action_tiktok_reconcile(self):
        """Reconcile all ad accounts of the company with TikTok now.

        :return: the action of the button of the ad accounts
        :rtype: dict
        """
        self.ensure_one()
        self._tiktok_check_manager()
        domain = [("company_id", "=", self.id), ("state", "=", "connected")]
        return self.env["tiktok.advertiser"].search(domain).action_reconcile()

    def action_tiktok_view_events(self):
        """Open the deliveries to this company; the button says which.

        :return: the action that opens them
        :rtype: dict
        """
        chosen = self.env.context.get("tiktok_filter", "today")
        action = self._tiktok_open_own("tiktok_leadgen.tiktok_event_action")
        return {**action, "context": {f"search_default_{chosen}": 1}}

    def action_tiktok_view_broken(self):
        """Open the ad accounts that need attention.

        :return: the action that opens them
        :rtype: dict
        """
        return self._tiktok_open_own(
            "tiktok_leadgen.tiktok_advertiser_action", ("health", "=", "broken")
        )

    def action_tiktok_view_reconciliation(self):
        """Open the reconciliation of this company.

        :return: the action that opens it
        :rtype: dict
        """
        return self._tiktok_open_own("tiktok_leadgen.tiktok_reconciliation_day_action")

    def _tiktok_open_own(self, name, *conditions):
        """Open records of this company.

        :param str name: the XML ID of an action
        :param conditions: of the records
        :return: the action
        :rtype: dict
        """
        self.ensure_one()
        self._tiktok_check_reader()
        action = self.env["ir.actions.actions"]._for_xml_id(name)
        return {**action, "domain": [("company_id", "=", self.id), *conditions]}
