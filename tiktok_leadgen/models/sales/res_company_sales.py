from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ... import assignment_check, const
from ...assignment_rules import describe_broken_rules
from ...tiktok.values import isolate
from ..company.res_company import SALES_MANAGERS

SHARED = {"compute": "_compute_tiktok_round_robin", "groups": SALES_MANAGERS}


class ResCompany(models.Model):
    """Assignment of the company's TikTok leads, speed to lead, and repeat submissions."""

    _inherit = "res.company"

    tiktok_assignment = fields.Selection(
        [
            ("manual", "Manual"),
            ("fixed", "Fixed salesperson"),
            ("round_robin", "Round robin"),
            ("least_busy", "Least busy"),
            ("rules", "Odoo assignment rules"),
        ],
        "Assignment of TikTok leads",
        default="manual",
        required=True,
        groups=SALES_MANAGERS,
        help="Round robin: one member of the team after the other. Odoo assignment rules: domains, "
        "capacity and preferences of Rule-Based Assignment. Members who are out of "
        "office or paused are skipped.",
    )
    tiktok_user_id = fields.Many2one(
        "res.users",
        "Salesperson of TikTok leads",
        domain="[('share', '=', False), ('company_ids', 'in', id)]",
        groups=SALES_MANAGERS,
    )
    tiktok_call_minutes = fields.Integer(
        "Call within (minutes)",
        default=const.CALL_MINUTES,
        groups=SALES_MANAGERS,
        help="The salesperson gets an activity “Call now” for each lead. 0: no activity.",
    )
    tiktok_remind = fields.Boolean(
        "Remind the salesperson",
        default=True,
        groups=SALES_MANAGERS,
        help="After 5, 15 and 60 minutes without a call, a message or a stage change.",
    )
    tiktok_reassign_minutes = fields.Integer(
        "Reassign after (minutes)",
        groups=SALES_MANAGERS,
        help="If a lead has no first contact after this many minutes of working time, it is "
        "reassigned to the next available member of the team; each member gets it once. "
        "0: never.",
    )

    tiktok_repeat_policy = fields.Selection(
        const.REPEAT_POLICIES,
        "Repeat submissions",
        default="new",
        required=True,
        groups=SALES_MANAGERS,
        help="The same person, by e-mail, phone or known contact. Note: the answers are added "
        "as a note to the open lead; if there is none, a new lead is created. Reopen: "
        "the same, and if there is no open lead, the last lost one is reopened. Each "
        "form can have its own rule.",
    )
    tiktok_round_robin = fields.Html("Next in round robin", sanitize=False, **SHARED)
    tiktok_assignment_hint = fields.Char("Information about this option", **SHARED)
    tiktok_unassigned_count = fields.Integer("Unassigned", **SHARED)
    tiktok_no_contact_count = fields.Integer("Without contact details", **SHARED)

    _tiktok_call_minutes_positive = models.Constraint(
        "CHECK(tiktok_call_minutes >= 0 AND tiktok_reassign_minutes >= 0)",
        "The time to call cannot be less than 0 minutes.",
    )

    # === COMPUTE METHODS === #

    def _compute_tiktok_round_robin(self):
        allowed = self.env.su or self.env.user.has_group(SALES_MANAGERS)
        positions = self.env["tiktok.round.robin"]
        for company in self:
            known = allowed and company._origin
            company.tiktok_round_robin = known and positions._render_team_table(known.sudo())
            company.tiktok_assignment_hint = known and company._tiktok_get_assignment_hint()
            company.tiktok_unassigned_count = known and company._tiktok_count_unassigned()
            company.tiktok_no_contact_count = known and company._tiktok_count_no_contact()

    # === CONSTRAINT METHODS === #

    @api.constrains("tiktok_assignment", "tiktok_user_id")
    def _check_tiktok_user(self):
        for company in self.sudo():  # its creator may have no access to Sales
            user = company.tiktok_user_id
            if company.tiktok_assignment == "fixed" and not user:
                raise ValidationError(
                    self.env._("Choose the salesperson who receives the TikTok leads.")
                )
            if user and company not in user.sudo().company_ids:
                raise ValidationError(
                    self.env._(
                        "%(user)s has no access to %(company)s.",
                        user=isolate(user.name),
                        company=isolate(company.name),
                    )
                )

    @api.constrains("tiktok_team_id")
    def _check_tiktok_team(self):
        for company in self.sudo():
            if company.tiktok_team_id.company_id not in (company, company.browse()):
                raise ValidationError(
                    self.env._(
                        "The sales team %(team)s belongs to another company. Choose a team of "
                        "%(company)s.",
                        team=isolate(company.tiktok_team_id.name),
                        company=isolate(company.name),
                    )
                )

    # === ACTION METHODS === #

    def action_tiktok_view_unassigned(self):
        """Open the leads without a salesperson, grouped by the reason.

        :return: the action that opens them
        :rtype: dict
        """
        action = self._tiktok_open_own(
            "tiktok_leadgen.crm_lead_action_tiktok",
            *assignment_check.find_unassigned_domain(self),
        )
        return {**action, "context": {"create": False, "group_by": "tiktok_unassigned_reason"}}

    def action_tiktok_assign_waiting(self):
        """Have the leads without a salesperson assigned in the background.

        :return: the action that reloads the page
        :rtype: dict
        :raise UserError: if leads are assigned manually
        """
        self.ensure_one()
        self._tiktok_check_manager()
        if self.sudo().tiktok_assignment == "manual":
            raise UserError(self.env._("Choose first who gets the leads."))
        assignment_check.request_assignment(self.sudo())
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_tiktok_view_no_contact(self):
        """Open the open leads without a phone number and an e-mail address, by form.

        :return: the action that opens them
        :rtype: dict
        """
        action = self._tiktok_open_own("tiktok_leadgen.crm_lead_action_tiktok")
        filters = {"search_default_tiktok_no_contact": 1, "group_by": "tiktok_form_id"}
        return {**action, "context": {"create": False, **filters}}

    # === BUSINESS METHODS === #

    def _tiktok_chooses_salesperson(self):
        """Tell whether `tiktok.assignment` chooses the salesperson, not a user nor Odoo's rules.

        :rtype: bool
        """
        return self.tiktok_assignment in const.OWN_ASSIGNMENT

    def _tiktok_count_unassigned(self):
        """Return how many open leads of the company have no salesperson; tests are left out.

        :return: up to `COUNTED_EVENTS`
        :rtype: int
        """
        leads = self.env["crm.lead"].sudo()
        return leads.search_count(
            assignment_check.find_unassigned_domain(self._origin), limit=const.COUNTED_EVENTS
        )

    def _tiktok_count_no_contact(self):
        """Return how many open leads of the company cannot be reached; tests are left out.

        :rtype: int
        """
        self.env["crm.lead"].flush_model()
        query = SQL(
            """SELECT count(*) FROM crm_lead lead
                 LEFT JOIN tiktok_form form ON form.id = lead.tiktok_form_id
                WHERE lead.tiktok_lead_uid IS NOT NULL AND lead.active IS TRUE
                  AND lead.phone IS NULL AND lead.email_from IS NULL
                  AND lead.won_status = 'pending' AND lead.tiktok_is_test IS NOT TRUE
                  AND COALESCE(lead.company_id, form.company_id) = %s""",
            self._origin.id,
        )
        return self.env.execute_query(query)[0][0]

    def _tiktok_get_assignment_hint(self):
        """Return what prevents the company's assignment, or what it means.

        :rtype: str | bool
        """
        job = self.env.ref(const.ASSIGN_CRON_XMLID, raise_if_not_found=False)
        if self.tiktok_assignment != "manual" and not (job and job.sudo().active):
            return self.env._(
                "The scheduled action that assigns leads later is turned off: leads that "
                "cannot be assigned on arrival wait for a person."
            )
        if self.tiktok_assignment != "rules":
            return False
        broken = describe_broken_rules(self.sudo())
        if broken:
            return broken
        if not self.env["crm.lead"]._is_rule_based_assignment_activated():
            return self.env._(
                "Rule-Based Assignment is turned off in the CRM settings: turn it on to "
                "give each salesperson a domain and a capacity. Until then each gets one "
                "lead a day."
            )
        return self.env._(
            "Odoo assignment rules are applied to each TikTok lead on arrival, and again "
            "every few minutes to leads that could not be assigned, whether or not "
            "Odoo's own scheduled assignment is automatic."
        )
