import logging

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..common import TiktokCommon

ADDONS = {
    *("tiktok_leadgen", "tiktok_publish", "tiktok_publish_blog", "tiktok_ads"),
    *("tiktok_first_contact", "tiktok_first_contact_sms", "tiktok_routing"),
}
COMPANY, NAME = "res.company", "tiktok_accept_untrusted"
SAMPLES = {"boolean": True, "datetime": "2026-01-01 00:00:00", "date": "2026-01-01"}
SAMPLES.update(dict.fromkeys(("char", "text", "html"), "x"))


@tagged("post_install", "-at_install")
class TestProbing(TiktokCommon):
    """No domain of any model tells a user the value of a field that the user may not read."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        given = {"company_id": cls.company.id, "company_ids": [(6, 0, cls.company.ids)]}
        cls.people = [
            new_test_user(cls.env, "probe_internal", "base.group_user", **given),
            new_test_user(cls.env, "probe_portal", "base.group_portal", **given),
        ]
        attachments = cls.env["ir.attachment"]
        for user in cls.people:
            attachments.with_user(user).sudo().create(
                {"name": "mine", "company_id": cls.company.id}
            )
        cls.company.tiktok_accept_untrusted = True

    def setUp(self):
        super().setUp()
        logging.disable(logging.CRITICAL)  # each refusal is logged
        self.addCleanup(logging.disable, logging.NOTSET)

    def hidden_fields(self, model_name):
        """Return our fields of a model that some users may not read and that can be searched."""
        return [
            field
            for field in self.env[model_name]._fields.values()
            if field._modules and ADDONS & set(field._modules) and field.groups
            if field.store or field.search
        ]

    def is_answered(self, user, model_name, domain):
        """Tell whether a search is carried out for a user."""
        try:
            self.env[model_name].with_user(user).with_context(active_test=False).search_count(
                domain
            )
        except AccessError:
            return False
        return True

    def find_answered(self, user, model_name, paths):
        """Return which conditions a user may search by, with either operator of a path.

        :param dict paths: the field at the end of each path
        """
        found = []
        for path, field in paths.items():
            above, _dot, name = path.rpartition(".")
            value = SAMPLES.get(field.type, 1)
            if field.type == "selection":
                value = field.get_values(self.env)[0]
            conditions = [(path, "=", value), (path, "!=", value)]
            if "." not in above:
                conditions.append((above, "not any", [(name, "=", value)]))
            found += [
                (user.login, model_name, condition)
                for condition in conditions
                if self.is_answered(user, model_name, [condition])
            ]
        return found

    def test_attachments_tell_nothing_of_any_setting(self):
        fields = self.hidden_fields(COMPANY)
        names = {field.name for field in fields}
        self.assertLess({"tiktok_accept_untrusted", "tiktok_retention_days"}, names)
        ways = ("company_id", "create_uid.company_id")
        paths = {f"{way}.{field.name}": field for field in fields for way in ways}
        for user in self.people:
            self.assertFalse(self.find_answered(user, "ir.attachment", paths))

    def test_no_model_tells_the_setting_of_its_company(self):
        answered, tried, setting = [], 0, self.env[COMPANY]._fields[NAME]
        for model_name in self.env.registry:
            model = self.env[model_name]
            if model._abstract:
                continue
            for field in model._fields.values():
                way = field.comodel_name == COMPANY and (field.store or field.search)
                way = way or (field.comodel_name == "res.users" and field.store)
                if not way:
                    continue
                above = field.name if field.comodel_name == COMPANY else f"{field.name}.company_id"
                tried += 1
                for user in self.people:
                    answered += self.find_answered(user, model_name, {f"{above}.{NAME}": setting})
        self.assertGreater(tried, 100)
        self.assertFalse(answered)

    def test_attachments_tell_nothing_of_leads_and_deliveries(self):
        self.make()
        leads = "create_uid.partner_id.opportunity_ids"
        paths = {f"{leads}.{field.name}": field for field in self.hidden_fields("crm.lead")}
        paths[f"{leads}.tiktok_event_ids.raw"] = self.events._fields["raw"]
        paths[f"{leads}.email_from"] = self.leads._fields["email_from"]
        for user in self.people:
            self.assertFalse(self.find_answered(user, "ir.attachment", paths))

    def test_who_may_read_a_setting_may_still_search_by_it(self):
        attachment = self.env["ir.attachment"].create(
            {"name": "x", "company_id": self.company.id, "public": True}
        )
        domain = [("company_id.tiktok_accept_untrusted", "=", True), ("id", "=", attachment.id)]
        for user in (self.manager, self.env.ref("base.user_root")):
            found = self.env["ir.attachment"].with_user(user).search(domain)
            self.assertEqual(found, attachment)
        internal = self.env["ir.attachment"].with_user(self.people[0])
        self.assertEqual(
            internal.search([("company_id.name", "=", self.company.name)], limit=1).company_id,
            self.company,
        )
        domain = [("tiktok_accept_untrusted", "=", True), ("id", "=", self.company.id)]
        self.assertEqual(self.company.with_user(self.manager).search(domain), self.company)
