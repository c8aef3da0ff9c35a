import logging

from markupsafe import Markup

from odoo import api, fields, models, tools
from odoo.exceptions import AccessError
from odoo.fields import Domain

from .. import const, settings
from ..log_guard import place_of, private

_logger = logging.getLogger(__name__)

CACHED_FIELDS = {
    *("active", "tiktok_leadgen_enabled", "tiktok_signature_policy"),
    *("tiktok_accept_untrusted", "tiktok_app_secret_sealed"),
    *("tiktok_client_key", "tiktok_client_secret_sealed"),
}
MANAGER = "tiktok_leadgen.tiktok_leadgen_group_manager"
# Everyone who reads a company, a portal user too, reads all its fields that have no group.
SALES_MANAGERS = "sales_team.group_sale_manager"


class ResCompany(models.Model):
    _inherit = "res.company"

    tiktok_leadgen_enabled = fields.Boolean(
        "Receive TikTok leads",
        default=True,
        groups=SALES_MANAGERS,
        help="Off: what TikTok sends is written down as ignored and makes no lead.",
    )
    tiktok_signature_policy = fields.Selection(
        [
            ("token", "The token, or TikTok's signature"),
            ("signature", "TikTok's signature"),
            ("both", "The token and TikTok's signature"),
        ],
        "Proof wanted",
        default="token",
        required=True,
        groups=SALES_MANAGERS,
        help="What shows that a delivery is really TikTok's. What comes without it makes no lead: "
        "it is kept aside for you to look at.",
    )
    tiktok_accept_untrusted = fields.Boolean(
        "Accept without proof",
        groups=SALES_MANAGERS,
        help="Anyone who knows the company's number can then send leads. Only for a short test.",
    )
    tiktok_app_id = fields.Char(
        "Business app ID", groups=MANAGER, help="Of your app in TikTok API for Business."
    )
    tiktok_retention_days = fields.Integer(
        "Keep answers for (days)",
        default=const.DEFAULT_RETENTION_DAYS,
        groups=SALES_MANAGERS,
        help="After so many days the answers are removed from the log of events, from the leads "
        "and from their notes. What was written into the fields of a lead stays, and so does the "
        "consent, as your proof. 0 keeps the answers for ever.",
    )
    tiktok_team_id = fields.Many2one(
        "crm.team",
        "Team of TikTok leads",
        domain="[('company_id', 'in', [id, False])]",
        groups=SALES_MANAGERS,
        help="Empty: the team that CRM would take.",
    )
    tiktok_responsible_id = fields.Many2one(
        "res.users",
        "Responsible",
        groups=SALES_MANAGERS,
        help="Is told when a lead fails or something is kept aside. Empty: the first TikTok "
        "administrator of the company.",
    )

    _tiktok_retention_days_positive = models.Constraint(
        "CHECK(tiktok_retention_days >= 0)", "Answers can't be kept for less than 0 days."
    )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        self._tiktok_forget_configs()
        return companies

    def write(self, vals):
        result = super().write(vals)
        if CACHED_FIELDS & vals.keys():
            with private():
                self.flush_recordset(CACHED_FIELDS)
            self._tiktok_forget_configs()
        return result

    def _tiktok_forget_configs(self):
        """Drop what is cached, now and after the commit.

        Until the commit another thread of this process still reads, and caches, what was before.
        """
        self.env.registry.clear_cache()
        self.env.cr.postcommit.add(self.env.registry.clear_cache)

    # === ACTION METHODS === #

    def action_tiktok_switch(self):
        """Turn lead generation on or off."""
        self._tiktok_check_manager()
        for company in self.sudo():
            company.tiktok_leadgen_enabled = not company.tiktok_leadgen_enabled
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def _tiktok_check_manager(self):
        """Refuse who may not manage TikTok for these companies.

        :raise AccessError: if the group or the company is missing
        """
        if self.env.su:
            return
        if not self.env.user.has_group(MANAGER) or self - self.env.user.company_ids:
            raise AccessError(
                self.env._("Only a TikTok administrator of the company can do this. Ask one.")
            )

    def _tiktok_notify(self, title, message, kind="success", **params):
        follow = {"type": "ir.actions.client", "tag": "soft_reload"}
        params = {"title": title, "message": message, "type": kind, "next": follow, **params}
        return {"type": "ir.actions.client", "tag": "display_notification", "params": params}

    # === BUSINESS METHODS === #

    @api.model
    @tools.ormcache()
    def _tiktok_lead_configs(self):
        """Return what the webhook must know of each company.

        All at once: an id out of an address, which anyone can make up, must not fill the cache.

        :return: by company id, the fields of `CACHED_FIELDS` by name, the secret sealed; the
            hashes of its tokens; the secrets of other companies whose app brings leads of its ad
            accounts; and the ids of ad accounts that are being disconnected
        :rtype: dict[int, dict]
        """
        companies = self.sudo().with_context(active_test=False).search(Domain.TRUE)
        givers = self.env["tiktok.advertiser"]._app_companies()
        hashes = self.env["tiktok.webhook.token"]._accepted_hashes()
        disconnecting = self.env["tiktok.advertiser"]._disconnecting_uids()
        return {
            company.id: {
                **{name: company[name] for name in CACHED_FIELDS},
                "token_hashes": hashes.get(company.id, ()),
                "disconnecting": disconnecting.get(company.id, ()),
                "other_secrets": [
                    giver.tiktok_app_secret_sealed for giver in givers.get(company, ())
                ],
            }
            for company in companies
        }

    @api.model
    def _tiktok_open_app_secret(self, sealed):
        """Return a company's app secret, else the environment's, empty for none.

        :param str sealed: the company's own, sealed
        :rtype: str
        :raise SealError: if it can't be opened
        """
        return self.env["tiktok.vault"]._open(sealed) or settings.get("TIKTOK_APP_SECRET")

    def _tiktok_tell(self, summary, note):
        """Give the responsible person one activity about something, at most one a day.

        :param str summary: what it is about; the same is said once a day
        :param str note: what to do
        """
        self.ensure_one()
        user = self._tiktok_responsible()
        if not user:
            return
        today = fields.Date.context_today(self)
        values = {
            "res_model_id": self.env["ir.model"]._get_id("res.partner"),
            "res_id": self.partner_id.id,
            "summary": summary,
            "user_id": user.id,
        }
        said = [*((key, "=", value) for key, value in values.items()), ("create_date", ">=", today)]
        activities = self.env["mail.activity"].sudo().with_context(active_test=False)
        if activities.search_count(said, limit=1):
            return
        link = Markup('<p>%s</p><p><a href="/odoo/tiktok">%s</a></p>')
        kind = self.env.ref("mail.mail_activity_data_warning", raise_if_not_found=False)
        values["note"] = link % (note, self.env._("Open TikTok"))
        values["activity_type_id"] = kind and kind.id
        try:
            with self.env.cr.savepoint():
                activities.create({**values, "date_deadline": today})
        except Exception as error:  # noqa: BLE001 - telling must never undo what is told
            _logger.error("TikTok company %s: nobody could be told: %s", self.id, place_of(error))  # noqa: TRY400 - a traceback may quote people

    def _tiktok_responsible(self):
        """Return who is told when something needs a person.

        :rtype: res.users
        """
        self.ensure_one()
        if self.tiktok_responsible_id.active:
            return self.tiktok_responsible_id
        return self._tiktok_managers()[:1]

    def _tiktok_managers(self):
        """Return the TikTok administrators of the company.

        :rtype: res.users
        """
        managers = self.env.ref(MANAGER).sudo().all_user_ids
        return managers.filtered(
            lambda user: user.active and not user.share and self in user.company_ids
        ).sorted("id")
