from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.tiktok_leadgen import settings
from odoo.addons.tiktok_leadgen.job_time import read_transaction_clock
from odoo.addons.tiktok_leadgen.tiktok.client import make_session
from odoo.addons.tiktok_leadgen.tiktok.values import isolate

from ...server_wide import install_guards
from ...tiktok import ownership


class TiktokDomainFile(models.Model):
    """A file that proves to TikTok who owns this URL; it fetches photos from no other."""

    _name = "tiktok.domain.file"
    _description = "TikTok Domain File"
    _inherit = ["tiktok.protected.mixin"]
    _order = "id desc"
    _rec_name = "file_name"

    token = fields.Char(
        required=True,
        help="From TikTok's developer portal, URL properties. Paste the token, the file's "
        "name or its content.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    file_name = fields.Char("File", compute="_compute_addresses")
    prefix = fields.Char(
        "URL prefix", compute="_compute_addresses", help="Register exactly this one at TikTok."
    )
    url = fields.Char("URL", compute="_compute_addresses")
    state = fields.Selection(
        [
            ("unchecked", "Not checked yet"),
            ("good", "TikTok can read the file"),
            ("bad", "Invalid"),
        ],
        required=True,
        readonly=True,
        default="unchecked",
        copy=False,
    )
    problem = fields.Char(readonly=True, copy=False)
    checked_at = fields.Datetime("Checked on", readonly=True, copy=False)

    _token_uniq = models.Constraint("UNIQUE(token)", "This token already exists.")

    def _register_hook(self):
        super()._register_hook()
        install_guards()

    # === COMPUTE METHODS === #

    @api.depends("token", "company_id")
    def _compute_addresses(self):
        for file in self:
            base = (file.company_id or self.env.company)._tiktok_media_base()
            file.prefix = f"{base}/"
            file.file_name = file.token and ownership.build_file_name(file.token)
            file.url = file.token and f"{base}/{file.file_name}"

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._normalize_token(vals) for vals in vals_list])

    def write(self, vals):
        """Reset the result of the check if the token changes.

        :param dict vals: as of any `write`
        :return: what Odoo returns
        :raise ValidationError: if the token is none of TikTok's
        """
        if "token" in vals:
            vals = self._normalize_token(vals)
        result = super().write(vals)
        if "company_id" in vals:
            self.check_access("write")  # it may be another company's by now
        if "token" in vals:
            unknown = {"state": "unchecked", "problem": False}
            super(TiktokDomainFile, self.sudo()).write(unknown)
        return result

    @api.model
    def _normalize_token(self, vals):
        token = ownership.extract_token(vals.get("token"))
        if not token:
            raise ValidationError(
                self.env._(
                    "This is not a TikTok token: it has 32 letters and digits. Copy it "
                    "from the developer portal, URL properties."
                )
            )
        return {**vals, "token": token}

    # === ACTION METHODS === #

    def action_check(self):
        """Fetch the file as TikTok does, and show the result.

        :return: a notification
        :rtype: dict
        """
        self.ensure_one()
        self.check_access("write")
        problem = self._fetch_file_problem()
        self.sudo().write(
            {
                "state": "bad" if problem else "good",
                "problem": problem,
                "checked_at": read_transaction_clock(self.env),
            }
        )
        if problem:
            return self.env["tiktok.account"]._prepare_notification(problem, "danger")
        message = self.env._(
            "TikTok can read the file. Click Verify beside %s in TikTok's developer portal.",
            isolate(self.prefix),
        )
        return self.env["tiktok.account"]._prepare_notification(message, "success")

    # === BUSINESS METHODS === #

    def _fetch_file_problem(self):
        """Fetch the file from Odoo's own URL, and return why TikTok could not read it.

        :return: a sentence, False if TikTok could
        :rtype: str | bool
        """
        base = self.company_id._tiktok_media_base()
        try:
            ownership.check_file(make_session(), base, self.token, local=self._is_tiktok_local())
        except ownership.OwnershipError as error:
            return self._describe_problem(error.code, error.detail)
        return False

    @api.model
    def _find_address_problem(self, base):
        """Return why TikTok would fetch nothing from a URL. Nothing is requested.

        :param str base: such as ``https://shop.example.com``
        :return: a sentence, False if TikTok would
        :rtype: str | bool
        """
        try:
            ownership.check_media_address(base, local=self._is_tiktok_local())
        except ownership.OwnershipError as error:
            return self._describe_problem(error.code, error.detail)
        return False

    @api.model
    def _is_tiktok_local(self):
        return ownership.is_loopback_url(settings.base_url("TIKTOK_OPEN_API_BASE_URL"))

    @api.model
    def _describe_problem(self, code, detail):
        return {
            **self._describe_address_problems(detail),
            **self._describe_answer_problems(detail),
        }[code]

    @api.model
    def _describe_address_problems(self, detail):
        return {
            "https": self.env._(
                "TikTok accepts only URLs that begin with https://, and the URL of this "
                "Odoo is %s. Serve Odoo over https and enter its URL in TikTok → "
                "Configuration → Settings.",
                isolate(detail),
            ),
            "ip": self.env._(
                "TikTok does not accept IP addresses (%s). Give Odoo a domain and enter "
                "it in TikTok → Configuration → Settings.",
                isolate(detail),
            ),
            "local": self.env._(
                "TikTok cannot reach %s: it is a name of your internal network. Enter "
                "Odoo's public URL in TikTok → Configuration → Settings.",
                isolate(detail),
            ),
        }

    @api.model
    def _describe_answer_problems(self, detail):
        return {
            "certificate": self.env._(
                "The URL has no valid certificate. Renew it, including its certificate chain."
            ),
            "timeout": self.env._(
                "No server responds in time at this URL. Check that it leads to this Odoo."
            ),
            "unreachable": self.env._(
                "This URL cannot be reached. Check its name (DNS) and the firewall."
            ),
            "redirect": self.env._(
                "The URL redirects to %s, and TikTok does not follow redirects. Enter "
                "the final URL in TikTok → Configuration → Settings, or remove the "
                "redirect.",
                isolate(detail) or self.env._("another one"),
            ),
            "status": self.env._(
                "Odoo's URL responds with HTTP %s instead of the file. Check that it "
                "leads to this database (dbfilter) and that no proxy blocks files.",
                detail,
            ),
            "content": self.env._(
                "Another page is served instead of the file. Check that the URL leads to this Odoo."
            ),
        }

    @api.model
    def _find_file_text(self, token):
        """Return the content of a file.

        :param str token: as in the URL
        :return: empty if there is no such file
        :rtype: str
        """
        whole = ownership.extract_token(token) == token
        known = whole and self.sudo().search_count([("token", "=", token)], limit=1)
        return ownership.build_file_text(token) if known else ""
