"""Settings that live outside the database: the environment, else odoo.conf.

A name in the environment is the same in odoo.conf in lower case. They are read at each use, so
that a test or an operator can change them; none is ever written to the log.
"""

import contextlib
import functools
import json
import os
import pathlib

from odoo.tools import config

from . import const
from .tiktok import client, crypto
from .tiktok.errors import SealError

KEY_FILE = "tiktok_leadgen.key"


def get(name):
    """Return one setting.

    :param str name: its name in the environment
    :return: its value, empty if it is not set
    :rtype: str
    """
    value = os.environ.get(name)
    if value is None:
        value = config.get(name.lower())
    return str(value).strip() if value else ""


def base_url(name):
    """Return where TikTok is: its own address, unless the operator names another.

    :param str name: of `const.BASE_URLS`
    :rtype: str
    """
    return (get(name) or const.BASE_URLS[name]).rstrip("/")


def pkce_encoding():
    """Return how the PKCE code challenge of Login Kit is encoded.

    TikTok's pages ask for hexadecimal; an app that TikTok treats as RFC 7636 says needs base64url.

    :return: ``hex`` or ``base64url``
    :rtype: str
    """
    return "base64url" if get("TIKTOK_PKCE_ENCODING").lower() == "base64url" else "hex"


def is_enabled(name):
    """Tell whether a setting that is a switch is on.

    :param str name: its name in the environment
    :rtype: bool
    """
    return get(name).lower() in ("1", "true", "yes", "on")


def network():
    """Return how TikTok is reached from this machine: each call of ours asks it.

    :rtype: tiktok.client.Network
    """
    return client.Network(proxy=get("TIKTOK_PROXY"), ca_file=get("TIKTOK_CA_FILE"))


def default_company_id():
    """Return the company of leads that name none, or None.

    :rtype: int | None
    """
    return _company_id(get("TIKTOK_LEADGEN_COMPANY_ID"))


def advertiser_company_id(advertiser_uid):
    """Return the company an advertiser is mapped to by the operator, or None.

    :param str advertiser_uid: TikTok's id
    :rtype: int | None
    """
    text = get("TIKTOK_LEADGEN_ADVERTISER_MAPPING")
    if not text or not advertiser_uid:
        return None
    return _company_id(str(_parse_advertiser_mapping(text).get(advertiser_uid, "")))


@functools.lru_cache(maxsize=1)
def _parse_advertiser_mapping(text):
    """Return the operator's mapping, parsed once: a delivery may name thousands of ad accounts.

    :param str text: the setting
    :return: empty if it is no JSON object
    :rtype: dict
    """
    try:
        mapping = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return mapping if isinstance(mapping, dict) else {}


def _company_id(text):
    text = (text or "").strip()
    # int4: a larger number is no company and PostgreSQL refuses to look for it
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def company_id(text):
    """Return a company's id as it stands in an address, or None if it is not a number.

    :param str text: anything
    :rtype: int | None
    """
    return _company_id(text)


def key_count():
    """Return how many encryption keys the environment names; 0 for the one in the file.

    :rtype: int
    """
    return len([key for key in get("INTEGRATION_ENCRYPTION_KEY").split(",") if key.strip()])


def sealer():
    """Return what seals secrets, making a key on first use if none is configured.

    :rtype: tiktok.crypto.Sealer
    :raise SealError: if the configured key is not usable
    """
    return _make_sealer(get("INTEGRATION_ENCRYPTION_KEY") or _key_file())


@functools.lru_cache(maxsize=4)
def _make_sealer(keys):
    """Return what seals secrets, made once for the same keys: each signed delivery needs it.

    :param str keys: of `crypto.Sealer`
    :rtype: tiktok.crypto.Sealer
    :raise SealError: if one of them is not a key
    """
    return crypto.Sealer(keys)


def _key_file():
    """Return the key of the file in Odoo's data directory.

    Two processes may create it at the same time: the one that links it into place first wins.

    :rtype: str
    :raise SealError: if the file can't be read or written
    """
    path = pathlib.Path(config["data_dir"]) / KEY_FILE
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        return _make_key_file(path)
    except OSError as error:
        raise SealError(f"The encryption key in {path} can't be read.") from error


def _make_key_file(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(crypto.make_key())
        try:
            with contextlib.suppress(FileExistsError):
                os.link(draft, path)
        finally:
            draft.unlink()
    except OSError as error:
        raise SealError(f"The encryption key can't be written to {path.parent}.") from error
    return path.read_text().strip()
