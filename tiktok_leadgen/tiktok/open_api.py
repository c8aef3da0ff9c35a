"""TikTok's open API: one envelope for all of it.

https://developers.tiktok.com/doc/tiktok-api-v2-error-handling
"""

from .client import Client
from .errors import (
    NotAllowedError,
    ReconnectError,
    RetryLaterError,
    UnparsableAnswerError,
    WrongRequestError,
)
from .values import format_line

_KINDS = {
    "access_token_invalid": ReconnectError,
    "scope_not_authorized": NotAllowedError,
    "scope_permission_missed": NotAllowedError,
    "rate_limit_exceeded": RetryLaterError,
    "internal_error": RetryLaterError,
}


_JSON_TYPE = "application/json; charset=UTF-8"  # TikTok's pages require the charset, too


class OpenApi:
    """Client of TikTok's open API with the access token of an account.

    :param str base: of TikTok's open API
    :param str access_token: a valid one
    :param Client client: default: a new one
    """

    def __init__(self, base, access_token, client=None):
        self._base = base.rstrip("/")
        self._headers = {"Authorization": f"Bearer {access_token}"}
        self._client = client or Client()

    def call(self, method, path, **options):
        """Return what TikTok answers, out of its envelope.

        Some refusals come with HTTP 200: the code of the envelope counts.

        :param str method: GET or POST
        :param str path: such as ``/v2/user/info/``
        :param options: of `Client.call`
        :rtype: dict
        :raise ApiError: as TikTok refuses
        :raise UnparsableAnswerError: if there is something else in it
        """
        url = self._base + path
        headers = {**self._headers, **({"Content-Type": _JSON_TYPE} if "json" in options else {})}
        status, content = self._client.call(method, url, headers=headers, **options)
        error = content.get("error")
        code = error.get("code") if isinstance(error, dict) else error
        if code in ("ok", None) and status < 400:
            return _check_object(content.get("data"))
        raise make_api_error(error, status)


def _check_object(data):
    if data is not None and not isinstance(data, dict):
        raise UnparsableAnswerError("TikTok's answer can't be read.", "no_object")
    return data or {}


def make_api_error(error, status):
    """Return the typed error of the developer platform's envelope.

    :param error: ``{"code", "message", "log_id"}``
    :param int status: of HTTP, where there is no code
    :rtype: ApiError
    """
    error = error if isinstance(error, dict) else {}
    code = (format_line(error.get("code")) or f"http_{status}")[:100]
    kind = _KINDS.get(code) or (ReconnectError if status == 401 else WrongRequestError)
    message = format_line(error.get("message")) or code  # it is stored, and shown
    return kind(message[:300], code, format_line(error.get("log_id")))
