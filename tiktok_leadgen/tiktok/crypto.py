"""Seal secrets so that a copy of the database is worth nothing.

Fernet (https://cryptography.io/en/latest/fernet/): the first key encrypts, every key decrypts, so
that keys can be changed one after the other.
"""

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from .errors import SealError


def make_key():
    """Return a new random key.

    :rtype: str
    """
    return Fernet.generate_key().decode()


class Sealer:
    """Encrypts and decrypts with a list of keys.

    :param str keys: Fernet keys, separated by commas, the newest first
    :raise SealError: if one of them is not a key
    """

    def __init__(self, keys):
        names = [key.strip() for key in (keys or "").split(",") if key.strip()]
        if not names:
            raise SealError("There is no encryption key.")
        try:
            self._fernet = MultiFernet([Fernet(name) for name in names])
        except ValueError:
            raise SealError(
                "An encryption key is not a Fernet key: 32 bytes in URL-safe base64."
            ) from None

    def seal(self, text):
        """Encrypt a text.

        :param str text: the secret
        :rtype: str
        """
        return self._fernet.encrypt(text.encode()).decode()

    def open(self, sealed):
        """Decrypt a text.

        :param str sealed: what `seal` returned
        :rtype: str
        :raise SealError: if no key fits
        """
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken:
            raise SealError(
                "The secret was sealed with another encryption key: give that key back, or "
                "enter the secret again."
            ) from None
