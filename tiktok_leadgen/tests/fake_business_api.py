"""The Marketing API as the tests need it: its envelope, its codes, and no network."""

import itertools
import json
import urllib.parse

import requests

from ..tiktok.business_client import RATE_LIMITER
from ..tiktok.errors import ReconnectError
from .common import TiktokCommon

HOST = "https://business-api.tiktok.com"
BASE = f"{HOST}/open_api/v1.3"
ONE, TWO = "7163948356417550001", "7163948356417550002"
LIBRARY = "7600000000000000900"


class FakeBusiness:
    """What TikTok holds, and what it was asked."""

    def __init__(self):
        self.numbers = itertools.count(1)
        self.codes = {"fake-code": [ONE, TWO]}
        self.tokens = {}  # whose, by token; a revoked one is gone
        self.apps = {}  # which app it was given to, by token
        self.names = {ONE: "ACME One", TWO: "ACME Two"}
        self.forms = {}  # rows of /page/get/, by the id of advertiser or library
        self.labels = ["Name", "Phone number", "What is your budget?"]
        self.libraries = []
        self.subscriptions = []
        self.closed = {}  # codes that refuse a subscription, by the id of advertiser or library
        self.mock = None  # the form's test lead
        self.countries = {}  # in which an ad account is registered, by its id
        self.items = {}  # the post that an ad shows, or None, by the ad's id
        self.refusals = {}  # codes to answer with instead, by path
        self.instead = {}  # data that successes have instead, by path
        self.down = None  # an exception instead of any answer
        self.stranger = None  # an answer of something else than TikTok
        self.calls = []

    def add_form(self, page_uid, title="Spring", owner=ONE, **values):
        """Let TikTok have a form."""
        row = {
            "page_id": page_uid,
            "title": title,
            "status": "PUBLISHED",
            "create_time": "2026-01-01 00:00:00",
            "update_time": "2026-01-02 00:00:00",
            "publish_time": "2026-01-02 00:00:00",
            "preview_url": "https://ads.tiktok.com/preview/1",
            **values,
        }
        self.forms.setdefault(owner, []).append(row)
        return row

    def asked(self, path):
        """Return the parameters of the calls of a path."""
        return [params for called, params in self.calls if called == path]

    def answer(self, request):
        """Answer as TikTok does."""
        if self.down:
            raise self.down
        if self.stranger is not None:
            return self.stranger
        parts = urllib.parse.urlsplit(request.url)
        path = parts.path.removeprefix("/open_api/v1.3")
        params = dict(urllib.parse.parse_qsl(parts.query))
        if request.method == "POST":
            params = json.loads(request.body)
        self.calls.append((path, params))
        code = self.refusals[path].pop(0) if self.refusals.get(path) else 0
        if not code:
            code, data = self._data(path, params, request.headers.get("Access-Token"))
        if path in self.instead:
            code, data = 0, self.instead[path]
        message = "OK" if not code else "No."
        content = {"code": code, "message": message, "request_id": "req-1"}
        return response({**content, "data": {} if code else data})

    def _data(self, path, params, token):
        if (
            path.startswith(("/page/", "/lead/", "/ad/", "/advertiser/"))
            and token not in self.tokens
        ):
            return 40105, {}
        return getattr(self, "_" + path.strip("/").replace("/", "_"))(params, token)

    def _oauth2_access_token(self, params, _token):
        advertisers = self.codes.pop(params["auth_code"], None)
        if advertisers is None:
            return 40110, {}
        token = f"fake-business-token-{next(self.numbers)}"
        self.tokens[token] = advertisers
        self.apps[token] = params["app_id"]
        data = {"access_token": token, "advertiser_ids": advertisers, "scope": [4, 21]}
        return 0, data

    def _oauth2_advertiser_get(self, _params, token):
        uids = self.tokens[token]
        rows = [{"advertiser_id": uid, "advertiser_name": self.names[uid]} for uid in uids]
        return 0, {"list": rows}

    def _advertiser_info(self, params, _token):
        uids = json.loads(params["advertiser_ids"])
        rows = [
            {"advertiser_id": int(uid), "country": self.countries[uid]}
            for uid in uids
            if uid in self.countries
        ]
        return 0, {"list": rows}

    def _oauth2_revoke_token(self, params, _token):
        return (0, {}) if self.tokens.pop(params["access_token"], None) else (40105, {})

    def _page_get(self, params, _token):
        owner = params.get("library_id") or params["advertiser_id"]
        return 0, {"list": self.forms.get(owner, []), "page_info": {"total_page": 1}}

    def _page_library_get(self, _params, _token):
        return 0, {"list": self.libraries, "page_info": {"total_page": 1}}

    def _lead_field_get(self, _params, _token):
        return 0, {"fields": self.labels, "meta_data": {}}

    def _page_field_get(self, _params, _token):
        return 0, {"fields": self.labels, "meta": {}}

    def _ad_get(self, params, _token):
        uids = json.loads(params["filtering"])["ad_ids"]
        rows = [
            {"ad_id": uid, "tiktok_item_id": self.items[uid]} for uid in uids if uid in self.items
        ]
        return 0, {"list": rows, "page_info": {"total_page": 1}}

    def _lead_get(self, _params, _token):
        return 40007, {}

    def _page_lead_mock_get(self, _params, _token):
        return (0, {"meta_data": {"lead_id": self.mock}}) if self.mock else (40007, {})

    def _page_lead_mock_create(self, _params, _token):
        if self.mock:
            return 40002, {}
        self.mock = str(7600000000000000900 + next(self.numbers))
        return 0, {"meta_data": {"lead_id": self.mock}}

    def _page_lead_mock_delete(self, params, _token):
        if params["lead_id"] != self.mock:
            return 40007, {}
        self.mock = None
        return 0, {}

    def _subscription_get(self, params, _token):
        app = params["app_id"]
        rows = [row for row in self.subscriptions if row.get("app_id", app) == app]
        return 0, {"subscriptions": rows, "page_info": {"total_page": 1}}

    def _subscription_subscribe(self, params, _token):
        detail = params["subscription_detail"]
        token, owner = detail["access_token"], detail.get("library_id") or detail["advertiser_id"]
        if owner in self.closed:
            return self.closed[owner], {}
        if token not in self.tokens or self.apps[token] != params["app_id"]:
            return 40105, {}
        uid = str(next(self.numbers))
        self.subscriptions.append({"subscription_id": uid, **params})
        return 0, {"subscription_id": uid}

    def _subscription_unsubscribe(self, params, _token):
        left = [s for s in self.subscriptions if s["subscription_id"] != params["subscription_id"]]
        code = 40007 if len(left) == len(self.subscriptions) else 0
        self.subscriptions = left
        return code, {}


def response(content, status=200):
    """Return an answer of the library `requests`."""
    made = requests.Response()
    made.status_code = status
    made._content, made._content_consumed = json.dumps(content).encode(), True
    return made


class BusinessCommon(TiktokCommon):
    """An app at a fake TikTok; any other address fails the test."""

    @classmethod
    def _request_handler(cls, session, request, /, **options):
        """Answer in TikTok's place."""
        if request.url.startswith(HOST):
            return cls.tiktok.answer(request)
        return super()._request_handler(session, request, **options)

    def setUp(self):
        super().setUp()
        type(self).tiktok = FakeBusiness()
        self.patch(RATE_LIMITER, "wait_for_permit", lambda: None)
        self.setting("TIKTOK_BUSINESS_API_BASE_URL", BASE)
        self.setting("INTEGRATION_ENCRYPTION_KEY", "A" * 43 + "=")
        self.company.write({"tiktok_app_id": "7000", "tiktok_app_secret": "fake-app-secret"})
        self.ads = self.env["tiktok.advertiser"]

    def grant(self, code="fake-code", advertisers=(ONE, TWO)):
        """Return what TikTok gives for a consent to these ad accounts."""
        self.tiktok.codes[code] = list(advertisers)
        return self.company._tiktok_get_business_login().exchange(code)

    def connect(self, advertisers=(ONE,), user=None, **choices):
        """Connect ad accounts of the company, as the manager does."""
        grant = self.grant(advertisers=advertisers)
        names = {uid: self.tiktok.names[uid] for uid in advertisers}
        ads = self.ads.with_user(user or self.manager).sudo()
        return ads._connect_advertisers(self.company, grant, names, choices)[0].with_user(
            self.env.user
        )

    def connect_with_form(self, page_uid):
        """Connect an ad account with a form and have its leads sent here."""
        self.tiktok.add_form(page_uid)
        advertiser = self.connect()
        advertiser._sync_forms()
        advertiser._subscribe_to_leads()
        return advertiser

    def look_after(self):
        """Run the scheduled action."""
        with self.enter_registry_test_mode():
            self.env.ref("tiktok_leadgen.ir_cron_sync_advertisers").method_direct_trigger()
        self.env.invalidate_all()

    def meet_dead_token(self, function):
        """Call what must find a dead token; `assertRaises` would take back what it wrote."""
        with self.enter_registry_test_mode():
            try:
                function()
            except ReconnectError:
                self.env.invalidate_all()
            else:
                self.fail("The dead token was not noticed.")
