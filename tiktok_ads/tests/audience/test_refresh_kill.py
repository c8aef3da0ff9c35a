import json
import pathlib
import tempfile

from odoo.tests import tagged

from odoo.addons.tiktok_leadgen.tests.worker_common import WorkerCommon

from ...tiktok import audience

# TikTok's side of a worker is a file: the audiences of the ad account, as far as the worker lived.
PREPARATION = """
import json, pathlib
from odoo.addons.tiktok_ads.tiktok import audience
audience.MIN_MEMBERS = 2
path = pathlib.Path({path!r})
def stop_at(*moment):
    if moment == {stop!r}:
        hang("amid")
class Client:
    def post(self, path_, body, files=None):
        stop_at("before", path_)
        state = json.loads(path.read_text())
        answer = getattr(self, path_.strip("/").split("/")[-1])(state, body, files)
        path.write_text(json.dumps(state))
        stop_at("after", path_)
        return answer
    def upload(self, state, body, files):
        members = files["file"][1].decode().splitlines()[1:]
        state["files"].append(members)
        return {{"file_path": str(len(state["files"]) - 1)}}
    def create(self, state, body, _files):
        made = {{"name": body["custom_audience_name"], "members": self.read(state, body)}}
        state["audiences"][str(7600000000000000900 + len(state["files"]))] = made
        return {{"custom_audience_id": max(state["audiences"])}}
    def update(self, state, body, _files):
        state["audiences"][body["custom_audience_id"]]["members"] = self.read(state, body)
        return {{}}
    def delete(self, state, body, _files):
        for uid in body["custom_audience_ids"]:
            if not state["audiences"].pop(uid, None):
                raise WrongRequestError("gone", "40007")
        return {{}}
    def read(self, state, body):
        return [line for each in body["file_paths"] for line in state["files"][int(each)]]
    def iter_pages(self, _path, _params, **_options):
        found = json.loads(path.read_text())["audiences"]
        return [{{"audience_id": uid, "name": each["name"]}} for uid, each in found.items()]
    def get_list(self, _path, params, *_keys):
        (uid,) = params["custom_audience_ids"]
        details = {{"audience_id": uid, "name": "x", "is_valid": True, "cover_num": 2}}
        return [{{"audience_details": details}}]
from odoo.addons.tiktok_leadgen.tiktok.errors import WrongRequestError
registry["tiktok.advertiser"]._get_business_client = lambda self: Client()
"""
UID = "7163948356417558888"


@tagged("post_install", "-at_install")
class TestRefreshKill(WorkerCommon):
    """`kill -9` anywhere while an audience is refreshed: TikTok has it once, with its people."""

    cron = "tiktok_ads.ir_cron_refresh_audiences"

    def setUp(self):
        super().setUp()
        folder = self.enterContext(tempfile.TemporaryDirectory())
        self.path = pathlib.Path(folder, "tiktok.json")
        self.path.write_text(json.dumps({"files": [], "audiences": {}}))
        company_id = self.commit_company("Killed audiences")
        with self.cursor() as env:
            self.assertFalse(env["tiktok.audience"].search([]))
            own = {"company_id": company_id}
            values = {"name": "Killed", "advertiser_uid": UID, "state": "connected"}
            self.advertiser_id = env["tiktok.advertiser"].create({**values, **own}).id
            won = env["crm.stage"].search([("is_won", "=", True)], limit=1)
            values = {"type": "opportunity", "stage_id": won.id, "probability": 100, **own}
            leads = env["crm.lead"].create(
                [
                    {
                        **values,
                        "name": f"Won {number}",
                        "email_from": f"won{number}@example.com",
                        "tiktok_lead_uid": str(7600000000000008000 + number),
                    }
                    for number in range(3)
                ]
            )
            self.lead_ids = leads.ids
            values = {"name": "Won", "advertiser_id": self.advertiser_id, **own}
            self.audience_id = env["tiktok.audience"].create(values).id
        self.addCleanup(self.delete_audience)

    def delete_audience(self):
        """Delete what was committed."""
        with self.cursor() as env:
            record = env["tiktok.audience"].browse(self.audience_id)
            record.audience_uid = False
            record.unlink()
            advertiser = env["tiktok.advertiser"].browse(self.advertiser_id)
            advertiser.state = "draft"
            advertiser.unlink()

    def prepare_refresh(self, *stop):
        """Have a refresh be due, that stops before or after a call."""
        self.preparation = PREPARATION.format(stop=stop, path=str(self.path))
        with self.cursor() as env:
            env["tiktok.audience"].browse(self.audience_id).next_refresh_at = False

    def refresh(self):
        """Refresh the audience, without being killed.

        :return: state of the audience in Odoo, and all audiences at TikTok
        :rtype: tuple[str, list]
        """
        self.prepare_refresh()
        self.run_finished()
        with self.cursor() as env:
            record = env["tiktok.audience"].browse(self.audience_id)
            self.assertFalse(record.problem)
            self.assertTrue(record.next_refresh_at)
            found = self.read_audiences()
            self.assertEqual([*found], [record.audience_uid] if record.audience_uid else [])
            return record.state, [len(each["members"]) for each in found.values()]

    def read_audiences(self):
        """Return the audiences at TikTok, by their ID.

        :rtype: dict[str, dict]
        """
        return json.loads(self.path.read_text())["audiences"]

    def set_objection(self, lead_id):
        """Have a person object to TikTok's ads."""
        with self.cursor() as env:
            env["crm.lead"].browse(lead_id).tiktok_ads_objection = True

    def test_killed_anywhere_the_audience_is_there_once(self):
        self.prepare_refresh("after", audience.UPLOAD)
        self.run_killed("amid")
        self.assertFalse(self.read_audiences())
        self.prepare_refresh("after", audience.CREATE)
        self.run_killed("amid")
        [created] = self.read_audiences()
        self.assertEqual(self.refresh(), ("active", [3]))
        self.assertEqual([*self.read_audiences()], [created])

        self.set_objection(self.lead_ids[0])
        self.prepare_refresh("after", audience.UPDATE)
        self.run_killed("amid")
        self.assertEqual(self.refresh(), ("active", [2]))

        self.set_objection(self.lead_ids[1])
        self.prepare_refresh("after", audience.DELETE)
        self.run_killed("amid")
        self.assertEqual(self.refresh(), ("removed", []))
