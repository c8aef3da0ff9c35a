from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.tiktok_leadgen import settings
from odoo.addons.tiktok_leadgen.tiktok.client import make_session

from ..server_wide import install_guards
from ..tiktok import ownership


class TiktokDomainFile(models.Model):
    """A file that shows TikTok that this address is yours; pictures are taken from no other."""

    _name = "tiktok.domain.file"
    _description = "TikTok Domain File"
    _inherit = ["tiktok.protected.mixin"]
    _order = "id desc"
    _rec_name = "file_name"

    token = fields.Char(
        required=True,
        help="Of TikTok's developer portal, URL properties. Paste the token, the file's name or "
        "what is in the file.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    file_name = fields.Char("File", compute="_compute_addresses")
    prefix = fields.Char(
        "URL prefix", compute="_compute_addresses", help="Register exactly this one at TikTok."
    )
    url = fields.Char("Address", compute="_compute_addresses")
    state = fields.Selection(
        [("unchecked", "Not checked yet"), ("good", "TikTok can read it"), ("bad", "Wrong")],
        required=True,
        readonly=True,
        default="unchecked",
        copy=False,
    )
    problem = fields.Char("What is wrong", readonly=True, copy=False)
    checked_at = fields.Datetime("Checked on", readonly=True, copy=False)

    _token_uniq = models.Constraint("UNIQUE(token)", "This token is here already.")

    def _register_hook(self):
        super()._register_hook()
        install_guards()

    # === COMPUTE METHODS === #

    @api.depends("token", "company_id")
    def _compute_addresses(self):
        for file in self:
            base = (file.company_id or self.env.company)._tiktok_media_base()
            file.prefix = f"{base}/"
            file.file_name = file.token and ownership.file_name(file.token)
            file.url = file.token and f"{base}/{file.file_name}"

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._read_token(vals) for vals in vals_list])

    def write(self, vals):
        """Forget what was found of another token."""
        if "token" in vals:
            vals = self._read_token(vals)
        result = super().write(vals)
        if "company_id" in vals:
            self.check_access("write")  # it may be another company's by now
        if "token" in vals:
            unknown = {"state": "unchecked", "problem": False}
            super(TiktokDomainFile, self.sudo()).write(unknown)
        return result

    @api.model
    def _read_token(self, vals):
        token = ownership.read_token(vals.get("token"))
        if not token:
            raise ValidationError(
                self.env._(
                    "This is no token of TikTok's: it has 32 letters and digits. Copy it from the "
                    "developer portal, URL properties."
                )
            )
        return {**vals, "token": token}

    # === ACTION METHODS === #

    def action_check(self):
        """Fetch the file the way TikTok does, and say what is wrong."""
        self.ensure_one()
        self.check_access("write")
        problem = self._problem()
        self.sudo().write(
            {
                "state": "bad" if problem else "good",
                "problem": problem,
                "checked_at": fields.Datetime.now(),
            }
        )
        if problem:
            return self.env["tiktok.account"]._notify(problem, "danger")
        message = self.env._(
            "TikTok can read the file. Press Verify beside %s in TikTok's developer portal.",
            self.prefix,
        )
        return self.env["tiktok.account"]._notify(message, "success")

    # === BUSINESS METHODS === #

    def _problem(self):
        """Return what keeps TikTok from reading the file, or False. Only Odoo itself is asked."""
        base = self.company_id._tiktok_media_base()
        try:
            ownership.check(make_session(), base, self.token, local=self._is_tiktok_local())
        except ownership.OwnershipError as error:
            return self._sentence(error.code, error.detail)
        return False

    @api.model
    def _check_media_address(self, base):
        """Return why TikTok would fetch nothing from an address, or False. Nothing is called.

        :param str base: such as ``https://shop.example.com``
        :rtype: str | bool
        """
        try:
            ownership.check_address(base, local=self._is_tiktok_local())
        except ownership.OwnershipError as error:
            return self._sentence(error.code, error.detail)
        return False

    @api.model
    def _is_tiktok_local(self):
        return ownership.is_loopback(settings.base_url("TIKTOK_OPEN_API_BASE_URL"))

    @api.model
    def _sentence(self, code, detail):
        return {**self._address_sentences(detail), **self._answer_sentences(detail)}[code]

    @api.model
    def _address_sentences(self, detail):
        return {
            "https": self.env._(
                "TikTok takes only addresses that begin with https://, and this Odoo is known as "
                "%s. Put Odoo behind one and enter it in CRM → Configuration → Settings → TikTok.",
                detail,
            ),
            "ip": self.env._(
                "TikTok takes no IP address (%s). Give Odoo a domain and enter it in CRM → "
                "Configuration → Settings → TikTok.",
                detail,
            ),
            "local": self.env._(
                "TikTok can't reach %s: it is a name of your own network. Enter Odoo's public "
                "address in CRM → Configuration → Settings → TikTok.",
                detail,
            ),
        }

    @api.model
    def _answer_sentences(self, detail):
        return {
            "certificate": self.env._(
                "The address has no valid certificate. Renew it, with all that it is signed by."
            ),
            "timeout": self.env._(
                "Nobody answers in time at this address. See whether it leads to this Odoo."
            ),
            "unreachable": self.env._(
                "Nobody can be reached at this address. See whether its name is known (DNS) and "
                "whether a firewall is in the way."
            ),
            "redirect": self.env._(
                "The address sends on to %s, and TikTok follows nobody. Enter the final address in "
                "CRM → Configuration → Settings → TikTok, or take the redirect away.",
                detail or self.env._("another one"),
            ),
            "status": self.env._(
                "Odoo's address answers HTTP %s instead of the file. See whether it leads to this "
                "database (dbfilter) and whether a proxy keeps files away.",
                detail,
            ),
            "content": self.env._(
                "Something else is served in the file's place. See whether the address leads to "
                "this Odoo."
            ),
        }

    @api.model
    def _text_of(self, token):
        """Return what is in a file, or nothing if there is none.

        :param str token: as it stands in an address
        :rtype: str
        """
        whole = ownership.read_token(token) == token
        known = whole and self.sudo().search_count([("token", "=", token)], limit=1)
        return ownership.file_text(token) if known else ""
