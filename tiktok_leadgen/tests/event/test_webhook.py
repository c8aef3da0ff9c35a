import json
from unittest.mock import patch

from odoo.tests import tagged

from ... import const, event_store_rows
from ..common import APP_SECRET, TiktokHttpCommon, body, entry, next_uid

ROUTE = const.LEAD_WEBHOOK_ROUTE
DEEP = '{"a":' * 50_000


@tagged("post_install", "-at_install")
class TestWebhook(TiktokHttpCommon):
    """What comes to the webhook, over HTTP."""

    def newest(self):
        return self.events.search([("company_id", "=", self.company.id)])

    def assert_stored(self, response, count=1):
        self.assertEqual((response.status_code, response.text), (200, "OK"))
        self.assertNotIn("Set-Cookie", response.headers)
        events = self.newest()
        self.assertEqual(len(events), count)
        return events

    def test_a_documented_delivery_becomes_a_lead(self):
        uid = next_uid()
        event = self.assert_stored(self.post(body(entry(uid))))
        self.assertEqual(
            (event.state, event.kind, event.verification), ("pending", "lead", "token")
        )
        self.assertEqual((event.lead_uid, event.source), (str(uid), "webhook"))
        self.process()
        self.assertEqual(event.state, "done")
        lead = self.lead(uid)
        self.assertEqual(lead, event.lead_id)
        self.assertEqual(lead.contact_name, "Ana Pérez")
        self.assertEqual(lead.phone, "+56911112222")

    def test_no_crm_lead_is_made_inside_the_request(self):
        uid = next_uid()
        self.post(body(entry(uid)))
        self.assertFalse(self.lead(uid))

    def test_a_thousand_leads_in_one_post_become_a_thousand(self):
        uids = [next_uid() for _ in range(1000)]
        events = self.assert_stored(self.post(body(*map(entry, uids))), count=1000)
        self.process()
        self.assertEqual(set(events.mapped("state")), {"done"})
        leads = self.leads.search([("tiktok_lead_uid", "in", [str(uid) for uid in uids])])
        self.assertEqual(len(leads), 1000)
        self.assertEqual(leads.company_id, self.company)

    def test_the_same_delivery_again_is_one_event_and_one_lead(self):
        uid = next_uid()
        for _time in range(3):
            self.assert_stored(self.post(body(entry(uid))))
        self.process()
        self.assert_stored(self.post(body(entry(uid))))
        self.process()
        self.assertEqual(len(self.lead(uid)), 1)

    def test_the_same_lead_twice_in_one_post_is_one_lead(self):
        uid = next_uid()
        self.assert_stored(self.post(body(entry(uid), entry(str(uid)))))
        self.process()
        self.assertEqual(len(self.lead(uid)), 1)

    def test_a_lead_without_an_id_is_made_once(self):
        nameless = entry()
        del nameless["id"]
        self.assert_stored(self.post(body(nameless)))
        event = self.assert_stored(self.post(body(nameless)))
        self.process()
        self.assertTrue(event.lead_uid.startswith("fp-"))
        self.assertEqual(event.lead_id.tiktok_lead_uid, event.lead_uid)

    def test_a_good_entry_beside_bad_ones_becomes_a_lead(self):
        uid = next_uid()
        bad = [None, "x", 7, [], {}, entry("y" * 5000), entry(create_time="²")]
        self.assertEqual(self.post(body(*bad, entry(uid))).status_code, 200)
        self.process()
        self.assertEqual(self.event(uid).state, "done")
        self.assertEqual(len(self.lead(uid)), 1)
        reasons = self.newest().filtered(lambda e: e.kind == "unreadable").mapped("reason")
        self.assertEqual(set(reasons), {"bad_entry", "no_answers"})
        self.assertEqual(len(reasons), 5)

    def test_an_object_other_than_1_is_ignored(self):
        event = self.assert_stored(self.post(body(entry(), object=2)))
        self.assertEqual((event.state, event.kind), ("ignored", "other"))
        self.assertEqual(event.reason, "other_object")

    def test_a_delivery_without_entries_is_ignored(self):
        event = self.assert_stored(self.post(body()))
        self.assertEqual((event.state, event.reason), ("ignored", "no_entries"))

    def test_what_can_not_be_read_is_stored_and_fails_with_its_reason(self):
        bodies = [
            (b"", "empty_body"),
            (b"hello", "not_json"),
            (b'{"entry": [{"id": nan}]}', "not_json"),
            ("Zoë".encode("latin-1"), "bad_encoding"),
            (DEEP.encode(), "too_deep"),
            (b'{"object":1,"entry":{"id":7}}', "bad_shape"),
            (b'{"hello":"world"}', "no_answers"),
            (b"\x00\x01\x02", "not_json"),
        ]
        for raw, reason in bodies:
            with self.subTest(reason=reason, raw=raw[:20]):
                before = self.newest()
                self.assertEqual(self.post(None, raw=raw).status_code, 200)
                event = self.newest() - before
                self.assertEqual((event.kind, event.state), ("unreadable", "pending"))
                self.assertEqual(event.reason, reason)
                self.process()
                self.assertEqual((event.state, event.reason), ("failed", reason))
                self.assertFalse(event.lead_id)
                event.action_replay()
                self.process()
                self.assertEqual((event.state, event.reason), ("failed", reason))

    def test_utf_16_is_accepted_where_json_allows_it(self):
        uid = next_uid()
        self.assert_stored(self.post(None, raw=json.dumps(body(entry(uid))).encode("utf-16")))
        self.process()
        self.assertEqual(self.lead(uid).contact_name, "Ana Pérez")

    def test_an_answer_nested_too_deep_costs_nothing_but_itself(self):
        uid = next_uid()
        nested = json.dumps(body(entry(uid), entry(answers={"name": "@"})))
        raw = nested.replace('"@"', "[" * 400 + '"Eva"' + "]" * 400).encode()
        self.assert_stored(self.post(None, raw=raw), count=2)
        self.process()
        self.assertEqual(self.event(uid).state, "done")

    def test_a_lead_over_the_bounds_fails_with_its_reason_and_the_others_are_made(self):
        uid, behind = next_uid(), next_uid()
        heavy = entry(changes=[{"field": "a", "value": [str(n) for n in range(80_000)]}] * 2)
        self.assert_stored(self.post(body(entry(uid), heavy, entry(behind))), count=3)
        self.process()
        self.assertEqual({self.event(each).state for each in (uid, behind)}, {"done"})
        failed = self.events.search(
            [("company_id", "=", self.company.id), ("state", "=", "failed")]
        )
        self.assertEqual((failed.kind, failed.reason), ("unreadable", "too_long"))
        self.assertIn('"field"', failed.raw)

    def test_nul_and_lone_surrogates_in_an_answer_do_no_harm(self):
        uid = next_uid()
        self.post(body(entry(uid, answers={"name": "A\x00na\ud800", "q\x00": "\udfff"})))
        self.process()
        self.assertEqual(self.lead(uid).contact_name, "Ana?")
        self.assertTrue(self.event(uid).raw_pretty)

    def test_more_than_8_mib_is_refused(self):
        limit = const.MAX_WEBHOOK_BYTES
        self.assertEqual(self.post(None, raw=b"x" * (limit + 1)).status_code, 413)
        self.assertFalse(self.newest())
        self.assert_stored(self.post(None, raw=b"x" * limit))

    def test_flat_fields_of_a_form_become_a_lead(self):
        uid = str(next_uid())
        data = f"lead_id={uid}&form_id=77&full_name=Ana+P%C3%A9rez&phone=%2B56911112222&token=x"
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        event = self.assert_stored(self.post(None, raw=data.encode(), headers=headers))
        self.assertEqual((event.verification, event.lead_uid, event.page_uid), ("token", uid, "77"))
        self.process()
        self.assertEqual(self.lead(uid).contact_name, "Ana Pérez")
        self.assertEqual(self.lead(uid).phone, "+56911112222")

    def test_json_in_a_field_of_a_form_becomes_a_lead(self):
        uid = next_uid()
        url = f"{ROUTE}?company_id={self.company.id}&token={self.company.tiktok_webhook_token}"
        self.url_open(url, data={"content": json.dumps(body(entry(uid)))})
        self.process()
        self.assertEqual(self.lead(uid).contact_name, "Ana Pérez")

    def test_json_that_says_it_is_a_form_is_read_byte_for_byte(self):
        uid = next_uid()
        content = body(entry(uid, page_name="A & B = C", answers={"phone_number": "+56911112222"}))
        headers = {"Content-Type": "application/x-www-form-urlencoded"}  # curl's own
        self.company.tiktok_app_secret = APP_SECRET
        self.assert_stored(self.post_signed(content, headers=headers))
        event = self.event(uid)
        self.assertEqual((event.kind, event.verification), ("lead", "both"))
        self.process()
        self.assertEqual(self.lead(uid).phone, "+56911112222")
        self.assertEqual(self.lead(uid).tiktok_form_id.name, "A & B = C")

    def test_more_than_8_mib_in_chunks_without_a_length_is_refused(self):
        chunks = (b"x" * 2**20 for _number in range(9))
        self.assertEqual(self.post(None, raw=chunks).status_code, 413)
        self.assertFalse(self.newest())

    def test_a_form_that_is_too_big_is_refused_too(self):
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        raw = b"name=" + b"x" * const.MAX_WEBHOOK_BYTES
        self.assertEqual(self.post(None, raw=raw, headers=headers).status_code, 413)
        self.assertFalse(self.newest())

    def test_fields_of_a_multipart_body_become_a_lead(self):
        uid = next_uid()
        url = f"{ROUTE}?company_id={self.company.id}&token={self.company.tiktok_webhook_token}"
        files = {"lead_id": (None, str(uid)), "name": (None, "Ana"), "cv": ("a.txt", b"x")}
        self.assertEqual(self.url_open(url, files=files).status_code, 200)
        self.process()
        self.assertEqual(self.lead(uid).contact_name, "Ana")

    def test_fields_of_a_form_never_stand_in_for_the_address(self):
        data = f"company_id={self.company.id}&token={self.company.tiktok_webhook_token}&name=A"
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        self.post(None, raw=data.encode(), headers=headers, query="x=1")
        self.assertFalse(self.newest())

    def test_the_address_works_with_and_without_its_last_slash(self):
        for route in (ROUTE, ROUTE.rstrip("/")):
            uid = next_uid()
            query = f"company_id={self.company.id}&token={self.company.tiktok_webhook_token}"
            response = self.url_open(f"{route}?{query}", data=json.dumps(body(entry(uid))))
            self.assertEqual((response.status_code, response.history), (200, []))
            self.assertEqual(self.url_open(route).status_code, 200)

    def test_a_browser_is_told_what_the_address_is_for(self):
        response = self.url_open(f"{ROUTE}?company_id=1&token=x")
        self.assertEqual(response.status_code, 200)
        self.assertEqual(response.headers["Content-Type"], "text/plain; charset=utf-8")
        self.assertIn("receives leads from TikTok", response.text)
        self.assertNotIn("Set-Cookie", response.headers)

    def test_head_is_answered_and_other_methods_are_not_allowed(self):
        head = self.url_open(ROUTE, method="HEAD")
        self.assertEqual((head.status_code, head.text), (200, ""))
        for method in ("PUT", "DELETE", "PATCH"):
            response = self.url_open(ROUTE, data=b"{}", method=method)
            self.assertEqual(response.status_code, 405)

    def test_what_could_not_be_stored_is_answered_503_and_leaves_nothing(self):
        uid = next_uid()
        error = RuntimeError("secret of Ana")
        with (
            patch.object(type(self.events), "_find_full_quotas", side_effect=error),
            self.assertLogs("odoo.http", "ERROR"),
        ):
            response = self.post(body(entry(uid)), token="wrong")
        self.assertEqual(response.status_code, 503)
        self.assertNotIn("Ana", response.text)
        self.assertFalse(self.event(uid))

    def test_a_refusal_of_the_database_is_answered_503_and_quotes_nothing(self):
        uid = next_uid()
        # It quotes what is no number.
        one = ["%s::int" if name == "raw" else "%s::text" for name in event_store_rows.COLUMNS]
        many = [
            "(%s::text[])[1]::int" if name == "raw" else "%s::text[]"
            for name in event_store_rows.COLUMNS
        ]
        with (
            patch.object(event_store_rows, "STORE_ONE_QUERY", f"SELECT {', '.join(one)}"),
            patch.object(event_store_rows, "STORE_QUERY", f"SELECT {', '.join(many)}, %s::int"),
            self.assertLogs(level="WARNING") as log,
        ):
            response = self.post(body(entry(uid, answers={"name": "Ana Secreta"})))
        self.assertEqual(response.status_code, 503)
        self.assertNotIn("Secreta", "".join(log.output) + response.text)
        self.assertFalse(self.event(uid))

    def test_json_that_is_sent_as_a_form_is_parsed_as_json(self):
        uid = next_uid()
        raw = json.dumps(body(entry(uid))).encode()
        response = self.post(
            None, raw=raw, headers={"Content-Type": "application/x-www-form-urlencoded"}
        )
        self.assertEqual(response.status_code, 200)
        self.process()
        self.assertEqual(self.lead(uid).phone, "+56911112222")
