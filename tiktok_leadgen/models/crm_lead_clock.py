from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools import email_normalize_all

# What somebody outside gets to read; a note or a tracked change is none of these.
OUTBOUND = ("comment", "email", "email_outgoing")
# What goes on with a merged lead, and what was done already on any of them.
RUNNING = (
    *("tiktok_assigned_at", "tiktok_given_at", "tiktok_call_due_at"),
    *("tiktok_reminded", "tiktok_remind_at", "tiktok_handover_at"),
)
CONTACT = (
    *("tiktok_first_contact_at", "tiktok_first_contact_user_id"),
    *("tiktok_first_contact_how", "tiktok_response_seconds"),
)
DIRECT = ("sms", "whatsapp_message")  # goes to the customer by itself
# Set where a stage changes though no one works on the lead: a file import, a merge.
NOT_AT_WORK = "tiktok_not_at_work"


class CrmLead(models.Model):
    """The four clocks of a lead: submitted → received → assigned → first contact."""

    _inherit = "crm.lead"

    tiktok_assigned_at = fields.Datetime(
        "Assigned to a salesperson",
        readonly=True,
        copy=False,
        help="When the lead first got a salesperson.",
    )
    tiktok_first_contact_at = fields.Datetime(
        "First contact",
        readonly=True,
        copy=False,
        help="When a person first worked on it: a call done, a message sent, the stage moved.",
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
        "First contact was",
        readonly=True,
        copy=False,
    )
    # Not computed: a lead nobody contacted has no value at all, so averages leave it out.
    tiktok_response_seconds = fields.Integer(
        "Seconds to first contact",
        readonly=True,
        copy=False,
        aggregator="avg",
        help="From the moment the person submitted the form to the first contact.",
    )

    # === CRUD METHODS === #

    def write(self, vals):
        """See when a person works on a lead, and when it gets a salesperson."""
        moved = given = self.browse()
        if "stage_id" in vals and not self.env.context.get(NOT_AT_WORK):
            moved = self._tiktok_waiting().filtered(
                lambda lead: lead.stage_id.id != vals["stage_id"]
            )
        if vals.get("user_id"):
            given = self.filtered(
                lambda lead: lead.tiktok_lead_uid and lead.user_id.id != vals["user_id"]
            )
        result = super().write(vals)
        if moved:
            moved._tiktok_contacted("stage")
        if given:
            given._tiktok_given()
        return result

    # === MERGE === #

    def _merge_opportunity(self, *args, **kwargs):
        """Merge leads: the stage that the result gets from CRM is no first contact."""
        leads = self.with_context(**{NOT_AT_WORK: True})
        return super(CrmLead, leads)._merge_opportunity(*args, **kwargs).with_env(self.env)

    def _merge_get_fields_specific(self):
        """Let the clocks run on, on whichever lead stays."""
        info = super()._merge_get_fields_specific()
        info.update(dict.fromkeys(RUNNING, self._tiktok_merge_origin))
        info.update(dict.fromkeys(CONTACT, self._tiktok_merge_contact))
        return info

    @api.model
    def _tiktok_merge_contact(self, name, leads):
        contacted = leads.filtered("tiktok_first_contact_at").sorted("tiktok_first_contact_at")
        value = contacted[:1][name]
        return value.id if isinstance(value, models.BaseModel) else value

    # === BUSINESS METHODS === #

    def _tiktok_waiting(self):
        """Return the leads of these that nobody has contacted yet.

        :rtype: crm.lead
        """
        return self.sudo().filtered(
            lambda lead: (
                lead.tiktok_lead_uid
                and not lead.tiktok_is_test
                and not lead.tiktok_first_contact_at
            )
        )

    def _tiktok_contacted(self, how, user=None):
        """Stop the clock of those that wait, if it was a person.

        :param str how: one of `tiktok_first_contact_how`
        :param user: res.users, who did it; the current one if not given
        """
        user = user or self.env.user
        if not self._tiktok_is_person(user):
            return
        now = fields.Datetime.now()
        for lead in self._tiktok_waiting().with_context(tracking_disable=True):
            began = lead.tiktok_submitted_at or lead.tiktok_received_at or lead.create_date
            seconds = int((now - began).total_seconds())
            lead.write(
                {
                    "tiktok_first_contact_at": now,
                    "tiktok_first_contact_user_id": user.id,
                    "tiktok_first_contact_how": how,
                    # TikTok's clock and ours differ; and 0 would say that there was no contact.
                    "tiktok_response_seconds": min(max(seconds, 1), 2**31 - 1),
                    "tiktok_remind_at": False,
                    "tiktok_handover_at": False,
                }
            )
            for reader in lead.user_id | user:
                lead._tiktok_bus(reader, "contacted")

    @api.model
    def _tiktok_is_person(self, user):
        """Tell a colleague at work from OdooBot, a job, an automation rule or a visitor.

        :rtype: bool
        """
        user = user.sudo()
        by_rule = "__action_done" in self.env.context  # base_automation's mark
        return user.id != SUPERUSER_ID and user.active and user._is_internal() and not by_rule

    def _message_post_after_hook(self, message, msg_vals):
        """See a first contact in a message of a colleague to the customer."""
        result = super()._message_post_after_hook(message, msg_vals)
        if message.message_type in (*OUTBOUND, *DIRECT):
            for lead in self._tiktok_waiting():
                if lead._tiktok_reaches_customer(message):
                    lead._tiktok_contacted("message", self._tiktok_writer(message))
        return result

    def _message_mail_after_hook(self, mails):
        """See a first contact in an e-mail that a colleague sent to many from the list."""
        # A newsletter is nobody's contact, nor is what a blacklist stopped.
        personal = mails.filtered(
            lambda mail: (
                mail.model == self._name
                and mail.state != "cancel"
                and not ("mailing_id" in mail and mail.mailing_id)
            )
        )
        self.browse(personal.mapped("res_id"))._tiktok_contacted("message")
        return super()._message_mail_after_hook(mails)

    def _message_log_batch(self, bodies, *args, **options):
        """See a first contact in a text message that a colleague sent to many from the list."""
        if options.get("message_type") in DIRECT:
            self.browse(bodies)._tiktok_contacted("message")
        return super()._message_log_batch(bodies, *args, **options)

    def _tiktok_reaches_customer(self, message):
        """Tell whether a person outside the company gets a message.

        :param message: mail.message
        :rtype: bool
        """
        message = message.sudo()
        if message.message_type in DIRECT:
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
        nothing: Odoo does not know all those that bring mail to it.

        :param message: mail.message
        :rtype: bool
        """
        lead = self.sudo()
        partners = lead.partner_id | lead.message_partner_ids.filtered("partner_share")
        customer = {*partners.mapped("email_normalized"), lead.email_normalized} - {False}
        lines = (message.incoming_email_to, message.incoming_email_cc)
        return not customer.isdisjoint(email_normalize_all(",".join(filter(None, lines))))

    @api.model
    def _tiktok_writer(self, message):
        """Return the user who wrote it: by e-mail it comes through a job, else it does not.

        :rtype: res.users
        """
        writers = message.sudo().author_id.user_ids.filtered(lambda user: not user.share)
        if message.message_type == "email" and writers:
            return writers[0]
        return self.env.user
