from odoo.tests import tagged

from odoo.addons.tiktok_leadgen.tests import rights_walk

from .rights_table import TABLE


@tagged("post_install", "-at_install")
class TestRights(rights_walk.RightsWalk):
    """Who may read and write each field."""

    addon = "tiktok_first_contact_sms"
    table = TABLE

    def test_who_may_is_what_the_table_says(self):
        self.assert_table()
