"""Which payloads a lookup of a person reads: a few, however many deliveries there are."""

from odoo.tests import tagged
from odoo.tools import SQL

from ... import person_lookup
from ..common import entry
from .test_privacy import BO, PrivacyCommon

EMAIL, NUMBER = "zoe@example.com", "+56987650001"
ZOE = {"name": "Zoe", "email": EMAIL, "phone_number": NUMBER}


@tagged("post_install", "-at_install")
class TestPrivacySearch(PrivacyCommon):
    """A delivery is searched where its lead does not have what it says of the person."""

    def find(self, phones=(), leads=()):
        """Return the deliveries of Zoe."""
        return person_lookup.find_person_events(self.env, EMAIL, phones, leads)

    def receive_one(self, **values):
        """Receive an entry, and return its event."""
        content = entry(answers=ZOE)
        self.receive(content, **values)
        mine = [("company_id", "=", self.company.id), ("lead_uid", "=", str(content["id"]))]
        return self.events.search(mine)

    def change(self, lead, **values):
        """Write as a user does, whose changes are tracked."""
        lead.with_context(tracking_disable=False).write(values)
        self.env.flush_all()
        self.env.cr.precommit.run()

    def test_a_payload_whose_lead_has_the_person_is_not_read(self):
        lead = self.make(answers=ZOE)
        self.assertTrue(lead.tiktok_event_id.found_by_lead)
        self.assertFalse(self.find([NUMBER]))
        self.assertEqual(self.find([NUMBER], lead.ids), lead.tiktok_event_id)

    def test_deliveries_without_a_lead_are_found(self):
        deleted = self.make(answers=ZOE)
        event = deleted.tiktok_event_id
        deleted.unlink()
        waiting, unverified = self.receive_one(), self.receive_one(token="wrong")
        self.assertEqual((waiting.state, unverified.state), ("pending", "quarantined"))
        self.assertEqual(self.find(), event + waiting + unverified)

    def test_a_second_address_or_number_of_an_answer_is_found(self):
        address = self.make(answers={**BO, "Whom else?": f"my wife: {EMAIL}"})
        number = self.make(answers={"name": "Bo", "Anything else?": "98765 0001"})
        self.assertFalse(address.tiktok_event_id.found_by_lead)
        found = self.find([NUMBER])
        self.assertEqual(found, address.tiktok_event_id + number.tiktok_event_id)

    def test_an_address_that_a_user_changed_is_found(self):
        lead = self.make(answers=ZOE)
        self.change(lead, email_from="new@example.com", phone="+56987650002")
        self.assertEqual(self.find(), lead.tiktok_event_id)

    def test_a_delivery_of_a_merged_lead_is_found(self):
        stays, goes = self.make(answers=BO), self.make(answers=ZOE)
        event = goes.tiktok_event_id
        (stays + goes).merge_opportunity()
        self.assertEqual(event.lead_id, (stays + goes).exists())
        (stays + goes).exists().email_from = BO["email"]
        self.assertEqual(self.find(), event)

    def test_a_lookup_reads_no_table_of_deliveries_from_its_beginning_to_its_end(self):
        lead = self.make(answers=ZOE)
        self.copy_event(lead.tiktok_event_id, 20_000)
        query = person_lookup.prepare_events_query(self.env, EMAIL, [NUMBER], lead.ids)
        plan = "\n".join(row[0] for row in self.env.execute_query(SQL("EXPLAIN %s", query)))
        self.assertIn("tiktok_event", plan)
        self.assertNotIn("Seq Scan on tiktok_event", plan, plan)

    def copy_event(self, event, count):
        """Store many deliveries whose leads have their person."""
        others = self.leads.create([{"name": f"Other {number}"} for number in range(100)])
        self.env.flush_all()
        names = [
            *("state", "kind", "source", "company_id", "verification", "signature", "raw"),
            *("page_uid", "received_at", "found_by_lead"),
        ]
        columns = SQL(", ").join(map(SQL.identifier, names))
        self.env.cr.execute(
            SQL(
                """INSERT INTO tiktok_event (lead_id, lead_uid, dedup_key, %(columns)s)
                   SELECT (%(others)s)[1 + number %% 100], number, 'copy:' || number, %(columns)s
                     FROM tiktok_event, generate_series(%(first)s::bigint, %(last)s) AS number
                    WHERE id = %(event)s""",
                columns=columns,
                others=others.ids,
                first=1,
                last=count,
                event=event.id,
            )
        )
        self.env.cr.execute("ANALYZE tiktok_event")
