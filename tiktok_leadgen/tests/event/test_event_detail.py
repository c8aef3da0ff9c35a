"""The page of a delivery: its way to the lead, its request, and the command that posts it again."""

import json
import shlex

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ... import const
from ..common import TiktokHttpCommon, body, entry, next_uid


class DeliveryDetailCommon(TiktokHttpCommon):
    def deliver(self, token=True, **values):
        """Post a lead and return its delivery, as a sales manager reads it.

        :param token: of the URL, True for the company's
        :param values: of the entry
        :rtype: tiktok.event
        """
        self.lead_uid = next_uid()
        self.post(body(entry(self.lead_uid, **values)), token=token)
        return self.event(self.lead_uid).with_user(self.manager)

    def steps(self, delivery):
        """Return the steps of the timeline by name.

        :param delivery: tiktok.event
        :rtype: dict
        """
        self.env.invalidate_all()
        return {step["step"]: step for step in delivery.timeline}


@tagged("post_install", "-at_install")
class TestTimeline(DeliveryDetailCommon):
    def test_a_lead_has_all_steps_in_order(self):
        delivery = self.deliver()
        self.process()
        steps = self.steps(delivery)
        self.assertEqual(list(steps), ["submitted", "received", "stored", "processed", "lead"])
        self.assertEqual({step["state"] for step in steps.values()}, {"done"})
        moments = [step["at"] for step in steps.values()]
        self.assertEqual(moments[:3], sorted(moments[:3]))
        self.assertLess(moments[2], moments[4])
        self.assertLess(moments[2], moments[3])
        lead = self.lead(self.lead_uid)
        self.assertEqual(steps["lead"]["lead"], {"id": lead.id, "name": "Ana Pérez"})
        self.assertEqual(steps["lead"]["ms"], delivery.lead_ms)
        self.assertGreater(delivery.lead_ms, 0)
        self.assertEqual(
            (steps["processed"]["result"], steps["processed"]["attempts"]), ("done", 1)
        )

    def test_what_waits_has_no_lead_yet(self):
        steps = self.steps(self.deliver())
        self.assertEqual(steps["processed"]["state"], "waiting")
        self.assertEqual(steps["lead"], {"step": "lead", "state": "waiting"})

    def test_a_quarantined_delivery_stops_before_it_is_processed(self):
        delivery = self.deliver(token="wrong")
        steps = self.steps(delivery)
        self.assertEqual(steps["stored"]["state"], "done")
        self.assertEqual(
            (steps["processed"]["state"], steps["processed"]["result"]), ("stopped", "quarantined")
        )
        self.assertEqual((steps["lead"]["state"], delivery.lead_ms), ("stopped", 0))

    def test_a_failed_attempt_is_counted(self):
        delivery = self.deliver()
        self.poison(self.lead_uid)
        self.process_failing()
        steps = self.steps(delivery)
        self.assertEqual(steps["processed"]["state"], "waiting")
        self.assertEqual(steps["processed"]["result"], "retry")
        self.assertGreaterEqual(steps["processed"]["ms"], 0)

    def test_a_lead_that_may_not_be_read_is_not_named(self):
        delivery = self.deliver()
        self.process()
        self.lead(self.lead_uid).write({"company_id": self.other_company.id, "user_id": False})
        self.assertEqual(self.steps(delivery)["lead"]["lead"]["name"], "")

    def test_an_entry_that_cannot_be_read_hides_no_other_in_the_list(self):
        broken, other = self.deliver(), self.deliver(answers={"name": "Ana"})
        for raw in ("x", "[]"):
            with self.subTest(raw=raw):
                self.env.cr.execute(
                    "UPDATE tiktok_event SET raw = %s WHERE id = %s", [raw, broken.id]
                )
                self.env.invalidate_all()
                rows = (broken + other).read(["person", "content"])
                self.assertEqual([row["person"] for row in rows], [False, "Ana"])
                self.assertFalse(rows[0]["content"])

    def test_salespeople_do_not_read_it(self):
        delivery = self.deliver().with_user(self.salesman)
        for name in ("timeline", "headers_table", "address_class"):
            with self.assertRaises(AccessError):
                delivery.read([name])


@tagged("post_install", "-at_install")
class TestRequest(DeliveryDetailCommon):
    def test_the_class_of_the_address_is_stored_and_not_the_address(self):
        delivery = self.deliver()
        self.assertEqual(delivery.address_class, "loopback")
        self.assertNotIn("127.0.0.1", delivery.headers)
        self.assertGreaterEqual(json.loads(delivery.headers)[":milliseconds"], 0)

    def test_headers_are_shown_without_secrets(self):
        self.lead_uid = next_uid()
        self.post(body(entry(self.lead_uid)), headers={"Authorization": "Bearer not-a-real-one"})
        table = str(self.event(self.lead_uid).with_user(self.manager).headers_table)
        self.assertIn("application/json", table)
        self.assertIn("Hidden (characters: 21)", table)
        self.assertNotIn("not-a-real-one", table)
        self.assertNotIn(":address", table)

    def test_a_delivery_without_request_has_no_table(self):
        self.receive(entry(uid := next_uid()))
        delivery = self.event(uid).with_user(self.manager)
        self.assertFalse(delivery.headers_table)
        self.assertFalse(delivery.address_class)


@tagged("post_install", "-at_install")
class TestCurl(DeliveryDetailCommon):
    def test_the_command_posts_the_same_lead(self):
        answers = {"name": "Ana O'Neil", "email": "ana@example.com", "Why?": 'a "b" $c\n`d`'}
        delivery = self.deliver(answers=answers)
        command = delivery.action_copy_as_curl()
        self.assertNotIn(self.company.tiktok_webhook_token, command)
        self.assertIn("token=••••", command)
        words = shlex.split(command)
        self.assertEqual(words[:3], ["curl", "-X", "POST"])
        self.assertIn(f"{const.LEAD_WEBHOOK_ROUTE}?company_id={self.company.id}&", words[3])
        content = words[words.index("--data-raw") + 1]
        self.post(None, raw=content.encode())
        self.assertEqual(self.event(self.lead_uid).id, delivery.id)
        self.assertEqual(len(delivery.repeat_ids), 1)

    def test_an_unreadable_body_is_posted_as_it_was(self):
        self.post(None, raw=b'{"entry": 1, "object": 1}')
        delivery = self.events.search([("company_id", "=", self.company.id)], limit=1)
        words = shlex.split(delivery.with_user(self.manager).action_copy_as_curl())
        self.assertEqual(json.loads(words[-1]), {"entry": 1, "object": 1})

    def test_nothing_is_left_to_post(self):
        delivery = self.deliver()
        delivery.sudo().raw = False
        with self.assertRaises(UserError):
            delivery.action_copy_as_curl()

    def test_salespeople_may_not_copy_it(self):
        delivery = self.deliver()
        with self.assertRaises(AccessError):
            delivery.with_user(self.salesman).action_copy_as_curl()
        with self.assertRaises(AccessError):
            delivery.with_user(self.stranger).action_copy_as_curl()
