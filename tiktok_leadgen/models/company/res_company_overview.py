from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import date_utils

from ... import const
from ...tiktok.public_url import is_public_https
from .res_company import SALES_MANAGERS

COUNT = {"compute": "_compute_tiktok_counts", "groups": SALES_MANAGERS}
HEALTH = {"compute": "_compute_tiktok_health", "groups": SALES_MANAGERS}
WATCHED = {"compute": "_compute_tiktok_watched", "groups": SALES_MANAGERS}
RECONCILED = {"compute": "_compute_tiktok_reconciliation", "groups": SALES_MANAGERS}
NAMED = 3  # ad accounts that need attention: the first with its problem, the others by name


class ResCompany(models.Model):
    """The page CRM → Integrations → TikTok: how leads arrive, and what needs attention.

    Its fields are computed for sales managers; other users who read a company get nothing.
    """

    _inherit = "res.company"

    tiktok_last_received_at = fields.Datetime("Last lead", **COUNT)
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

    # === COMPUTE METHODS === #

    def _compute_tiktok_counts(self):
        names = [n for n, f in self._fields.items() if f.compute == "_compute_tiktok_counts"]
        allowed = self._tiktok_can_see_overview()
        for company in self:
            counts = company._tiktok_count_events() if allowed else dict.fromkeys(names, False)
            company.update(counts)

    def _tiktok_can_see_overview(self):
        return self.env.su or self.env.user.has_group(SALES_MANAGERS)

    def _tiktok_count_events(self):
        """Count the company's deliveries.

        :return: the values of the fields that `_compute_tiktok_counts` computes
        :rtype: dict
        """
        self.ensure_one()
        events = self.env["tiktok.event"].sudo()
        mine = [("company_id", "=", self._origin.id), ("reason", "not in", ["connection_test"])]
        today = [*mine, ("kind", "=", "lead"), ("received_at", ">=", self._tiktok_get_day_start())]
        received = dict(events._read_group(today, ["state"], ["__count"]))
        attention = {
            state: (count, since)
            for state, count, since in events._read_group(
                [*mine, ("state", "in", ("pending", "failed", "quarantined"))],
                ["state"],
                ["__count", "received_at:min"],
            )
        }
        quarantined, since = attention.get("quarantined", (0, False))
        last = events.search_fetch(
            [*mine, ("kind", "=", "lead"), ("verification", "!=", "none")], ["received_at"], limit=1
        )
        return {
            "tiktok_last_received_at": last.received_at,
            "tiktok_received_today": sum(received.values()) - received.get("quarantined", 0),
            "tiktok_created_today": received.get("done", 0),
            "tiktok_waiting_count": attention.get("pending", (0,))[0],
            "tiktok_failed_count": attention.get("failed", (0,))[0],
            "tiktok_quarantined_count": quarantined,
            "tiktok_quarantined_since": since,
            "tiktok_wrong_signature_count": self._tiktok_count_wrong_signatures(mine),
        }

    def _tiktok_count_wrong_signatures(self, mine):
        """Count the deliveries of a week with a valid token and an invalid signature.

        :param list mine: the domain of the company's deliveries
        :return: up to 1000
        :rtype: int
        """
        week = ("received_at", ">=", fields.Datetime.now() - timedelta(days=7))
        wrong = [*mine, week, ("signature", "=", "wrong"), ("verification", "=", "token")]
        return self.env["tiktok.event"].sudo().search_count(wrong, limit=1000)

    def _tiktok_get_day_start(self):
        """Return when the user's day began.

        :return: in UTC
        :rtype: datetime
        """
        local = fields.Datetime.context_timestamp(self, fields.Datetime.now())
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
        allowed = self._tiktok_can_see_overview()
        none = self.env["tiktok.advertiser"]
        for company in self:
            broken = company._tiktok_find_advertisers("broken") if allowed else none
            repairing = company._tiktok_find_advertisers("repairing") if allowed else none
            company.tiktok_broken_count = len(broken)
            company.tiktok_broken_text = _describe_health(broken[:1])
            company.tiktok_broken_others = company._tiktok_name_others(broken[1:])
            company.tiktok_broken_fix = broken[:1].health_fix
            company.tiktok_healing_text = _describe_health(repairing[:1])

    def _tiktok_find_advertisers(self, health):
        domain = [("company_id", "=", self._origin.id), ("health", "=", health)]
        return self.env["tiktok.advertiser"].sudo().search(domain)

    def _tiktok_name_others(self, advertisers):
        if not advertisers:
            return False
        names = ", ".join(advertisers[: NAMED - 1].mapped("name"))
        more = len(advertisers) - NAMED + 1
        if more < 1:
            return self.env._("These also need attention: %s", names)
        return self.env._(
            "These also need attention: %(names)s and %(count)s more", names=names, count=more
        )

    def _compute_tiktok_reconciliation(self):
        allowed = self._tiktok_can_see_overview()
        advertisers = self.env["tiktok.advertiser"].sudo()
        connected = [("state", "=", "connected")]
        for company in self:
            mine = [*connected, ("company_id", "=", company._origin.id)]
            own = advertisers.search(mine) if allowed else advertisers
            theirs, ours, missing = own._count_reconciled_leads() if own else (0, 0, 0)
            moment = max(own.filtered("reconciled_at").mapped("reconciled_at"), default=False)
            runs = own.reconciliation_id.filtered(lambda run: run.state in ("waiting", "running"))
            days = self.env["tiktok.reconciliation.day"]
            company.tiktok_reconciliation_text = days._describe_totals(
                theirs, ours, missing, moment
            )
            company.tiktok_reconciliation_at = moment
            company.tiktok_reconciliation_missing = missing
            company.tiktok_reconciliation_is_open = bool(runs)
            company.tiktok_reconciliation_progress = sum(runs.mapped("progress")) / (len(runs) or 1)
            company.tiktok_can_reconcile = bool(own)

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
        events._process_batch(events.env["tiktok.event.claim"]._claim_events(ids=event.ids))
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
        broken = self._tiktok_find_advertisers("broken")[:1]
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


def _describe_health(advertiser):
    return bool(advertiser) and f"{advertiser.name}: {advertiser.health_reason or ''}"
