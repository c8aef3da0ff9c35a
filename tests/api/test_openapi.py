"""openapi.json says what the served API does: walked once, then tried with made-up requests."""

import json
import pathlib
import time

import pytest
import requests
import schemathesis
from hypothesis import Phase, settings

SPEC = pathlib.Path(__file__).parents[2] / "tiktok_leadgen" / "static" / "openapi.json"
schema = schemathesis.openapi.from_dict(
    json.loads(SPEC.read_text()), config=schemathesis.Config.from_dict({"seed": 20261120})
)
JOB_SECONDS = 90  # more than the minute in which Odoo runs a job that was not triggered
EXAMPLES = 8  # made-up requests for each operation
FAULTS = [
    ("429", None, 429),
    ("status", 500, 503),
    ("garbage", None, 502),
    ("dead_token", None, 409),
]


def make_creator(tiktok, username):
    """Make a TikTok account with 25 videos; one is connected to one account of Odoo alone."""
    tiktok.create_creator(username=username)
    for n in range(25):
        tiktok.add_video(username=username, title=f"Video {n}", create_time=1_789_000_000 + n)
    return username


class TestWalk:
    """From nothing to a connected account and back, each answer held against the description."""

    @pytest.fixture(autouse=True)
    def setup(self, program, tiktok):
        self.program, self.tiktok = program, tiktok

    def call(self, method, path, content=None, status=200):
        """Call the API and hold the answer against the description."""
        answer = self.program.call(method, path, content)
        assert answer.status_code == status, answer.text
        plain = path.partition("?")[0].split("/")
        plain = "/".join("{account_id}" if part.isdigit() else part for part in plain)
        operation = schema[f"/api/integrations/accounts/{plain}"][method]
        operation.validate_response(answer)
        return answer.json()

    def test_from_nothing_to_videos_and_back(self):
        account = self.call("POST", "", {"platform": "tiktok", "name": "Walked"}, status=201)
        path = f"{account['id']}/"
        assert account["status"] == "draft"
        assert self.call("GET", f"{path}tiktok-profile/", status=409)
        self.program.connect(account, self.tiktok, make_creator(self.tiktok, "walked"))
        assert self.call("GET", path)["status"] == "connected"
        assert self.call("POST", f"{path}sync/")["username"] == "walked"
        assert self.call("GET", f"{path}tiktok-profile/")["video_count"] == 25
        pages, cursor = [], 0
        while True:
            page = self.call("GET", f"{path}tiktok-videos/?cursor={cursor}&max_count=10")
            pages.append(page["videos"])
            cursor = page["cursor"]
            if not page["has_more"]:
                break
        assert [len(videos) for videos in pages] == [10, 10, 5]
        assert len({video["id"] for videos in pages for video in videos}) == 25
        assert self.call("POST", f"{path}disconnect/")["status"] == "disconnected"
        self.call("GET", f"{path}tiktok-videos/", status=409)
        assert path.strip("/") in {str(a["id"]) for a in self.call("GET", "")["accounts"]}

    def test_a_consent_taken_back_at_tiktok(self):
        account = self.program.add("Removed")
        self.program.connect(account, self.tiktok, make_creator(self.tiktok, "removed"))
        key = self.tiktok.describe()["developer_apps"][0]["client_key"]
        self.tiktok.remove_authorization(client_key=key, username="removed", reason=1)
        self.tiktok.flush()
        deadline = time.monotonic() + JOB_SECONDS
        while account["status"] != "disconnected" and time.monotonic() < deadline:
            time.sleep(0.2)
            account = self.call("GET", f"{account['id']}/")
        assert (account["status"], account["status_reason"]) == ("disconnected", "1")

    def test_tiktok_slow_and_down(self):
        account = self.program.add("Slowed")
        self.program.connect(account, self.tiktok, make_creator(self.tiktok, "slowed"))
        profile = f"{account['id']}/tiktok-profile/"
        try:
            for kind, value, status in FAULTS:
                self.tiktok.set_fault("/v2/user/info/", kind, value)
                self.call("GET", profile, status=status)
                self.tiktok.clear_faults()
        finally:
            self.tiktok.clear_faults()
            self.call("POST", f"{account['id']}/disconnect/")

    @pytest.mark.parametrize(
        ("method", "what"),
        [("GET", "tiktok-profile/"), ("GET", "tiktok-videos/"), ("POST", "sync/")],
    )
    def test_a_dead_token_expires_the_account_with_one_activity(self, method, what):
        account = self.program.add("Dead")
        username = f"dead.{what.strip('/')}"
        self.program.connect(account, self.tiktok, make_creator(self.tiktok, username))
        path = f"{account['id']}/"
        self.wait_for_first_sync(account)  # it would find the dead token, too
        try:
            self.tiktok.set_fault("/v2/*", "dead_token")
            for code in ("invalid_grant", "reconnect"):
                assert self.call(method, f"{path}{what}", status=409)["error"]["code"] == code
        finally:
            self.tiktok.clear_faults()
        assert self.call("GET", path)["status"] == "expired"
        assert self.activities(account) == 1
        self.program.connect(account, self.tiktok, username)
        assert self.call("GET", path)["status"] == "connected"
        assert self.activities(account) == 0
        self.call("POST", f"{path}disconnect/")

    def wait_for_first_sync(self, account):
        """Wait until the job has fetched what it fetches after each connection."""
        deadline = time.monotonic() + JOB_SECONDS
        read = self.program.odoo.call
        while read("tiktok.account", "read", [account["id"]], ["sync_requested"])[0][
            "sync_requested"
        ]:
            assert time.monotonic() < deadline
            time.sleep(0.1)

    def activities(self, account):
        """Return how many activities ask a user to reconnect."""
        domain = [["res_model", "=", "tiktok.account"], ["res_id", "=", account["id"]]]
        return self.program.odoo.call("mail.activity", "search_count", domain)


@pytest.fixture(scope="session")
def account_ids(program, tiktok):
    """Return ids to try: of a connected account, of one that is not, and of none."""
    connected, draft = program.add("Tried"), program.add("Draft")
    program.connect(connected, tiktok, make_creator(tiktok, "tried"))
    return [connected["id"], draft["id"], 999_999_999]


@schema.parametrize()
@settings(
    max_examples=EXAMPLES,
    phases=[Phase.explicit, Phase.generate],
)
def test_what_is_made_up_is_answered_as_described(case, program, account_ids):
    made_up = str(case.path_parameters.get("account_id", ""))
    if made_up.isdigit():  # nearly all made-up ids are of no account
        case.path_parameters["account_id"] = account_ids[int(made_up) % len(account_ids)]
    case.call_and_validate(base_url=program.odoo.base, headers=program.headers)


def test_nobody_is_let_in_without_a_key(program):
    for path, methods in schema.raw_schema["paths"].items():
        for method in methods:
            url = program.odoo.base + path.replace("{account_id}", "1")
            answer = requests.request(method, url, json={}, timeout=30)
            assert answer.status_code == 401, path
