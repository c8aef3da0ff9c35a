"""Who imports downloaded files, and who sees them."""

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common import next_uid
from ..import_common import FileImportCase, make_csv, make_row


@tagged("post_install", "-at_install")
class TestFileImportRights(FileImportCase):
    """Who may import, and who sees the files."""

    def test_a_salesman_imports_nothing(self):
        with self.assertRaises(AccessError):
            self.upload(make_csv(make_row(next_uid())), user=self.salesman)
        run = self.upload(make_csv(make_row(next_uid())))
        for action in ("check", "import", "cancel", "undo", "view_events", "view_leads"):
            with self.assertRaises(AccessError):
                getattr(run.with_user(self.salesman), f"action_{action}")()

    def test_another_company_sees_nothing(self):
        run = self.upload(make_csv(make_row("x y")))
        run.action_check()
        imports = self.imports.with_user(self.stranger)
        self.assertFalse(imports.search([("id", "=", run.id)]))
        for record in (run, run.line_ids, run.attachment_ids):
            with self.assertRaises(AccessError):
                record.with_user(self.stranger).read(["display_name"])
        with self.assertRaises(AccessError):
            run.with_user(self.stranger).action_import()
        with self.assertRaises(AccessError):
            imports.create({"company_id": self.company.id})

    def test_another_company_gets_its_own_leads(self):
        uid = next_uid()
        self.import_files(make_csv(make_row(uid)))
        run = self.import_files(
            make_csv(make_row(uid)), user=self.stranger, company=self.other_company
        )
        self.assertEqual(self.counts(run), [1, 1, 0, 0])
        self.assertTrue(self.lead(uid, self.other_company))

    def test_files_are_private_to_the_import(self):
        run = self.upload(make_csv(make_row(next_uid())))
        file = run.attachment_ids
        self.assertEqual((file.res_model, file.res_id), (run._name, run.id))
        self.assertFalse(file.public)
        with self.assertRaises(AccessError):
            file.with_user(self.salesman).read(["raw"])
        self.assertTrue(file.with_user(self.manager).raw)

    def test_files_of_other_records_are_refused(self):
        lead = self.make()
        foreign = self.env["ir.attachment"].create(
            {"name": "a.csv", "raw": b"x", "res_model": "crm.lead", "res_id": lead.id}
        )
        imports = self.imports.with_user(self.manager)
        with self.assertRaisesRegex(UserError, "Upload the files here"):
            imports.create({"attachment_ids": [Command.set(foreign.ids)]})
        secret = self.upload(b"x", user=self.stranger, company=self.other_company).attachment_ids
        with self.assertRaises(AccessError):
            imports.create({"attachment_ids": [Command.set(secret.ids)]})

    def test_what_odoo_measures_is_not_written_by_users(self):
        run = self.upload(make_csv(make_row(next_uid())))
        for values in ({"state": "done"}, {"new_count": 5}, {"report": []}, {"user_id": 1}):
            with self.assertRaises(AccessError):
                run.write(values)
        with self.assertRaises(UserError):
            run.company_id = self.other_company

    def test_a_sales_manager_without_our_group_imports(self):
        self.salesman.group_ids += self.env.ref("sales_team.group_sale_manager")
        uid = next_uid()
        self.import_files(make_csv(make_row(uid)), user=self.salesman)
        self.assertTrue(self.lead(uid))

    def test_views_open(self):
        run = self.import_files(make_csv(make_row(next_uid())))
        self.assertEqual(run.event_count, 1)
        for action in (run.action_view_events(), run.action_view_leads()):
            records = self.env[action["res_model"]].with_user(self.manager)
            self.assertEqual(len(records.search(action["domain"])), 1)
