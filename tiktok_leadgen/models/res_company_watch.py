from odoo import fields, models

from .res_company_overview import MANAGERS
from .tiktok_advertiser_watch import FIXES

WATCHED = {"compute": "_compute_tiktok_watched", "groups": MANAGERS}
NAMED = 3  # the first with what is wrong, the others by name


class ResCompany(models.Model):
    """The banner of the company's page about ad accounts whose leads can't come."""

    _inherit = "res.company"

    tiktok_broken_count = fields.Integer("Ad accounts that need somebody", **WATCHED)
    tiktok_broken_text = fields.Char("What is wrong", **WATCHED)
    tiktok_broken_others = fields.Char("Other ad accounts that need somebody", **WATCHED)
    tiktok_broken_fix = fields.Selection(FIXES, "What mends it", **WATCHED)
    tiktok_healing_text = fields.Char("What is being mended", **WATCHED)

    def _compute_tiktok_watched(self):
        """Tell sales managers; anyone else who reads a company gets nothing."""
        allowed = self.env.su or self.env.user.has_group(MANAGERS)
        nobody = self.env["tiktok.advertiser"]
        for company in self:
            broken = company._tiktok_advertisers("broken") if allowed else nobody
            healing = company._tiktok_advertisers("healing") if allowed else nobody
            company.tiktok_broken_count = len(broken)
            company.tiktok_broken_text = _say(broken[:1])
            company.tiktok_broken_others = company._tiktok_name_others(broken[1:])
            company.tiktok_broken_fix = broken[:1].health_fix
            company.tiktok_healing_text = _say(healing[:1])

    def _tiktok_name_others(self, advertisers):
        if not advertisers:
            return False
        names = ", ".join(advertisers[: NAMED - 1].mapped("name"))
        more = len(advertisers) - NAMED + 1
        if more < 1:
            return self.env._("Need you, too: %s", names)
        return self.env._("Need you, too: %(names)s and %(count)s more", names=names, count=more)

    def _tiktok_advertisers(self, health):
        domain = [("company_id", "=", self._origin.id), ("health", "=", health)]
        return self.env["tiktok.advertiser"].sudo().search(domain)

    def action_tiktok_mend(self):
        """Do what mends the first ad account of the banner."""
        self.ensure_one()
        self._tiktok_check_manager()
        broken = self._tiktok_advertisers("broken")[:1]
        return broken.with_user(self.env.user).action_mend() if broken else None

    def action_tiktok_view_broken(self):
        """Open the ad accounts that need somebody."""
        self.ensure_one()
        self._tiktok_check_reader()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "tiktok_leadgen.tiktok_advertiser_action"
        )
        return {**action, "domain": [("company_id", "=", self.id), ("health", "=", "broken")]}


def _say(advertiser):
    return bool(advertiser) and f"{advertiser.name}: {advertiser.health_reason or ''}"
