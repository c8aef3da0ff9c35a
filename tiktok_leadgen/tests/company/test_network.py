import os
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import config

from ...tiktok import client
from ...tiktok.errors import RetryLaterError
from ..common import TiktokCommon

LOGIN = "odoo:s3cret"
PROXY = f"http://{LOGIN}@127.0.0.1:1"


@tagged("post_install", "-at_install")
class TestNetwork(TiktokCommon):
    """How TikTok is reached is a setting of the server, never of the database."""

    def test_the_environment_and_odoo_conf_say_how_tiktok_is_reached(self):
        session = client.make_session()
        self.assertFalse(session.proxies or session.trust_env)
        self.assertIs(session.verify, True)
        named = {"tiktok_proxy": "http://conf:1", "tiktok_ca_file": "/etc/ssl/conf.pem"}
        with patch.dict(config.options, named):
            self.assertEqual(client.make_session().proxies["https"], "http://conf:1")
            self.assertEqual(client.make_session().verify, "/etc/ssl/conf.pem")
            with patch.dict(os.environ, {"TIKTOK_PROXY": PROXY, "TIKTOK_CA_FILE": "/env.pem"}):
                session = client.make_session()
        self.assertEqual(session.proxies, {"http": PROXY, "https": PROXY})
        self.assertEqual(session.verify, "/env.pem")

    def test_a_setting_that_is_wrong_is_named_without_its_password(self):
        messages = self.env["tiktok.error.messages"]
        for code, name in (
            ("bad_proxy", "TIKTOK_PROXY"),
            ("bad_address", "TIKTOK_PROXY"),
            ("bad_ca_file", "TIKTOK_CA_FILE"),
        ):
            self.assertIn(name, messages._describe_error(RetryLaterError("", code)))
