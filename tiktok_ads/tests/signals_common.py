"""TikTok's events and audiences as the tests need them, and an event set with rules."""

import json
import urllib.parse

from odoo import fields

from odoo.addons.tiktok_leadgen.tests.fake_business_api import (
    ONE,
    BusinessCommon,
    FakeBusiness,
    response,
)

from ..tiktok import audience, crm_event

SET_UID, OTHER_SET_UID = "7600000000000000701", "7600000000000000702"
TOKEN = "fake-event-token"
SIZE = "Number of events must be between 1 and 1000."


class FakeAds(FakeBusiness):
    """TikTok with event sets and audiences."""

    def __init__(self):
        super().__init__()
        self.event_sets = {SET_UID: "crm", OTHER_SET_UID: "offline"}
        self.event_tokens = {TOKEN: {SET_UID, OTHER_SET_UID}}
        self.counted = {}  # how often each event was received, by set, name and ID
        self.requests = []  # the events of each request that was accepted
        self.bad_uids = set()  # of events that are refused
        self.instead_of_track = []  # exceptions or answers, one for each request
        self.listed_sets = []
        self.files = {}
        self.audiences = {}  # members, by TikTok's ID
        self.audience_names = {}
        self.is_computing = False  # audiences, as for 48 hours after a change

    def answer(self, request):
        """Answer as TikTok does."""
        path = urllib.parse.urlsplit(request.url).path.removeprefix("/open_api/v1.3")
        token = request.headers.get("Access-Token")
        if self.down:
            raise self.down
        if path == crm_event.TRACK:
            return self._track_events(json.loads(request.body), token)
        if path == audience.UPLOAD:
            return self._store_file(request, token)
        return super().answer(request)

    def _track_events(self, body, token):
        self.calls.append((crm_event.TRACK, body))
        if self.instead_of_track:
            instead = self.instead_of_track.pop(0)
            if isinstance(instead, Exception):
                raise instead
            return instead
        uid, events = body["event_source_id"], body["data"]
        owned = self.event_tokens.get(token) or set(self.event_sets)
        if token not in self.event_tokens and token not in self.tokens:
            return refuse(40002, "Invalid access token")
        if uid not in owned or self.event_sets.get(uid) != body["event_source"]:
            return refuse(40001, f"No permission to operate event source id {uid}", 401)
        if not 1 <= len(events) <= crm_event.MAX_EVENTS:
            return refuse(40002, SIZE)
        for position, event in enumerate(events):
            if event["event_id"] in self.bad_uids:
                return refuse(40002, f"data[{position}]: Not valid.")
        for event in events:
            key = (uid, event["event"], event["event_id"])
            self.counted[key] = self.counted.get(key, 0) + 1
        self.requests.append(events)
        return response({"code": 0, "message": "OK", "request_id": "r", "data": {}})

    def _crm_list(self, params, _token):
        name = params.get("name", "")
        return 0, {"crm_event_sets": [s for s in self.listed_sets if name in s["name"]]}

    def _crm_create(self, params, _token):
        uid = str(7600000000000000800 + next(self.numbers))
        self.event_sets[uid] = "crm"
        self.listed_sets.append({"event_set_id": uid, "name": params["name"]})
        return 0, {"event_set_id": uid}

    # === AUDIENCES === #

    def _store_file(self, request, token):
        self.calls.append((audience.UPLOAD, {}))
        if self.refusals.get(audience.UPLOAD):
            return refuse(self.refusals[audience.UPLOAD].pop(0), "No.", 200)
        if token not in self.tokens:
            return refuse(40105, "Access token is incorrect or has been revoked.", 200)
        lines = request.body.decode().splitlines()
        path = f"file-{next(self.numbers)}"
        start = lines.index(",".join(audience.HEADER)) + 1
        self.files[path] = {line for line in lines[start:] if "," in line}
        return response({"code": 0, "message": "OK", "data": {"file_path": path}})

    def _members_of(self, params):
        return set().union(*(self.files[path] for path in params["file_paths"]))

    def _dmp_custom_audience_create(self, params, _token):
        uid = str(7600000000000000900 + next(self.numbers))
        self.audiences[uid] = self._members_of(params)
        self.audience_names[uid] = params["custom_audience_name"]
        return 0, {"custom_audience_id": uid}

    def _dmp_custom_audience_update(self, params, _token):
        uid = params["custom_audience_id"]
        if uid not in self.audiences:
            return 40007, {}
        self.audiences[uid] = self._members_of(params)
        return 0, {}

    def _dmp_custom_audience_delete(self, params, _token):
        (uid,) = params["custom_audience_ids"]
        return (0, {}) if self.audiences.pop(uid, None) else (40007, {})

    def _dmp_custom_audience_list(self, _params, _token):
        rows = [{"audience_id": uid, "name": self.audience_names[uid]} for uid in self.audiences]
        return 0, {"list": rows, "page_info": {"total_page": 1}}

    def _dmp_custom_audience_get(self, params, _token):
        (uid,) = json.loads(params["custom_audience_ids"])
        details = {"audience_id": uid, "name": "x", "is_valid": not self.is_computing}
        details["cover_num"] = 0 if self.is_computing else 700
        known = [{"audience_details": details}] if uid in self.audiences else []
        return 0, {"list": known}


def refuse(code, message, status=400):
    """Return a refusal of TikTok."""
    return response({"code": code, "message": message, "request_id": "req-1"}, status)


class SignalsCommon(BusinessCommon):
    """A connected ad account, an event set with a token, and rules for qualified and won."""

    def setUp(self):
        super().setUp()
        type(self).tiktok = FakeAds()
        self.advertiser = self.connect()
        stages = self.env["crm.stage"]
        self.new_stage = stages.create({"name": "Fresh", "sequence": 1})
        self.qualified = stages.create({"name": "مؤهل", "sequence": 2})
        self.won_stage = stages.create({"name": "Done", "sequence": 90, "is_won": True})
        self.lost_reason = self.env["crm.lost.reason"].create({"name": "Junk"})
        self.event_sets = self.env["tiktok.event.set"]
        self.crm_events = self.env["tiktok.crm.event"]
        self.event_set = self.make_event_set()
        self.qualified_rule, self.won_rule, self.lost_rule = self.make_rules(self.event_set)

    def make_event_set(self, uid=SET_UID, **values):
        """Return an event set of the company that has a token."""
        values = {
            "name": "Odoo leads",
            "event_set_uid": uid,
            "token": TOKEN,
            "company_id": self.company.id,
            **values,
        }
        return self.event_sets.with_user(self.manager).create(values).with_user(self.env.user)

    def make_rules(self, event_set, names=("Qualified", "Converted", "Unqualified")):
        """Return rules for qualified, won and lost."""
        first, second, third = names
        return self.env["tiktok.crm.event.rule"].create(
            [
                {"event_set_id": event_set.id, "event_name": name, **trigger}
                for name, trigger in (
                    (first, {"stage_id": self.qualified.id}),
                    (second, {"on_won": True}),
                    (third, {"lost_reason_id": self.lost_reason.id}),
                )
            ]
        )

    def make_lead(self, **answers):
        """Return a lead of TikTok in its first stage."""
        lead = self.make(**({"answers": answers} if answers else {}))
        lead.with_context(tiktok_no_contact=True).write({"stage_id": self.new_stage.id})
        return lead

    def qualify(self, leads):
        """Move leads to the stage Qualified, as a salesperson does."""
        leads.write({"stage_id": self.qualified.id})

    def win(self, leads):
        """Win leads."""
        leads.write({"stage_id": self.won_stage.id})

    def events_of(self, lead):
        """Return the CRM events of a lead, the oldest first."""
        return self.crm_events.search([("lead_id", "=", lead.id)], order="id")

    def send(self):
        """Run the scheduled action."""
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref("tiktok_ads.ir_cron_send_crm_events").method_direct_trigger()
        self.env.invalidate_all()

    def sent_names(self):
        """Return the names of the events that TikTok accepted, in their order."""
        return [event["event"] for events in self.tiktok.requests for event in events]

    def tracked(self):
        """Return the bodies of all requests that sent events."""
        return self.tiktok.asked(crm_event.TRACK)

    def make_due(self):
        """Let the time of the next attempt come."""
        self.event_set.next_try_at = fields.Datetime.now()


__all__ = ["ONE", "OTHER_SET_UID", "SET_UID", "TOKEN", "FakeAds", "SignalsCommon", "refuse"]
