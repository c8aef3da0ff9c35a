"""One world: everything the local TikTok knows, behind one lock."""

import threading
import urllib.parse

from dev.sandbox.clock import Clock
from dev.sandbox.faults import Faults
from dev.sandbox.ids import Ids
from dev.sandbox.limits import Limits
from dev.sandbox.scheduler import Scheduler
from dev.sandbox.settings import Settings

LOOPBACK = {"127.0.0.1", "localhost", "::1"}
SAVED = (
    "ids", "settings", "business_apps", "advertisers", "libraries", "ads", "forms", "leads",
    "mock_leads", "auth_codes", "business_tokens", "subscriptions", "tasks", "event_sets",
    "events", "developer_apps", "creators", "videos", "codes", "developer_tokens", "posts",
    "deliveries", "hosts", "dns_txt", "spent_refresh", "report_tasks", "spend_changes",
    "audience_files", "audiences",
)  # fmt: skip


class World:
    """State of both platforms. Change it only while holding :attr:`lock`.

    :param int seed: the same seed makes the same world
    :param start: seconds at which the clock stands still, None for real time
    """

    def __init__(self, seed=1, start=None):
        self.seed = seed
        self.lock = threading.RLock()
        self.clock = Clock(start)
        self.ids = Ids(seed)
        self.settings = Settings()
        self.faults = Faults()
        self.limits = Limits(self.clock)
        self.scheduler = Scheduler(self.clock)
        self.base_url = ""
        self.allowed_hosts = set()  # further hosts that may be called, beside this machine
        self.hosts = {}  # scheme://host -> real address, so that tests can own a domain
        self.dns_txt = {}  # domain -> TXT records
        self._make_business()
        self._make_developer()
        self.deliveries = {}

    def _make_business(self):
        self.business_apps = {}
        self.advertisers = {}
        self.libraries = {}
        self.ads = {}
        self.forms = {}
        self.leads = {}
        self.mock_leads = {}  # page_id -> lead
        self.auth_codes = {}
        self.business_tokens = {}
        self.subscriptions = {}
        self.tasks = {}
        self.report_tasks = {}
        self.spend_changes = {}  # (ad_id, day) -> hundredths, where they were changed
        self.event_sets = {}
        self.events = []
        self.audience_files = {}  # file_path -> advertiser_id, calculate_type, rows
        self.audiences = {}

    def _make_developer(self):
        self.developer_apps = {}
        self.creators = {}
        self.videos = {}
        self.codes = {}
        self.developer_tokens = {}  # access token -> DeveloperToken
        self.spent_refresh = set()
        self.posts = {}

    def now(self):
        """Return the world's time in seconds."""
        return self.clock.now()

    def may_call(self, url):
        """Tell whether the sandbox may send a request there: it stays on this machine.

        :param str url: an address
        :rtype: bool
        """
        host = urllib.parse.urlsplit(url).hostname or ""
        return (
            host in LOOPBACK
            or host.endswith(".localhost")
            or host.startswith("127.")
            or host in self.allowed_hosts
        )

    def real_address(self, url):
        """Return where an address is really served, and the Host header for it.

        :rtype: tuple[str, str]
        """
        parts = urllib.parse.urlsplit(url)
        target = self.hosts.get(parts.hostname or "")
        if not target:
            return url, parts.netloc
        path = urllib.parse.urlunsplit(("", "", parts.path or "/", parts.query, ""))
        return target.rstrip("/") + path, parts.netloc

    def snapshot(self):
        """Return what has to be saved between runs."""
        with self.lock:
            saved = {name: getattr(self, name) for name in SAVED}
            return {**saved, "offset": self.clock.offset, "tasks_due": self.scheduler.pending()}

    def restore(self, saved):
        """Restore what an earlier run saved."""
        with self.lock:
            for name in SAVED:
                if name in saved:  # an older run knew less
                    setattr(self, name, saved[name])
            self.clock.offset = saved["offset"]
            self.scheduler.load(saved["tasks_due"])
