"""Requests that need a row which another transaction holds: real connections, real locks."""

import json
import time
import xmlrpc.client
from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, sql_db
from odoo.modules.registry import Registry
from odoo.tests import tagged
from odoo.tests.common import JsonRpcException, get_db_name
from odoo.tools import mute_logger

from .common import TiktokHttpCommon

SECONDS = 60  # a request ends long before; one that waits for the holder never does
# They warn that Odoo will drop them.
RPC_LOGGERS = [f"odoo.addons.rpc.controllers.{name}" for name in ("xmlrpc", "jsonrpc")]


@tagged("post_install", "-at_install")
class TestHeldInRequest(TiktokHttpCommon):
    """What a user requests of a held record ends soon with a sentence."""

    @classmethod
    def setUpClass(cls):
        # Committed before the transaction of the tests begins: another connection holds it.
        with Registry(get_db_name()).cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            values = {"name": "Held", "advertiser_uid": "7163948356417551009"}
            cls.held_id = env["tiktok.advertiser"].create(values).id
        cls.addClassCleanup(cls.remove_advertiser)
        super().setUpClass()

    @classmethod
    def remove_advertiser(cls):
        """Delete what was committed."""
        with Registry(get_db_name()).cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["tiktok.advertiser"].browse(cls.held_id).unlink()

    def test_a_button_and_a_form_say_that_the_record_is_held(self):
        admin = self.env.ref("base.user_admin")
        admin.group_ids += self.env.ref("tiktok_leadgen.tiktok_leadgen_group_manager")
        self.authenticate("admin", "admin")
        calls = (
            ("action_check_health", [[self.held_id]]),
            ("write", [[self.held_id], {"name": "x"}]),
        )
        with sql_db.db_connect(get_db_name()).cursor() as other:
            other.execute(
                "SELECT id FROM tiktok_advertiser WHERE id = %s FOR UPDATE", [self.held_id]
            )
            for method, args in calls:
                began = time.monotonic()
                with (
                    self.subTest(method),
                    mute_logger("odoo.sql_db", "odoo.http"),
                    self.assertRaisesRegex(JsonRpcException, "UserError|changing these records"),
                ):
                    self.make_jsonrpc_request(
                        f"/web/dataset/call_kw/tiktok.advertiser/{method}",
                        {
                            "model": "tiktok.advertiser",
                            "method": method,
                            "args": args,
                            "kwargs": {},
                        },
                    )
                self.assertLess(time.monotonic() - began, SECONDS)
            other.rollback()

    def list_program_calls(self):
        """Return how programs write on the record: path, headers and body of each way."""
        admin, db = self.env.ref("base.user_admin"), get_db_name()
        keys = self.env["res.users.apikeys"].with_user(admin)
        key = keys._generate("rpc", "test", fields.Datetime.now() + timedelta(days=1))
        args = (db, admin.id, key, "tiktok.advertiser", "write", [[self.held_id], {"name": "x"}])
        call = {"service": "object", "method": "execute_kw", "args": args}
        content = {"ids": [self.held_id], "vals": {"name": "x"}}
        is_json = {"Content-Type": "application/json"}
        xml = xmlrpc.client.dumps(args, "execute_kw")
        return (
            ("/xmlrpc/2/object", {"Content-Type": "text/xml"}, xml),
            ("/xmlrpc/object", {"Content-Type": "text/xml"}, xml),
            ("/jsonrpc", is_json, json.dumps({"jsonrpc": "2.0", "method": "call", "params": call})),
            (
                "/json/2/tiktok.advertiser/write",
                {**is_json, "Authorization": f"Bearer {key}"},
                json.dumps(content),
            ),
        )

    def test_a_program_is_told_that_the_record_is_held(self):
        admin = self.env.ref("base.user_admin")
        admin.group_ids += self.env.ref("tiktok_leadgen.tiktok_leadgen_group_manager")
        with sql_db.db_connect(get_db_name()).cursor() as other:
            other.execute(
                "SELECT id FROM tiktok_advertiser WHERE id = %s FOR UPDATE", [self.held_id]
            )
            for path, headers, content in self.list_program_calls():
                with (
                    self.subTest(path),
                    mute_logger("odoo.sql_db", "odoo.http", *RPC_LOGGERS),
                ):
                    answer = self.url_open(path, content, headers=headers, timeout=SECONDS)
                    self.assertIn("Another process is changing these records", answer.text)
            other.rollback()
