"""Two users claim one lead at the same time, on connections of their own."""

import psycopg2.errors

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.tiktok_leadgen.tests.common import CommittedCommon, next_uid


@tagged("post_install", "-at_install")
class TestClaimRace(CommittedCommon):
    """The second one finds the first one's name when Odoo repeats the request."""

    def setUp(self):
        super().setUp()
        with self.cursor() as env:
            values = {"name": "Race", "tiktok_lead_uid": str(next_uid()), "user_id": False}
            values["company_id"] = env.ref("base.main_company").id
            self.lead_id = env["crm.lead"].create(values).id
        self.addCleanup(self.delete_lead)

    def delete_lead(self):
        """Delete the lead that was committed."""
        with self.cursor() as env:
            self.delete_leads(env, self.lead_id)

    @mute_logger("odoo.sql_db")
    def test_second_click_changes_nothing(self):
        with self.cursor() as first, self.cursor() as second:
            admin, robot = first.ref("base.user_admin"), second.ref("base.user_root")
            one = first["crm.lead"].browse(self.lead_id).with_user(admin)
            two = second["crm.lead"].browse(self.lead_id).with_user(robot)
            self.assertFalse(one.user_id or two.user_id)
            one.action_tiktok_assign_to_me()
            first.cr.commit()
            with self.assertRaises(psycopg2.errors.SerializationFailure):
                two.action_tiktok_assign_to_me()
            second.cr.rollback()
            with self.assertRaisesRegex(UserError, "already has this lead"):
                two.action_tiktok_assign_to_me()
            self.assertEqual(one.user_id, admin)
