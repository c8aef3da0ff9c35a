"""Which URLs TikTok can reach."""

import pytest
from tiktok.public_url import is_public_https


@pytest.mark.parametrize(
    ("url", "is_public"),
    [
        ("https://crm.example.com", True),
        ("https://crm.example.com:8443/odoo", True),
        ("https://8.8.8.8", True),
        ("http://crm.example.com", False),
        ("https://localhost:8069", False),
        ("https://odoo.local", False),
        ("https://odoo.lan/web", False),
        ("https://127.0.0.1", False),
        ("https://192.168.1.5", False),
        ("https://192.0.2.7", False),
        ("https://odoo.local.", False),
        ("https://odoo.corp", False),
        ("https://odoo.home.arpa", False),
        ("https://odoo.test", False),
        ("https://127.1", False),
        ("https://10.0x1", False),
        ("https://[::1", False),
        ("https://[::1]", False),
        ("crm.example.com", False),
        ("", False),
    ],
)
def test_public_https(url, is_public):
    """A public host is reached over https alone."""
    assert is_public_https(url) is is_public
