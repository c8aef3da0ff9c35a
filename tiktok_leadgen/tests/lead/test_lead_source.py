import zlib

import psycopg2

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import TiktokCommon, TiktokHttpCommon, body, entry, next_uid


@tagged("post_install", "-at_install")
class TestLeadSource(TiktokCommon):
    """Source, campaign, form, team and stage of a new lead."""

    def campaign(self, name):
        # Each has an id of its own: a campaign with another name was renamed.
        uid = zlib.crc32((name or "").encode())
        return self.make(campaign_id=uid, campaign_name=name).campaign_id

    def test_source_medium_campaign_and_the_ids_of_the_ad_are_on_the_lead(self):
        lead = self.make()
        self.assertRecordValues(
            lead,
            [
                {
                    "tiktok_advertiser_uid": "7163948356417550009",
                    "tiktok_campaign_uid": "1809876543200000",
                    "tiktok_campaign_name": "Spring",
                    "tiktok_adgroup_uid": "1809876543210000",
                    "tiktok_adgroup_name": "Lookalike",
                    "tiktok_ad_uid": "1809876543210987",
                    "tiktok_ad_name": "Video 1",
                }
            ],
        )
        utm = (lead.source_id.name, lead.medium_id.name, lead.campaign_id.name)
        self.assertEqual(utm, ("TikTok", "TikTok Instant Form", "Spring"))

    def test_the_second_lead_makes_no_second_source_medium_or_campaign(self):
        first, second = self.make(), self.make()
        for name in ("source_id", "medium_id", "campaign_id", "tiktok_form_id"):
            self.assertEqual(first[name], second[name])

    def test_a_campaign_is_found_by_its_exact_name(self):
        names = ["ab_cd", "abXcd", "100%", "100 x", "Spring", "SPRING", "a\\b", "Ünïcode"]
        campaigns = [self.campaign(name) for name in names]
        self.assertEqual([campaign.name for campaign in campaigns], names)
        self.assertEqual(len({campaign.id for campaign in campaigns}), len(names))
        self.assertEqual([self.campaign(name) for name in names], campaigns)

    def test_a_name_that_looks_like_a_numbered_copy_stays(self):
        plain, numbered = self.campaign("Summer"), self.campaign("Summer [2]")
        self.assertEqual((plain.name, numbered.name), ("Summer", "Summer [2]"))
        self.assertEqual(self.campaign("Summer [2]"), numbered)
        self.assertEqual(self.campaign("Summer"), plain)

    def test_an_archived_campaign_is_used_again(self):
        campaign = self.campaign("Winter")
        campaign.active = False
        self.assertEqual(self.campaign("Winter"), campaign)

    def test_two_leads_of_a_new_campaign_in_one_delivery_share_it(self):
        uids = [next_uid(), next_uid()]
        self.receive(*(entry(uid, campaign_name="Brand new") for uid in uids))
        self.process()
        self.assertEqual(len({self.lead(uid).campaign_id.id for uid in uids}), 1)

    def test_without_a_campaign_there_is_none(self):
        for name in ("", None, " "):
            self.assertFalse(self.campaign(name))

    def test_in_another_language_the_names_are_the_same(self):
        self.env["res.lang"]._activate_lang("es_ES")
        first = self.make()
        self.env.ref("base.user_root").lang = "es_ES"
        second = self.make()
        for name in ("source_id", "medium_id", "campaign_id"):
            self.assertEqual(first[name], second[name])

    def test_the_salesperson_stays_empty_until_one_is_assigned(self):
        lead = self.make()
        self.assertFalse(lead.user_id or lead.date_open)

    def test_with_leads_switched_off_in_crm_it_is_an_opportunity(self):
        self.env.ref("base.group_user").implied_ids -= self.env.ref("crm.group_use_lead")
        self.assertEqual(self.make().type, "opportunity")

    def test_with_leads_switched_on_in_crm_it_is_a_lead(self):
        self.env.ref("base.group_user").implied_ids += self.env.ref("crm.group_use_lead")
        self.company.tiktok_team_id = self.team(use_leads=True)
        self.assertEqual(self.make().type, "lead")

    def test_a_team_without_leads_gets_opportunities(self):
        self.env.ref("base.group_user").implied_ids += self.env.ref("crm.group_use_lead")
        self.company.tiktok_team_id = self.team(use_leads=False)
        lead = self.make()
        self.assertEqual((lead.type, lead.team_id), ("opportunity", self.company.tiktok_team_id))

    def team(self, **values):
        company = values.pop("company", self.company)
        values = {"name": "TikTok", "use_opportunities": True, "sequence": -1, **values}
        return self.env["crm.team"].create({**values, "company_id": company.id})

    def test_the_team_is_the_companys_first_one_if_none_was_chosen(self):
        self.team(company=self.other_company, sequence=-9)
        team = self.team()
        self.assertEqual(self.make().team_id, team)

    def test_the_stage_is_the_first_open_one_of_the_team(self):
        stages = self.env["crm.stage"]
        stages.search([]).sequence = 10
        stages.create({"name": "Folded", "sequence": -9, "fold": True})
        mine = self.company.tiktok_team_id = self.team()
        first = stages.create({"name": "Mine", "sequence": -5, "team_ids": mine.ids})
        theirs = self.team(company=self.other_company)
        stages.create({"name": "Theirs", "sequence": -8, "team_ids": theirs.ids})
        self.assertEqual(self.make().stage_id, first)

    def test_with_crms_rule_based_assignment_the_team_is_left_to_crm(self):
        self.env["ir.config_parameter"].set_param("crm.lead.auto.assignment", True)
        self.team()
        self.assertFalse(self.make().team_id)

    def test_the_form_appears_with_its_first_lead_and_counts_them(self):
        form = self.make().tiktok_form_id
        self.assertEqual(form.page_uid, "7600000000000000456")
        self.assertEqual((form.name, form.lead_count), ("Spring quote form", 1))
        self.assertEqual(form.company_id, self.company)
        self.assertEqual(form.advertiser_uid, "7163948356417550009")
        self.make()
        form.invalidate_recordset()
        self.assertEqual(form.lead_count, 2)
        self.assertTrue(form.last_lead_at)
        domain = form.action_view_leads()["domain"]
        self.assertEqual(self.leads.search_count(domain), 2)

    def test_a_renamed_form_takes_its_new_name_and_stays_the_same(self):
        form = self.make().tiktok_form_id
        self.assertEqual(self.make(page_name="Autumn").tiktok_form_id, form)
        self.assertEqual(form.name, "Autumn")
        self.make(page_name="")
        self.assertEqual(form.name, "Autumn")

    def test_an_archived_form_is_used_again(self):
        form = self.make().tiktok_form_id
        form.active = False
        self.assertEqual(self.make().tiktok_form_id, form)

    def test_a_lead_without_a_form_is_made_all_the_same(self):
        lead = self.make(page_id=0)
        self.assertFalse(lead.tiktok_form_id)
        self.assertEqual(lead.contact_name, "Ana Pérez")

    def test_the_questions_of_a_form_are_created_once_with_their_targets(self):
        form = self.make(answers={"name": "A", "Budget?": "1"}).tiktok_form_id
        self.make(answers={"Budget?": "2", "email": "a@b.example"})
        questions = {q.name: q.target for q in form.question_ids}
        self.assertEqual(questions, {"name": "name", "Budget?": False, "email": "email"})

    def test_a_target_chosen_by_a_person_is_used_for_the_next_lead_of_that_form_only(self):
        form = self.make(answers={"name": "A", "Handelsname": "x"}).tiktok_form_id
        question = form.question_ids.filtered(lambda q: q.name == "Handelsname")
        question.with_user(self.manager).target = "company"
        self.assertEqual(self.make(answers={"Handelsname": "Pérez"}).partner_name, "Pérez")
        other = self.make(answers={"Handelsname": "Pérez"}, page_id=77)
        self.assertFalse(other.partner_name)

    def test_a_target_removed_by_a_person_is_not_used(self):
        form = self.make(answers={"name": "A", "title": "Boss"}).tiktok_form_id
        form.question_ids.filtered(lambda q: q.name == "title").target = False
        lead = self.make(answers={"name": "A", "title": "Boss"})
        self.assertFalse(lead.function)
        self.assertIn("title: Boss", lead.tiktok_answers)

    @mute_logger("odoo.sql_db")
    def test_a_form_with_leads_can_not_be_deleted_from_under_them(self):
        lead = self.make()
        with self.assertRaises(psycopg2.errors.RestrictViolation), self.env.cr.savepoint():
            lead.tiktok_form_id.unlink()


@tagged("post_install", "-at_install")
class TestMerge(TiktokCommon):
    """Merging leads in CRM keeps our link."""

    def test_the_survivor_keeps_what_came_from_tiktok_and_the_event_points_to_it(self):
        other = self.leads.create({"name": "Manual", "type": "opportunity", "probability": 99})
        other.company_id = self.company
        mine = self.make()
        event, uid, answers = mine.tiktok_event_id, mine.tiktok_lead_uid, mine.tiktok_answers
        form = mine.tiktok_form_id
        mine.type = "lead"
        survivor = (mine + other).merge_opportunity(auto_unlink=True)
        self.assertEqual(survivor, other)
        self.assertFalse(mine.exists())
        self.assertEqual(survivor.tiktok_lead_uid, uid)
        self.assertEqual(survivor.tiktok_answers, answers)
        self.assertEqual((survivor.tiktok_form_id, survivor.tiktok_event_id), (form, event))
        self.assertEqual((event.lead_id, event.state), (survivor, "done"))
        self.assertEqual(survivor.tiktok_event_count, 1)

    def test_two_tiktok_leads_become_one_with_both_events(self):
        leads = self.make() + self.make()
        uids = leads.mapped("tiktok_lead_uid")
        events = leads.tiktok_event_id
        survivor = leads.merge_opportunity()
        self.assertIn(survivor.tiktok_lead_uid, uids)
        self.assertEqual(events.lead_id, survivor)
        self.assertEqual(survivor.tiktok_event_count, 2)
        self.assertEqual(survivor.action_tiktok_open_event()["res_model"], "tiktok.event")

    def test_the_answers_of_merged_leads_stay_readable_for_salespeople(self):
        leads = self.leads.union(
            *(
                self.make(page_name=name, page_id=number, answers={"name": "Ana", "Dog?": name})
                for number, name in enumerate(("Rex", "Bello", "Lassie"), start=71)
            )
        )
        leads.user_id = self.salesman
        lead = leads[:2].merge_opportunity()
        lead = (lead + leads[2]).merge_opportunity()
        shown = lead.with_user(self.salesman).tiktok_answers_table
        for name in ("Rex", "Bello", "Lassie"):
            self.assertEqual(shown.count(f"<bdi>{name}</bdi>"), 1)
        self.assertEqual(str(shown).count("Merged lead"), 2)

    def test_a_merged_lead_without_a_form_shows_its_answers_too(self):
        hand = self.leads.create({"name": "Manual", "type": "opportunity", "probability": 99})
        hand.company_id = self.company
        mine = self.make(answers={"name": "Ana", "Dog?": "Rex"})
        lead = (hand + mine).merge_opportunity()
        self.assertIn("Rex", lead.tiktok_answers_table)
        self.assertFalse(lead.tiktok_merged_answers)

    def test_neither_of_two_merged_leads_comes_again(self):
        leads = self.make() + self.make()
        uids = [int(uid) for uid in leads.mapped("tiktok_lead_uid")]
        survivor = leads.merge_opportunity()
        self.receive(*map(entry, uids))
        self.process()
        found = self.leads.search([("tiktok_form_id", "=", survivor.tiktok_form_id.id)])
        self.assertEqual(found, survivor)

    def test_neither_of_two_imported_leads_that_were_merged_comes_again(self):
        uids = [next_uid(), next_uid()]
        values = {"name": "Ana", "company_id": self.company.id}
        leads = self.leads.create([{**values, "tiktok_lead_uid": str(uid)} for uid in uids])
        survivor = leads.merge_opportunity()
        self.receive(*map(entry, uids))
        self.process()
        mine = [("company_id", "=", self.company.id), ("tiktok_lead_uid", "!=", False)]
        self.assertEqual(self.leads.search(mine), survivor)

    def test_three_leads_with_one_from_tiktok_keep_it(self):
        hand = self.leads.create([{"name": "A"}, {"name": "B", "probability": 80}])
        hand.company_id = self.company
        mine = self.make()
        uid = mine.tiktok_lead_uid
        survivor = (hand + mine).merge_opportunity()
        self.assertEqual(survivor.tiktok_lead_uid, uid)


@tagged("post_install", "-at_install")
class TestCookies(TiktokHttpCommon):
    """Odoo takes campaign, source and medium of a lead from the cookies of a request."""

    def test_cookies_of_the_request_do_not_end_on_the_lead(self):
        uid = next_uid()
        for name in ("odoo_utm_source", "odoo_utm_medium", "odoo_utm_campaign"):
            self.opener.cookies.set(name, "Leaked")
        self.post(body(entry(uid, campaign_name="")))
        self.process()
        lead = self.lead(uid)
        self.assertEqual(lead.source_id.name, "TikTok")
        self.assertEqual(lead.medium_id.name, "TikTok Instant Form")
        self.assertFalse(lead.campaign_id)
