import contextlib
import logging
import time
from unittest.mock import patch

import psycopg2

from odoo.tests import tagged

from ... import const, log_filters
from ..common import CommittedCommon, TiktokHttpCommon, entry, next_uid
from ..log_common import everything_logged

PERSON = {"first_name": "Xochitl", "last_name": "Quetz", "email": "xochitl@private.example"}
PRIVATE = ("Xochitl", "Quetz", "private.example")
SECRET = "plain-app-secret-42"
LONG_ADDRESS = 60_000  # characters; Odoo takes 64 KiB
SECONDS = 10  # the square of such a length takes that long for each of these texts
REPEATED_PARTS = (
    *("tiktok_secret", "tiktok_xsecretsecret", "tiktok_secret[", "secret%5b", "secret=\\'"),
    *("token=\\'", "token,'", ".load(", ': "', '"  ', "/", "%", "/%"),
)


@tagged("post_install", "-at_install")
class TestCutConnection(CommittedCommon):
    """PostgreSQL ends a connection while the job works: Odoo prints the query before that."""

    def setUp(self):
        super().setUp()
        self.company_id = self.commit_company("Cut off ACME")

    def cut(self, cursor):
        """End the connection of a cursor, as an administrator of the server does."""
        pid = cursor._cnx.get_backend_pid()
        with self.registry.cursor() as other:
            other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])

    def test_the_job_says_nothing_of_the_person(self):
        with self.cursor() as env:
            self.deliver(env, self.company_id, entry(next_uid(), answers=PERSON))

        def create_and_cut(leads, *args):
            made = create(leads, *args)
            leads.env.flush_all()
            leads.env.cr.execute("SELECT name FROM crm_lead WHERE email_from = %s", [PRIVATE[2]])
            self.cut(leads.env.cr)
            return made

        leads = self.registry["crm.lead"]
        create = leads._tiktok_create_or_merge
        with (
            everything_logged() as lines,
            patch.object(leads, "_tiktok_create_or_merge", create_and_cut),
            self.assertRaises(psycopg2.Error),
            self.cursor() as env,
        ):
            env["tiktok.event"]._cron_process()
        text = "\n".join(lines)
        self.assertIn("ERROR odoo.sql_db", text)
        for secret in PRIVATE:
            self.assertNotIn(secret, text)

    def test_a_query_outside_of_our_code_says_nothing_either(self):
        for value in ("Xochitl", "Xo'chitl", "Xo\\chitl\nXochitl"):
            with (
                everything_logged() as lines,
                self.assertRaises(psycopg2.Error),
                self.registry.cursor() as cursor,
            ):
                cursor.execute("SELECT id FROM crm_lead WHERE contact_name = %s", [value])
                self.cut(cursor)
                with contextlib.suppress(psycopg2.Error):
                    cursor.commit()
                cursor.execute("SAVEPOINT later")  # is printed as the query before it
            line = next(line for line in lines if "bad query" in line)
            self.assertRegex(line, r"SELECT id FROM crm_lead WHERE contact_name = +'\*\*\*'")
            self.assertNotIn("chitl", "".join(lines))


@tagged("post_install", "-at_install")
class TestLogRedaction(TiktokHttpCommon):
    """Each record is redacted by what it holds, whichever code makes it."""

    def setUp(self):
        super().setUp()
        self.admin = self.env.ref("base.user_admin")
        self.admin.group_ids += self.env.ref("tiktok_leadgen.tiktok_leadgen_group_manager")
        self.admin.company_ids += self.company

    def call(self, model, method, *args, **kwargs):
        """Call a method the way the web client does, and return what is logged."""
        with everything_logged() as lines:
            self.make_jsonrpc_request(
                f"/web/dataset/call_kw/{model}/{method}",
                {"model": model, "method": method, "args": args, "kwargs": kwargs},
            )
        self.assertTrue([line for line in lines if f"{method}(" in line])
        return "\n".join(lines)

    def test_no_call_prints_a_secret(self):
        self.authenticate("admin", "admin")
        company = self.company.id
        values = {"tiktok_client_secret": SECRET, "tiktok_app_secret": SECRET}
        names = ["id", *values]
        settings = {**values, "company_id": company}
        loaded = [["base.main_company", SECRET, SECRET]]
        for call in (
            ("res.company", "write", [company], values),
            ("res.company", "web_save", [company], values, {}),
            ("res.config.settings", "create", [settings]),
            ("res.config.settings", "onchange", [], settings, [], {key: {} for key in settings}),
            ("res.company", "load", names, loaded),
        ):
            with self.subTest(call[1]):
                self.assertNotIn(SECRET, self.call(*call))
        with self.subTest("load by name"):
            text = self.call("res.company", "load", fields=names, data=loaded)
            self.assertNotIn(SECRET, text)
        self.assertTrue(self.company.has_tiktok_client_secret)

    def test_no_form_of_the_token_is_in_the_access_log(self):
        token = self.company.tiktok_webhook_token
        route = const.LEAD_WEBHOOK_ROUTE
        for address in (
            f"{route}?company_id=1&amp;token={token}",
            f"{route}?company_id=1&token[]={token}",
            f"{route}?company_id=1&token%5B%5D={token}",
            f"{route}?company_id=1&%74oken={token}",
            f"{route}?company_id=1;token={token}",
            f"{route}?company_id={token}",
            f"{route}?{token}",
            f"{route}%3Fcompany_id%3D1%26token%3D{token}",
            f"{route}%3Fcompany_id=1&token={token}",
            f"{route.rstrip('/')}&token={token}",
            f"{route.replace('tiktok', '%74iktok')}?token={token}",
            f"/web/login?redirect={route}%3Ftoken%3D{token}",
        ):
            with self.subTest(address.replace(token, "T")), everything_logged() as lines:
                self.url_open(address, allow_redirects=False)
                (line,) = [line for line in lines if "werkzeug" in line and "HTTP/1" in line]
                self.assertIn("***", line)
                self.assertNotIn(token, "\n".join(lines))

    def test_a_traceback_of_the_database_says_nothing_of_the_row(self):
        self.env.cr.execute("CREATE UNIQUE INDEX ON crm_lead (contact_name)")
        values = {"name": "One", "contact_name": "Xochitl"}
        self.env["crm.lead"].create(values)
        logger = logging.getLogger("odoo.other")
        with everything_logged() as lines:
            try:
                with self.env.cr.savepoint():
                    self.env["crm.lead"].create(values)
            except psycopg2.Error:
                logger.exception("It failed.")
        text = "\n".join(lines)
        self.assertIn("duplicate key value violates unique constraint", text)
        self.assertNotIn("Xochitl", text)

    def test_what_is_not_ours_is_printed_as_it_is(self):
        logger = logging.getLogger("odoo.other")
        for message in (
            "GET /shop?token=abc&state=CL HTTP/1.1",
            "call res.partner(1,).write({'name': 'A secret: yes'})",
            "the secret of a token = nothing",
            'KeyError: "name"',
        ):
            with everything_logged() as lines:
                logger.info("%s", message)
            self.assertIn(message, lines[0])

    def test_what_has_no_end_is_taken_out_to_the_end(self):
        for value in (f"'{SECRET}", f'"{SECRET}', f"'{SECRET}\\"):
            with self.subTest(value):
                text = log_filters.redact(f"write({{'tiktok_client_secret': {value}")
                self.assertEqual(text, "write({'tiktok_client_secret': '***'")

    def test_a_long_text_is_redacted_in_one_pass(self):
        began = time.monotonic()
        for part in REPEATED_PARTS:
            for start in ("GET /tiktok", "bad query: tiktok_secret ", "psycopg2 tiktok_secret\n"):
                log_filters.redact(f"{start}{part * (LONG_ADDRESS // len(part))}!")
        self.assertLess(time.monotonic() - began, SECONDS)

    def test_each_process_redacts_once(self):
        factory = logging.getLogRecordFactory()
        self.assertTrue(factory.redacts_tiktok)
        log_filters.install()
        self.assertIs(logging.getLogRecordFactory(), factory)
