from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .. import settings
from ..tiktok import client, profile
from ..tiktok.display import DisplayApi
from ..tiktok.errors import ReconnectError, SealError, TiktokError
from ..tiktok.open_api import OpenApi
from .big_integer import BigInteger

STATES = [
    ("draft", "Not connected yet"),
    ("connected", "Connected"),
    ("expired", "Must be reconnected"),
    ("disconnected", "Disconnected"),
]
REMOVED = [  # reasons of authorization.removed, https://developers.tiktok.com/doc/webhooks-events
    ("0", "TikTok did not say why"),
    ("1", "The user took the permission back"),
    ("2", "The TikTok account was deleted"),
    ("3", "The age of the TikTok user changed"),
    ("4", "TikTok banned the account"),
    ("5", "The app gave the permission back"),
    ("here", "Disconnected in Odoo"),
    ("expired", "TikTok takes the connection no more"),
]


class TiktokAccount(models.Model):
    """A TikTok account whose owner let us in through Login Kit."""

    _name = "tiktok.account"
    _description = "TikTok Account"
    _inherit = [
        *("mail.thread", "mail.activity.mixin"),
        *("tiktok.sync.mixin", "tiktok.protected.mixin"),
    ]
    _order = "name, id"
    _check_company_auto = True

    name = fields.Char(required=True, help="How your company calls it.")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    active = fields.Boolean(default=True)
    state = fields.Selection(STATES, required=True, readonly=True, default="draft", copy=False)
    removed_reason = fields.Selection(REMOVED, "Why", readonly=True, copy=False)
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        default=lambda self: self.env.user,
        domain=lambda self: self._domain_user_id(),
        help="Is told when the account must be reconnected.",
    )
    scope_ids = fields.Many2many(
        "tiktok.scope",
        "tiktok_account_scope_wanted_rel",
        string="Permissions to ask for",
        default=lambda self: self.env["tiktok.scope"].search([("is_default", "=", True)]),
    )
    granted_scope_ids = fields.Many2many(
        "tiktok.scope",
        "tiktok_account_scope_granted_rel",
        string="Permissions given",
        readonly=True,
        copy=False,
    )
    missing_scope_ids = fields.Many2many(
        "tiktok.scope", compute="_compute_missing_scope_ids", string="Permissions not given"
    )
    open_id = fields.Char("TikTok user ID", readonly=True, copy=False)
    connected_at = fields.Datetime(readonly=True, copy=False)
    renews_until = fields.Datetime(compute="_compute_renews_until")
    last_sync_at = fields.Datetime("Last sync", readonly=True, copy=False)
    sync_error = fields.Char("Last problem", readonly=True, copy=False)

    nickname = fields.Char("Name at TikTok", readonly=True, copy=False)
    username = fields.Char(readonly=True, copy=False)
    image_1920 = fields.Image("Picture", max_width=512, max_height=512, readonly=True, copy=False)
    bio = fields.Text(readonly=True, copy=False)
    profile_url = fields.Char("Profile", readonly=True, copy=False)
    is_verified = fields.Boolean("Verified", readonly=True, copy=False)
    follower_count = fields.Integer("Followers at TikTok", readonly=True, copy=False)
    following_count = fields.Integer("Following", readonly=True, copy=False)
    likes_count = BigInteger("Likes", readonly=True, copy=False)
    video_count = fields.Integer("Public videos", readonly=True, copy=False)

    _open_id_uniq = models.UniqueIndex(
        "(company_id, open_id) WHERE open_id IS NOT NULL",
        "This TikTok account is connected to your company already.",
    )

    # === DEFAULT METHODS === #

    @api.model
    def _domain_user_id(self):
        """Return who may be responsible: whoever may connect the account."""
        group = self.env.ref("tiktok_leadgen.tiktok_leadgen_group_manager")
        return (
            "[('share', '=', False), ('company_ids', 'in', company_id), "
            f"('all_group_ids', 'in', {group.id})]"
        )

    # === COMPUTE METHODS === #

    @api.depends("granted_scope_ids", "scope_ids", "state")
    def _compute_missing_scope_ids(self):
        for account in self:
            wanted = account.scope_ids if account.state == "connected" else account.scope_ids[:0]
            account.missing_scope_ids = wanted - account.granted_scope_ids

    def _compute_renews_until(self):
        tokens = self.env["tiktok.token"].sudo().search([("account_id", "in", self.ids)])
        until = {token.account_id.id: token.refresh_expires_at for token in tokens}
        for account in self:
            account.renews_until = until.get(account.id, False)

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Make accounts that are not connected; the caller's context can't say otherwise."""
        prefix = "default_"
        defaults = {name[len(prefix) :] for name in self.env.context if name.startswith(prefix)}
        self._check_by_hand(defaults.union(*vals_list))
        return super().create(vals_list)

    def write(self, vals):
        """Keep a connected account in its company: its tokens were given to that one."""
        self._check_by_hand(vals)
        if "company_id" in vals and any(
            account.state != "draft" and account.company_id.id != vals["company_id"]
            for account in self
        ):
            raise UserError(
                self.env._("A connected account can't change its company. Add it there anew.")
            )
        result = super().write(vals)
        if "company_id" in vals:
            self.check_access("write")  # it may be another company's by now
        return result

    @api.model
    def _check_by_hand(self, names):
        """Let nobody but Odoo's own code say what only TikTok can know.

        :param names: of the fields that are to be written
        :raise UserError: if a person may not
        """
        known = {name for name, field in self._fields.items() if field.readonly}
        if not self.env.su and known.intersection(names):
            raise UserError(
                self.env._("What TikTok says of an account can't be entered or imported.")
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_connected(self):
        if any(account.state == "connected" for account in self):
            raise UserError(self.env._("Disconnect the account first, then delete it."))

    # === ACTION METHODS === #

    def action_connect(self):
        """Send the browser to TikTok's consent page."""
        self.ensure_one()
        return {"type": "ir.actions.act_url", "url": self._begin_consent()[0], "target": "self"}

    def action_disconnect(self):
        """Give the consent back and forget the tokens; what was learned stays."""
        self.check_access("write")
        with client.within():
            for account in self.sudo():
                account._disconnect()

    def action_sync(self):
        """Fetch the profile now, and the videos in the background."""
        self.ensure_one()
        self.check_access("write")
        account = self.sudo()
        try:
            with client.within():
                account._sync_profile()
        except ReconnectError as error:
            return account._notify(account._explain(error), "danger")  # and shows the new state
        except TiktokError as error:
            raise UserError(account._explain(error)) from error
        return account._after_sync_action()

    def _after_sync_action(self):
        return self._notify(self.env._("The profile is up to date."), "success")

    @api.model
    def _notify(self, message, kind):
        """Return the action that tells something and shows the record anew."""
        follow = {"type": "ir.actions.client", "tag": "soft_reload"}
        params = {"message": message, "type": kind, "next": follow}
        return {"type": "ir.actions.client", "tag": "display_notification", "params": params}

    # === TALKING TO TIKTOK === #

    def _access_token(self, refused=""):
        """Return a valid access token; the one way to get one.

        :param str refused: one that TikTok does not take, though it should live
        :rtype: str
        :raise ApiError: see `tiktok.token._valid`
        :raise SealError: if the encryption key is missing or another one
        """
        self.ensure_one()
        try:
            return self.env["tiktok.token"]._valid(self, refused=refused)
        except ReconnectError:
            self._expire_now()
            raise

    def _display_api(self, access_token=None):
        base = settings.base_url("TIKTOK_OPEN_API_BASE_URL")
        return DisplayApi(base, access_token or self._access_token())

    def _ask(self, question):
        """Ask TikTok something, and once more with a new access token if it refuses ours.

        TikTok may end it early, and somebody else may have renewed it a moment ago. If the new
        one is refused too, a person must reconnect.

        :param question: takes an access token and calls TikTok with it
        :raise ReconnectError: after the account was marked as expired
        :raise ApiError: as TikTok refuses
        """
        access_token = self._access_token()
        try:
            return question(access_token)
        except ReconnectError:
            access_token = self._access_token(refused=access_token)
        try:
            return question(access_token)
        except ReconnectError:
            self._expire_now()
            raise

    def _open_api(self):
        """Return what calls TikTok in the name of this account; other addons use it too.

        :rtype: OpenApi
        :raise ApiError: see `_access_token`
        """
        return OpenApi(settings.base_url("TIKTOK_OPEN_API_BASE_URL"), self._access_token())

    def _fetch_profile(self):
        """Return the profile as TikTok gives it.

        :rtype: dict
        :raise ApiError: as TikTok refuses
        """
        scopes = self.granted_scope_ids.mapped("name")
        return self._ask(lambda token: self._display_api(token).user(scopes))

    def _fetch_videos(self, cursor=None, *count):
        """Return one page of videos as TikTok gives it, see `DisplayApi.videos`.

        :rtype: tuple[list, int | None, bool]
        :raise ApiError: as TikTok refuses
        """
        return self._ask(lambda token: self._display_api(token).videos(cursor, *count))

    def _sync_profile(self):
        """Bring the profile up to date; return it."""
        self.ensure_one()
        user = self._fetch_profile()
        values = profile.read(user)
        changed = {k: v for k, v in values.items() if (self[k] or False) != (v or False)}
        self.write({**changed, "last_sync_at": fields.Datetime.now(), "sync_error": False})
        return user

    # === WORDS === #

    def _explain(self, error):
        """Return a sentence that says what happened and what to do.

        :param Exception error: of `tiktok.errors`, or for people already
        :rtype: str
        """
        if isinstance(error, (UserError, AccessError, SealError)):
            return str(error)
        return self.env["tiktok.sentences"]._for(error)
