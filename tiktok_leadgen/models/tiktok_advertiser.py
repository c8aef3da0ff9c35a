from odoo import api, fields, models
from odoo.exceptions import UserError

from .. import settings
from ..tiktok.errors import ReconnectError

STATES = [
    ("draft", "Not connected"),
    ("connected", "Connected"),
    ("revoked", "Disconnected"),
]
REVOKED = [
    ("here", "Disconnected in Odoo."),
    ("taken", "TikTok takes the connection no more: it was revoked there."),
    ("left", "The last consent at TikTok left this ad account out."),
]


class TiktokAdvertiser(models.Model):
    """An ad account; whose company its leads belong to when the address doesn't say."""

    _name = "tiktok.advertiser"
    _description = "TikTok Ad Account"
    _inherit = [
        *("mail.thread", "mail.activity.mixin"),
        *("tiktok.sync.mixin", "tiktok.protected.mixin"),
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
    active = fields.Boolean(default=True)
    state = fields.Selection(STATES, required=True, readonly=True, default="draft", copy=False)
    removed_reason = fields.Selection(REVOKED, "Why", readonly=True, copy=False)
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        default=lambda self: self.env.user,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Is told when the ad account must be connected again.",
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
    form_ids = fields.One2many("tiktok.form", "advertiser_id", "Forms")
    form_count = fields.Integer(compute="_compute_form_count")

    # Only a consent proves whose an ad account is: a number that was typed reserves nothing.
    _advertiser_uid_uniq = models.UniqueIndex(
        "(advertiser_uid) WHERE active AND state != 'draft'",
        "This ad account belongs to a company already.",
    )
    _company_advertiser_uniq = models.UniqueIndex(
        "(company_id, advertiser_uid) WHERE active",
        "The company has this ad account already.",
    )

    # === COMPUTE METHODS === #

    def _compute_form_count(self):
        forms = self.env["tiktok.form"]
        counts = dict(
            forms._read_group([("advertiser_id", "in", self.ids)], ["advertiser_id"], ["__count"])
        )
        for advertiser in self:
            advertiser.form_count = counts.get(advertiser, 0)

    # === CRUD METHODS === #

    def write(self, vals):
        """Keep a connected ad account in its company: its forms and leads are there."""
        if not vals.get("active", True) and "connected" in self.mapped("state"):
            raise UserError(
                self.env._("TikTok goes on sending its leads here. Disconnect it, then archive it.")
            )
        moved = {"company_id", "advertiser_uid"} & vals.keys()
        for advertiser in self if moved else ():
            if advertiser.state == "draft":
                continue
            now = (advertiser.company_id.id, advertiser.advertiser_uid)
            wanted = (
                vals.get("company_id", now[0]),
                vals.get("advertiser_uid", now[1]),
            )
            if now != wanted:
                raise UserError(
                    self.env._(
                        "An ad account that was connected can't change its company or number. "
                        "Disconnect and archive it, then connect it from the other company."
                    )
                )
        result = super().write(vals)
        if "company_id" in vals:
            self.check_access("write")  # it may be another company's by now
        if {"business_token_id", "company_id", "state"} & vals.keys():
            self.env["res.company"]._tiktok_forget_configs()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_connected(self):
        if any(advertiser.state == "connected" for advertiser in self):
            raise UserError(self.env._("Disconnect the ad account first, then delete it."))

    # === BUSINESS METHODS === #

    def _lock_rows(self):
        """Wait for who else changes what belongs to these ad accounts.

        After a reconnection the sync, the watchdog and the comparison start at the same moment
        and learn the same forms and subscriptions.

        :raise psycopg2.errors.SerializationFailure: if another transaction changed one meanwhile:
            the caller's work begins again
        """
        self.env.cr.execute(
            "SELECT id FROM tiktok_advertiser WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE",
            [self.ids],
            log_exceptions=False,
        )

    @api.model
    def _app_companies(self):
        """Return the companies whose app was given the consent to ad accounts of others.

        TikTok signs with the secret of that app.

        :return: res.company by the ad accounts' res.company
        :rtype: dict
        """
        found = {}
        for advertiser in self.sudo().search([("state", "=", "connected")]):
            company, giver = advertiser.company_id, advertiser.business_token_id.company_id
            if giver and giver != company:
                found[company] = found.get(company, giver) | giver
        return found

    @api.model
    def _companies(self, uids):
        """Find whose ad accounts these are, all at once: anyone can make up a thousand.

        The operator's mapping comes first, then the company that connected the ad account. A
        number that was only typed says nothing: it would draw another company's leads.

        :param set uids: TikTok's ids
        :return: id of the company or None, by TikTok's id
        :rtype: dict
        """
        wanted = [("advertiser_uid", "in", [uid for uid in uids if uid])]
        domain = [*wanted, ("state", "=", "connected")]
        found = self.sudo().search_fetch(domain, ["advertiser_uid", "company_id"])
        owned = {advertiser.advertiser_uid: advertiser.company_id.id for advertiser in found}
        return {uid: settings.advertiser_company_id(uid) or owned.get(uid) for uid in uids}

    def _client(self):
        """Return what calls the Marketing API for this ad account.

        A dead token marks all ad accounts of the consent by itself; the caller sees the error.

        :rtype: BusinessClient
        :raise ReconnectError: if it is not connected
        :raise SealError: if the encryption key is missing or another one
        """
        self.ensure_one()
        token = self.sudo().business_token_id
        if self.state != "connected" or not token or token.is_dead:
            raise ReconnectError("The ad account is not connected.", "ads_not_connected")
        return token._client()

    def _explain(self, error):
        """Return a sentence that says what happened and what to do.

        :param Exception error: of `tiktok.errors`, or for people already
        :rtype: str
        """
        return self.env["tiktok.account"]._explain(error)
