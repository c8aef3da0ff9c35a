"""The typed errors of this package.

Each says what a caller can do about it. No text holds a body, a name, a phone or a token.
"""


class TiktokError(Exception):
    """Root of everything raised here; the text is a sentence for a person.

    :param str message: what happened
    :param str code: TikTok's own code, or ours
    :param str request_id: TikTok's ``request_id`` or ``log_id``, for its support
    """

    words = ""  # TikTok's own, where only they say what is wrong

    def __init__(self, message, code="", request_id=""):
        super().__init__(message)
        self.code = code
        self.request_id = request_id


class NotUnderstoodError(TiktokError):
    """What came can't be read, and will not be readable next time either."""


def without_reason(status):
    """Return the error for a refusal that has no code of TikTok's: something else may answer.

    :param int status: of HTTP
    :rtype: NotUnderstoodError
    """
    return NotUnderstoodError(f"TikTok refused without a reason (HTTP {status}).", f"http_{status}")


class SealError(TiktokError):
    """A secret can't be opened: the key is missing or another one."""


class ApiError(TiktokError):
    """TikTok refused a call, or could not be asked."""


class RetryLaterError(ApiError):
    """TikTok is down, slow or busy: the same call may succeed later.

    :param float retry_after: seconds to wait at least, None if TikTok did not say
    """

    def __init__(self, message, code="", request_id="", retry_after=None):
        super().__init__(message, code, request_id)
        self.retry_after = retry_after


class UnclearError(RetryLaterError):
    """The request went out and no answer came back: it may have been carried out."""


class ReconnectError(ApiError):
    """The token is dead: a person must give consent again."""


class NotAllowedError(ApiError):
    """The app or the person lacks a right, such as a scope."""


class WrongRequestError(ApiError):
    """TikTok will refuse this request each time."""
