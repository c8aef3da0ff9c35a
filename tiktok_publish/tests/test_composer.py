from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..tiktok import posting
from .common import PostCommon, picture


@tagged("post_install", "-at_install")
class TestComposer(PostCommon):
    """What must be true before a post is sent, and who may send it."""

    def info(self):
        return self.account.with_user(self.manager).action_creator_info()

    def test_composer_shows_the_creator(self):
        self.set_creator_info("PUBLIC_TO_EVERYONE", "SELF_ONLY", comment_disabled=True)
        info = self.info()
        self.assertEqual((info["name"], info["username"]), ("ACME", "acme"))
        self.assertEqual(info["privacy_options"], ["PUBLIC_TO_EVERYONE", "SELF_ONLY"])
        self.assertTrue(info["comment_disabled"] and not info["problem"])

    def test_refusals_that_come_with_http_200(self):
        for code in posting.BLOCKED:
            self.tiktok_refuses(posting.CREATOR_INFO, code, 200)
            self.assertIn(code, self.info()["problem"])

    def test_without_the_permission_tiktok_is_not_asked(self):
        self.account.granted_scope_ids = False
        self.assertIn("Allow posting", self.info()["problem"])
        self.assertFalse(self.asked(posting.CREATOR_INFO))

    def test_due_time_is_a_field(self):
        later = fields.Datetime.now() + timedelta(days=1)
        post = self.make_post().sudo()
        post.write({"state": "queued", "scheduled_at": later})
        self.assertEqual((post.due_at, post.status_text), (later, ""))
        post.scheduled_at = False
        self.assertFalse(post.due_at)
        self.assertIn("in a moment", post.status_text)

    def test_all_problems_are_listed(self):
        for words, values in [
            ("at least one photo", {"image_ids": False}),
            ("who can see it", {"privacy_level": False}),
            ("box to agree", {"consent": False}),
            ("title is too long", {"title": "🌷" * 46}),
            ("description is too long", {"description": "x" * 4001}),
            ("your brand", {"is_disclosed": True}),
            (
                "cannot be private",
                {"is_disclosed": True, "is_branded_content": True, "privacy_level": "SELF_ONLY"},
            ),
            ("35 photos", {"image_ids": [(0, 0, {"image": picture()})] * 36}),
        ]:
            with self.subTest(words=words), self.assertRaisesRegex(UserError, words):
                self.make_post(**values).action_publish()

    def test_text_limits(self):
        post = self.make_post(title="🌷" * 45, description="x" * 4000)
        post.action_publish()
        self.assertEqual(post.state, "queued")

    def test_posts_without_an_audit(self):
        self.company.tiktok_publish_audited = False
        with self.assertRaisesRegex(UserError, "audited"):
            self.make_post().action_publish()
        self.make_post(privacy_level="SELF_ONLY").action_publish()
        self.make_post(privacy_level=False, post_mode="inbox").action_publish()

    def test_tiktok_fetches_over_https_only(self):
        self.company.tiktok_media_url = "http://shop.example.com"
        with self.assertRaisesRegex(UserError, "https.*http://shop.example.com"):
            self.make_post().action_publish()

    def test_unreachable_photo_url_is_refused(self):
        post, waiting = self.make_post(), self.make_post()
        waiting.action_publish()
        for base, words in (
            ("https://192.0.2.7", "not accept IP addresses"),
            ("https://odoo.local", "internal network"),
        ):
            self.company.tiktok_media_url = base
            with self.assertRaisesRegex(UserError, words):
                post.action_publish()
        self.run_job()
        self.assertEqual(waiting.state, "failed")
        self.assertIn("internal network", waiting.error)
        self.assertFalse(self.asked(posting.PHOTO_INIT) or self.asked(posting.CREATOR_INFO))

    def test_sent_post_cannot_be_changed(self):
        post = self.publish()
        with self.assertRaises(UserError):
            post.title = "Other"
        with self.assertRaises(UserError):
            post.image_ids.is_cover = True
        with self.assertRaises(UserError):
            post.action_publish()
        with self.assertRaises(UserError):
            post.unlink()

    def test_copy_has_no_consent(self):
        copy = self.publish().copy()
        self.assertEqual((copy.state, len(copy.image_ids)), ("draft", 1))
        self.assertFalse(copy.privacy_level or copy.consent or copy.publish_uid)
        self.assertTrue(copy.image_ids.jpeg)

    def test_posts_are_visible_to_publishers_of_the_company(self):
        post = self.make_post()
        self.assertFalse(self.posts.with_user(self.stranger).search([("id", "=", post.id)]))
        with self.assertRaises(AccessError):
            post.with_user(self.stranger).action_publish()
        with self.assertRaises(AccessError):
            self.posts.with_user(self.salesman).search([])
        with self.assertRaises(AccessError):
            self.account.with_user(self.stranger).action_creator_info()

    def test_a_publisher_needs_no_role_in_sales(self):
        group = "tiktok_publish.tiktok_publish_group_user"
        companies = {"company_id": self.company.id, "company_ids": [(6, 0, self.company.ids)]}
        publisher = new_test_user(self.env, "tiktok_publisher", group, **companies)
        post = self.make_post().with_user(publisher)
        post.action_publish()
        self.assertEqual(post.state, "queued")

    def test_photo_token_is_unreadable(self):
        post = self.publish()
        with self.assertRaises(AccessError):
            post.sudo().attempt_id.with_user(self.manager).read(["media_token_hash"])

    def test_branded_content_asks_for_consent_again(self):
        post = self.make_post(is_disclosed=True, is_own_brand=True)
        post.is_branded_content = True
        self.assertFalse(post.consent or post.consent_at or post.consent_user_id)
        with self.assertRaisesRegex(UserError, "box to agree"):
            post.action_publish()
        post.write({"is_branded_content": False})
        post.write({"is_branded_content": True, "consent": True})
        self.assertTrue(post.consent)

    def test_change_withdraws_the_consent(self):
        other = self.account.copy({"name": "Second"})
        line = {"name": "b.png", "image": picture("blue")}
        for change in (
            lambda post: post.write({"title": "Other"}),
            lambda post: post.write({"privacy_level": "SELF_ONLY"}),
            lambda post: post.write({"account_id": other.id}),
            lambda post: post.write({"image_ids": [(0, 0, line)]}),
            lambda post: post.image_ids.write({"image": line["image"]}),
            lambda post: post.image_ids.create({**line, "post_id": post.id}),
            lambda post: post.image_ids.unlink(),
        ):
            post = self.make_post()
            self.assertEqual((post.consent, post.consent_user_id), (True, self.manager))
            change(post)
            self.assertFalse(post.consent or post.consent_at or post.consent_user_id)
            with self.assertRaisesRegex(UserError, "box to agree|is not connected"):
                post.action_publish()

    def test_consent_covers_the_saved_content(self):
        line = {"name": "b.png", "image": picture("blue")}
        post = self.make_post()
        post.write({"consent": True, "title": "Other", "image_ids": [(0, 0, line)]})
        self.assertEqual((post.consent, len(post.image_ids)), (True, 2))
        post.write({"scheduled_at": False, "user_id": self.manager.id})
        self.assertTrue(post.consent)
        with self.assertRaises(AccessError):
            post.with_user(self.stranger).consent = False

    def test_archived_account_does_not_post(self):
        self.account.active = False
        with self.assertRaisesRegex(UserError, "archived"):
            self.make_post().action_publish()

    def connect_as_another(self):
        """Connect the account as another TikTok user."""
        self.account._connect_account(self.kit.make("open-2"))
        self.account.granted_scope_ids = self.env["tiktok.scope"].search([])

    def test_consent_is_bound_to_the_tiktok_user(self):
        post, draft = self.make_post(), self.make_post()
        post.action_publish()
        self.connect_as_another()
        self.assertEqual(post.state, "cancelled")
        self.assertIn("another TikTok user", post.activity_ids.note)
        for each in post + draft:
            with self.assertRaisesRegex(UserError, "another TikTok user"):
                each.action_publish()
        draft.consent = False
        draft.consent = True
        draft.action_publish()
        self.run_job()
        self.assertEqual((draft.state, len(self.sent_bodies())), ("processing", 1))

    def test_locked_post_is_not_sent_to_another_tiktok_user(self):
        post = self.make_post()
        post.action_publish()
        with patch.object(type(post), "try_lock_for_update", lambda posts: posts.browse()):
            self.connect_as_another()
        self.assertEqual(post.state, "queued")
        self.run_job()
        self.assertEqual((post.state, self.sent_bodies()), ("failed", []))

    def test_account_of_another_company_is_refused(self):
        values = {"name": "Theirs", "company_id": self.other_company.id, "user_id": False}
        theirs = self.env["tiktok.account"].create(values)
        with self.assertRaises(AccessError):
            self.make_post().account_id = theirs
        with self.assertRaises(AccessError):
            self.make_post(account_id=theirs.id)

    def test_photos_of_a_sent_post_cannot_be_changed(self):
        sent, draft = self.publish(), self.make_post()
        with self.assertRaisesRegex(UserError, "already sent"):
            draft.image_ids.post_id = sent
        values = {"name": "Theirs", "company_id": self.other_company.id, "user_id": False}
        theirs = self.env["tiktok.account"].create(values)
        post = self.env["tiktok.post"].create({"account_id": theirs.id})
        with self.assertRaises(AccessError):
            self.make_post().image_ids.post_id = post

    def test_computed_photo_fields_are_read_only(self):
        raw = picture("blue", size=(10, 10))
        photos = [(0, 0, {"image": picture(), "jpeg": raw, "jpeg_size": 1})]
        photo = self.make_post(image_ids=photos).image_ids
        photo.write({"jpeg": raw, "problem_code": "bomb"})
        self.assertNotEqual(photo.with_context(bin_size=False).jpeg, raw)
        self.assertGreater(photo.jpeg_size, 1)
        self.assertFalse(photo.problem_code)

    def test_progress_fields_ignore_context_defaults(self):
        posts = self.posts.with_context(default_state="published")
        with self.assertRaises(AccessError):
            posts.create({"account_id": self.account.id})

    def test_rpc_reaches_actions_only(self):
        for model in ("tiktok.post", "tiktok.post.image"):
            for cls in type(self.env[model]).__mro__:
                if cls.__module__.startswith("odoo.addons.tiktok_publish"):
                    names = {n for n, v in vars(cls).items() if callable(v) and n[0] != "_"}
                    names -= {"create", "write", "unlink", "copy", "copy_data"}
                    self.assertFalse([n for n in names if not n.startswith("action_")])
