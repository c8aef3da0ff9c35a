from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestCost(TransactionCase):
    """A lead that is not from TikTok costs as much as without this addon."""

    def count_queries(self, work):
        """Count the queries of some work on a lead, in a state that does not depend on the order.

        :param work: takes the lead
        :return: how many queries
        :rtype: int
        """
        lead = self.env["crm.lead"].create({"name": "Plain", "phone": "+56911112222"})
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        work(lead)
        self.env.flush_all()
        return self.cr.sql_log_count - before

    def without_addon(self, work):
        """Count the queries of some work with the overrides of this addon left out.

        :param work: takes the lead
        :return: how many queries
        :rtype: int
        """
        lead_class = self.env.registry["crm.lead"]
        bases = lead_class.__bases__
        others = [one for one in bases if not one.__module__.startswith(PREFIX)]
        self.assertLess(len(others), len(bases))
        lead_class.__bases__ = tuple(others)
        try:
            return self.count_queries(work)
        finally:
            lead_class.__bases__ = bases

    def assertSameCost(self, work):
        self.count_queries(work)  # fills the caches of the registry
        with_addon, without = self.count_queries(work), self.without_addon(work)
        self.assertEqual(with_addon, without)

    def test_create(self):
        self.assertSameCost(lambda lead: lead.create({"name": "Another", "phone": "+56922223333"}))

    def test_write(self):
        self.assertSameCost(lambda lead: lead.write({"phone": "+56922224444", "priority": "2"}))

    def test_read(self):
        self.assertSameCost(lambda lead: lead.read(["name", "phone", "user_id", "stage_id"]))


PREFIX = "odoo.addons.tiktok_first_contact"
