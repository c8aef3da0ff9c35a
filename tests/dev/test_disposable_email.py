"""The list of disposable domains is a library's, which a server may lack."""

import importlib.util
import pathlib
import sys

PATH = pathlib.Path(__file__).parents[2] / "tiktok_routing" / "disposable_email.py"


def load():
    """Return the module as a server's start loads it, without Odoo."""
    spec = importlib.util.spec_from_file_location("disposable_email", PATH)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_library_knows_domains_and_their_subdomains():
    module = load()
    assert module.is_list_installed()
    for address in ("ana@mailinator.com", "ana@MAILINATOR.com", "ana@a.b.mailinator.com"):
        assert module.is_disposable(address), address
    for address in ("ana@gmail.com", "ana@notmailinator.example", "ana@com", "ana", "", None):
        assert not module.is_disposable(address), address


def test_without_the_library_no_address_is_disposable(monkeypatch):
    monkeypatch.setitem(sys.modules, "disposable_email_domains", None)
    module = load()
    assert not module.is_list_installed()
    assert not module.is_disposable("ana@mailinator.com")
