import logging

from markupsafe import Markup

from odoo import api, fields, models, tools
from odoo.exceptions import AccessError
from odoo.fields import Domain

from ... import const
from ...job_time import read_transaction_clock
from ...log_filters import describe_error, private
from ...reader_language import in_reader_language

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
    """The company's TikTok settings, who may change them, and who is notified.

    Odoo lets only its own administrators write companies; a TikTok administrator of a company
    writes TikTok's fields of it.
    """

    _inherit = "res.company"

    tiktok_leadgen_enabled = fields.Boolean(
        "Receive TikTok leads",
        default=True,
        groups=SALES_MANAGERS,
        help="Turned off: deliveries from TikTok are recorded as ignored and create no lead.",
    )
    tiktok_signature_policy = fields.Selection(
        [
            ("token", "The token, or TikTok's signature"),
            ("signature", "TikTok's signature"),
            ("both", "The token and TikTok's signature"),
        ],
        "Required verification",
        default="token",
        required=True,
        groups=SALES_MANAGERS,
        help="Verification required of each delivery. Unverified deliveries create no lead: "
        "they are quarantined for you to review.",
    )
    tiktok_accept_untrusted = fields.Boolean(
        "Accept unverified leads",
        groups=SALES_MANAGERS,
        help=(
            "Anyone who knows the company's ID can then send leads. Use it for a short test only."
        ),
    )
    tiktok_retention_days = fields.Integer(
        "Keep answers for (days)",
        default=const.DEFAULT_RETENTION_DAYS,
        groups=SALES_MANAGERS,
        help="After this number of days, answers are removed from deliveries, leads and their "
        "notes. Values written to lead fields are kept, and so is the consent, as your "
        "record. 0 keeps the answers indefinitely.",
    )
    tiktok_team_id = fields.Many2one(
        "crm.team",
        "Team of TikTok leads",
        domain="[('company_id', 'in', [id, False])]",
        groups=SALES_MANAGERS,
        help="Leave empty to use CRM's default team.",
    )
    tiktok_responsible_id = fields.Many2one(
        "res.users",
        "Responsible",
        groups=SALES_MANAGERS,
        help="Notified when a lead fails or a delivery is quarantined. Leave empty to notify "
        "the first TikTok administrator of the company.",
    )

    _tiktok_retention_days_positive = models.Constraint(
        "CHECK(tiktok_retention_days >= 0)", "Answers must be kept for at least 0 days."
    )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        self.env["tiktok.webhook.token"]._create_missing_tokens(companies)
        self._tiktok_invalidate_configs()
        return companies

    def write(self, vals):
        """Write, also as a TikTok administrator of the companies if only TikTok's fields change.

        :param dict vals: as of any `write`
        :return: True
        :rtype: bool
        """
        companies = self.sudo() if self._tiktok_can_set_fields(vals) else self
        result = super(ResCompany, companies).write(vals)
        companies._tiktok_update_configs(vals)
        companies._tiktok_update_subscriptions(vals)
        return result

    def _tiktok_update_configs(self, names):
        """Have the webhook read the companies again if it caches one of the written fields.

        :param names: the written fields
        """
        if CACHED_FIELDS & set(names):
            with private():
                self.flush_recordset(CACHED_FIELDS)
            self._tiktok_invalidate_configs()

    def _tiktok_invalidate_configs(self):
        """Invalidate what `_tiktok_lead_configs` caches, now and after the commit.

        Until the commit another thread of this process still reads, and caches, the old values.
        """
        self.env.registry.clear_cache()
        self.env.cr.postcommit.add(self.env.registry.clear_cache)

    def _tiktok_update_subscriptions(self, names):
        """Have TikTok send leads to the new webhook URL if the token changed.

        :param names: the written fields
        """
        if "tiktok_webhook_token" not in names:
            return
        wanted = [("company_id", "in", self.ids), ("wants_leads", "=", True)]
        found = self.env["tiktok.advertiser"].sudo().search([*wanted, ("state", "=", "connected")])
        if found:
            found._request_sync()

    # === ACTION METHODS === #

    def action_tiktok_check(self):
        """Check the configuration.

        :return: a notification that says what is missing
        :rtype: dict
        """
        self.ensure_one()
        self._tiktok_check_manager()
        problems = self.env["tiktok.configuration.check"]._find_problems(self)
        if not problems:
            return self._tiktok_prepare_notification(
                self.env._("Nothing is missing"),
                self.env._("Register the URLs shown here at TikTok, then connect an account."),
            )
        return self._tiktok_prepare_notification(
            self.env._("Something is missing"), " ".join(problems), "warning", sticky=True
        )

    def action_tiktok_reseal(self):
        """Encrypt all secrets with the newest key, so that the older keys can be removed.

        :return: a notification
        :rtype: dict
        """
        self._tiktok_check_manager()
        done, failed = self.env["tiktok.secrets"]._reseal_secrets()
        if failed:
            return self._tiktok_prepare_notification(
                self.env._("Some could not be opened"),
                self.env._("Secrets: %(failed)s of %(all)s.", failed=failed, all=failed + done),
                "warning",
                sticky=True,
            )
        return self._tiktok_prepare_notification(
            self.env._("Encrypted again"),
            self.env._("All secrets are now encrypted with the newest key only: %s.", done),
        )

    # === RIGHTS === #

    def _tiktok_check_manager(self):
        """Check that the user may manage TikTok for these companies.

        :raise AccessError: if the group or the company is missing
        """
        if not self.env.su and not self._tiktok_is_manager():
            raise AccessError(
                self.env._("Only a TikTok administrator of the company can do this. Ask one.")
            )

    def _tiktok_check_reader(self):
        """Check that the user may see the TikTok pages of these companies.

        :raise AccessError: if the user is no sales manager, or may not read the companies
        """
        self.check_access("read")
        if not self.env.su and not self.env.user.has_group(SALES_MANAGERS):
            raise AccessError(self.env._("Only a sales manager can see this."))

    def _tiktok_is_manager(self):
        """Tell whether the user is a TikTok administrator of all these companies.

        :return: whether the user is one
        :rtype: bool
        """
        user = self.env.user
        return user.has_group(MANAGER) and not self - user.company_ids

    def _tiktok_can_set_fields(self, names):
        """Tell whether the user may set these fields without the right to write the companies.

        :param names: of fields
        :return: whether each is a field that TikTok administrators set; False for no field
        :rtype: bool
        """
        if not names or self.env.su or not self._tiktok_is_manager() or self.has_access("write"):
            return False
        return all(
            name.startswith("tiktok_")
            and name in self._fields
            and not self._fields[name].readonly
            and self._has_field_access(self._fields[name], "write")
            for name in names
        )

    # === WEBHOOK === #

    @api.model
    @tools.ormcache()
    def _tiktok_lead_configs(self):
        """Return what the webhook must know of each company.

        All companies are read together: an ID from a URL, which anyone can invent, must not fill
        the cache.

        :return: by company id, the fields of `CACHED_FIELDS` by name, the secret sealed; the
            hashes of its tokens; the secrets of other companies whose app brings leads of its ad
            accounts; and the ids of ad accounts that are being disconnected
        :rtype: dict[int, dict]
        """
        companies = self.sudo().with_context(active_test=False).search(Domain.TRUE)
        givers = self.env["tiktok.advertiser"]._find_app_companies()
        hashes = self.env["tiktok.webhook.token"]._find_accepted_hashes()
        disconnecting = self.env["tiktok.advertiser"]._find_disconnecting_uids()
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

    # === NOTIFICATIONS === #

    def _tiktok_prepare_notification(self, title, message, kind="success", **params):
        """Prepare a notification for the user who clicked; the page is reloaded.

        :param str title: the first line
        :param str message: what happened, and what to do
        :param str kind: such as ``success`` or ``warning``
        :param params: more parameters of the client action
        :return: a client action
        :rtype: dict
        """
        follow = {"type": "ir.actions.client", "tag": "soft_reload"}
        params = {"title": title, "message": message, "type": kind, "next": follow, **params}
        return {"type": "ir.actions.client", "tag": "display_notification", "params": params}

    def _tiktok_notify_responsible(self, summary, note):
        """Create an activity for who is responsible, at most one a day with this summary.

        :param str summary: what it is about
        :param str note: what to do
        """
        self.ensure_one()
        user = self._tiktok_get_responsible()
        if not user:
            return
        today = read_transaction_clock(self.env).date()
        values = {
            "res_model_id": self.env["ir.model"]._get_id("res.partner"),
            "res_id": self.partner_id.id,
            "summary": summary,
            "user_id": user.id,
        }
        same = [*((key, "=", value) for key, value in values.items()), ("create_date", ">=", today)]
        activities = self.env["mail.activity"].sudo()
        # Its e-mail is left to the queue: a delivery must not wait for a server of e-mails.
        activities = activities.with_context(active_test=False, **const.JOB_CONTEXT)
        if activities.search_count(same, limit=1):
            return
        link = Markup('<p>%s</p><p><a href="/odoo/tiktok">%s</a></p>')
        kind = self.env.ref("mail.mail_activity_data_warning", raise_if_not_found=False)
        values["note"] = link % (note, in_reader_language(self).env._("Open TikTok"))
        values["activity_type_id"] = kind and kind.id
        try:
            with self.env.cr.savepoint():
                activities.create({**values, "date_deadline": today})
        except Exception as error:  # noqa: BLE001 - what is notified must never be undone by it
            _logger.error(  # noqa: TRY400 - a traceback may quote people
                "TikTok company %s: no one was notified: %s", self.id, describe_error(error)
            )

    def _tiktok_get_responsible(self):
        """Return the user who is notified when something needs attention.

        :return: the chosen one, else the first TikTok administrator, else one of the database
        :rtype: res.users
        """
        self.ensure_one()
        if self.tiktok_responsible_id.active:
            return self.tiktok_responsible_id
        return self._tiktok_get_managers()[:1] or self._tiktok_find_administrator()

    def _tiktok_find_administrator(self):
        """Return an administrator of the database, one of this company before others.

        :return: an active internal user, never OdooBot
        :rtype: res.users
        """
        users = self.env.ref("base.group_system").sudo().all_user_ids
        users = users.filtered(lambda user: user.active and not user.share)
        return users.sorted(lambda user: (self not in user.company_ids, user.id))[:1]

    def _tiktok_get_managers(self):
        """Return the TikTok administrators of the company.

        :return: active internal users, the oldest first
        :rtype: res.users
        """
        managers = self.env.ref(MANAGER).sudo().all_user_ids
        return managers.filtered(
            lambda user: user.active and not user.share and self in user.company_ids
        ).sorted("id")
