from odoo import models
from odoo.exceptions import UserError


class ResCompany(models.Model):
    """The button “Prove it works” of the company's page."""

    _inherit = "res.company"

    def action_tiktok_prove(self):
        """Send a test lead on its whole way and show each step."""
        self.ensure_one()
        self._tiktok_check_manager()
        forms = self.env["tiktok.form"].sudo()
        domain = [("company_id", "=", self.id), ("status", "=", "published")]
        connected = [("advertiser_id.state", "=", "connected")]
        receiving = [("advertiser_id.wants_leads", "=", True)]
        order = "last_lead_at desc nulls last, id"
        form = forms.search([*domain, *connected, *receiving], order=order, limit=1)
        return self._tiktok_prove(form or forms.search([*domain, *connected], limit=1))

    def _tiktok_prove(self, form):
        self._tiktok_check_manager()
        proof = self.env["tiktok.proof"]._begin(self.sudo(), form.sudo())
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Prove it works"),
            "res_model": "tiktok.proof",
            "res_id": proof.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
        }


class TiktokAdvertiser(models.Model):
    _inherit = "tiktok.advertiser"

    def action_prove(self):
        """Send a test lead of this ad account on its whole way and show each step."""
        self.ensure_one()
        self.check_access("write")
        forms = self.form_ids.filtered(lambda form: form.status == "published")
        if self.state != "connected" or not forms:
            raise UserError(
                self.env._("TikTok makes test leads of published forms only: there is none here.")
            )
        return self.company_id._tiktok_prove(forms.sorted("last_lead_at", reverse=True)[:1])


class TiktokForm(models.Model):
    _inherit = "tiktok.form"

    def action_prove(self):
        """Send a test lead of this form on its whole way and show each step."""
        self.ensure_one()
        self.check_access("write")
        self.company_id._tiktok_check_manager()
        if self.advertiser_id.state != "connected":
            raise UserError(
                self.env._("Connect the form's ad account first: TikTok makes the test lead.")
            )
        return self.company_id._tiktok_prove(self)
