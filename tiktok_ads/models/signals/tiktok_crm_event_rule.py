from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...tiktok import crm_event

FROZEN = {"stage_id", "on_won", "lost_reason_id", "event_name", "event_set_id"}


class TiktokCrmEventRule(models.Model):
    """Which event TikTok gets when a lead reaches a stage, is won or is lost.

    The name is part of what TikTok learns from: it is frozen as soon as one event was sent.
    """

    _name = "tiktok.crm.event.rule"
    _description = "TikTok CRM Event Rule"
    _inherit = ["tiktok.protected.mixin"]
    _order = "event_set_id, sequence, id"
    _rec_name = "event_name"
    _check_company_auto = True

    event_set_id = fields.Many2one(
        "tiktok.event.set", "Event set", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="event_set_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    stage_id = fields.Many2one("crm.stage", index="btree_not_null", ondelete="cascade")
    on_won = fields.Boolean("Won", help="Sent with the expected revenue of the lead.")
    lost_reason_id = fields.Many2one(
        "crm.lost.reason", "Lost reason", index="btree_not_null", ondelete="cascade"
    )
    event_name = fields.Char(
        "Event name",
        required=True,
        help="Letters, digits and underscores of ASCII, such as Qualified. It cannot be changed "
        "once an event was sent: TikTok would learn from the beginning.",
    )
    is_lower_funnel = fields.Boolean(
        "Lower funnel",
        compute="_compute_is_lower_funnel",
        store=True,
        readonly=False,
        help="Counts as a signal for TikTok's optimization. Map the event to the same funnel in "
        "TikTok Events Manager.",
    )
    is_frozen = fields.Boolean(compute="_compute_is_frozen")

    _trigger_check = models.Constraint(
        """CHECK((stage_id IS NOT NULL)::int + (on_won IS TRUE)::int
                 + (lost_reason_id IS NOT NULL)::int = 1)""",
        "Choose one of stage, won and lost reason for each event.",
    )
    _stage_uniq = models.UniqueIndex(
        "(event_set_id, stage_id) WHERE stage_id IS NOT NULL",
        "This stage already has an event in the event set. It may be archived.",
    )
    _won_uniq = models.UniqueIndex(
        "(event_set_id) WHERE on_won",
        "Won leads already have an event in the event set. It may be archived.",
    )
    _lost_uniq = models.UniqueIndex(
        "(event_set_id, lost_reason_id) WHERE lost_reason_id IS NOT NULL",
        "This lost reason already has an event in the event set. It may be archived.",
    )

    # === COMPUTE AND CONSTRAINT METHODS === #

    @api.depends("lost_reason_id")
    def _compute_is_lower_funnel(self):
        for rule in self:
            rule.is_lower_funnel = not rule.lost_reason_id

    def _compute_is_frozen(self):
        sent = self._find_frozen_rules()
        for rule in self:
            rule.is_frozen = rule._origin in sent

    @api.constrains("event_name", "event_set_id")
    def _check_event_name(self):
        for rule in self:
            if not crm_event.is_valid_name(rule.event_name):
                raise ValidationError(
                    self.env._(
                        "“%s” is no name for an event. Use letters, digits and underscores of "
                        "ASCII, such as Qualified.",
                        rule.event_name,
                    )
                )
            offline = rule.event_set_id.source == crm_event.OFFLINE
            if offline and rule.event_name not in crm_event.STANDARD_NAMES:
                raise ValidationError(
                    self.env._(
                        "An offline event set accepts TikTok's standard names only: %s",
                        ", ".join(crm_event.STANDARD_NAMES),
                    )
                )

    # === CRUD METHODS === #

    def write(self, vals):
        """Refuse to change what TikTok has learned from.

        :param dict vals: as in `BaseModel.write`
        :return: what Odoo returns
        :raise UserError: if an event of one of the rules was sent
        :raise AccessError: if the user may not write to the new event set
        """
        if FROZEN & vals.keys():
            for rule in self._find_frozen_rules():
                rule._check_unchanged(vals)
        result = super().write(vals)
        if "event_set_id" in vals:
            self.check_access("write")  # it may be another company's now
        return result

    def _check_unchanged(self, vals):
        """Check that a write leaves the frozen fields of a rule as they are.

        :param dict vals: as `write` gets them
        :raise UserError: if it does not
        """
        for name in FROZEN & vals.keys():
            value = self[name].id if isinstance(self[name], models.BaseModel) else self[name]
            if value != vals[name]:
                raise UserError(
                    self.env._(
                        "Events named %s were sent to TikTok. Archive this rule and create "
                        "another one.",
                        self.event_name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_frozen(self):
        for rule in self._find_frozen_rules():
            raise UserError(
                self.env._(
                    "Events named %s were sent to TikTok. Archive the rule instead.",
                    rule.event_name,
                )
            )

    # === BUSINESS METHODS === #

    def _find_frozen_rules(self):
        """Return those of these rules of which an event was sent.

        :rtype: tiktok.crm.event.rule
        """
        domain = [("rule_id", "in", self.ids), ("state", "=", "sent")]
        groups = self.env["tiktok.crm.event"].sudo()._read_group(domain, ["rule_id"])
        return self.browse([rule.id for (rule,) in groups])

    @api.model
    def _find_active_rules(self, company_ids):
        """Return the rules of companies whose event sets can receive events.

        :param set company_ids: of res.company
        :rtype: tiktok.crm.event.rule
        """
        return self.search(
            [
                ("company_id", "in", list(company_ids)),
                ("event_set_id.active", "=", True),
                ("event_set_id.event_set_uid", "!=", False),
            ]
        )

    def _match_change(self, before, after):
        """Tell whether a change of a lead is what this rule waits for.

        :param Outcome before: where the lead was
        :param Outcome after: where it is
        :rtype: bool
        """
        self.ensure_one()
        if self.on_won:
            return after.is_won and not before.is_won
        if self.lost_reason_id:
            return self.lost_reason_id.id == after.lost_reason_id != before.lost_reason_id
        return self.stage_id.id == after.stage_id != before.stage_id
