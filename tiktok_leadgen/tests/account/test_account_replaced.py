from datetime import timedelta

from odoo.tests import tagged

from ...tiktok.errors import ReconnectError, RetryLaterError
from ...tiktok.login import Tokens
from ..fake_tiktok import SCOPES, FakeTikTokCase, video

OLD, NEW = range(30), range(100, 125)  # videos of the one TikTok user and of the other


@tagged("post_install", "-at_install")
class TestAccountReplaced(FakeTikTokCase):
    """Another TikTok user takes an account's place while its sync is under way."""

    def setUp(self):
        super().setUp()
        self.account._disconnect_account("1")
        self.begin()

    def begin(self):
        """Connect an account that was not synced yet."""
        self.account = self.connected("Brand")
        self.account.connected_at -= timedelta(days=1)
        self.tiktok.videos = [video(number) for number in OLD]

    def replace(self):
        """Connect another TikTok user, as its consent does; from now on TikTok shows theirs."""
        with self.env.registry.cursor() as own:
            account = self.account.with_env(self.env(cr=own, su=True))
            account._connect_account(
                Tokens(f"new-{self.account.id}", SCOPES, "fake-access", 86400, "rft.x", 86400)
            )
        self.tiktok.videos = [video(number) for number in NEW]

    def meanwhile(self, page, error=None):
        """Let it happen while TikTok answers with this page, the first being 1."""
        accounts, pages = type(self.env["tiktok.account"]), []
        fetch = accounts._request_video_page

        def fetch_meanwhile(account, *args):
            answer = fetch(account, *args)
            if account.id == self.account.id:
                pages.append(answer)
                if len(pages) == page:
                    self.replace()
                    if error:
                        raise error
            return answer

        self.patch(accounts, "_request_video_page", fetch_meanwhile)

    def sync(self):
        """Run the scheduled action, and again as a new consent wakes it."""
        super().sync()
        return super().sync()

    def titles(self):
        return set(self.videos().mapped("title"))

    def test_page_of_previous_user_is_discarded(self):
        for page in (1, 2):
            with self.subTest(page=page):
                self.begin()
                self.meanwhile(page)
                self.sync()
                self.assertEqual(self.account.open_id, f"new-{self.account.id}")
                self.assertEqual(self.titles(), {f"Video {number}" for number in NEW})
                self.assertTrue(all(self.videos().mapped("active")))
                self.assertFalse(self.account.sync_requested)

    def test_sync_of_new_user_starts_at_first_page(self):
        self.meanwhile(1)
        self.sync()
        cursors = [body.get("cursor") for path, body in self.tiktok.calls if "/list/" in path]
        self.assertEqual([bool(cursor) for cursor in cursors], [False, False, True])

    def test_error_of_previous_user_is_not_stored(self):
        for error in (ReconnectError("Gone."), RetryLaterError("Down."), ValueError()):
            with self.subTest(error=error):
                self.begin()
                self.meanwhile(1, error)
                self.sync()
                self.assertEqual(self.account.state, "connected")
                self.assertFalse(self.account.sync_error)
                self.assertEqual(self.titles(), {f"Video {number}" for number in NEW})

    def test_covers_of_previous_user_are_discarded(self):
        pictures = []
        answer = self.tiktok._picture

        def answer_meanwhile(path):
            pictures.append(path)
            if len(pictures) == 1:
                self.replace()
            return answer(path)

        self.tiktok._picture = answer_meanwhile
        self.sync()
        self.assertEqual(self.titles(), {f"Video {number}" for number in NEW})
        self.assertFalse(self.account.sync_error)

    def test_disconnection_during_sync_ends_it(self):
        def disconnect(case):
            with case.env.registry.cursor() as own:
                case.account.with_env(case.env(cr=own, su=True))._disconnect_account("1")

        self.patch(type(self), "replace", disconnect)
        self.meanwhile(2)
        self.sync()
        self.assertEqual(self.account.state, "disconnected")
        self.assertEqual(len(self.videos()), 20)
        self.assertFalse(self.account.sync_progress)
