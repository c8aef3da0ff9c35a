import collections

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.mapping.tiktok_mapping_change import TAGS
from ..tiktok.values import isolate

SAMPLE = 100  # leads that the preview looks at
MOST_TAGS = 20  # whose names are shown
BOOKKEEPING = {"tiktok_mapping_version", "tiktok_mapping_notes"}


class TiktokMappingApply(models.TransientModel):
    """Shows what would change before a mapping is applied to existing leads."""

    _name = "tiktok.mapping.apply"
    _description = "Apply TikTok Mapping"

    form_id = fields.Many2one("tiktok.form", required=True, readonly=True, ondelete="cascade")
    lead_count = fields.Integer(related="form_id.lead_count", related_sudo=False)
    sample_text = fields.Text("Preview of changes", compute="_compute_sample_text")

    @api.depends("form_id")
    def _compute_sample_text(self):
        for wizard in self:
            wizard._check_form_access()
            wizard.sample_text = wizard._get_preview_text()

    # === CRUD METHODS === #

    @api.model
    def default_get(self, fields):
        """Refuse a form of another company: the user must not even see its name.

        :param list fields: names of fields
        :rtype: dict
        """
        values = super().default_get(fields)
        self.env["tiktok.form"].browse(values.get("form_id") or ()).check_access("write")
        return values

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse a form of another company.

        :param list vals_list: of the new wizards
        :rtype: tiktok.mapping.apply
        """
        wizards = super().create(vals_list)
        wizards._check_form_access()
        return wizards

    def write(self, vals):
        """Refuse a form of another company.

        :param dict vals: of the wizard
        :rtype: bool
        """
        result = super().write(vals)
        self._check_form_access()
        return result

    def _check_form_access(self):
        """Refuse forms whose mapping the user may not change.

        :raise AccessError: if it is another company's form
        """
        self.form_id._origin.check_access("write")

    def _get_preview_text(self):
        """Return what would change on the last leads, without changing anything.

        :rtype: str
        """
        leads = self.env["crm.lead"].sudo().with_context(active_test=False)
        leads = leads.search(
            [("tiktok_form_id", "=", self.form_id.id)], order="id desc", limit=SAMPLE
        )
        plan, gone = (
            self.env["tiktok.mapping.change"]
            .sudo()
            ._plan_lead_changes(self.form_id.sudo(), leads, create=False)
        )
        names = collections.Counter(
            name.partition(".")[0] for after in plan.values() for name in after.keys() - BOOKKEEPING
        )
        lines = [
            self.env._(
                "Of the last %(count)s leads, %(changed)s would change.",
                count=len(leads),
                changed=sum(bool(after.keys() - BOOKKEEPING) for after in plan.values()),
            )
        ]
        if gone:
            lines.append(self.env._("Answers removed, so left unchanged: %s.", gone))
        lines += [f"{self._get_field_label(name)}: {count}" for name, count in names.most_common()]
        tags = self._get_new_tag_names(plan)
        if tags:
            shown = ", ".join(map(isolate, tags[:MOST_TAGS])) + (" …" if tags[MOST_TAGS:] else "")
            lines.append(
                self.env._("New tags: %(count)s (%(names)s)", count=len(tags), names=shown)
            )
        return "\n".join(lines)

    def _get_new_tag_names(self, plan):
        """Return the names of the tags that would be created.

        :param dict plan: of `_plan_lead_changes`, without creating tags
        :rtype: list[str]
        """
        added = (tag for after in plan.values() for tag in after.get(TAGS, {}).get("add", ()))
        return sorted({tag for tag in added if isinstance(tag, str)}, key=str.casefold)

    def _get_field_label(self, name):
        return self.env["crm.lead"]._fields[name]._description_string(self.env)

    def action_apply(self):
        """Start to apply the mapping in the background.

        :return: the action that closes the dialog
        :rtype: dict
        :raise UserError: if it is being applied already
        """
        self.ensure_one()
        self._check_form_access()
        if self.form_id.run_state in ("running", "undoing"):
            raise UserError(
                self.env._("The mapping is still being applied: wait until it is done.")
            )
        self.env["tiktok.mapping.run"]._start_in_background(self.form_id)
        return {"type": "ir.actions.act_window_close"}
