from odoo.tests import tagged

from odoo.addons.tiktok_leadgen.tests import rights_walk

from .rights_table import TABLE


@tagged("post_install", "-at_install")
class TestRights(rights_walk.RightsWalk):
    """Who may read and write each field, and call each method."""

    addon = "tiktok_ads"
    table = TABLE

    def test_who_may_is_what_the_table_says(self):
        self.assert_table()

    def test_no_relation_leaves_the_company(self):
        self.assert_company_unchanged()
        self.assertTrue(list(self.our_fields()))
