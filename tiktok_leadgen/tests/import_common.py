"""Files of leads as TikTok writes them, and a sales manager who imports them."""

import contextlib
import csv
import io

from odoo import SUPERUSER_ID, Command, api

from .. import const
from ..file_rows import process_waiting
from .common import TiktokCommon

META = [
    *("lead_id", "created_time", "ad_id", "ad_name", "adgroup_id", "adgroup_name"),
    *("campaign_id", "campaign_name", "form_id", "form_name"),
]
LABELS = ["Name", "Phone number", "Email", "Availability"]
PAGE = "7500000000000000001"


def make_row(uid, name="Ana Ruiz", email="ana@example.com", phone="+34600111222", **values):
    cells = {
        **dict(zip(META, META, strict=True)),
        "lead_id": str(uid),
        "created_time": "2026-11-20 10:20:35(UTC+00:00)",
        "ad_id": "1809876543213333",
        "adgroup_id": "1809876543212222",
        "campaign_id": "1809876543211111",
        "campaign_name": "Autumn",
        "form_id": PAGE,
        "form_name": "Quote form",
        **values,
    }
    return [*cells.values(), name, phone, email, "Mon"]


def make_csv(*rows, labels=LABELS, delimiter=",", encoding="utf-8"):
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows([[*META, *labels], *rows])
    return out.getvalue().encode(encoding)


class FileImportCase(TiktokCommon):
    """A sales manager with files."""

    def setUp(self):
        super().setUp()
        self.imports = self.env["tiktok.lead.import"]
        self.env.ref(const.IMPORT_CRON_XMLID).active = True

    def upload(self, *contents, user=None, name="leads.csv", company=None):
        """Return an import of files, as a user's browser makes it."""
        env = self.env(user=user or self.manager, su=False)
        files = env["ir.attachment"].create(
            [
                {"name": name, "raw": content, "res_model": "tiktok.lead.import", "res_id": 0}
                for content in contents
            ]
        )
        values = {"attachment_ids": [Command.set(files.ids)]}
        if company:
            values["company_id"] = company.id
        return env["tiktok.lead.import"].with_company(company or self.company).create(values)

    def run_imports(self):
        patched = self._registry_patched  # with a browser or requests
        with contextlib.nullcontext() if patched else self.enter_registry_test_mode():
            self.env.ref(const.IMPORT_CRON_XMLID).method_direct_trigger()
        self.env.invalidate_all()

    def run_one_batch(self, run):
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            env[run._name].browse(run.id)._run_next_batch({})
            process_waiting(env)
        self.env.invalidate_all()

    def import_files(self, *contents, **options):
        run = self.upload(*contents, **options)
        run.action_check()
        run.action_import()
        self.run_imports()
        return run

    def counts(self, run):
        return [run[name] for name in ("row_count", "new_count", "known_count", "refused_count")]
