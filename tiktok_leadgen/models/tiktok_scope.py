from odoo import fields, models


class TiktokScope(models.Model):
    """Something TikTok lets an app do, if its user agrees."""

    _name = "tiktok.scope"
    _description = "TikTok Permission"
    _order = "sequence, id"
    _rec_name = "label"

    name = fields.Char("Scope", required=True, help="TikTok's name, such as video.list.")
    label = fields.Char(required=True, translate=True)
    lost = fields.Char("Without it", translate=True, help="What does not work without it.")
    sequence = fields.Integer(default=10)
    is_default = fields.Boolean("Asked for by default", default=True)

    _name_uniq = models.Constraint("UNIQUE(name)", "The permission is there already.")
