from odoo.tests import TransactionCase, new_test_user, tagged

CRM = "crm.crm_menu_root"
ROOT = "tiktok_leadgen.menu_tiktok_root"
INTEGRATIONS = "tiktok_leadgen.crm_menu_integrations"
OVERVIEW = "tiktok_leadgen.tiktok_leadgen_menu_dashboard"
POSTS = {f"tiktok_publish.{name}" for name in ("menu_tiktok_posts", "tiktok_publish_menu_posts")}
POSTS |= {"tiktok_publish.tiktok_publish_menu_queue"}


@tagged("post_install", "-at_install")
class TestMenus(TransactionCase):
    """One app for all users, in which each sees what they may open."""

    def read_menus(self, login, groups):
        """Return the visible menus of CRM and of the app, with their parents.

        :param str login: of a new user
        :param str groups: of this user
        :return: XML IDs in the order of the menu, and names by XML ID
        :rtype: tuple[list, dict]
        """
        user = new_test_user(self.env, login, groups)
        tree = self.env["ir.ui.menu"].with_user(user).load_menus(debug=False)
        found, names = [], {}

        def walk(menu):
            found.append(menu["xmlid"])
            names[menu["xmlid"]] = menu["name"]
            for child_id in menu["children"]:
                walk(tree[child_id])

        for root in map(self.env.ref, (ROOT, CRM)):
            if root.id in tree:
                walk(tree[root.id])
        return found, names

    def test_publisher_without_sales_sees_only_posts(self):
        seen, _names = self.read_menus("tiktok_writer", "tiktok_publish.tiktok_publish_group_user")
        self.assertEqual(seen[0], ROOT)
        self.assertEqual({name for name in seen if "blog" not in name}, {ROOT, *POSTS})

    def test_salesperson_sees_overview_and_leads(self):
        seen, _names = self.read_menus("tiktok_seller", "sales_team.group_sale_salesman")
        reports = ("menu_analysis", "menu_response", "menu_arrivals")
        leads = ["menu_tiktok_leads", "tiktok_leadgen_menu_leads", "menu_tiktok_reporting"]
        leads += [f"tiktok_leadgen_{name}" for name in reports]
        others = ("tiktok_routing.", "tiktok_first_contact.")
        ours = [name for name in seen[: seen.index(CRM)] if not name.startswith(others)]
        self.assertEqual(ours, [ROOT, OVERVIEW, *(f"tiktok_leadgen.{name}" for name in leads)])
        self.assertNotIn(INTEGRATIONS, seen)

    def test_sales_manager_sees_each_entry_once_with_a_name_of_its_own(self):
        seen, names = self.read_menus("tiktok_boss", "sales_team.group_sale_manager")
        self.assertEqual(len(seen), len(set(seen)))
        self.assertEqual(seen[:2], [ROOT, OVERVIEW])
        self.assertLess({"tiktok_leadgen.tiktok_leadgen_menu_company", *POSTS}, set(seen))
        of_crm = seen[seen.index(INTEGRATIONS) + 1 :]
        self.assertEqual(of_crm[0], "tiktok_leadgen.tiktok_leadgen_menu_overview")
        prefixed = [name for name in names.values() if name.startswith("TikTok ")]
        self.assertFalse(prefixed)

    def test_settings_are_for_administrators_of_odoo(self):
        settings = "tiktok_leadgen.tiktok_leadgen_menu_settings"
        manager = "tiktok_leadgen.tiktok_leadgen_group_manager"
        self.assertNotIn(settings, self.read_menus("tiktok_admin", manager)[0])
        self.assertIn(settings, self.read_menus("tiktok_root", f"{manager},base.group_system")[0])
