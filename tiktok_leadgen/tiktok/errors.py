"""The typed errors of this package.

Each says what a caller can do about it. No text holds a body, a name, a phone or a token.
"""


class TiktokError(Exception):
    """Base of the errors of this package; the text is a sentence for users.

    :param str message: what happened
    :param str code: TikTok's own code, or ours
    :param str request_id: TikTok's ``request_id`` or ``log_id``, for its support
    """

    words = ""  # TikTok's message, where only it says what is wrong

    def __init__(self, message, code="", request_id=""):
        super().__init__(message)
        self.code = code
        self.request_id = request_id


class UnparsableAnswerError(TiktokError):
    """The answer can't be parsed, and repeating the request does not help."""


def unexplained_refusal(status):
    """Return the error of a refusal without TikTok's code: another machine may have answered.

    :param int status: of HTTP
    :rtype: UnparsableAnswerError
    """
    return UnparsableAnswerError(
        f"TikTok refused without a reason (HTTP {status}).", f"http_{status}"
    )


class SealError(TiktokError):
    """A secret can't be opened: the key is missing or another one."""


class ApiError(TiktokError):
    """TikTok refused a call, or could not be reached."""


class RetryLaterError(ApiError):
    """TikTok is down, slow or busy: the same call may succeed later.

    :param str message: what happened
    :param str code: TikTok's own code, or ours
    :param str request_id: TikTok's ``request_id`` or ``log_id``, for its support
    :param float retry_after: seconds to wait at least, None if TikTok did not say
    """

    def __init__(self, message, code="", request_id="", retry_after=None):
        super().__init__(message, code, request_id)
        self.retry_after = retry_after


class AnswerLostError(RetryLaterError):
    """The request was sent and its answer was lost: it may have been carried out."""


class ReconnectError(ApiError):
    """TikTok rejects the token: a user must give consent again."""


class NotAllowedError(ApiError):
    """The app or the user lacks a permission, such as a scope."""


class WrongRequestError(ApiError):
    """TikTok will refuse this request each time."""
