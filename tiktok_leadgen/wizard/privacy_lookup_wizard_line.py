from odoo import models

from .privacy_lookup_wizard import EVENT, LEAD


class PrivacyLookupWizardLine(models.TransientModel):
    """Erasing keeps the row of the log: without it the lead would come again."""

    _inherit = "privacy.lookup.wizard.line"

    def action_unlink(self):
        """Erase an event instead of deleting it, and with a lead what TikTok sent of it."""
        self.ensure_one()
        if self.res_model == EVENT and not self.is_unlinked:
            self._tiktok_erase()
            return None
        if self.res_model == LEAD and not self.is_unlinked:
            events = self.env[EVENT].sudo().search([("lead_id", "=", self.res_id)])
            events._erase_person()
        return super().action_unlink()

    def action_tiktok_erase(self):
        """Erase what is selected, as far as it came from TikTok."""
        self._tiktok_erase()

    def _tiktok_erase(self):
        self.check_access("write")
        for line in self.filtered(lambda line: not line.is_unlinked):
            record = self.env[line.res_model].sudo().browse(line.res_id).exists()
            if line.res_model == EVENT:
                record._erase_person()
            elif line.res_model == LEAD and (record.tiktok_lead_uid or record.tiktok_event_ids):
                record._tiktok_erase_person()
            else:
                continue
            said = self.env._("Erased"), line.res_model_id.name, line.res_id
            line.execution_details = "{} {} #{}".format(*said)
            line.is_unlinked = line.res_model == EVENT
