from odoo import api, fields, models
from odoo.tools import email_normalize_all

from ... import const
from ...lead_clocks import measure_response
from ...working_hours import TeamHours

# Message types that a person outside the company can read, unlike a note or a tracked change.
OUTBOUND_TYPES = ("comment", "email", "email_outgoing")
# Message types that always go to the customer.
DIRECT_TYPES = ("sms", "whatsapp_message")
# Fields that a merged lead takes over: what is still due, and the first contact with any of them.
DUE_FIELDS = (
    *("tiktok_assigned_at", "tiktok_last_assigned_at", "tiktok_call_due_at", "tiktok_opens_at"),
    *("tiktok_reminded", "tiktok_remind_at", "tiktok_reassign_at"),
)
CONTACT_FIELDS = (
    *("tiktok_first_contact_at", "tiktok_first_contact_user_id"),
    *("tiktok_first_contact_how", "tiktok_response_seconds", "tiktok_response_work_seconds"),
)


class CrmLead(models.Model):
    """Speed to lead: submitted → received → assigned → first contact, and what is due until then.

    Who is assigned is decided in `tiktok.assignment` and `tiktok.lead.owner`; reminders and
    activities are in `tiktok.lead.notification`.
    """

    _inherit = "crm.lead"

    # === FIELDS: ASSIGNMENT === #

    tiktok_unassigned_reason = fields.Selection(
        const.UNASSIGNED_REASONS,
        "Not assigned because",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="It is retried every few minutes.",
    )
    tiktok_converted_by_rules = fields.Boolean(
        "Converted to an opportunity by rules",
        readonly=True,
        copy=False,
        help="Odoo assignment rules convert each assigned lead to an opportunity: this does "
        "not count as qualified.",
    )
    tiktok_assigned_at = fields.Datetime(
        "Assigned to a salesperson",
        readonly=True,
        copy=False,
        help="When the lead was first assigned to a salesperson.",
    )
    tiktok_last_assigned_at = fields.Datetime(
        "Assigned to its salesperson",
        readonly=True,
        copy=False,
        help="When the lead was assigned to its current salesperson.",
    )
    tiktok_previous_user_ids = fields.Many2many(
        "res.users",
        "crm_lead_tiktok_previous_user_rel",
        string="Previous salesperson",
        readonly=True,
        copy=False,
        help="Salespeople from whom the lead was reassigned.",
    )
    tiktok_owner_ids = fields.Many2many(
        "res.users",
        compute="_compute_tiktok_owner_ids",
        string="Salespeople of this person's other leads",
    )
    tiktok_other_lead_count = fields.Integer(
        "Other open leads of this person",
        compute="_compute_tiktok_owner_ids",
        help="By e-mail, phone or contact, also those you cannot open.",
    )

    # === FIELDS: WHAT IS DUE, AND THE FIRST CONTACT === #

    tiktok_call_due_at = fields.Datetime(
        "Call by",
        readonly=True,
        copy=False,
        help="Uses the company's “Call within”, in the team's working hours.",
    )
    tiktok_opens_at = fields.Datetime(
        "Team opens",
        readonly=True,
        copy=False,
        help="When the team's working hours began after the lead was assigned outside of them.",
    )
    tiktok_call_minutes = fields.Integer(
        related="company_id.tiktok_call_minutes", groups="sales_team.group_sale_salesman"
    )
    tiktok_reminded = fields.Integer("TikTok reminders sent", readonly=True, copy=False)
    tiktok_remind_at = fields.Datetime(
        "Next TikTok reminder", readonly=True, copy=False, index="btree_not_null"
    )
    tiktok_reassign_at = fields.Datetime(
        "Next TikTok reassignment", readonly=True, copy=False, index="btree_not_null"
    )
    tiktok_first_contact_at = fields.Datetime(
        "First contact",
        readonly=True,
        copy=False,
        help="First activity of a person: a call done, a message sent, the stage changed.",
    )
    tiktok_first_contact_user_id = fields.Many2one(
        "res.users", "First contact by", readonly=True, copy=False
    )
    tiktok_first_contact_how = fields.Selection(
        [
            ("call", "Called"),
            ("message", "Message sent"),
            ("activity", "Activity done"),
            ("stage", "Stage moved"),
        ],
        "First contact type",
        readonly=True,
        copy=False,
    )
    # Not computed: a lead without a first contact has no value at all, so averages skip it.
    tiktok_response_seconds = fields.Integer(
        "Seconds to first contact",
        readonly=True,
        copy=False,
        aggregator="avg",
        help="Time from the submission of the form to the first contact.",
    )

    tiktok_response_work_seconds = fields.Integer(
        "Working seconds to first contact",
        readonly=True,
        copy=False,
        aggregator="avg",
        help="Time from the submission of the form to the first contact, in the team's working "
        "hours.",
    )

    # === COMPUTE METHODS === #

    def _compute_tiktok_owner_ids(self):
        """Show names and a number only: the reader may not open the leads of colleagues."""
        for lead in self:
            others = self.env["tiktok.lead.owner"]._find_other_leads(lead.sudo())
            lead.tiktok_owner_ids = others.user_id.filtered(lambda user: user != self.env.user)
            lead.tiktok_other_lead_count = len(others)

    @api.depends("user_id", "team_id", "partner_id")
    def _compute_company_id(self):
        """Keep the company that a TikTok lead was created in.

        CRM removes the company when a team without one is set, and then sets that of the user who
        runs the job.
        """
        kept = {lead: lead._tiktok_get_company() for lead in self if lead.tiktok_lead_uid}
        result = super()._compute_company_id()
        for lead, company in kept.items():
            team, user = lead.team_id, lead.user_id
            if company and not team.company_id and (not user or company in user.sudo().company_ids):
                lead.company_id = company
        return result

    # === OVERRIDES OF CRM === #

    def write(self, vals):
        """Notice the first contact by a changed stage, and another salesperson.

        :param dict vals: as in `BaseModel.write`
        :return: what Odoo returns
        """
        moved = assigned = self.browse()
        if "stage_id" in vals and not self.env.context.get(const.NO_CONTACT_CONTEXT):
            moved = self._tiktok_filter_uncontacted().filtered(
                lambda lead: lead.stage_id.id != vals["stage_id"]
            )
        if vals.get("user_id"):
            assigned = self.filtered(
                lambda lead: lead.tiktok_lead_uid and lead.user_id.id != vals["user_id"]
            )
        result = super().write(vals)
        if moved:
            moved._tiktok_register_contact("stage")
        if assigned:
            self.env["tiktok.lead.notification"]._start_lead_clocks(assigned)
        return result

    def _merge_opportunity(self, *args, **kwargs):
        """Merge leads: the stage that CRM sets on the result is no first contact."""
        leads = self.with_context(**{const.NO_CONTACT_CONTEXT: True})
        return super(CrmLead, leads)._merge_opportunity(*args, **kwargs).with_env(self.env)

    def _convert_opportunity_data(self, customer, team_id=False):
        """Mark what rules convert, which is not qualified by a person.

        :param customer: res.partner
        :param team_id: id of crm.team, if any
        :return: the values to write
        """
        values = super()._convert_opportunity_data(customer, team_id)
        if self.tiktok_lead_uid and not self.env.user._tiktok_is_person():
            self.sudo().tiktok_converted_by_rules = True
        return values

    @api.model
    def _tiktok_merge_speed_fields(self):
        """Return how a merge fills the fields of this file; see `_merge_get_fields_specific`.

        :return: functions by field name
        :rtype: dict
        """
        return {
            **dict.fromkeys(DUE_FIELDS, self._tiktok_merge_first_lead),
            **dict.fromkeys(CONTACT_FIELDS, self._tiktok_merge_contact),
        }

    @api.model
    def _tiktok_merge_contact(self, name, leads):
        contacted = leads.filtered("tiktok_first_contact_at").sorted("tiktok_first_contact_at")
        value = contacted[:1][name]
        return value.id if isinstance(value, models.BaseModel) else value

    # === FIRST CONTACT === #

    def _message_post_after_hook(self, message, msg_vals):
        """Notice a first contact in a message of a colleague to the customer.

        :param message: mail.message that was posted
        :param dict msg_vals: its values
        :return: what Odoo returns
        """
        result = super()._message_post_after_hook(message, msg_vals)
        if message.message_type in (*OUTBOUND_TYPES, *DIRECT_TYPES):
            for lead in self._tiktok_filter_uncontacted():
                if lead._tiktok_reaches_customer(message):
                    writer = self.env.user._tiktok_find_writer(message)
                    lead._tiktok_register_contact("message", writer)
        return result

    def _message_mail_after_hook(self, mails):
        """Notice a first contact in an e-mail that a colleague sent to many from the list.

        :param mails: mail.mail
        :return: what Odoo returns
        """
        # Neither a newsletter nor what a blacklist stopped is a personal contact.
        personal = mails.filtered(lambda mail: mail.model == self._name and mail.state != "cancel")
        personal = personal.filtered(lambda mail: not ("mailing_id" in mail and mail.mailing_id))
        self.browse(personal.mapped("res_id"))._tiktok_register_contact("message")
        return super()._message_mail_after_hook(mails)

    def _message_log_batch(self, bodies, *args, **options):
        """Notice a first contact in a text message that a colleague sent to many from the list.

        :param dict bodies: by the id of the lead
        :param args: as Odoo's
        :param options: as Odoo's
        :return: the logged notes
        """
        if options.get("message_type") in DIRECT_TYPES:
            self.browse(bodies)._tiktok_register_contact("message")
        return super()._message_log_batch(bodies, *args, **options)

    def _tiktok_register_contact(self, how, user=None):
        """Stop the clock of leads without a first contact, if a person did something.

        :param str how: one of `tiktok_first_contact_how`
        :param user: res.users who did it, by default the current one
        """
        user = (user or self.env.user).with_env(self.env)
        if self.env.context.get(const.NO_CONTACT_CONTEXT) or not user._tiktok_is_person():
            return
        team_hours = TeamHours()
        for lead in self._tiktok_filter_uncontacted().with_context(tracking_disable=True):
            lead.write(
                {
                    **measure_response(lead, team_hours),
                    "tiktok_first_contact_user_id": user.id,
                    "tiktok_first_contact_how": how,
                    "tiktok_remind_at": False,
                    "tiktok_reassign_at": False,
                }
            )
            for reader in lead.user_id | user:
                self.env["tiktok.lead.notification"]._send_lead_popup(lead, reader, "contacted")

    def _tiktok_reaches_customer(self, message):
        """Tell whether a person outside the company gets a message.

        :param message: mail.message
        :rtype: bool
        """
        message = message.sudo()
        if message.message_type in DIRECT_TYPES:
            return True
        if message.message_type == "email" and self._tiktok_was_mailed_to_customer(message):
            return True
        if message.is_internal or message.subtype_id.internal:
            return False
        readers = message.partner_ids | self.message_partner_ids
        return bool(message.outgoing_email_to or readers.filtered("partner_share"))

    def _tiktok_was_mailed_to_customer(self, message):
        """Tell whether a mail program sent a message to the customer, and to Odoo in copy.

        The customer has it already, whatever Odoo makes of the message. Other addresses say
        nothing: Odoo does not know all aliases that reach it.

        :param message: mail.message
        :rtype: bool
        """
        lead = self.sudo()
        partners = lead.partner_id | lead.message_partner_ids.filtered("partner_share")
        customer = {*partners.mapped("email_normalized"), lead.email_normalized} - {False}
        lines = (message.incoming_email_to, message.incoming_email_cc)
        return not customer.isdisjoint(email_normalize_all(",".join(filter(None, lines))))

    # === HELPERS === #

    def _tiktok_get_company(self):
        """Return the company of a lead: one that got a contact may have none, its form has.

        :rtype: res.company
        """
        return self.company_id or self.tiktok_form_id.company_id

    def _tiktok_filter_open(self):
        return self.filtered(lambda lead: lead.active and lead.won_status == "pending")

    def _tiktok_filter_late(self):
        """Return the leads that an export delivered so late that they are assigned silently.

        :rtype: crm.lead
        """
        return self.filtered(lambda lead: lead.sudo().tiktok_event_id._is_late())

    def _tiktok_filter_uncontacted(self):
        """Return the TikTok leads without a first contact, tests excluded.

        :rtype: crm.lead
        """
        return self.sudo().filtered(
            lambda lead: (
                lead.tiktok_lead_uid
                and not lead.tiktok_is_test
                and not lead.tiktok_first_contact_at
            )
        )
