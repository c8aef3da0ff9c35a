from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import formatLang

from .. import const

GRAPH_DAYS = 30
GRAPH_SIZE = (240, 40)  # units of the drawing


class TiktokAccount(models.Model):
    """What an account was: its counts day by day, and the small graph of them."""

    _inherit = "tiktok.account"

    stat_ids = fields.One2many("tiktok.account.stat", "account_id", readonly=True)
    stats_graph = fields.Html(
        "Followers in 30 days", compute="_compute_stats_graph", sanitize=False
    )

    @api.depends("stat_ids.follower_count")
    def _compute_stats_graph(self):
        since = fields.Date.today() - timedelta(days=GRAPH_DAYS)
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
            account.stats_graph = account._draw(followers.get(account._origin.id, []))

    def _draw(self, counts):
        """Return a line through counts as a drawing, nothing if one is all there is.

        :param list counts: one a day, the oldest first
        :rtype: Markup | bool
        """
        if len(counts) < 2:
            return False
        words = self.env._(
            "Followers: %(first)s, now %(last)s",
            first=formatLang(self.env, counts[0], digits=0),
            last=formatLang(self.env, counts[-1], digits=0),
        )
        width, height = GRAPH_SIZE
        return Markup(
            '<svg viewBox="0 0 %(width)s %(height)s" preserveAspectRatio="none" role="img" '
            'class="o_tiktok_line" aria-label="%(words)s"><title>%(words)s</title>'
            '<polyline points="%(points)s" fill="none" stroke="currentColor" stroke-width="2" '
            'vector-effect="non-scaling-stroke"/></svg>'
        ) % {"width": width, "height": height, "words": words, "points": points(counts)}

    def action_open_history(self):
        """Show the counts day by day."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "tiktok_leadgen.tiktok_account_stat_action"
        )
        action["domain"] = [("account_id", "=", self.id)]
        return action

    def _sync_profile(self):
        user = super()._sync_profile()
        if any(user.get(name) is not None for name in const.ACCOUNT_COUNTS):
            self.env["tiktok.account.stat"]._keep(self)
        return user

    def _forget_profile(self):
        self.sudo().stat_ids.unlink()
        return super()._forget_profile()


def points(counts):
    """Return the points of a line, drawn from the left to the right.

    :param list counts: at least two
    :rtype: str
    """
    width, height = GRAPH_SIZE
    low, high = min(counts), max(counts)
    span = (high - low) or 1
    margin = 2
    pairs = []
    for index, count in enumerate(counts):
        x = width * index / (len(counts) - 1)
        rise = (count - low) / span if high > low else 0.5
        pairs.append(f"{x:.1f},{height - margin - (height - 2 * margin) * rise:.1f}")
    return " ".join(pairs)
