from unittest.mock import patch

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from odoo.addons.tiktok_leadgen.event_claims import claim_events
from odoo.addons.tiktok_leadgen.tests.common import entry
from odoo.addons.tiktok_leadgen.tests.common_team import TeamCommon

from .. import lead_facts
from ..lead_facts import LeadFacts, RuleMatcher

RULES_LOGGER = "odoo.addons.tiktok_routing.models.tiktok_routing_rule"


@tagged("post_install", "-at_install")
class TestRoutingRule(TeamCommon):
    """The first rule that fits a lead decides where it goes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rules = cls.env["tiktok.routing.rule"].with_company(cls.company)
        cls.special = cls.env["crm.team"].create(
            {"name": "Specialists", "company_id": cls.company.id}
        )
        cls.dora = cls.new_seller("dora", cls.special)

    def add_rule(self, **values):
        """Return a rule to the specialists."""
        return self.rules.create(
            {
                "name": "Rule",
                "company_id": self.company.id,
                "team_id": self.special.id,
                **values,
            }
        )

    def make_with(self, **answers):
        """Return the lead of a new person who gave some more answers."""
        return self.make(answers={**self.person(), **answers})

    # === CONDITIONS === #

    def test_lead_without_a_rule_stays_where_it_was(self):
        lead = self.make()
        self.assertEqual((lead.team_id, lead.user_id), (self.team, self.ana))
        self.assertFalse(lead.tiktok_routing_rule_id)

    def test_country_of_the_phone_decides(self):
        rule = self.add_rule(country_ids=self.env.ref("base.fr").ids)
        french = self.make_with(phone_number="+33612345678")
        self.assertEqual((french.team_id, french.user_id), (self.special, self.dora))
        self.assertEqual(french.tiktok_routing_rule_id, rule)
        self.assertEqual(self.make().team_id, self.team)

    def test_script_of_the_answers_tells_the_language(self):
        self.env["res.lang"]._activate_lang("ar_001")
        self.env["res.lang"]._activate_lang("es_ES")
        self.add_rule(lang_ids=self.env["res.lang"]._lang_get("ar_001").ids)
        arabic = self.make_with(**{"ما هي ميزانيتك؟": "أقل من ٥٠٠ ألف"})
        self.assertEqual(arabic.team_id, self.special)
        self.assertEqual(self.make().team_id, self.team)
        spanish = self.add_rule(lang_ids=self.env["res.lang"]._lang_get("es_ES").ids)
        self.assertEqual(self.make().tiktok_routing_rule_id, spanish)  # a number in Chile

    def test_form_and_campaign_decide(self):
        first = self.make()
        form_rule = self.add_rule(form_ids=first.tiktok_form_id.ids)
        self.assertEqual(self.make().tiktok_routing_rule_id, form_rule)
        self.assertEqual(self.make(page_id=7600000000000000999).team_id, self.team)
        form_rule.active = False
        rule = self.add_rule(campaign_ids=first.campaign_id.ids)
        self.assertEqual(self.make().tiktok_routing_rule_id, rule)
        self.assertFalse(
            self.make(campaign_id=1809876543299999, campaign_name="Autumn").tiktok_routing_rule_id
        )

    def test_answers_decide_by_text_and_by_number(self):
        cases = (
            ("contains", "villa; house", {"What do you want?": "A big Villa"}, True),
            ("contains", "villa; house", {"What do you want?": "A flat"}, False),
            ("is", "flat; house", {"What do you want?": "Flat"}, True),
            ("is", "flat; house", {"What do you want?": "A flat"}, False),
            ("at_least", "3,000", {"What do you want?": "3.500 €"}, True),
            ("at_least", "3,000", {"What do you want?": "2k"}, False),
            ("at_least", "3,000", {"What do you want?": "a lot"}, False),
            ("at_most", "3,000", {"What do you want?": "2k"}, True),
            ("contains", "villa", {"Something else?": "villa"}, False),
        )
        rule = self.add_rule(question="WANT", answer_operator="is", answer_value="-")
        for operator, value, answers, fits in cases:
            with self.subTest(operator=operator, answers=answers):
                rule.write({"answer_operator": operator, "answer_value": value})
                lead = self.make_with(**answers)
                self.assertEqual(lead.tiktok_routing_rule_id, rule if fits else self.rules)

    def test_first_rule_in_the_list_decides(self):
        second = self.add_rule(name="Second", sequence=20)
        first = self.add_rule(name="First", sequence=10, user_id=self.boris.id, team_id=False)
        lead = self.make()
        self.assertEqual((lead.tiktok_routing_rule_id, lead.user_id), (first, self.boris))
        second.sequence = 5
        self.assertEqual(self.make().tiktok_routing_rule_id, second)

    def test_rules_of_another_company_do_not_count(self):
        self.rules.create({"name": "Theirs", "company_id": self.other_company.id, "priority": "3"})
        self.assertFalse(self.make().tiktok_routing_rule_id)

    # === WHAT A RULE DOES === #

    def test_tags_and_priority_are_written(self):
        tag = self.env["crm.tag"].create({"name": "Villa"})
        self.add_rule(team_id=False, tag_ids=tag.ids, priority="2")
        lead = self.make()
        self.assertIn(tag, lead.tag_ids)
        self.assertEqual((lead.priority, lead.team_id), ("2", self.team))

    def test_rule_is_above_the_forms_own_team_and_salesperson(self):
        form = self.make().tiktok_form_id
        form.write({"team_id": self.team.id, "user_id": self.chen.id})
        self.add_rule()
        lead = self.make()
        self.assertEqual((lead.team_id, lead.user_id), (self.special, self.dora))

    def test_rule_is_above_the_team_of_an_answer(self):
        form = self.make_with(Budget="Over 3,000").tiktok_form_id
        value = {
            "form_id": form.id,
            "question_id": form.question_ids.filtered(lambda row: row.name == "Budget").id,
            "answer": "Over 3,000",
            "team_id": self.env["crm.team"].create({"name": "Of the answer"}).id,
        }
        row = self.env["tiktok.form.value"].create(value)
        lead = self.make_with(Budget="Over 3,000")
        self.assertEqual((lead.team_id, lead.tiktok_answer_team_id), (row.team_id, row.team_id))
        self.add_rule()
        lead = self.make_with(Budget="Over 3,000")
        self.assertEqual((lead.team_id, lead.user_id), (self.special, self.dora))
        self.assertFalse(lead.tiktok_answer_team_id)

    def test_team_of_a_rule_gets_its_leads_round_robin_where_one_person_gets_the_others(self):
        self.company.write({"tiktok_assignment": "fixed", "tiktok_user_id": self.ana.id})
        eva = self.new_seller("eva", self.special)
        self.add_rule(country_ids=self.env.ref("base.fr").ids)
        leads = self.leads.union(
            *(self.make_with(phone_number=f"+3361234567{number}") for number in range(4))
        )
        self.assertEqual(leads.mapped("user_id"), self.dora | eva)
        self.assertEqual(self.make().user_id, self.ana)

    def test_known_person_keeps_the_salesperson_of_the_team_only(self):
        eva = self.new_seller("eva", self.special)
        answers = self.person()
        first = self.make(answers=answers)
        self.assertEqual(first.team_id, self.team)
        rule = self.add_rule(user_id=eva.id)
        second = self.make(answers=answers)
        self.assertEqual(second.user_id, eva)  # the first owner is not in the team
        second.user_id = self.dora
        self.assertEqual(self.make(answers=answers).user_id, self.dora)
        rule.is_owner_first = False
        self.assertEqual(self.make(answers=answers).user_id, eva)

    # === ABSENCE === #

    def test_team_takes_over_where_the_salesperson_is_away(self):
        rule = self.add_rule(team_id=self.team.id, user_id=self.boris.id)
        self.boris.out_of_office_from = "2020-01-01"
        waiting = self.make()
        self.assertEqual(
            (waiting.user_id.id, waiting.tiktok_unassigned_reason), (False, "user_away")
        )
        self.company.tiktok_absence_fallback = True
        lead = self.make()
        self.assertEqual(lead.tiktok_routing_rule_id, rule)
        self.assertEqual(lead.user_id, self.ana)

    # === BROKEN RULES === #

    def test_rule_whose_team_is_archived_is_skipped_and_says_so(self):
        rule = self.add_rule()
        self.special.active = False
        self.assertIn("Specialists", rule.problem)
        self.assertEqual(self.make().team_id, self.team)

    def test_rule_whose_salesperson_left_is_skipped_and_says_so(self):
        rule = self.add_rule(team_id=False, user_id=self.boris.id)
        self.boris.active = False
        self.assertIn("Boris", rule.problem)
        self.assertEqual(self.make().user_id, self.ana)

    @mute_logger(RULES_LOGGER)
    def test_rule_that_fails_stops_no_lead(self):
        self.add_rule()
        second = self.add_rule(sequence=20, team_id=False, priority="1")
        fits = RuleMatcher.fits

        def fail(matcher, facts):
            if matcher is not failing[0]:
                return fits(matcher, facts)
            raise RuntimeError("broken")

        failing, prepare = [], RuleMatcher.__init__

        def note(matcher, rule):
            failing.append(matcher)
            prepare(matcher, rule)

        with patch.object(RuleMatcher, "__init__", note), patch.object(RuleMatcher, "fits", fail):
            # `_find_problem` reads each rule once before: its matcher is the first one.
            failing.clear()
            with patch.object(type(self.rules), "_find_problem", lambda rule: False):
                lead = self.make()
        self.assertEqual((lead.tiktok_routing_rule_id, lead.user_id), (second, self.ana))

    def test_rule_must_be_complete(self):
        for values in (
            {"question": "Budget", "answer_value": False},
            {"question": "Budget", "answer_operator": "at_least", "answer_value": "a lot"},
            {"team_id": False},
            {"user_id": self.stranger.id},
        ):
            with self.subTest(values=values), self.assertRaises(ValidationError):
                self.add_rule(**values)

    # === PREVIEW === #

    def test_preview_counts_the_last_leads_that_the_rule_would_decide(self):
        for number in range(3):
            self.make_with(phone_number=f"+3361234567{number}")
        self.make_many(2)[:1].write({"company_id": False, "team_id": False})  # its form has one
        first = self.add_rule(country_ids=self.env.ref("base.fr").ids)
        rest = self.add_rule(sequence=20, team_id=self.team.id)
        self.assertEqual((first.preview_count, rest.preview_count), (3, 2))
        self.assertEqual(
            first.preview_text, "3 of the last 5 leads would go to \u2068Specialists\u2069."
        )

    def test_list_says_what_a_rule_compares(self):
        rule = self.add_rule(
            country_ids=self.env.ref("base.fr").ids, question="Budget", answer_value="villa; house"
        )
        shown = rule.condition_text.replace("\u2068", "").replace("\u2069", "")
        self.assertEqual(shown, "France · Budget contains villa; house")
        rule.write({"country_ids": [Command.clear()], "question": False, "answer_value": False})
        self.assertEqual(rule.condition_text, "Any lead")

    def test_preview_of_a_rule_that_sends_no_lead_elsewhere_is_a_sentence(self):
        self.make()
        rule = self.add_rule(team_id=False, priority="1")
        self.assertEqual(rule.preview_text, "The rule would decide 1 of the last 1 leads.")

    def test_preview_follows_what_is_typed(self):
        self.make_many(2)
        form = Form(self.rules.with_user(self.manager))
        form.name = "New"
        form.team_id = self.special
        self.assertEqual(
            form.preview_text, "2 of the last 2 leads would go to \u2068Specialists\u2069."
        )
        form.question = "Budget"
        form.answer_value = "1"
        self.assertEqual(
            form.preview_text, "0 of the last 2 leads would go to \u2068Specialists\u2069."
        )

    # === COST === #

    def test_queries_of_a_batch_do_not_grow_with_its_leads(self):
        self.add_rule(country_ids=self.env.ref("base.fr").ids)
        self.add_rule(question="Budget", answer_value="1", sequence=20)

        def cost(count):
            self.receive(*(entry(answers=self.person()) for _number in range(count)))
            self.env.flush_all()
            events = claim_events(self.env)
            before = self.cr.sql_log_count
            events._process_batch(events)
            self.env.flush_all()
            return self.cr.sql_log_count - before

        cost(2)
        ten, many = cost(10), cost(100)
        self.assertLessEqual((many - ten) / 90, 1.5, f"{ten} for 10 leads, {many} for 100")

    def test_lead_that_is_not_from_tiktok_costs_no_query_more(self):
        def cost():
            before = self.cr.sql_log_count
            lead = self.env["crm.lead"].create({"name": "Plain", "company_id": self.company.id})
            lead.write({"user_id": self.boris.id})
            self.env.flush_all()
            return self.cr.sql_log_count - before

        cost()
        plain = cost()
        self.add_rule()
        self.company.tiktok_check_junk = True
        self.env.flush_all()
        self.assertEqual(cost(), plain)

    # === WHAT A PREVIEW TELLS === #

    def preview(self, user, **values):
        """Return how many leads a rule would decide, by a form that a user has not saved.

        :param user: res.users
        :param values: of the rule
        :rtype: int
        """
        rules = self.env["tiktok.routing.rule"].with_user(user)
        values = {"name": "Probe", "company_id": self.company.id, **values}
        return rules.new({"user_id": self.ana.id, **values}).preview_count

    def test_preview_counts_leads_that_its_reader_may_read(self):
        own, _of_boris = self.make(), self.make()
        self.make(company=self.other_company)
        self.assertEqual(own.user_id, self.ana)
        self.assertEqual(self.preview(self.manager), 2)
        self.assertEqual(self.preview(self.ana), 1)
        for user in (self.manager, self.ana):
            self.assertEqual(self.preview(user, company_id=self.other_company.id), 0)

    def test_long_answer_is_looked_at_once_for_all_rules(self):
        facts = LeadFacts("", "", 0, 0, (("Вопрос", "да" * 1_000_000),))
        with patch.object(lead_facts, "find_script", wraps=lead_facts.find_script) as find:
            self.assertEqual([facts.script, facts.script], ["Cyrl", "Cyrl"])
        [call] = find.call_args_list
        self.assertLessEqual(len(call.args[0]), lead_facts.SCRIPT_CHARACTERS)
