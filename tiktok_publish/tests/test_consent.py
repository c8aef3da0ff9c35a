from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.tiktok_leadgen.tests.common_account import AccountCommon


@tagged("post_install", "-at_install")
class TestConsent(AccountCommon):
    """What a post is."""

    def test_progress_fields_are_read_only(self):
        posts = self.env["tiktok.post"].with_user(self.manager)
        post = posts.create({"account_id": self.account.id, "title": "Spring"})
        with self.assertRaises(AccessError):
            post.state = "published"
        with self.assertRaises(AccessError):
            posts.create({"account_id": self.account.id, "state": "queued"})

    def test_consent_author_is_recorded(self):
        posts = self.env["tiktok.post"].with_user(self.manager)
        post = posts.create({"account_id": self.account.id, "consent": True})
        self.assertEqual(post.consent_user_id, self.manager)
        self.assertTrue(post.consent_at)
