"""What a post must fulfil before it begins."""

import ipaddress
import urllib.parse

from dev.sandbox import publishing, signing
from dev.sandbox.developer.api import Refused
from dev.sandbox.world import LOOPBACK

DAY = 86400
INVALID = "invalid_param"
UNAUDITED = "unaudited_client_can_only_post_to_private_accounts"
MOST_USERS = 5  # who may post with an unaudited app in 24 hours


def privacy_options(creator):
    """Return the privacy levels an account may choose.

    :rtype: list[str]
    """
    first = "FOLLOWER_OF_CREATOR" if creator.private else "PUBLIC_TO_EVERYONE"
    return [first, "MUTUAL_FOLLOW_FRIENDS", "SELF_ONLY"]


def bounded_text(info, name, most):
    """Refuse a text that is too long in UTF-16 units.

    :param int most: units
    :raise Refused: if it is longer, or not a text
    """
    value = info.get(name, "")
    if not isinstance(value, str):
        raise Refused(INVALID, f"post_info.{name}: must be a text.")
    units = signing.utf16_units(value)
    if units > most:
        raise Refused(INVALID, f"post_info.{name}: {units} UTF-16 units, {most} are allowed.")


def boolean(part, name, *, required=False):
    """Refuse a switch that is not true or false.

    :raise Refused: if it is something else, or missing though required
    """
    if name not in part and not required:
        return
    if not isinstance(part.get(name), bool):
        raise Refused(INVALID, f"{name}: must be true or false.")


def check_privacy(app, creator, info):
    """Check the privacy level of a direct post against account and audit.

    :raise Refused: if it may not be
    """
    level = info.get("privacy_level")
    if not level:
        raise Refused(INVALID, "post_info.privacy_level: required for a direct post.")
    known = ("PUBLIC_TO_EVERYONE", "MUTUAL_FOLLOW_FRIENDS", "FOLLOWER_OF_CREATOR", "SELF_ONLY")
    if level not in known:
        raise Refused(INVALID, f"post_info.privacy_level: must be one of {', '.join(known)}.")
    if not app.audited and not (creator.private and level == "SELF_ONLY"):
        raise Refused(
            UNAUDITED, "The app is not audited: private accounts and SELF_ONLY only.", 403
        )
    if level not in privacy_options(creator):
        raise Refused(
            "privacy_level_option_mismatch", "The account can't choose this privacy level.", 403
        )


def check_account(world, app, creator):
    """Check whether an unaudited app may put drafts into this account's inbox."""
    private_only = world.settings.unaudited_upload == "private_only"
    if private_only and not app.audited and not creator.private:
        raise Refused(UNAUDITED, "The app is not audited: private accounts only.", 403)


def check_users(world, app, creator):
    """Check how many people posted with an unaudited app today.

    :raise Refused: ``reached_active_user_cap``
    """
    if app.audited:
        return
    recent = {
        post.username for post in publishing.recent(world, DAY) if post.client_key == app.client_key
    }
    if len(recent | {creator.username}) > MOST_USERS:
        raise Refused("reached_active_user_cap", f"{MOST_USERS} people posted today.", 403)


def check_url(world, app, url):
    """Check that media may be pulled from an address: https, a domain, the app's own.

    :raise Refused: if not
    """
    parts = urllib.parse.urlsplit(url)
    host = parts.hostname or ""
    local = host in LOOPBACK and world.settings.loopback_media == "accepted"
    if not host or (parts.scheme != "https" and not (local and parts.scheme == "http")):
        raise Refused(INVALID, f"{url}: must be https.")
    if _is_ip(host) and not local:
        raise Refused(INVALID, f"{url}: the host must be a domain, not an IP address.")
    if not any(covers(each, url, host) for each in app.properties if each.verified):
        raise Refused(
            "url_ownership_unverified",
            f"{url}: neither its domain nor its prefix is verified.",
            403,
        )


def _is_ip(host):
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def covers(owned, url, host):
    """Tell whether a URL property covers an address: subdomains do, parents don't.

    :param UrlProperty owned: a domain or a prefix
    :rtype: bool
    """
    if owned.kind == "domain":
        return url.startswith("https://") and (
            host == owned.value or host.endswith("." + owned.value)
        )
    return url.startswith(owned.value)
