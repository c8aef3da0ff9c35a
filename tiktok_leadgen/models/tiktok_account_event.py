from odoo import fields, models


class TiktokAccount(models.Model):
    """What TikTok told about an account."""

    _inherit = "tiktok.account"

    event_count = fields.Integer("Events", compute="_compute_event_count")

    # === COMPUTE METHODS === #

    def _compute_event_count(self):
        counts = dict(
            self.env["tiktok.event"]._read_group(
                [("account_id", "in", self.ids)], ["account_id"], ["__count"]
            )
        )
        for account in self:
            account.event_count = counts.get(account, 0)

    # === ACTION METHODS === #

    def action_view_events(self):
        """Open what TikTok told about this account."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.actions"]._for_xml_id("tiktok_leadgen.tiktok_event_action")
        return {**action, "domain": [("account_id", "=", self.id)], "context": {}}

    # === BUSINESS METHODS === #

    def _is_connected_after(self, moment):
        """Tell whether the consent is newer than something that happened.

        :param datetime moment: when it happened, UTC
        :rtype: bool
        """
        self.ensure_one()
        return bool(self.connected_at and moment < self.connected_at)
