from odoo.fields import Domain
from odoo.tests import tagged
from odoo.tools import mute_logger

from ... import const, health
from ...tiktok import signature
from ..common import TiktokHttpCommon, body, entry

COMPANIES = 1000
FORMS = 10  # of each
SPREAD = 10  # statements that a larger database may cost more: records are fetched in portions
FIRST_ACCOUNT = 8_100_000_000_000_000_000
JOBS = (
    *("process_events", "refresh_tokens", "sync_accounts", "assign_leads", "speed_to_lead"),
    *("refresh_names", "apply_mapping", "sync_advertisers", "import_leads", "reconcile"),
    *("backfill", "watchdog"),
)
# Copies of one company, which differ in nothing but their names.
ADD_COMPANIES = """
    INSERT INTO res_company
    SELECT branch.*
      FROM res_company company, generate_series(1, %s) AS number,
           LATERAL jsonb_populate_record(company, jsonb_build_object(
               'id', nextval('res_company_id_seq'), 'name', 'Branch ' || number)) AS branch
     WHERE company.id = %s
 RETURNING id
"""
ADD_TOKENS = """
    INSERT INTO tiktok_webhook_token (company_id, token_hash)
    SELECT company_id, md5(company_id::text) FROM unnest(%s) AS company_id
"""
ADD_ACCOUNTS = """
    INSERT INTO tiktok_advertiser (company_id, advertiser_uid, name, state, subscribe_to, active)
    SELECT company_id, (%s + number - 1)::text, 'Account', 'revoked', 'all', true
      FROM unnest(%s) WITH ORDINALITY AS known (company_id, number)
"""
ADD_FORMS = """
    INSERT INTO tiktok_form (company_id, page_uid, name, active, is_selected)
    SELECT company_id, (7700000000000000000 + number)::text, 'Form ' || number, true, true
      FROM unnest(%s) AS company_id, generate_series(1, %s) AS number
"""


@tagged("post_install", "-at_install")
class TestManyCompanies(TiktokHttpCommon):
    """What one company does costs as much among a thousand others, which do nothing."""

    def queries_of(self, work):
        """Return how many statements something takes."""
        before = self.cr.sql_log_count
        work()
        self.env.flush_all()
        return self.cr.sql_log_count - before

    def add_companies(self):
        """Add a thousand companies with their tokens, ad accounts and forms."""
        self.env.flush_all()
        self.cr.execute(ADD_COMPANIES, [COMPANIES, self.other_company.id])
        ids = [row[0] for row in self.cr.fetchall()]
        self.cr.execute(ADD_TOKENS, [ids])
        self.cr.execute(ADD_ACCOUNTS, [FIRST_ACCOUNT, ids])
        self.cr.execute(ADD_FORMS, [ids, FORMS])
        self.forget_caches()
        self.assertEqual(self.env["res.company"].search_count(Domain("id", "in", ids)), COMPANIES)

    def forget_caches(self):
        """Have all be read again, as in a worker that has just begun."""
        self.env.invalidate_all()
        self.env.registry.clear_all_caches()

    def compare(self, **works):
        """Compare what works cost before and after the companies are there.

        :param works: functions by name
        """
        for work in works.values():
            work()  # creates forms, campaigns and the like
        few = {name: self.count_cold(work) for name, work in works.items()}
        self.add_companies()
        many = {name: self.count_cold(work) for name, work in works.items()}
        for name, count in few.items():
            with self.subTest(name):
                self.assertLessEqual(many[name], count + SPREAD)

    def count_cold(self, work):
        """Return how many statements something takes, with empty caches."""
        self.forget_caches()
        return self.queries_of(work)

    def run_job(self, name):
        """Run a scheduled action."""
        self.env.ref(f"tiktok_leadgen.ir_cron_{name}").method_direct_trigger()

    @mute_logger("odoo.addons.tiktok_leadgen.models.event.tiktok_event_quarantine")
    def test_no_request_costs_more(self):
        token = self.company.tiktok_webhook_token
        secret = {"tiktok_client_key": "key", "tiktok_client_secret": "obviously-fake"}
        self.company.write(secret)
        ping = b'{"client_key": "key", "event": "tiktok.ping", "create_time": 1789901990}'
        self.compare(
            delivery=lambda: self.post(body(entry()), token=token),
            many_leads=lambda: self.post(body(*(entry() for _ in range(50))), token=token),
            stranger=lambda: self.post(body(entry()), token="wrong"),
            no_company=lambda: self.post(body(entry()), query=""),
            developer=lambda: self.url_open(
                const.DEVELOPER_WEBHOOK_ROUTE,
                data=ping,
                headers={signature.DEVELOPER_SIGNATURE_HEADER: "t=1,s=00"},
            ),
            monitoring=lambda: health.measure(self.env(su=True)),
        )

    @mute_logger("odoo.addons.tiktok_leadgen.models.event.tiktok_event_quarantine")
    def test_a_stranger_who_names_all_ad_accounts_costs_no_more(self):
        self.add_companies()
        self.cr.execute("UPDATE tiktok_advertiser SET state = 'connected' WHERE name = 'Account'")

        def knock(count):
            accounts = (FIRST_ACCOUNT + number for number in range(count))
            leads = [entry(advertiser_id=account) for account in accounts]
            self.assertEqual(self.post(body(*leads), query="").status_code, 200)

        knock(1)
        one, all_of_them = (self.queries_of(lambda n=n: knock(n)) for n in (1, COMPANIES))
        self.assertLessEqual(all_of_them, one + SPREAD)
        found = self.events._read_group(
            [("state", "=", "quarantined")], ["company_id"], ["__count"]
        )
        self.assertGreaterEqual(len(found), COMPANIES)

    def test_no_scheduled_action_costs_more(self):
        self.receive(entry())
        works = {name: lambda name=name: self.run_job(name) for name in JOBS}
        works["lead"] = lambda: (self.receive(entry()), self.run_job("process_events"))
        if self._registry_patched:
            self.compare(**works)
            return
        with self.enter_registry_test_mode():
            self.compare(**works)

    def test_no_cleanup_costs_more(self):
        works = {}
        for model in self.env.values():
            for name in dir(type(model)):
                if model._name.startswith("tiktok.") and name.startswith("_gc_"):
                    works[f"{model._name}.{name}"] = getattr(model.sudo(), name)
        self.assertIn("tiktok.event._gc_scrub", works)
        self.compare(**works)
