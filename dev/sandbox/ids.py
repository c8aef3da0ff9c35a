"""Ids, codes and tokens: the same ones for the same seed."""

import random
import string
import uuid

FIRST_UID = 7_600_000_000_000_000_000
LETTERS = string.ascii_letters + string.digits


class Ids:
    """Makes every id of one world.

    :param int seed: the same seed gives the same ids in the same order
    """

    def __init__(self, seed):
        self.random = random.Random(seed)
        self._last = FIRST_UID

    def uid(self):
        """Return a new id of 19 digits, above 2^53, rising.

        :rtype: str
        """
        self._last += self.random.randrange(10**9, 10**11)
        return str(self._last)

    def token(self, prefix="", length=40):
        """Return a random text of letters and digits after a prefix."""
        return prefix + "".join(self.random.choices(LETTERS, k=length))

    def open_id(self):
        """Return an open id in TikTok's form.

        :rtype: str
        """
        return str(uuid.UUID(int=self.random.getrandbits(128), version=4))

    def log_id(self, now):
        """Return the id of one answer, as both platforms write it.

        :param float now: seconds since 1970
        :rtype: str
        """
        stamp = int(now * 1000)
        return f"{stamp}{self.random.getrandbits(64):016X}"
