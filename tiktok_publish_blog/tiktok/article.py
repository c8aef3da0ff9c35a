"""Find the pictures of an article that this Odoo stores, and where."""

import hashlib
import json
import re
import typing
import urllib.parse

from lxml import etree, html

MAX_PICTURES = 200  # that are read of one article
_COVER = re.compile(r"url\(\s*['\"]?([^'\")]+)['\"]?\s*\)")
_ATTACHMENT = re.compile(r"/web/image/(\d{1,9})(?:-[^/]*)?(?:/.*)?")
_RECORD = re.compile(r"/web/image/([a-z][\w.]*)/(\d{1,9})(?:-[^/]*)?/(\w+)(?:/.*)?")
_XMLID = re.compile(r"/web/image/([\w]+\.[\w.]+)(?:/.*)?")
_STATIC = re.compile(r"/\w+/static/[^?#]+")


class PictureLocation(typing.NamedTuple):
    """Where a picture is stored: an attachment, a field of a record, a file of an addon."""

    kind: str  # attachment, record, xmlid, static or path
    path: str
    model: str = ""
    number: int = 0
    field: str = ""
    token: str = ""  # in the URL, gives access to a private picture


def find_picture_urls(content):
    """Return the URLs of the pictures in a text, in their order, each once.

    :param str content: HTML, possibly malformed
    :rtype: list[str]
    """
    if not (content or "").strip():
        return []
    parser = html.HTMLParser(no_network=True, recover=True, huge_tree=False)
    try:
        tree = html.document_fromstring(content, parser=parser)
    except (etree.ParserError, ValueError):
        return []
    found = (image.get("src", "").strip() for image in tree.iter("img"))
    return list(dict.fromkeys(filter(None, found)))[:MAX_PICTURES]


def find_cover_url(properties):
    """Return the URL of an article's cover picture.

    :param str properties: JSON of Odoo's ``cover_properties``
    :return: empty if there is none
    :rtype: str
    """
    try:
        background = json.loads(properties or "{}").get("background-image") or ""
    except (ValueError, AttributeError):
        return ""
    found = _COVER.match(str(background))
    return found[1].strip() if found else ""


def compute_digest(*parts):
    """Return a digest that changes when any part changes.

    :param parts: texts and contents
    :rtype: str
    """
    whole = hashlib.sha256()
    for part in parts:
        content = part.encode() if isinstance(part, str) else part
        whole.update(b"%d:" % len(content))
        whole.update(content)
    return whole.hexdigest()


def locate_picture(url, bases):
    """Return where a picture is stored, if this Odoo stores it.

    :param str url: as in the article
    :param bases: iterable of this Odoo's own URLs
    :rtype: PictureLocation | None
    """
    try:
        parts = urllib.parse.urlsplit(url)
    except ValueError:
        return None
    if parts.scheme or parts.netloc:
        own = {urllib.parse.urlsplit(base)[:2] for base in bases}
        if (parts.scheme, parts.netloc) not in own:
            return None
    path = urllib.parse.unquote(parts.path)
    if not path.startswith("/") or ".." in path or "\\" in path or "\0" in path:
        return None
    token = urllib.parse.parse_qs(parts.query).get("access_token", [""])[0]
    return _parse_picture_path(path)._replace(token=token if token.isascii() else "")


def _parse_picture_path(path):
    if found := _ATTACHMENT.fullmatch(path):
        return PictureLocation("attachment", path, number=int(found[1]))
    if found := _RECORD.fullmatch(path):
        return PictureLocation("record", path, found[1], int(found[2]), found[3])
    if found := _XMLID.fullmatch(path):
        return PictureLocation("xmlid", path, found[1])
    if _STATIC.fullmatch(path):
        return PictureLocation("static", path)
    return PictureLocation("path", path)
