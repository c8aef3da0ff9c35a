from odoo.tests import tagged

from .rights_table import TABLE
from .rights_walk import RightsWalk


@tagged("post_install", "-at_install")
class TestRightsTable(RightsWalk):
    """Every field and every public method of this addon."""

    addon = "tiktok_leadgen"
    table = TABLE

    def test_who_may_read_write_and_call(self):
        self.assert_table()

    def test_a_relation_is_never_pointed_to_another_company(self):
        self.assert_company_unchanged()
