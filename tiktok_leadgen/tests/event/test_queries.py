from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from ... import const
from ...event_claims import claim_events
from ..common import TiktokHttpCommon, body, entry


@tagged("post_install", "-at_install")
class TestQueries(TiktokHttpCommon):
    """What a lead costs stays the same, however many there are."""

    def queries_of(self, work):
        before = self.cr.sql_log_count
        work()
        return self.cr.sql_log_count - before

    def post_leads(self, count):
        content = body(*(entry() for _ in range(count)))
        return self.queries_of(lambda: self.post(content))

    def drain_leads(self, count, **values):
        self.receive(*(entry(**values) for _ in range(count)))
        self.env.flush_all()
        events = claim_events(self.env)
        self.assertEqual(len(events), count)

        def drain():
            events._process_batch(events)
            self.env.flush_all()

        return self.queries_of(drain)

    def test_a_post_costs_the_same_queries_for_one_lead_and_for_a_thousand(self):
        self.post_leads(1)  # fills caches
        one, thousand = self.post_leads(1), self.post_leads(1000)
        self.assertEqual(one, thousand)
        self.assertLessEqual(one, 4)  # the test itself reads the token

    def test_many_ad_accounts_cost_a_stranger_no_more_queries_than_one(self):
        def knock(count):
            leads = [entry(advertiser_id=8 * 10**18 + number) for number in range(count)]
            return self.queries_of(lambda: self.post(body(*leads), token="wrong"))

        knock(1)
        self.assertEqual(knock(1), knock(100))

    def test_a_lead_costs_as_much_among_200_as_among_10(self):
        self.drain_leads(2)
        ten, many = self.drain_leads(10), self.drain_leads(200)
        self.assertLessEqual((many - ten) / 190, 0.5, f"{ten} for 10 leads, {many} for 200")

    def test_a_batch_costs_few_queries_and_writes_each_lead_once(self):
        self.drain_leads(2)
        self.receive(*(entry() for _ in range(200)))
        events = claim_events(self.env)
        statements, execute = [], self.cr.execute

        def note(query, *args, **kwargs):
            statements.append(str(getattr(query, "code", query)).split("(")[0].strip())
            return execute(query, *args, **kwargs)

        with patch.object(self.cr, "execute", note):
            events._process_batch(events)
            self.env.flush_all()
        self.assertLessEqual(len(statements), 75, statements)
        self.assertFalse([each for each in statements if each.startswith('UPDATE "crm_lead"')])
        inserts = [each for each in statements if each == 'INSERT INTO "crm_lead"']
        self.assertEqual(len(inserts), 2)  # Odoo inserts a hundred rows at a time

    def test_a_mapping_of_every_kind_costs_a_batch_a_few_queries(self):
        answers = {"name": "Ana", "Budget?": "1", "Rooms?": "A", "Plan?": "Gold", "OK?": "Yes"}
        self.drain_leads(200, answers=answers)
        plain = self.drain_leads(200, answers=answers)
        questions = self.env["tiktok.form.question"].search([("company_id", "=", self.company.id)])
        self.env["crm.recurring.plan"].create({"name": "Gold", "number_of_months": 1})
        targets = {"Budget?": "expected_revenue", "Rooms?": "tag_ids", "Plan?": "recurring_plan"}
        for name, field in targets.items():
            question = questions.filtered(lambda q, name=name: q.name == name)
            question.write({"target": "field", "field_name": field})
        questions.filtered(lambda q: q.name == "OK?").target = "consent"
        self.env["tiktok.form.default"].create(
            {"form_id": questions.form_id.id, "field_name": "city", "value": "Lima"}
        )
        self.env["crm.tag"].create({"name": "A"})
        self.env.flush_all()
        self.drain_leads(200, answers=answers)
        mapped = self.drain_leads(200, answers=answers)
        self.assertLessEqual(mapped - plain, 8, f"{plain} without, {mapped} with")

    @mute_logger("odoo.addons.tiktok_leadgen.models.event.tiktok_event_process")
    def test_one_poisonous_lead_among_200_costs_little(self):
        self.drain_leads(2)
        plain = self.drain_leads(200)
        content = [entry() for _ in range(200)]
        self.poison(content[100]["id"])
        self.receive(*content)
        events = claim_events(self.env)
        spent = self.queries_of(lambda: events._process_batch(events))
        self.assertLess(spent, plain * 15)
        self.env.invalidate_all()
        states = events.mapped("state")
        self.assertEqual((states.count("done"), states.count("pending")), (199, 1))

    def test_a_claim_takes_no_more_than_a_batch(self):
        self.patch(const, "BATCH_SIZE", 3)
        self.receive(*(entry() for _ in range(5)))
        self.assertEqual(len(claim_events(self.env)), 3)

    def test_the_page_costs_the_same_however_many_events_there_are(self):
        self.receive(*(entry() for _ in range(3)))
        self.company._tiktok_count_events()  # fills caches
        self.env.invalidate_all()
        few = self.queries_of(self.company._tiktok_count_events)
        self.receive(*(entry() for _ in range(50)))
        self.env.invalidate_all()
        self.assertEqual(self.queries_of(self.company._tiktok_count_events), few)
