"""The typed errors of this package.

Each says what a caller can do about it. No text holds a body, a name, a phone or a token.
"""


class TiktokError(Exception):
    """Root of everything raised here; the text is a sentence for a person."""


class NotUnderstoodError(TiktokError):
    """What came can't be read, and will not be readable next time either.

    :param str code: one of ``const.REASONS``, machine-readable
    :param str detail: where it failed, without any content
    """

    def __init__(self, code, detail=""):
        super().__init__(detail or code)
        self.code = code
        self.detail = detail


class SignatureMismatchError(TiktokError):
    """The proof that came with a body is not ours."""


class SealError(TiktokError):
    """A secret can't be opened: the key is missing or another one."""
