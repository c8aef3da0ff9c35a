from odoo import api, fields, models


class CrmLead(models.Model):
    """What a form's mapping leaves on its leads."""

    _inherit = "crm.lead"

    tiktok_mapping_version = fields.Integer(
        "TikTok mapping", readonly=True, copy=False, help="Which mapping of its form made it."
    )
    # Questions and reasons only, never an answer.
    tiktok_mapping_notes = fields.Json("TikTok answers not read", readonly=True, copy=False)
    tiktok_consent = fields.Text(
        "Consent",
        readonly=True,
        copy=False,
        help="What was asked for, and what the person answered.",
    )
    tiktok_consent_at = fields.Datetime("Consent given on", readonly=True, copy=False)
    tiktok_consent_version = fields.Char(
        "Consent given on form",
        readonly=True,
        copy=False,
        help="Names the set of questions the person saw: another set has another name.",
    )

    def _tiktok_notes_by_question(self):
        """Return why answers are in no field, by question.

        :rtype: dict[str, list[str]]
        """
        self.ensure_one()
        mapping = self.env["tiktok.mapping"]
        found = {}
        for question, why, name in self.tiktok_mapping_notes or ():
            shown = self._tiktok_question_text(question)
            found.setdefault(shown, []).append(mapping._note_text(why, name))
        return found

    @api.model
    def _tiktok_question_text(self, question):
        """Return a question as it stands in `tiktok_answers`."""
        return " ".join(question.split()).replace(": ", " ")

    @api.model
    def _tiktok_origin_fields(self):
        return [
            *super()._tiktok_origin_fields(),
            *("tiktok_mapping_version", "tiktok_mapping_notes", "tiktok_consent"),
            *("tiktok_consent_at", "tiktok_consent_version"),
        ]
