from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import formatLang

from ... import sparkline
from ...big_integer import BigInteger
from ...job_time import read_transaction_clock
from ...tiktok import client
from ...tiktok.errors import ReconnectError, SealError, TiktokError

GRAPH_DAYS = 30
STATES = [
    ("draft", "Not connected yet"),
    ("connected", "Connected"),
    ("expired", "Reconnection required"),
    ("disconnected", "Disconnected"),
]
REMOVED = [  # reasons of authorization.removed, https://developers.tiktok.com/doc/webhooks-events
    ("0", "TikTok gave no reason"),
    ("1", "The user revoked the permission"),
    ("2", "The TikTok account was deleted"),
    ("3", "The age of the TikTok user changed"),
    ("4", "TikTok banned the account"),
    ("5", "The app revoked the permission"),
    ("here", "Disconnected in Odoo"),
    ("expired", "TikTok no longer accepts the connection"),
]


class TiktokAccount(models.Model):
    """A TikTok account connected through Login Kit: its fields and its buttons."""

    _name = "tiktok.account"
    _description = "TikTok Account"
    _inherit = [
        *("mail.thread", "mail.activity.mixin"),
        *("tiktok.sync.mixin", "tiktok.protected.mixin"),
    ]
    _order = "name, id"
    _check_company_auto = True

    name = fields.Char(required=True, help="The name your company uses.")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    active = fields.Boolean(default=True)
    state = fields.Selection(STATES, required=True, readonly=True, default="draft", copy=False)
    removed_reason = fields.Selection(REMOVED, "Reason", readonly=True, copy=False)
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        default=lambda self: self.env.user,
        domain=lambda self: self._domain_user_id(),
        help="Notified when the account must be reconnected.",
    )
    scope_ids = fields.Many2many(
        "tiktok.scope",
        "tiktok_account_scope_wanted_rel",
        string="Permissions to request",
        default=lambda self: self.env["tiktok.scope"].search([("is_default", "=", True)]),
    )
    granted_scope_ids = fields.Many2many(
        "tiktok.scope",
        "tiktok_account_scope_granted_rel",
        string="Granted permissions",
        readonly=True,
        copy=False,
    )
    missing_scope_ids = fields.Many2many(
        "tiktok.scope", compute="_compute_missing_scope_ids", string="Permissions not granted"
    )
    open_id = fields.Char("TikTok user ID", readonly=True, copy=False)
    connected_at = fields.Datetime(readonly=True, copy=False)
    renews_until = fields.Datetime(compute="_compute_renews_until")
    event_count = fields.Integer("Deliveries", compute="_compute_event_count")

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
    video_ids = fields.One2many("tiktok.video", "account_id", readonly=True)
    stored_video_count = fields.Integer("Videos", compute="_compute_stored_video_count")
    stat_ids = fields.One2many("tiktok.account.stat", "account_id", readonly=True)
    stats_graph = fields.Html(
        "Followers in 30 days", compute="_compute_stats_graph", sanitize=False
    )

    _open_id_uniq = models.UniqueIndex(
        "(company_id, open_id) WHERE open_id IS NOT NULL",
        "This TikTok account is already connected to your company.",
    )

    # === DEFAULT METHODS === #

    @api.model
    def _domain_user_id(self):
        """Return the domain of users who may connect the account and so be responsible for it.

        :rtype: str
        """
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

    def _compute_event_count(self):
        counts = self._count_by_account("tiktok.event")
        for account in self:
            account.event_count = counts.get(account.id, 0)

    def _compute_stored_video_count(self):
        counts = self._count_by_account("tiktok.video")
        for account in self:
            account.stored_video_count = counts.get(account._origin.id, 0)

    def _count_by_account(self, model):
        """Count the records of a model that belong to each account.

        :param str model: has the field ``account_id``
        :return: counts by the account's id
        :rtype: dict[int, int]
        """
        groups = self.env[model]._read_group(
            [("account_id", "in", self.ids)], ["account_id"], ["__count"]
        )
        return {account.id: count for account, count in groups}

    @api.depends("stat_ids.follower_count")
    def _compute_stats_graph(self):
        since = read_transaction_clock(self.env).date() - timedelta(days=GRAPH_DAYS)
        rows = self.env["tiktok.account.stat"]._read_group(
            [("account_id", "in", self.ids), ("date", ">", since)],
            ["account_id", "date:day"],
            ["follower_count:max"],
            order="date:day",
        )
        followers = {}
        for account, _day, count in rows:
            followers.setdefault(account.id, []).append(count)
        for account in self:
            account.stats_graph = self._draw_followers(followers.get(account._origin.id, []))

    @api.model
    def _draw_followers(self, counts):
        """Return a line through follower counts; a single one makes no line.

        :param list counts: one per day, the oldest first
        :rtype: Markup | bool
        """
        if len(counts) < 2:
            return False
        label = self.env._(
            "Followers: %(first)s, now %(last)s",
            first=formatLang(self.env, counts[0], digits=0),
            last=formatLang(self.env, counts[-1], digits=0),
        )
        return sparkline.draw_line(counts, label)

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Make accounts that are not connected; the caller's context can't say otherwise.

        :param list vals_list: of values
        :rtype: tiktok.account
        :raise UserError: if they contain what only TikTok can know
        """
        prefix = "default_"
        defaults = {name[len(prefix) :] for name in self.env.context if name.startswith(prefix)}
        self._check_readonly_fields(defaults.union(*vals_list))
        return super().create(vals_list)

    def write(self, vals):
        """Keep a connected account in its company: its tokens were given to that one.

        :param dict vals: to write
        :rtype: bool
        :raise UserError: if the company of a connected account would change
        """
        self._check_readonly_fields(vals)
        if "company_id" in vals and any(
            account.state != "draft" and account.company_id.id != vals["company_id"]
            for account in self
        ):
            raise UserError(
                self.env._(
                    "The company of a connected account cannot be changed. Connect the "
                    "account again from the other company."
                )
            )
        result = super().write(vals)
        if "company_id" in vals:
            self.check_access("write")  # it may be another company's by now
        return result

    def unlink(self):
        """Delete the videos first: the database's cascade leaves their covers behind.

        :rtype: bool
        """
        self.check_access("unlink")
        self._lock_for_update()
        self.env["tiktok.oauth.state"]._revoke_waiting_consents(self)
        self._delete_videos()
        return super().unlink()

    def _delete_videos(self):
        videos = self.env["tiktok.video"].sudo().with_context(active_test=False)
        videos.search([("account_id", "in", self.ids)]).unlink()

    @api.model
    def _check_readonly_fields(self, names):
        """Refuse that a user writes what only TikTok can know.

        :param names: of the fields that are to be written
        :raise UserError: if one is read-only and the caller is not Odoo's own code
        """
        known = {name for name, field in self._fields.items() if field.readonly}
        if not self.env.su and known.intersection(names):
            raise UserError(self.env._("Account data from TikTok cannot be entered or imported."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_connected(self):
        if any(account.state == "connected" for account in self):
            raise UserError(self.env._("Disconnect the account first, then delete it."))

    # === ACTION METHODS === #

    def action_connect(self):
        """Send the browser to TikTok's consent page.

        :rtype: dict
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": self._start_authorization()[0],
            "target": "self",
        }

    def action_disconnect(self):
        """Revoke the consent and delete the tokens; profile and videos stay."""
        self.check_access("write")
        with client.deadline():
            for account in self.sudo():
                account._disconnect_account()

    def action_sync(self):
        """Fetch the profile now and request the videos in the background, unless under way.

        :return: a notification
        :rtype: dict
        :raise UserError: if TikTok refuses or can't be reached
        """
        self.ensure_one()
        self.check_access("write")
        account = self.sudo()
        if account.sync_progress and account.sync_is_under_way:
            return self._prepare_notification(account.sync_text, "info")
        try:
            with client.deadline():
                account._sync_profile()
        except ReconnectError as error:  # the reload shows the new state
            return self._prepare_notification(account._explain_error(error), "danger")
        except TiktokError as error:
            raise UserError(account._explain_error(error)) from error
        return account._request_video_sync()

    def action_view_events(self):
        """Open the webhook deliveries about this account."""
        return self._open_related("tiktok_leadgen.tiktok_event_action", context={})

    def action_open_history(self):
        """Open the counts of this account by day."""
        return self._open_related("tiktok_leadgen.tiktok_account_stat_action")

    def action_open_videos(self):
        """Open the videos of this account."""
        return self._open_related("tiktok_leadgen.tiktok_video_action")

    def _open_related(self, xmlid, **values):
        """Return a window action restricted to this account.

        :param str xmlid: of the action
        :param values: of the action that are replaced
        :rtype: dict
        """
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.actions"]._for_xml_id(xmlid)
        return {**action, "domain": [("account_id", "=", self.id)], **values}

    @api.model
    def _prepare_notification(self, message, kind):
        """Return the client action that shows a notification and reloads the record.

        :param str message: what to show
        :param str kind: ``success``, ``info``, ``warning`` or ``danger``
        :rtype: dict
        """
        follow = {"type": "ir.actions.client", "tag": "soft_reload"}
        params = {"message": message, "type": kind, "next": follow}
        return {"type": "ir.actions.client", "tag": "display_notification", "params": params}

    # === BUSINESS METHODS === #

    def _is_connected_after(self, moment):
        """Tell whether the consent is newer than something that happened.

        :param datetime moment: when it happened, UTC
        :rtype: bool
        """
        self.ensure_one()
        return bool(self.connected_at and moment < self.connected_at)

    def _explain_error(self, error):
        """Return a sentence that says what happened and what to do.

        :param Exception error: of `tiktok.errors`, or one whose text is for users already
        :rtype: str
        """
        if isinstance(error, (UserError, AccessError, SealError)):
            return str(error)
        return self.env["tiktok.error.messages"]._describe_error(error)
