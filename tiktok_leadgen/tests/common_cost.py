"""What an addon costs a lead that is not from TikTok: each step with and without its code."""

from odoo.tests import TransactionCase


class CostCommon(TransactionCase):
    """Counts the queries of steps with and without the overrides of one addon."""

    addon = None  # a name, or the beginning of several

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

    def count_without_addon(self, work):
        """Count the queries of some work with the overrides of the addon left out.

        :param work: takes the lead
        :return: how many queries
        :rtype: int
        """
        lead_class = self.env.registry["crm.lead"]
        bases = lead_class.__bases__
        prefix = f"odoo.addons.{self.addon}"
        others = [one for one in bases if not one.__module__.startswith(prefix)]
        self.assertLess(len(others), len(bases))
        lead_class.__bases__ = tuple(others)
        try:
            return self.count_queries(work)
        finally:
            lead_class.__bases__ = bases

    def assert_same_cost(self, work):
        """Check that some work takes as many queries with the addon as without it.

        :param work: takes the lead
        """
        self.count_queries(work)  # fills the caches of the registry
        with_addon, without = self.count_queries(work), self.count_without_addon(work)
        self.assertEqual(with_addon, without)

    def assert_plain_leads_cost_the_same(self):
        """Check the steps of a lead that a salesperson entered."""
        steps = {
            "create": lambda lead: lead.create({"name": "Another", "phone": "+56922223333"}),
            "write": lambda lead: lead.write({"phone": "+56922224444", "priority": "2"}),
            "assign": lambda lead: lead.write({"user_id": self.env.ref("base.user_admin").id}),
            "read": lambda lead: lead.read(["name", "phone", "user_id", "stage_id"]),
            "search": lambda lead: lead.search_read([("name", "=", "Plain")], ["name", "phone"]),
            "win": lambda lead: lead.action_set_won(),
            "lose": lambda lead: lead.action_set_lost(),
        }
        for name, work in steps.items():
            with self.subTest(step=name):
                self.assert_same_cost(work)
