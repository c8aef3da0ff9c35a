import warnings

from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestRegistry(TransactionCase):
    """Odoo has nothing to warn about when it sets up our models."""

    def test_no_field_of_ours_makes_the_registry_warn(self):
        registry = self.env.registry
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            for model in registry.models.values():
                for field in () if model._abstract else model._fields.values():
                    list(field.resolve_depends(registry))
        texts = [str(one.message) for one in caught]
        self.assertEqual([text for text in texts if "tiktok" in text], [])

    def test_an_ad_account_is_found_by_its_last_reconciliation(self):
        advertisers = self.env["tiktok.advertiser"].create(
            [
                {"name": name, "advertiser_uid": f"88{name}", "company_id": self.env.company.id}
                for name in "012"
            ]
        )
        runs = self.env["tiktok.reconciliation"]
        for advertiser in (*advertisers[:2], advertisers[0]):
            values = {"advertiser_id": advertiser.id, "state": "done"}
            runs += runs.create({**values, "company_id": self.env.company.id})
        mine = [("id", "in", advertisers.ids)]
        for operator, value, found in (
            ("=", runs[0].id, ""),
            ("=", runs[2].id, "0"),
            ("in", runs.ids, "01"),
            ("=", False, "2"),
            ("!=", False, "01"),
        ):
            domain = [*mine, ("reconciliation_id", operator, value)]
            names = advertisers.search(domain, order="name").mapped("name")
            self.assertEqual("".join(names), found, domain)
        self.assertEqual(
            advertisers.search([*mine, ("reconciliation_state", "=", "done")]), advertisers[:2]
        )

    def test_a_form_is_found_by_its_last_application(self):
        company = {"company_id": self.env.company.id}
        forms = self.env["tiktok.form"].create(
            [{"name": name, "page_uid": f"77{name}", **company} for name in "01"]
        )
        runs = self.env["tiktok.mapping.run"]
        first, last = (runs.create({"form_id": forms[0].id, "state": "done"}) for _run in "12")
        for domain, found in (
            ([("run_id", "=", first.id)], forms.browse()),
            ([("run_id", "=", last.id)], forms[0]),
            ([("run_id", "=", False)], forms[1]),
            ([("run_state", "=", "done")], forms[0]),
        ):
            self.assertEqual(forms.search([("id", "in", forms.ids), *domain]), found, domain)
