from odoo.tests import TransactionCase, new_test_user, tagged

CRM = "crm.crm_menu_root"
ROOT = "tiktok_publish.tiktok_publish_menu_root"
POSTS = {f"tiktok_publish.tiktok_publish_menu_{name}" for name in ("posts", "queue")}


@tagged("post_install", "-at_install")
class TestMenus(TransactionCase):
    """Who publishes finds the posts; who sells finds what they found before."""

    def menus(self, login, groups):
        """Return the XML IDs of the visible menus of CRM and this addon."""
        user = new_test_user(self.env, login, groups)
        menus = self.env["ir.ui.menu"].with_user(user)
        tree = menus.load_menus(debug=False)
        left = [tree[root.id] for root in map(self.env.ref, (CRM, ROOT)) if root.id in tree]
        found = set()
        for menu in left:
            found.add(menu["xmlid"])
            left += [tree[child_id] for child_id in menu["children"]]
        return found

    def test_publisher_without_sales_sees_the_posts_app(self):
        seen = self.menus("tiktok_writer", "tiktok_publish.tiktok_publish_group_user")
        self.assertEqual(seen, {ROOT, f"{ROOT}_posts", f"{ROOT}_queue"})

    def test_salesperson_sees_no_posts(self):
        seen = self.menus("tiktok_seller", "sales_team.group_sale_salesman")
        self.assertIn(CRM, seen)
        self.assertFalse(seen & {ROOT, "tiktok_leadgen.crm_menu_integrations", *POSTS})

    def test_sales_manager_sees_posts_in_crm_only(self):
        seen = self.menus("tiktok_boss", "sales_team.group_sale_manager")
        self.assertLess({"tiktok_leadgen.tiktok_leadgen_menu_overview", *POSTS}, seen)
        self.assertNotIn(ROOT, seen)
