from odoo.tests import Form, tagged

from ... import const
from ...job_time import read_clock
from ..common import TiktokCommon, entry

LATER = 1789902990  # than entry()'s create_time
FUTURE = 4070908800  # the year 2099


@tagged("post_install", "-at_install")
class TestNames(TiktokCommon):
    """Campaigns, ad groups and ads keep their newest names, on older leads too."""

    def refresh(self):
        with self.enter_registry_test_mode():
            self.env.ref("tiktok_leadgen.ir_cron_refresh_names").method_direct_trigger()
        self.env.invalidate_all()

    def test_an_older_lead_takes_the_name_that_a_newer_one_brings(self):
        old = self.make()
        new = self.make(create_time=LATER, campaign_name="Spring 2", ad_name="Video 1b")
        self.assertEqual(old.tiktok_campaign_name, "Spring")
        self.refresh()
        self.assertEqual(old.tiktok_campaign_name, "Spring 2")
        self.assertEqual(old.tiktok_ad_name, "Video 1b")
        self.assertEqual(old.tiktok_adgroup_name, "Lookalike")
        self.assertEqual(new.tiktok_campaign_name, "Spring 2")
        self.assertFalse(self.env["tiktok.ad.entity"].search([("is_stale", "=", True)]))

    def test_odoos_campaign_is_renamed_too_if_it_is_ours(self):
        old = self.make()
        campaign = old.campaign_id
        new = self.make(create_time=LATER, campaign_name="Spring 2")
        self.assertEqual(new.campaign_id, campaign)
        self.assertEqual((campaign.name, campaign.title), ("Spring 2", "Spring 2"))

    def test_a_campaign_of_odoo_that_a_user_created_keeps_its_name(self):
        campaign = self.env["utm.campaign"].create({"name": "Spring"})
        old = self.make()
        self.assertEqual(old.campaign_id, campaign)
        new = self.make(create_time=LATER, campaign_name="Spring 2")
        self.assertEqual(campaign.name, "Spring")
        self.assertNotEqual(new.campaign_id, campaign)

    def test_odoos_campaign_of_two_campaigns_keeps_its_name(self):
        campaign = self.make().campaign_id
        self.make(campaign_id=99)
        self.make(create_time=LATER, campaign_name="Spring 2")
        self.assertEqual(campaign.name, "Spring")

    def test_renaming_one_of_two_campaigns_of_one_name_moves_no_lead_of_the_other(self):
        first, second = self.make(campaign_id=11), self.make(campaign_id=12)
        self.assertEqual(first.campaign_id, second.campaign_id)
        self.make(campaign_id=11, create_time=LATER, campaign_name="Summer")
        self.make(campaign_id=12, create_time=LATER, campaign_name="Autumn")
        self.refresh()
        self.assertEqual((first + second).campaign_id.name, "Spring")
        names = (first + second).mapped("tiktok_campaign_name")
        self.assertEqual(names, ["Summer", "Autumn"])

    def test_an_older_lead_that_comes_late_changes_no_name_and_gets_the_newest(self):
        self.make(create_time=LATER, campaign_name="Spring 2")
        late = self.make()
        self.assertEqual(late.tiktok_campaign_name, "Spring 2")
        self.assertEqual(late.campaign_id.name, "Spring 2")

    def test_a_time_in_the_future_does_not_freeze_a_name(self):
        first = self.make(create_time=FUTURE)
        entity = self.env["tiktok.ad.entity"].search(
            [("kind", "=", "campaign"), ("uid", "=", first.tiktok_campaign_uid)]
        )
        self.assertLessEqual(entity.named_at, read_clock(self.env))
        entity.named_at = "2099-01-01 00:00:00"  # stored by an earlier version
        self.make(create_time=FUTURE, campaign_name="Spring 2")
        self.assertEqual(entity.name, "Spring 2")
        self.assertLessEqual(entity.named_at, read_clock(self.env))

    def test_two_names_in_one_batch_end_as_the_newer_one(self):
        contents = [entry(create_time=LATER, campaign_name="Spring 2"), entry()]
        self.receive(*contents)
        self.process()
        names = {self.lead(content["id"]).tiktok_campaign_name for content in contents}
        self.assertEqual(names, {"Spring 2"})

    def test_a_lead_with_an_id_only_gets_the_name(self):
        self.make()
        self.assertEqual(self.make(campaign_name="").tiktok_campaign_name, "Spring")

    def test_another_company_has_names_of_its_own(self):
        theirs = self.make(company=self.other_company)
        self.make()
        self.make(create_time=LATER, campaign_name="Spring 2")
        self.refresh()
        self.assertEqual(theirs.tiktok_campaign_name, "Spring")

    def test_renaming_leaves_no_trace_on_the_lead(self):
        old = self.make()
        self.env.flush_all()
        written, messages = old.write_date, old.message_ids
        self.make(create_time=LATER, campaign_name="Spring 2")
        self.refresh()
        self.assertEqual((old.write_date, old.message_ids), (written, messages))

    def test_many_leads_are_renamed_in_steps(self):
        self.patch(const, "GC_BATCH", 2)
        olds = [self.make() for _lead in range(5)]
        self.make(create_time=LATER, campaign_name="Spring 2")
        self.refresh()
        self.assertEqual({lead.tiktok_campaign_name for lead in olds}, {"Spring 2"})


@tagged("post_install", "-at_install")
class TestLinks(TiktokCommon):
    """Ad accounts, campaigns and contacts lead to their leads, and back."""

    def test_an_ad_account_and_its_leads_know_each_other(self):
        lead = self.make()
        advertiser = self.env["tiktok.advertiser"].create(
            {
                "name": "ACME Ads",
                "advertiser_uid": lead.tiktok_advertiser_uid,
                "company_id": self.company.id,
            }
        )
        lead.invalidate_recordset()
        self.assertEqual(lead.tiktok_advertiser_id, advertiser)
        self.assertEqual(advertiser.lead_count, 1)
        self.assertEqual(self.leads.search(advertiser.action_view_leads()["domain"]), lead)

    def test_odoos_campaign_counts_its_leads(self):
        lead = self.make()
        self.assertEqual(lead.campaign_id.crm_lead_count, 1)

    def test_a_contact_shows_its_first_and_last_campaign(self):
        phone = "+56987654321"
        partner = self.env["res.partner"].create({"name": "A", "email": "Ana@example.com"})
        self.make()
        self.assertEqual(partner.tiktok_first_campaign, "Spring")
        partner.phone = phone
        last = self.make(
            campaign_id=7, campaign_name="Autumn", answers={"name": "A", "phone_number": phone}
        )
        self.make(campaign_id=0, campaign_name="", adgroup_name="", ad_name="")
        partner.invalidate_recordset()
        partner = partner.with_user(self.manager)
        self.assertEqual(partner.tiktok_lead_count, 2)
        self.assertEqual(partner.tiktok_first_campaign, "Spring")
        self.assertEqual(partner.tiktok_last_campaign, "Autumn")
        found = self.leads.search(partner.action_tiktok_view_leads()["domain"])
        self.assertIn(last, found)

    def test_a_contact_shows_nothing_of_another_company(self):
        partner = self.env["res.partner"].create({"name": "A", "email": "ana@example.com"})
        self.make()
        self.assertFalse(partner.with_user(self.stranger).tiktok_lead_count)

    def test_a_contacts_form_opens(self):
        partner = self.env["res.partner"].create({"name": "A", "email": "ana@example.com"})
        self.make()
        with Form(partner.with_user(self.manager)) as form:
            self.assertEqual(form.tiktok_lead_count, 1)

    def test_crm_can_filter_group_and_automate_by_tiktoks_fields(self):
        fields = self.leads.with_user(self.salesman).fields_get(
            attributes=["groupable", "searchable"]
        )
        for name in ("form_id", "campaign_name", "adgroup_name", "ad_name", "received_at"):
            field = fields[f"tiktok_{name}"]
            self.assertTrue(field["groupable"] and field["searchable"])
        lead = self.make()
        domain = [
            ("tiktok_form_id.name", "ilike", "spring"),
            ("tiktok_campaign_name", "=", "Spring"),
        ]
        self.assertEqual(lead.filtered_domain(domain), lead)

    def test_an_automation_rule_acts_on_tiktoks_leads_only(self):
        if "base.automation" not in self.env:
            return  # Odoo without automation rules: the fields above are all they need
        tag = self.env["crm.tag"].create({"name": "From spring"})
        model = self.env["ir.model"]._get("crm.lead")
        values = {"name": "Tag", "model_id": model.id, "trigger": "on_create"}
        rule = self.env["base.automation"].create(
            {**values, "filter_domain": "[('tiktok_campaign_name', '=', 'Spring')]"}
        )
        rule.action_server_ids = self.env["ir.actions.server"].create(
            {
                "name": "Tag",
                "model_id": model.id,
                "state": "code",
                "code": f"record.tag_ids = [(4, {tag.id})]",
            }
        )
        spring, autumn = self.make(), self.make(campaign_id=7, campaign_name="Autumn")
        self.assertEqual((tag in spring.tag_ids, tag in autumn.tag_ids), (True, False))

    def test_the_template_greets_by_first_name_and_names_the_form(self):
        template = self.env.ref("tiktok_leadgen.mail_template_lead_received")
        lead = self.make(answers={"name": "Ana <b> Pérez", "email": "ana@example.com"})
        values = template._generate_template(lead.ids, ["subject", "body_html", "email_to"])[
            lead.id
        ]
        self.assertIn("Hello Ana,", values["body_html"])
        self.assertIn("Spring quote form", values["subject"])
        self.assertEqual(values["email_to"], "ana@example.com")
        lead.contact_name = False
        template._generate_template(lead.ids, ["body_html"])

    def test_replaying_while_lead_generation_is_off_says_so(self):
        self.company.tiktok_leadgen_enabled = False
        content = entry()
        self.receive(content)
        event = self.event(content["id"])
        said = event.with_user(self.manager).action_replay()["params"]
        self.assertEqual(said["type"], "warning")
        self.company.tiktok_leadgen_enabled = True
        said = event.with_user(self.manager).action_replay()["params"]
        self.assertEqual(said["type"], "success")
