from collections import Counter

from odoo.tests import tagged

from odoo.addons.tiktok_leadgen.tests.common_speed import NOW, SpeedCommon


@tagged("post_install", "-at_install")
class TestRoundRobinShare(SpeedCommon):
    """Members get leads by their shares, within their numbers of the day."""

    def assign(self, count):
        """Return how many of the next leads Ana, Boris and Chen get."""
        positions = self.env["tiktok.round.robin"]
        found = Counter(positions._assign_next(self.team, self.sellers, count))
        return [found[user.id] for user in self.sellers]

    def test_equal_shares_are_plain_round_robin(self):
        self.assertEqual(self.assign(7), [3, 2, 2])
        positions = self.env["tiktok.round.robin"].search([("team_id", "=", self.team.id)])
        self.assertEqual(positions.mapped("share_end"), [0, 0, 0])

    def test_shares_hold_in_each_small_batch(self):
        self.member(self.ana).tiktok_weight = 3
        given = [self.assign(1) for _number in range(50)]
        self.assertEqual([sum(each) for each in zip(*given, strict=True)], [30, 10, 10])

    def test_member_with_share_0_gets_none(self):
        self.member(self.ana).tiktok_weight = 0
        self.assertEqual(self.assign(6), [0, 3, 3])

    def test_member_who_comes_back_is_not_flooded(self):
        self.member(self.chen).tiktok_weight = 2
        positions = self.env["tiktok.round.robin"]
        positions._assign_next(self.team, self.ana | self.boris, 40)
        self.assertEqual(self.assign(8), [2, 2, 4])

    def test_daily_number_ends_with_the_day(self):
        self.member(self.ana).tiktok_daily_cap = 2
        self.assertEqual(self.assign(10), [2, 4, 4])
        self.assertEqual(self.assign(2), [0, 1, 1])
        self.frozen.move_to(NOW.replace(hour=23, minute=59))
        self.assertEqual(self.assign(2), [0, 1, 1])
        self.frozen.move_to(NOW.replace(day=NOW.day + 1, hour=0))
        self.assertEqual(self.assign(3)[0], 1)

    def test_day_begins_in_the_time_zone_of_the_team(self):
        self.member(self.ana).tiktok_daily_cap = 1
        self.team.tiktok_tz = "Asia/Tokyo"
        self.assertEqual(self.assign(3)[0], 1)
        self.frozen.move_to(NOW.replace(hour=15))  # midnight in Tokyo
        self.assertEqual(self.assign(3)[0], 1)

    def test_leads_wait_where_all_have_reached_their_number(self):
        for user in self.sellers:
            self.member(user).tiktok_daily_cap = 1
        leads = self.make_many(5)
        waiting = leads.filtered(lambda lead: not lead.user_id)
        self.assertEqual(len(waiting), 2)
        self.assertEqual(set(waiting.mapped("tiktok_unassigned_reason")), {"daily_cap"})
        self.frozen.move_to(NOW.replace(day=NOW.day + 1))
        self.run_cron("ir_cron_assign_leads")
        self.assertTrue(all(leads.mapped("user_id")))

    def test_leads_that_wait_as_no_one_has_a_share_name_no_daily_number(self):
        for user in self.sellers:
            self.member(user).tiktok_weight = 0
        self.assertEqual(self.make_many(1).tiktok_unassigned_reason, "none_available")

    def test_reassignment_waits_where_all_have_reached_their_number(self):
        self.company.tiktok_reassign_minutes = 20
        lead = self.new_lead()
        for user in self.sellers:
            self.member(user).tiktok_weight = 0
        self.later(20)
        self.assertEqual(lead.user_id, self.ana)
        self.assertTrue(lead.tiktok_reassign_at > NOW)

    def test_least_busy_counts_open_leads_by_share(self):
        self.member(self.ana).tiktok_weight = 2
        loads = {self.ana.id: 4, self.boris.id: 2, self.chen.id: 2}
        found = Counter(
            self.env["tiktok.round.robin"]._assign_next(self.team, self.sellers, 8, loads)
        )
        self.assertEqual([found[user.id] for user in self.sellers], [4, 2, 2])
