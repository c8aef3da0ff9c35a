from odoo.tests import tagged

from ..common import TiktokHttpCommon, body, entry, next_uid


@tagged("post_install", "-at_install")
class TestRelay(TiktokHttpCommon):
    """What relays post, over HTTP."""

    def post_and_process(self, *contents):
        for content in contents:
            self.assertEqual(self.post(content).status_code, 200)
        self.process()

    def leads_of(self, email):
        return self.leads.search([("email_from", "=", email), ("company_id", "=", self.company.id)])

    def test_forwarded_answer_of_tiktok_is_the_lead_of_the_webhook(self):
        uid, other = next_uid(), next_uid()
        answers = {"name": "Rest Answer", "email": "rest@example.com"}
        meta = {
            "lead_source": "INSTANT_FORM",
            "page_id": "7411111111111111112",
            "campaign_id": "11",
            "create_time": "2026-11-20 12:00:00",
        }
        forwarded = [
            {
                "code": 0,
                "message": "OK",
                "request_id": "r",
                "data": {"lead_data": data, "meta_data": {**meta, "lead_id": str(lead_uid)}},
            }
            for lead_uid, data in (
                (uid, {"Email": "rest@example.com", "Name": "Rest Answer", "Availability": "Mon"}),
                (other, {"Email": "only@example.com", "Name": "Only Rest"}),
            )
        ]
        self.post_and_process(body(entry(uid, answers=answers)), *forwarded)
        self.assertEqual(len(self.leads_of("rest@example.com")), 1)
        lead = self.lead(other)
        self.assertEqual((lead.contact_name, lead.tiktok_campaign_uid), ("Only Rest", "11"))
        self.assertEqual(str(lead.tiktok_submitted_at), "2026-11-20 12:00:00")
        self.assertEqual(lead.tiktok_form_id.page_uid, "7411111111111111112")
        self.assertNotIn("meta_data", lead.tiktok_answers)

    def test_each_try_of_a_relay_is_one_lead_with_the_time_of_the_first(self):
        tries = [
            {
                "event_id": "evt9",
                "event": "lead.generate",
                "timestamp": moment,
                "advertiser_id": "7163948356417559999",
                "data": {
                    "external_id": "ext-9",
                    "name": "Retry Person",
                    "email": "retry@example.com",
                    "phone": "+84901234567",
                    "campaign_id": "c1",
                },
            }
            for moment in (1795176000, 1795176060, 1795176120)
        ]
        self.post_and_process(*tries)
        lead = self.leads_of("retry@example.com")
        self.assertEqual(len(lead), 1)
        self.assertEqual(str(lead.tiktok_submitted_at), "2026-11-20 12:00:00")

    def test_lead_in_each_wrapper_is_found(self):
        uids = [str(next_uid()) for _number in range(5)]
        names = ["Leads One", "Leads Two", "Record Person", "Properties Person", "Result Person"]
        self.post_and_process(
            {
                "leads": [
                    {"lead_id": uid, "fields": [{"name": "full_name", "value": name}]}
                    for uid, name in list(zip(uids, names, strict=True))[:2]
                ]
            },
            {"type": "INSERT", "table": "leads", "record": {"lead_id": uids[2], "name": names[2]}},
            {"event": "lead", "properties": {"lead_id": uids[3], "name": names[3]}},
            {"result": {"leads": [{"id": uids[4], "full_name": names[4]}]}},
        )
        self.assertEqual([self.lead(uid).contact_name for uid in uids], names)

    def test_tests_said_in_the_answers_are_tests(self):
        uids = [str(next_uid()) for _number in range(4)]
        self.post_and_process(
            {
                "lead_id": uids[0],
                "is_test": True,
                "user_column_data": [{"column_id": "EMAIL", "string_value": "a@b.co"}],
            },
            body(entry(int(uids[1]), answers={"name": "<test lead: dummy data for name>"})),
            body(entry(int(uids[2]), answers={"name": "Ana", "is_test": "true"})),
            body(entry(int(uids[3]), answers={"name": "Test", "email": "test@example.com"})),
        )
        found = [self.lead(uid).tiktok_is_test for uid in uids]
        self.assertEqual(found, [True, True, True, False])
