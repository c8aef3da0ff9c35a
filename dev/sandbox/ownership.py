"""URL properties: a DNS record for a domain, a file for a prefix."""

import urllib.parse

import requests

from dev.sandbox import outgoing
from dev.sandbox.records import UrlProperty
from dev.sandbox.world import LOOPBACK

TEXT = "tiktok-developers-site-verification={}"
TIMEOUT = 10


def add(world, app, kind, value):
    """Add a URL property that is not verified yet.

    :param str kind: domain or prefix
    :rtype: UrlProperty
    :raise ValueError: if the value can't be one
    """
    if kind not in ("domain", "prefix"):
        raise ValueError("a URL property is a domain or a prefix")
    parts = urllib.parse.urlsplit(value)
    if kind == "domain" and (parts.scheme or "/" in value or not value):
        raise ValueError("a domain is a name only, without https:// and path")
    if kind == "prefix" and not _good_prefix(world, parts, value):
        raise ValueError("a URL prefix begins with https:// and ends with /")
    made = UrlProperty(kind, value, world.ids.token(length=32))
    app.properties.append(made)
    return made


def _good_prefix(world, parts, value):
    local = parts.hostname in LOOPBACK and world.settings.loopback_media == "accepted"
    schemes = ("https", "http") if local else ("https",)
    return parts.scheme in schemes and value.endswith("/")


def verify(world, owned):
    """Look for the record or the file.

    :param UrlProperty owned: what is claimed
    :return: what is wrong, or None when it is verified now
    :rtype: str | None
    """
    problem = _domain(world, owned) if owned.kind == "domain" else _prefix(world, owned)
    owned.verified = problem is None
    return problem


def _domain(world, owned):
    wanted = TEXT.format(owned.token)
    if wanted in world.dns_txt.get(owned.value, ()):
        return None
    return f"{owned.value} has no TXT record {wanted}"


def file_address(owned):
    """Return where the file of a prefix must be."""
    return f"{owned.value}tiktok{owned.token}.txt"


def _prefix(world, owned):
    url = file_address(owned)
    try:
        answer = outgoing.request(world, "GET", url, timeout=TIMEOUT)
    except requests.RequestException as error:
        return f"{url}: {outgoing.reason(error)}"
    if answer.status_code != 200:
        return f"{url}: HTTP {answer.status_code}, must be 200 without a redirect"
    if answer.text.rstrip("\r\n") != TEXT.format(owned.token):
        return f"{url}: the file must say {TEXT.format(owned.token)}"
    return None
