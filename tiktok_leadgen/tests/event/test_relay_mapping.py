import json

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from ..common import TiktokHttpCommon, next_uid


@tagged("post_install", "-at_install")
class TestRelayMapping(TiktokHttpCommon):
    """A user says once what the parts of an unknown body are."""

    def setUp(self):
        super().setUp()
        self.mappings = self.env["tiktok.relay.mapping"].with_user(self.manager)

    def post_unknown(self, *uids, **values):
        """Post a body that no alias knows, with a lead of each ID, and process it."""
        rows = [
            {"ref": uid, "who": {"mail": f"{uid}@example.com", **values}, "where": {"f": "F-1"}}
            for uid in uids
        ]
        self.assertEqual(self.post({"batch": "b", "submissions": rows}).status_code, 200)
        self.process()
        return self.events.search([("company_id", "=", self.company.id)], order="id desc", limit=1)

    def open_mapping(self, event):
        """Return the form that the button of a delivery opens."""
        action = event.with_user(self.manager).action_map_relay()
        mapping = self.mappings.browse(action["res_id"] or ())
        return Form(mapping.with_context(**action["context"]), view=None)

    def map_relay(self, event, roles=None):
        """Save the mapping of a delivery.

        :param dict roles: role by path, instead of what is suggested
        """
        form = self.open_mapping(event)
        form.name = "Our relay"
        for number in range(len(form.path_ids)):
            with form.path_ids.edit(number) as part:
                if roles is not None:
                    part.role = roles.get(part.path, False)
                elif part.path == "/submissions/*/ref":
                    part.role = "uid"
                elif part.path == "/submissions/*/where/f":
                    part.role = "page_uid"
        return form.save()

    def test_unknown_body_fails_with_a_clear_reason(self):
        event = self.post_unknown(next_uid())
        self.assertEqual((event.state, event.reason), ("failed", "unknown_shape"))
        self.assertTrue(event.structure)

    def test_saved_mapping_replays_what_failed_and_reads_what_follows(self):
        first, second, third = (str(next_uid()) for _number in range(3))
        failed = self.post_unknown(first, second)
        again = self.post_unknown(third, city="Lima")  # a form with another question
        mapping = self.map_relay(failed)
        self.assertEqual(mapping.failed_count, 2)
        mapping.action_replay()
        self.process()
        self.assertEqual(set((failed | again).mapped("state")), {"ignored"})
        self.assertEqual(set((failed | again).mapped("reason")), {"mapped"})
        for uid in (first, second, third):
            lead = self.lead(uid)
            self.assertEqual(lead.email_from, f"{uid}@example.com")
            self.assertEqual(lead.tiktok_form_id.page_uid, "F-1")
            self.assertEqual(self.event(uid).verification, "token")
        self.assertEqual(mapping.failed_count, 0)
        later = str(next_uid())
        self.post_unknown(later)
        self.assertEqual(self.lead(later).email_from, f"{later}@example.com")

    def test_same_lead_again_is_one_lead(self):
        uid = str(next_uid())
        self.map_relay(self.post_unknown(uid)).action_replay()
        self.process()
        self.post_unknown(uid)
        self.post_unknown(uid, city="Lima")
        self.assertEqual(len(self.lead(uid)), 1)

    def test_parts_are_shown_with_their_values_and_a_suggestion(self):
        uid = str(next_uid())
        mapping = self.map_relay(self.post_unknown(uid))
        parts = {part.path: part for part in mapping.path_ids}
        self.assertEqual(parts["/submissions"].role, "leads")
        self.assertEqual(parts["/submissions/*/who"].role, "answers")
        self.assertEqual(parts["/submissions/*/who/mail"].sample, f"{uid}@example.com")
        self.assertEqual(parts["/batch"].sample, "b")
        self.assertIn(uid, mapping.preview_text)
        self.assertIn(f"mail: {uid}@example.com", mapping.preview_text)

    def test_preview_says_what_is_missing(self):
        event = self.post_unknown(next_uid())
        mapping = self.map_relay(event, roles={})
        self.assertIn("choose the part", mapping.preview_text)
        with self.assertRaisesRegex(UserError, "holds the answers"):
            mapping.action_replay()
        event.raw = False
        mapping.invalidate_recordset()
        self.assertIn("was removed", mapping.preview_text)

    def test_preview_warns_of_an_id_that_several_leads_share(self):
        form = {"/submissions": "leads", "/submissions/*/who": "answers"}
        event = self.post_unknown(next_uid(), next_uid())
        mapping = self.map_relay(event, {**form, "/submissions/*/where/f": "uid"})
        self.assertIn("Several have the same ID", mapping.preview_text)
        part = mapping.path_ids.filtered(lambda part: part.path == "/submissions/*/where/f")
        part.role = False
        mapping.path_ids.filtered(lambda part: part.path == "/submissions/*/ref").role = "uid"
        self.assertNotIn("Several have the same ID", mapping.preview_text)

    def test_button_opens_the_mapping_that_is_there(self):
        event = self.post_unknown(next_uid())
        mapping = self.map_relay(event)
        self.assertEqual(event.with_user(self.manager).action_map_relay()["res_id"], mapping.id)

    def test_known_relay_has_nothing_to_map(self):
        uid = next_uid()
        self.post({"lead_id": str(uid), "name": "Ana"})
        self.process()
        with self.assertRaisesRegex(UserError, "no structure"):
            self.event(uid).with_user(self.manager).action_map_relay()

    def test_mapping_of_another_structure_reads_nothing(self):
        self.map_relay(self.post_unknown(next_uid())).action_replay()
        self.process()
        self.post({"rows": [{"who": {"mail": "a@b.co"}, "ref": "r-1"}]})
        self.process()
        self.assertFalse(self.lead("r-1"))
        event = self.events.search([("company_id", "=", self.company.id)], limit=1, order="id desc")
        self.assertEqual((event.state, event.reason), ("failed", "unknown_shape"))

    def test_roles_must_fit(self):
        event = self.post_unknown(next_uid())
        for roles in (
            {"/batch": "leads"},
            {"/submissions": "uid"},
            {"/batch": "uid", "/submissions/*/ref": "uid"},
        ):
            with self.subTest(roles=roles), self.assertRaises(ValidationError):
                self.map_relay(event, roles)

    def test_mapping_of_one_company_reads_no_delivery_of_another(self):
        self.map_relay(self.post_unknown(next_uid())).action_replay()
        uid = str(next_uid())
        rows = [{"ref": uid, "who": {"mail": "a@b.co"}, "where": {"f": "F-1"}}]
        self.post({"batch": "b", "submissions": rows}, company=self.other_company)
        self.process()
        self.assertFalse(self.lead(uid, self.other_company))
        with self.assertRaises(AccessError):
            self.mappings.search([]).with_user(self.stranger).read(["name"])

    def test_others_can_not_map(self):
        event = self.post_unknown(next_uid())
        self.map_relay(event)
        for user in (self.salesman, self.stranger):
            with self.assertRaises(AccessError):
                event.with_user(user).action_map_relay()
            with self.assertRaises(AccessError):
                self.env["tiktok.relay.mapping"].with_user(user).with_context(
                    default_event_id=event.id
                ).default_get(["path_ids", "event_id", "structure"])

    def test_structure_is_not_changed_later(self):
        mapping = self.map_relay(self.post_unknown(next_uid()))
        for record, vals in (
            (mapping, {"structure": "x"}),
            (mapping, {"company_id": self.other_company.id}),
            (mapping.path_ids[0], {"path": "/x"}),
        ):
            with self.assertRaises(UserError):
                record.write(vals)

    def test_quarantined_body_is_mapped_after_it_is_accepted(self):
        uid = str(next_uid())
        rows = [{"ref": uid, "who": {"mail": "a@b.co"}, "where": {"f": "F-1"}}]
        self.post({"batch": "b", "submissions": rows}, token="wrong")
        self.map_relay(self.post_unknown(next_uid()))
        event = self.events.search(
            [("company_id", "=", self.company.id), ("state", "=", "quarantined")]
        )
        event.with_user(self.manager).action_accept()
        self.process()
        self.assertEqual(self.event(uid).verification, "person")
        self.assertEqual(self.lead(uid).email_from, "a@b.co")

    def test_content_stays_json_as_it_came(self):
        event = self.post_unknown(next_uid())
        self.assertEqual(list(json.loads(event.raw)), ["batch", "submissions"])
