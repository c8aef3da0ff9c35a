import json

from odoo.tests import tagged

from ... import const
from ...tiktok.login import Tokens
from ..developer_common import VECTOR, VECTOR_HEADER, DeveloperCommon


@tagged("post_install", "-at_install")
class TestDeveloperEvents(DeveloperCommon):
    """What becomes of each event."""

    def test_a_removed_authorization_disconnects(self):
        for reason in ("0", "1", "2", "3", "4", "5"):
            with self.subTest(reason=reason):
                self.account._connect_account(
                    Tokens("oid_demo", (), "act.x", 86400, "rft.x", 999999)
                )
                event = self.deliver(content=json.dumps({"reason": int(reason)}))[-1]
                self.process()
                self.assertEqual(event.state, "done")
                self.assertEqual(self.account.state, "disconnected")
                self.assertEqual(self.account.removed_reason, reason)
                self.assertEqual(self.tokens(), 0)

    def test_a_content_that_cannot_be_read_disconnects_too(self):
        self.deliver(content="{")
        self.process()
        self.assertEqual(self.account.removed_reason, "0")

    def test_it_works_where_lead_generation_is_off(self):
        self.company.tiktok_leadgen_enabled = False
        self.deliver()
        self.process()
        self.assertEqual(self.account.state, "disconnected")

    def test_an_account_disconnected_here_keeps_its_reason(self):
        self.account._disconnect_account("expired")
        event = self.deliver()
        self.process()
        self.assertEqual((event.state, self.account.removed_reason), ("done", "expired"))

    def test_what_is_only_told_is_written_down(self):
        names = [
            *("video.upload.failed", "video.publish.completed", "post.publish.failed"),
            *("post.publish.complete", "post.publish.inbox_delivered"),
            *("post.publish.publicly_available", "post.publish.publicaly_available"),
            "post.publish.no_longer_publicaly_available",
        ]
        for name in names:
            event = self.deliver(event=name, content='{"publish_id":"p"}')[-1]
            self.process()
            self.assertEqual((event.state, event.account_id), ("done", self.account), name)
        self.assertEqual(self.account.event_count, len(names))
        self.assertEqual(self.account.state, "connected")
        action = self.account.with_user(self.manager).action_view_events()
        self.assertEqual(self.events.search_count(action["domain"]), len(names))

    def test_an_addon_learns_name_and_content(self):
        seen = []

        def process(_model, event, name, content):
            seen.append((event.account_id, name, content))
            return ""

        self.patch(type(self.env["tiktok.developer.event"]), "_process_account_event", process)
        self.deliver(event="post.publish.publicaly_available", content='{"post_id":"7"}')
        self.process()
        name = "post.publish.publicly_available"
        self.assertEqual(seen, [(self.account, name, {"post_id": "7"})])

    def test_a_ping_is_answered_and_written_down(self):
        event = self.deliver(
            event="tiktok.ping",
            create_time=1752894700622,
            user_openid="oid_any",
            content='{"reason":"testing Webhook"}',
        )
        self.process()
        self.assertEqual((event.state, event.account_id.id), ("done", False))
        self.assertEqual(event.company_id, self.company)

    def test_a_portability_event_has_no_account(self):
        content = {"client_key": "ck_demo", "event": "portability.download.ready"}
        event = self.deliver(json.dumps(content).encode())
        self.process()
        self.assertEqual((event.state, event.account_id.id), ("done", False))

    def test_an_unknown_event_is_stored(self):
        event = self.deliver(event="something.new")
        self.assertEqual((event.state, event.reason), ("ignored", "unknown_event"))
        self.assertEqual(event.account_id, self.account)

    def test_what_is_not_json_is_stored_as_unreadable(self):
        event = self.deliver(b"not json \x00")
        self.assertEqual((event.kind, event.company_id), ("unreadable", self.company))
        self.process()
        self.assertEqual((event.state, event.reason), ("failed", "not_json"))
        told = self.find_activity()
        self.assertIn("not a lead", told.note)
        self.assertNotIn("leads", told.summary)

    def test_what_is_unreadable_is_told_where_lead_generation_is_off(self):
        self.company.tiktok_leadgen_enabled = False
        event = self.deliver(b"[")
        self.process()
        self.assertEqual(event.state, "failed")
        self.assertTrue(self.find_activity())

    def test_one_that_can_never_be_done_is_told_in_its_own_words(self):
        def refuse(*_args):
            raise ValueError("oid_demo")

        self.patch(type(self.account), "_disconnect_account", refuse)
        event = self.deliver()
        event.attempt_count = const.MAX_ATTEMPTS - 1
        self.process_failing()
        self.assertEqual(event.state, "failed")
        self.assertIn("not a lead", self.find_activity().note)

    def find_activity(self):
        """Return the activity about what failed."""
        return self.env["mail.activity"].search(
            [("res_model", "=", "res.partner"), ("res_id", "=", self.company.partner_id.id)]
        )

    def test_an_event_of_an_unknown_account_waits_for_a_replay(self):
        event = self.deliver(event="video.upload.failed", user_openid="oid_new")
        self.assertEqual((event.state, event.reason), ("ignored", "unknown_account"))
        self.assertEqual(event.company_id, self.company)
        account = self.make_account(self.company, "oid_new")
        event.with_user(self.manager).action_replay()
        self.process()
        self.assertEqual((event.state, event.account_id), ("done", account))

    def test_repeats_are_harmless(self):
        for _time in range(3):
            self.deliver(VECTOR, VECTOR_HEADER)
        self.process()
        self.account._connect_account(Tokens("oid_demo", (), "act.y", 86400, "rft.y", 999999))
        self.deliver(VECTOR, VECTOR_HEADER)
        self.process()
        self.assertEqual(len(self.received()), 1)
        self.assertEqual(self.account.state, "connected")

    def test_one_that_cannot_be_done_is_tried_again(self):
        def refuse(*_args):
            raise ValueError("oid_demo")

        self.patch(type(self.account), "_disconnect_account", refuse)
        event = self.deliver()
        output = self.process_failing()
        self.assertEqual((event.state, event.attempt_count), ("pending", 1))
        self.assertIn("ValueError", event.error)
        self.assertNotIn("oid_demo", f"{output}{event.error}{event.history}")
