import collections

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.tiktok_mapping_change import TAGS

SAMPLE = 100  # leads that are looked at before one is asked
MOST_TAGS = 20  # whose names are shown
BOOKKEEPING = {"tiktok_mapping_version", "tiktok_mapping_notes"}


class TiktokMappingApply(models.TransientModel):
    """Asks before a mapping is applied to the leads that are there already."""

    _name = "tiktok.mapping.apply"
    _description = "Apply a TikTok Mapping"

    form_id = fields.Many2one("tiktok.form", required=True, readonly=True, ondelete="cascade")
    lead_count = fields.Integer(related="form_id.lead_count", related_sudo=False)
    sample_text = fields.Text("What would change", compute="_compute_sample_text")

    @api.depends("form_id")
    def _compute_sample_text(self):
        for wizard in self:
            wizard._check_form()
            wizard.sample_text = wizard._sample_sentence()

    # === CRUD METHODS === #

    @api.model
    def default_get(self, fields):
        """Refuse a form of another company: even its name is none of the user's business."""
        values = super().default_get(fields)
        self.env["tiktok.form"].browse(values.get("form_id") or ()).check_access("write")
        return values

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse a form of another company."""
        wizards = super().create(vals_list)
        wizards._check_form()
        return wizards

    def write(self, vals):
        """Refuse a form of another company."""
        result = super().write(vals)
        self._check_form()
        return result

    def _check_form(self):
        """Refuse forms whose mapping the user may not change.

        :raise AccessError: if it is another company's form
        """
        self.form_id._origin.check_access("write")

    def _sample_sentence(self):
        """Return what would change on the last leads, without changing anything."""
        leads = self.env["crm.lead"].sudo().with_context(active_test=False)
        leads = leads.search(
            [("tiktok_form_id", "=", self.form_id.id)], order="id desc", limit=SAMPLE
        )
        plan, gone = (
            self.env["tiktok.mapping.change"].sudo()._plan(self.form_id.sudo(), leads, create=False)
        )
        names = collections.Counter(
            name.partition(".")[0] for after in plan.values() for name in after.keys() - BOOKKEEPING
        )
        lines = [
            self.env._(
                "Of the last leads looked at (%(count)s) would change: %(changed)s.",
                count=len(leads),
                changed=sum(bool(after.keys() - BOOKKEEPING) for after in plan.values()),
            )
        ]
        if gone:
            lines.append(self.env._("Answers removed, so they stay as they are: %s.", gone))
        lines += [f"{self._label(name)}: {count}" for name, count in names.most_common()]
        tags = self._new_tags(plan)
        if tags:
            shown = ", ".join(tags[:MOST_TAGS]) + (" …" if tags[MOST_TAGS:] else "")
            lines.append(
                self.env._("New tags: %(count)s (%(names)s)", count=len(tags), names=shown)
            )
        return "\n".join(lines)

    def _new_tags(self, plan):
        """Return the names of the tags that would be made.

        :param dict plan: of `_plan`, without making tags
        :rtype: list[str]
        """
        added = (tag for after in plan.values() for tag in after.get(TAGS, {}).get("add", ()))
        return sorted({tag for tag in added if isinstance(tag, str)}, key=str.casefold)

    def _label(self, name):
        return self.env["crm.lead"]._fields[name]._description_string(self.env)

    def action_apply(self):
        """Begin, in the background."""
        self.ensure_one()
        self._check_form()
        if self.form_id.run_state in ("running", "undoing"):
            raise UserError(
                self.env._("The last application is still under way: wait for its end.")
            )
        self.env["tiktok.mapping.run"]._start(self.form_id)
        return {"type": "ir.actions.act_window_close"}
