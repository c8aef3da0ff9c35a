"""Read the body of a lead webhook: unpacked, and as fields where it is a form."""

import io
import typing

from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import RequestEntityTooLarge, UnsupportedMediaType
from werkzeug.formparser import FormDataParser

from .. import const
from ..tiktok import transport

FORM_TYPES = ("multipart/form-data", "application/x-www-form-urlencoded")


class WebhookBody(typing.NamedTuple):
    """What was posted."""

    content: bytes  # unpacked, in UTF-8
    raw: bytes  # as received
    form: dict  # its fields, empty if it is no form


def read_webhook_body(http):
    """Read what was posted.

    :param http: `odoo.http.HTTPRequest`
    :rtype: WebhookBody
    :raise UnsupportedMediaType: if it can't be unpacked
    :raise RequestEntityTooLarge: if it is too large, packed or unpacked
    """
    raw = http.get_data()
    encoding = http.headers.get("Content-Encoding", "")
    try:
        content = transport.unpack_body(raw, encoding, const.MAX_WEBHOOK_BYTES)
    except transport.OversizedBodyError:
        raise RequestEntityTooLarge from None
    except transport.UnsupportedBodyError:
        raise UnsupportedMediaType("Send JSON or a form, plain or as gzip or deflate.") from None
    # curl and some relays declare JSON as a form, too.
    if content.lstrip()[:1] in (b"{", b"["):
        charset = http.mimetype_params.get("charset", "")
        return WebhookBody(transport.decode_charset(content, charset), raw, {})
    return WebhookBody(content, raw, _read_form_fields(http, content))


def _read_form_fields(http, content):
    """Return the fields of a form, with those that were sent as a file of JSON.

    :param http: `odoo.http.HTTPRequest`
    :param bytes content: unpacked
    :return: text by name, a list of texts where a name comes several times
    :rtype: dict
    """
    if http.mimetype not in FORM_TYPES:
        return {}
    parser = FormDataParser(max_form_memory_size=const.MAX_WEBHOOK_BYTES)
    _stream, fields, files = parser.parse(
        io.BytesIO(content), http.mimetype, len(content), dict(http.mimetype_params)
    )
    found = MultiDict(fields)
    for name, file in files.items(multi=True):
        text = file.read()
        if text.lstrip()[:1] in (b"{", b"["):
            found.add(name, text.decode("utf-8", "replace"))
    return {name: some if len(some) > 1 else some[0] for name, some in found.lists()}
