from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.tiktok_leadgen.tests.common_account import AccountCommon


@tagged("post_install", "-at_install")
class TestPost(AccountCommon):
    """What a post is."""

    def test_how_far_it_is_is_not_for_people_to_write(self):
        posts = self.env["tiktok.post"].with_user(self.manager)
        post = posts.create({"account_id": self.account.id, "title": "Spring"})
        with self.assertRaises(AccessError):
            post.state = "published"
        with self.assertRaises(AccessError):
            posts.create({"account_id": self.account.id, "state": "queued"})

    def test_who_agreed_is_noted(self):
        posts = self.env["tiktok.post"].with_user(self.manager)
        post = posts.create({"account_id": self.account.id, "consent": True})
        self.assertEqual(post.consent_user_id, self.manager)
        self.assertTrue(post.consent_at)
