import collections
import logging

from odoo import Command, api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.tiktok_leadgen.log_filters import describe_error
from odoo.addons.tiktok_leadgen.tiktok.values import isolate

from ..lead_facts import NUMBER_OPERATORS, OPERATORS, RuleMatcher, parse_number, read_facts

_logger = logging.getLogger(__name__)

PREVIEW_LEADS = 100
NEW = 2**31  # a rule that is not saved yet comes last among those with its number
CONDITIONS = (
    *("company_id", "sequence", "active", "lang_ids", "country_ids", "form_ids", "campaign_ids"),
    *("question", "answer_operator", "answer_value", "team_id", "user_id"),
)


class TiktokRoutingRule(models.Model):
    """One line of the company's list: what is known of a lead, and who gets it then."""

    _name = "tiktok.routing.rule"
    _description = "TikTok Routing Rule"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10, help="The first rule that fits a lead decides.")
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )

    # === FIELDS: CONDITIONS === #

    lang_ids = fields.Many2many(
        "res.lang",
        string="Languages",
        help="The lead's language in Odoo; without one, the script of its questions and answers, "
        "and the languages of its country.",
    )
    country_ids = fields.Many2many(
        "res.country",
        string="Countries",
        help="The lead's country; without one, that of its phone number.",
    )
    form_ids = fields.Many2many("tiktok.form", string="Forms", check_company=True)
    campaign_ids = fields.Many2many("utm.campaign", string="Campaigns")
    question = fields.Char(
        "Question contains", help="A part of the question as TikTok sends it, in any case."
    )
    answer_operator = fields.Selection(OPERATORS, "Answer", default="contains", required=True)
    answer_value = fields.Char(
        "Value", help="Several texts are separated with semicolons: one of them is enough."
    )

    # === FIELDS: WHO GETS THE LEAD === #

    team_id = fields.Many2one("crm.team", "Sales Team", check_company=True)
    user_id = fields.Many2one(
        "res.users",
        "Salesperson",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Empty: a member of the team, as the company assigns leads.",
    )
    is_owner_first = fields.Boolean(
        "Known persons keep their salesperson",
        default=True,
        help="A person who has a salesperson of this team already gets the same one, also where "
        "the rule names a salesperson.",
    )
    tag_ids = fields.Many2many("crm.tag", string="Tags")
    priority = fields.Selection([("1", "Medium"), ("2", "High"), ("3", "Very High")])

    # === FIELDS: WHAT IT DOES === #

    condition_text = fields.Char("If", compute="_compute_condition_text")
    problem = fields.Char(
        "Not applied", compute="_compute_problem", help="Why leads skip this rule."
    )
    preview_count = fields.Integer(
        "Of the last 100 leads",
        compute="_compute_preview",
        help="How many of the last 100 leads this rule would decide.",
    )
    preview_text = fields.Char("Preview", compute="_compute_preview")

    # === COMPUTE METHODS === #

    @api.depends("team_id.active", "user_id.active", *CONDITIONS)
    def _compute_problem(self):
        for rule in self:
            rule.problem = rule._find_problem()

    @api.depends(*CONDITIONS)
    def _compute_condition_text(self):
        operators = dict(self._fields["answer_operator"]._description_selection(self.env))
        for rule in self:
            any_of = (rule.lang_ids, rule.country_ids, rule.form_ids, rule.campaign_ids)
            parts = [", ".join(map(isolate, each.mapped("display_name"))) for each in any_of]
            if rule.question:
                value = isolate(rule.answer_value or "")
                parts.append(f"{isolate(rule.question)} {operators[rule.answer_operator]} {value}")
            rule.condition_text = " · ".join(filter(None, parts)) or self.env._("Any lead")

    @api.depends(*CONDITIONS)
    def _compute_preview(self):
        for company, rules in self.grouped("company_id").items():
            facts, counts = rules._count_decided_leads(company)
            for rule in rules:
                rule.preview_count = counts[rule]
                rule.preview_text = rule._describe_preview(counts[rule], len(facts))

    def _describe_preview(self, count, total):
        """Return how many of the last leads the rule would decide, in a sentence.

        :param int count: of leads that the rule decides
        :param int total: of leads that were looked at
        :rtype: str
        """
        receiver = self.user_id.name or self.team_id.name
        if self.problem or not self.active:
            return self.problem or self.env._("Archived: no lead goes this way.")
        if not total:
            return self.env._("There is no lead yet to preview the rule with.")
        if not receiver:
            return self.env._(
                "The rule would decide %(count)s of the last %(total)s leads.",
                count=count,
                total=total,
            )
        return self.env._(
            "%(count)s of the last %(total)s leads would go to %(receiver)s.",
            count=count,
            total=total,
            receiver=isolate(receiver),
        )

    # === CONSTRAINT METHODS === #

    @api.constrains("question", "answer_operator", "answer_value")
    def _check_answer(self):
        for rule in self:
            if not rule.question:
                continue
            if not rule.answer_value:
                raise ValidationError(
                    self.env._("Enter what the answer to “%s” must be.", isolate(rule.question))
                )
            if rule.answer_operator in NUMBER_OPERATORS:
                rule._check_number()

    def _check_number(self):
        """Refuse a comparison with what is no number.

        :raise ValidationError: if the value is no single number
        """
        if parse_number(self.answer_value) is None:
            raise ValidationError(
                self.env._("“%s” is not a single number: enter one.", isolate(self.answer_value))
            )

    @api.constrains("user_id", "company_id")
    def _check_user(self):
        for rule in self.filtered("user_id"):
            if rule.company_id not in rule.user_id.sudo().company_ids:
                raise ValidationError(
                    self.env._(
                        "%(user)s has no access to %(company)s.",
                        user=isolate(rule.user_id.name),
                        company=isolate(rule.company_id.name),
                    )
                )

    @api.constrains("team_id", "user_id", "tag_ids", "priority")
    def _check_result(self):
        for rule in self:
            if not (rule.team_id or rule.user_id or rule.tag_ids or rule.priority):
                raise ValidationError(
                    self.env._(
                        "Choose a team, a salesperson, tags or a priority for “%s”.",
                        isolate(rule.name),
                    )
                )

    # === READING THE RULES === #

    def _find_problem(self):
        """Return why the rule cannot be applied.

        :rtype: str | bool
        """
        self.ensure_one()
        rule = self.sudo()
        if rule.team_id and not rule.team_id.active:
            return self.env._(
                "The team %s is archived: choose another one.", isolate(rule.team_id.name)
            )
        if rule.user_id and not rule.user_id._tiktok_filter_able(rule.company_id):
            return self.env._(
                "%s has no access to leads of the company: choose another salesperson.",
                isolate(rule.user_id.name),
            )
        try:
            RuleMatcher(rule)
        except ValueError:
            return self.env._("“%s” is not a single number: enter one.", isolate(rule.answer_value))
        return False

    def _read_matchers(self):
        """Return the rules that can be applied with their conditions, in their order.

        :return: pairs of rule and `RuleMatcher`
        :rtype: list[tuple]
        """
        ordered = self.filtered("active").sorted(
            lambda rule: (rule.sequence, rule._origin.id or NEW)
        )
        return [(rule, RuleMatcher(rule)) for rule in ordered if not rule._find_problem()]

    @api.model
    def _find_first_fit(self, matchers, facts):
        """Find the rule that decides a lead; a rule that fails is skipped.

        :param list[tuple] matchers: of `_read_matchers`
        :param LeadFacts facts: of the lead
        :return: tiktok.routing.rule, may be empty
        """
        for rule, matcher in matchers:
            try:
                if matcher.fits(facts):
                    return rule
            except Exception as error:  # noqa: BLE001 - no rule may stop a lead
                _logger.warning("TikTok routing rule %s failed: %s", rule.id, describe_error(error))
        return self.browse()

    # === PREVIEW === #

    def _count_decided_leads(self, company):
        """Count which of the last leads these rules decide, with the company's other rules.

        :param company: res.company
        :return: facts of the leads that were looked at, and their number by rule
        :rtype: tuple[list[LeadFacts], collections.Counter]
        """
        stored = self.sudo().search([("company_id", "=", company._origin.id)])
        matchers = ((stored - self._origin) | self.sudo())._read_matchers()
        facts = self._read_last_leads(company._origin)
        counts = collections.Counter(self._find_first_fit(matchers, each) for each in facts)
        return facts, counts

    @api.model
    def _read_last_leads(self, company):
        """Return what is known of the company's last leads among those that the user may read.

        :param company: res.company
        :rtype: list[LeadFacts]
        """
        domain = [
            *self.env["tiktok.assignment"]._get_company_domain(company),
            *(("tiktok_lead_uid", "!=", False), ("tiktok_is_test", "=", False)),
        ]
        leads = self.env["crm.lead"].with_context(active_test=False)
        found = leads.search(domain, limit=PREVIEW_LEADS, order="id desc").sudo()

        def read_value(lead, name):
            value = lead[name]
            return value.id if isinstance(value, models.BaseModel) else value

        return [
            read_facts(
                lambda name, lead=lead: read_value(lead, name),
                lead.country_id.code,
                lead.lang_id.code,
            )
            for lead in found
        ]

    # === ON ARRIVAL === #

    @api.model
    def _route_values(self, company, vals_list):
        """Set the team, tags and priority of new leads by the first rule that fits each.

        :param company: res.company
        :param list[dict] vals_list: of leads that are no tests; changed in place
        """
        matchers = self.sudo().search([("company_id", "=", company.id)])._read_matchers()
        if not matchers:
            return
        countries = self.env["res.country"].browse({vals.get("country_id") for vals in vals_list})
        languages = self.env["res.lang"].browse({vals.get("lang_id") for vals in vals_list})
        country_codes = {each.id: each.code for each in countries if each.id}
        language_codes = {each.id: each.code for each in languages if each.id}
        results = {}
        for vals in vals_list:
            facts = read_facts(
                vals.get,
                country_codes.get(vals.get("country_id"), ""),
                language_codes.get(vals.get("lang_id"), ""),
            )
            rule = self._find_first_fit(matchers, facts)
            if rule:
                if rule not in results:
                    results[rule] = rule._prepare_lead_values()
                rule._add_to_values(vals, results[rule])

    def _prepare_lead_values(self):
        """Return what the rule writes on a lead, tags excluded.

        :return: values of crm.lead
        :rtype: dict
        """
        self.ensure_one()
        values = {"tiktok_routing_rule_id": self.id}
        if self.priority:
            values["priority"] = self.priority
        team = self.team_id
        if team:
            stage = self.env["crm.lead"]._stage_find(team_id=team.id, domain=[("fold", "=", False)])
            use_leads = self.env.user.has_group("crm.group_use_lead") and team.use_leads
            kind = "lead" if use_leads else "opportunity"
            values |= {"team_id": team.id, "stage_id": stage.id, "type": kind}
            values["tiktok_answer_team_id"] = False  # of an answer: the rule is above it
        return values

    def _add_to_values(self, vals, values):
        """Add what the rule writes to the values of a lead.

        :param dict vals: of a new lead; changed in place
        :param dict values: of `_prepare_lead_values`
        """
        if vals.get("team_id") == values.get("team_id"):
            values = {name: values[name] for name in values if name not in ("stage_id", "type")}
        vals.update(values)
        if self.tag_ids:
            links = [Command.link(tag_id) for tag_id in self.tag_ids.ids]
            vals["tag_ids"] = [*(vals.get("tag_ids") or []), *links]
