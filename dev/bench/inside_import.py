"""The import of a downloaded file, measured inside an Odoo."""

import csv
import io
import tempfile

from dev.bench import bodies
from dev.bench.inside import memory, stopwatch
from dev.bench.inside_workers import begin_together

CRON = "tiktok_leadgen.ir_cron_import_leads"
MOMENT = "2026-11-20 10:20:35(UTC+00:00)"
HEADER = (
    *("lead_id", "created_time", "ad_id", "ad_name", "adgroup_id", "adgroup_name"),
    *("campaign_id", "campaign_name", "form_id", "form_name"),
    *("Name", "Phone number", "Email", "What is your budget?"),
)


def upload(odoo, run, count):
    """Upload a file of so many leads, as TikTok writes it.

    :param int run: makes the lead ids
    :return: the id of the import
    :rtype: dict
    """
    with tempfile.TemporaryFile() as file:
        text = io.TextIOWrapper(file, "utf-8", newline="", write_through=True)
        writer = csv.writer(text)
        writer.writerow(HEADER)
        for number, uid in enumerate(bodies.uids(run, count)):
            ids = ("1809876543210987", "Video 1", "1809876543210000", "Lookalike")
            campaign = ("1809876543200000", "Spring", f"75{run:05d}0000000000456", "Bench")
            person = (f"Ana {number}", f"+56 9 8{uid[-7:]}", f"ana.{uid}@example.com", "2-4 M")
            writer.writerow((uid, MOMENT, *ids, *campaign, *person))
        file.seek(0)
        with odoo.env() as env:
            files = env["ir.attachment"].create({"name": "leads.csv", "raw": file.read()})
            values = {"attachment_ids": [(6, 0, files.ids)]}
            return {"id": env["tiktok.lead.import"].create(values).id}


def check(odoo, import_id):
    """Check the file of an import.

    :rtype: dict
    """
    before = memory("VmRSS")
    with stopwatch() as took, odoo.env() as env:
        run = env["tiktok.lead.import"].browse(import_id)
        run.action_check()
        new = run.new_count
    return {"seconds": took[0], "before": before, "peak": memory("VmHWM"), "new": new}


def import_file(odoo, import_id, workers=1):
    """Import a file that was checked to the end, as Odoo's scheduler does.

    :param int import_id: of the import
    :param int workers: of processes that work together, see `inside_workers.work_beside`
    :rtype: dict
    """
    before = memory("VmRSS")
    with odoo.env() as env:
        run = env["tiktok.lead.import"].browse(import_id)
        if run.state != "running":
            run.action_import()
        env.cr.postcommit.clear()
    state = "running"
    with begin_together(odoo, workers), stopwatch() as took:
        while state == "running":
            with odoo.env() as env:
                env.ref(CRON).method_direct_trigger()
            with odoo.env() as env:
                state = env["tiktok.lead.import"].browse(import_id).state
    if state != "done":
        raise SystemExit(f"The import ended as {state}")
    return {"seconds": took[0], "cpu": took[1], "before": before, "peak": memory("VmHWM")}
