from odoo import api, fields, models
from odoo.exceptions import UserError

from ... import const, settings
from ...ad_account_lock import lock_ad_accounts
from ...tiktok.errors import ReconnectError
from .tiktok_watchdog import HEALTH

STATES = [
    ("draft", "Not connected"),
    ("connected", "Connected"),
    ("revoked", "Disconnected"),
]
REVOKED_REASONS = [
    ("here", "Disconnected in Odoo."),
    ("taken", "TikTok no longer accepts the connection: it was revoked there."),
    ("left", "The last consent at TikTok did not include this ad account."),
]
LEADS_STATES = [
    ("off", "Not turned on"),
    ("on", "TikTok sends them here"),
    ("unconfirmed", "Not confirmed by TikTok"),
    ("lost", "TikTok does not send them here"),
]


class TiktokAdvertiser(models.Model):
    """An ad account of the Marketing API.

    Its leads belong to its company unless the webhook URL names another one.
    """

    _name = "tiktok.advertiser"
    _description = "TikTok Ad Account"
    _inherit = [
        *("mail.thread", "mail.activity.mixin"),
        *("tiktok.sync.mixin", "tiktok.protected.mixin", "tiktok.disconnect.mixin"),
    ]
    _order = "name, id"
    _check_company_auto = True

    name = fields.Char(required=True)
    advertiser_uid = fields.Char(
        "Ad account ID",
        required=True,
        index=True,
        help="The number TikTok Ads Manager shows for the ad account, 19 digits.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    country_id = fields.Many2one("res.country", help="Default country of its forms.")
    active = fields.Boolean(default=True)
    state = fields.Selection(STATES, required=True, readonly=True, default="draft", copy=False)
    removed_reason = fields.Selection(REVOKED_REASONS, "Reason", readonly=True, copy=False)
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        default=lambda self: self.env.user,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Notified when the ad account must be reconnected.",
    )
    connected_at = fields.Datetime("Connected on", readonly=True, copy=False)
    business_token_id = fields.Many2one(
        "tiktok.business.token",
        readonly=True,
        copy=False,
        index=True,
        ondelete="set null",
        groups=fields.NO_ACCESS,
    )
    consent_count = fields.Integer(
        compute="_compute_consent_count", help="Ad accounts that share the same consent."
    )
    form_ids = fields.One2many("tiktok.form", "advertiser_id", "Forms")
    form_count = fields.Integer(compute="_compute_form_count")
    lead_count = fields.Integer("Number of leads", compute="_compute_lead_count")

    # Subscriptions at TikTok
    wants_leads = fields.Boolean(
        "Receive Leads", readonly=True, copy=False, help="Ask TikTok to send its leads here."
    )
    is_stopped = fields.Boolean(
        "Stopped",
        readonly=True,
        copy=False,
        help="Leads of this ad account were turned off by a user.",
    )
    subscribe_to = fields.Selection(
        [("all", "All forms, including new ones"), ("forms", "Chosen forms only")],
        "Leads of",
        default="all",
        required=True,
    )
    with_messages = fields.Boolean(
        "Direct messages", help="Includes leads from direct messages, which have no form."
    )
    subscription_ids = fields.One2many(
        "tiktok.subscription", "advertiser_id", "Subscriptions at TikTok", readonly=True
    )
    subscriptions_checked_at = fields.Datetime("Requested from TikTok", readonly=True, copy=False)
    subscribed_since = fields.Datetime(readonly=True, copy=False)
    is_unconfirmed = fields.Boolean(
        readonly=True, copy=False, help="TikTok did not confirm a requested subscription."
    )
    leads_state = fields.Selection(LEADS_STATES, "Leads", compute="_compute_leads_state")
    has_duplicates = fields.Boolean(compute="_compute_leads_state")
    has_others = fields.Boolean(compute="_compute_leads_state")

    # Result of the watchdog
    health = fields.Selection(HEALTH, readonly=True, copy=False)
    health_problem = fields.Char(readonly=True, copy=False)
    health_reason = fields.Char("Problem", readonly=True, copy=False)
    health_fix = fields.Selection(const.HEALTH_FIXES, "Solution", readonly=True, copy=False)
    health_checked_at = fields.Datetime("Checked", readonly=True, copy=False)
    health_tried_at = fields.Datetime(readonly=True, copy=False)
    health_unchecked_since = fields.Datetime(
        "Could not be checked since", readonly=True, copy=False
    )
    health_notified = fields.Char(
        readonly=True,
        copy=False,
        help="The last problem of which the responsible user was notified.",
    )
    health_reconciliation_id = fields.Many2one(
        "tiktok.reconciliation", "Reconciliation that recovers it", readonly=True, copy=False
    )
    is_recovery_due = fields.Boolean(readonly=True, copy=False, groups=fields.NO_ACCESS)

    # Only a consent proves whose an ad account is: an ID entered by a user reserves nothing.
    _advertiser_uid_uniq = models.UniqueIndex(
        "(advertiser_uid) WHERE active AND state != 'draft'",
        "This ad account already belongs to a company.",
    )
    _company_advertiser_uniq = models.UniqueIndex(
        "(company_id, advertiser_uid) WHERE active",
        "The company already has this ad account.",
    )

    # === COMPUTE METHODS === #

    def _compute_form_count(self):
        forms = self.env["tiktok.form"]
        counts = dict(
            forms._read_group([("advertiser_id", "in", self.ids)], ["advertiser_id"], ["__count"])
        )
        for advertiser in self:
            advertiser.form_count = counts.get(advertiser, 0)

    def _compute_lead_count(self):
        uids = self.mapped("advertiser_uid")
        leads = self.env["crm.lead"].with_context(active_test=False)
        domain = [("tiktok_advertiser_uid", "in", uids), ("tiktok_lead_uid", "!=", False)]
        counts = dict(leads._read_group(domain, ["tiktok_advertiser_uid"], ["__count"]))
        for advertiser in self:
            advertiser.lead_count = counts.get(advertiser.advertiser_uid, 0)

    def _compute_consent_count(self):
        connected = [("state", "=", "connected")]
        for advertiser in self:
            token = advertiser.sudo().business_token_id
            siblings = [("business_token_id", "=", token.id), *connected]
            advertiser.consent_count = token and self.sudo().search_count(siblings)

    def _compute_is_disconnecting(self):
        self.env["tiktok.revocation"]._fill_pending_fields(self, "advertiser_id")

    @api.depends("state", "wants_leads", "is_unconfirmed", "subscription_ids.kind")
    def _compute_leads_state(self):
        for advertiser in self:
            kinds = set(advertiser.subscription_ids.mapped("kind"))
            advertiser.has_duplicates = bool(kinds & {"duplicate", "stale"})
            advertiser.has_others = "other" in kinds
            state = "lost" if advertiser.wants_leads else "off"
            if "ours" in kinds:
                state = "on"
            elif advertiser.is_unconfirmed:
                state = "unconfirmed"
            advertiser.leads_state = state if advertiser.state == "connected" else "off"

    # === CRUD METHODS === #

    def write(self, vals):
        """Keep a connected ad account in its company: its forms and leads are there.

        :param dict vals: as usual
        :return: what Odoo returns
        :raise UserError: if a connected ad account would be archived or moved
        :raise AccessError: if the user may not write to the new company
        """
        if not vals.get("active", True) and "connected" in self.mapped("state"):
            raise UserError(
                self.env._("TikTok still sends its leads here. Disconnect it, then archive it.")
            )
        self._check_not_moved(vals)
        result = super().write(vals)
        if "company_id" in vals:
            self.check_access("write")  # it may be another company's now
        if {"business_token_id", "company_id", "state"} & vals.keys():
            self.env["res.company"]._tiktok_invalidate_configs()
        return result

    def _check_not_moved(self, vals):
        """Check that a write leaves the company and id of a connected ad account as they are.

        :param dict vals: as `write` gets them
        :raise UserError: if it does not
        """
        if not {"company_id", "advertiser_uid"} & vals.keys():
            return
        for advertiser in self.filtered(lambda each: each.state != "draft"):
            company_id, uid = advertiser.company_id.id, advertiser.advertiser_uid
            if (company_id, uid) != (
                vals.get("company_id", company_id),
                vals.get("advertiser_uid", uid),
            ):
                raise UserError(
                    self.env._(
                        "The company and ID of a connected ad account cannot be changed. "
                        "Disconnect and archive it, then connect it from the other "
                        "company."
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_connected(self):
        if any(advertiser.state == "connected" for advertiser in self):
            raise UserError(self.env._("Disconnect the ad account first, then delete it."))

    # === ACTION METHODS === #

    def action_view_forms(self):
        """Open the forms of this ad account."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.actions"]._for_xml_id("tiktok_leadgen.tiktok_form_action")
        action["domain"] = [("advertiser_id", "=", self.id)]
        return action

    def action_view_leads(self):
        """Open the leads of this ad account."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("tiktok_leadgen.crm_lead_action_tiktok")
        action["domain"] = [
            ("tiktok_advertiser_uid", "=", self.advertiser_uid),
            ("tiktok_lead_uid", "!=", False),
        ]
        action["context"] = {"create": False, "active_test": False}
        return action

    def action_test_connection(self):
        """Test the connection with a test lead of this ad account.

        :return: the action that opens the connection test
        :rtype: dict
        :raise UserError: if the ad account has no published form
        """
        self.ensure_one()
        self.check_access("write")
        forms = self.form_ids.filtered(lambda form: form.status == "published")
        if self.state != "connected" or not forms:
            raise UserError(
                self.env._(
                    "TikTok creates test leads for published forms only: there is none here."
                )
            )
        form = forms.sorted("last_lead_at", reverse=True)[:1]
        return self.env["tiktok.connection.test"]._open_test(self.company_id, form)

    # === BUSINESS METHODS === #

    def _lock_advertisers(self):
        """Lock the rows before what TikTok returned is stored.

        :raise psycopg2.errors.SerializationFailure: as `lock_ad_accounts` does
        """
        lock_ad_accounts(self)

    def _commit_in_job(self):
        """Commit in a scheduled action: leads must not wait for rows during calls to TikTok."""
        if self.env.context.get("ir_cron_progress_id"):
            self.env["ir.cron"]._commit_progress()

    @api.model
    def _find_app_companies(self):
        """Find the companies whose app received the consent to ad accounts of other companies.

        TikTok signs with the secret of that app.

        :return: res.company by the ad accounts' res.company
        :rtype: dict
        """
        found = {}
        for advertiser in self.sudo().search([("state", "=", "connected")]):
            company, owner = advertiser.company_id, advertiser.business_token_id.company_id
            if owner and owner != company:
                found[company] = found.get(company, owner) | owner
        return found

    @api.model
    def _find_company_ids(self, uids):
        """Find the companies of ad accounts with one query: a body may name a thousand.

        The operator's mapping comes first, then the company that connected the ad account. An
        ID that a user only entered counts for nothing: it would draw another company's leads.

        :param set uids: TikTok's ids
        :return: id of the company or None, by TikTok's id
        :rtype: dict
        """
        wanted = [("advertiser_uid", "in", [uid for uid in uids if uid])]
        domain = [*wanted, ("state", "=", "connected")]
        found = self.sudo().search_fetch(domain, ["advertiser_uid", "company_id"])
        owned = {advertiser.advertiser_uid: advertiser.company_id.id for advertiser in found}
        return {uid: settings.advertiser_company_id(uid) or owned.get(uid) for uid in uids}

    def _get_business_client(self):
        """Return the client of the Marketing API for this ad account.

        A token that TikTok rejects revokes all ad accounts of the consent; the caller gets the
        error.

        :rtype: BusinessClient
        :raise ReconnectError: if it is not connected
        :raise SealError: if the encryption key is missing or another one
        """
        self.ensure_one()
        token = self.sudo().business_token_id
        if self.state != "connected" or not token or token.is_dead:
            raise ReconnectError("The ad account is not connected.", "ads_not_connected")
        return token._get_business_client()

    def _explain_error(self, error):
        """Return a sentence that says what happened and what to do.

        :param Exception error: of `tiktok.errors`, or a `UserError`
        :rtype: str
        """
        return self.env["tiktok.account"]._explain_error(error)

    @api.model
    def _build_notification(self, message, kind="success"):
        """Return the action that notifies the user and reloads the view.

        :param str message: a sentence
        :param str kind: success, info or warning
        :rtype: dict
        """
        return self.env["tiktok.account"]._prepare_notification(message, kind)
