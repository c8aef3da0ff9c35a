"""A Login Kit that behaves as TikTok's does, without a network."""

from unittest.mock import patch

from ..tiktok.errors import ReconnectError, RetryLaterError, WrongRequestError
from ..tiktok.login import Tokens
from .common import TiktokCommon

SCOPES = ("user.info.basic", "user.info.profile")
DAY = 86_400


class FakeLoginKit:
    """Gives tokens with numbers; a refresh token works once.

    :param int life: of an access token, in seconds
    """

    def __init__(self, life=7_200):
        self.life = life
        self.down = None  # the error TikTok answers with instead
        self.scopes = SCOPES  # what is given
        self.refreshed = []
        self.revoked = []
        self.ended = []  # access tokens that are over
        self._number = 0

    def make(self, open_id="open-1"):
        """Return the next tokens."""
        self._number += 1
        access, refresh = f"act.fake{self._number}", f"rft.fake{self._number}"
        return Tokens(open_id, self.scopes, access, self.life, refresh, 180 * DAY)

    def request_new_tokens(self, refresh_token):
        """Give new tokens for the newest refresh token."""
        self._fail()
        if refresh_token != f"rft.fake{self._number}":
            raise ReconnectError("Refresh token has been used.", "invalid_grant")
        self.refreshed.append(refresh_token)
        return self.make()

    def request_revocation(self, access_token):
        """End the consent."""
        self._fail()
        if access_token in self.ended:
            raise WrongRequestError("The access token has ended.", "access_token_invalid")
        self.revoked.append(access_token)

    def _fail(self):
        if self.down:
            raise self.down


class AccountCommon(TiktokCommon):
    """An account that is connected, and the Login Kit it is connected to."""

    def setUp(self):
        super().setUp()
        self.kit = FakeLoginKit()
        accounts = type(self.env["tiktok.account"])
        patcher = patch.object(accounts, "_make_login_kit", lambda _account: self.kit)
        patcher.start()
        self.addCleanup(patcher.stop)
        self.account = self.env["tiktok.account"].create(
            {"name": "Brand", "company_id": self.company.id, "user_id": self.manager.id}
        )

    def connect(self, life=7_200):
        """Connect it, with access tokens of this life."""
        self.kit.life = life
        self.account._connect_account(self.kit.make())
        self.env.flush_all()

    def valid(self, *margin):
        """Return a valid access token, as a caller gets it."""
        with self.enter_registry_test_mode():
            return self.env["tiktok.token"]._get_valid_token(self.account, *margin)

    def renew(self):
        """Run the scheduled action."""
        with self.enter_registry_test_mode():
            cron = self.env.ref("tiktok_leadgen.ir_cron_refresh_tokens")
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def down(self):
        """Let TikTok be down."""
        self.kit.down = RetryLaterError("TikTok has a problem (HTTP 503).", "http_503")

    @property
    def activities(self):
        """Activities that ask to reconnect the account."""
        return self.account.with_context(active_test=False).activity_ids
