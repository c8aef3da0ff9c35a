"""An article on its way to TikTok: written, seen as a post, published, and refused."""

import base64
import json
import struct
import zlib

import pytest
from accounts import USER

ARTICLE = "A sofa for small rooms"
COLORS = {"cover": (10, 160, 60), "first": (200, 30, 30), "second": (30, 30, 200)}
SIZE = 480, 640
WAIT_MS = 90_000
READABLE = ".o_arrow_button_current:has-text('TikTok can read the file')"


def png(color, width=SIZE[0], height=SIZE[1]):
    """Return a picture of one colour."""

    def chunk(kind, content):
        body = kind + content
        return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = (b"\0" + bytes(color) * width) * height
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*part) for part in parts)


class Articles:
    """Writes articles in the served Odoo, and knows the domain's file.

    :param accounts: makes and connects accounts
    """

    def __init__(self, accounts):
        self.accounts, self.odoo, self.tiktok = accounts, accounts.odoo, accounts.tiktok
        self.key = accounts.app["client_key"]

    def connect(self, page):
        """Connect an account that may post, of an app that TikTok has audited."""
        self.tiktok.set_app(client_key=self.key, audited=True)
        self.accounts.set_company(tiktok_publish_audited=True)
        account_id = self.accounts.make()
        scopes = self.odoo.call("tiktok.scope", "search", [])
        self.odoo.call("tiktok.account", "write", [account_id], {"scope_ids": [[6, 0, scopes]]})
        page.goto(self.accounts.agree(account_id, username=USER))
        self.accounts.set_company(tiktok_publish_account_id=account_id)

    def prefix(self):
        """Claim Odoo's address at TikTok; return what is claimed, with its token."""
        value = f"{self.odoo.base}/"
        known = [
            claimed for claimed in self.accounts.app["properties"] if claimed["value"] == value
        ]
        if known:
            return known[0]
        return self.tiktok.add_property(client_key=self.key, kind="prefix", value=value)

    def write(self):
        """Write an article with a cover and two pictures; return its id."""
        ids = {
            name: self.odoo.call(
                "ir.attachment",
                "create",
                {
                    "name": f"{name}.png",
                    "datas": base64.b64encode(png(color)).decode(),
                    "public": True,
                },
            )
            for name, color in COLORS.items()
        }
        cover = {"background-image": f"url('/web/image/{ids['cover']}-x/cover.png')"}
        pictures = "".join(
            f'<p>Soft.</p><img src="/web/image/{ids[name]}-x/{name}.png">'
            for name in ("first", "second")
        )
        return self.odoo.call(
            "blog.post",
            "create",
            {"name": ARTICLE, "cover_properties": json.dumps(cover), "content": pictures},
        )


@pytest.fixture
def articles(accounts, sql):
    """Return a maker of articles; they and their posts are deleted after the test."""
    made = Articles(accounts)
    yield made
    sql("DELETE FROM tiktok_post_image")
    sql("DELETE FROM tiktok_post")
    sql("DELETE FROM tiktok_domain_file")
    sql("DELETE FROM blog_post WHERE name ->> 'en_US' = %s", ARTICLE)
    made.accounts.set_company(
        tiktok_publish_account_id=False, tiktok_publish_audited=False, tiktok_media_url=False
    )


def verify_domain(page, articles):
    """Paste the file's token in Odoo, click Check domain, and Verify at TikTok."""
    claimed = articles.prefix()
    page.goto(f"{articles.odoo.base}/odoo/tiktok-domain/new")
    page.fill("[name=token] input", f"tiktok{claimed['token']}.txt")
    page.click("button[name=action_check]")
    page.wait_for_selector(READABLE)
    assert articles.tiktok.verify_property(client_key=articles.key, value=claimed["value"]) is None


def prepare(page, articles, article_id):
    """Open the article's tab, look at the preview, and prepare the post."""
    page.goto(f"{articles.odoo.base}/odoo/tiktok-articles/{article_id}")
    page.click(".o_notebook a:has-text('TikTok')")
    shown = page.locator("[name=tiktok_preview]")
    shown.wait_for()
    assert ARTICLE in shown.inner_text()
    assert "/blog/" in shown.inner_text()
    assert shown.locator("img").count() == 3
    page.click("button[name=action_tiktok_prepare]")
    page.wait_for_selector(".o_tiktok_phone")


def give_consent(page, publish=True):
    """Choose the audience, give consent, and publish."""
    page.check("input[type=radio][value=PUBLIC_TO_EVERYONE]")
    page.check("[name=consent] input")
    if publish:
        page.click(".o_tiktok_publish button:not([disabled])")


def wait_for_state(page, state):
    """Wait for a state of the post: the job runs immediately or in the next minute."""
    current = f".o_statusbar_status button[aria-current]:has-text('{state}')"
    page.wait_for_selector(current, timeout=WAIT_MS)


def colors_of(page):
    """Return what the pictures of the newest post of the feed show, cover first."""
    return page.eval_on_selector_all(
        "article[data-publish-id]:first-of-type img",
        """images => Promise.all(images.map(async image => {
            image.loading = "eager";
            await image.decode();
            const canvas = document.createElement("canvas");
            canvas.width = canvas.height = 1;
            const context = canvas.getContext("2d");
            context.drawImage(image, 0, 0, 1, 1);
            return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3);
        }))""",
    )


def near(one, other):
    return all(abs(a - b) < 16 for a, b in zip(one, other, strict=True))


def check_feed(page, articles):
    """Look at the account's feed at TikTok: the right text, the right pictures in order."""
    page.goto(f"{articles.tiktok.url}/creators/{USER}")
    text = page.inner_text("article[data-publish-id]:first-of-type")
    assert ARTICLE in text
    assert "/blog/" in text
    shown = colors_of(page)
    assert len(shown) == len(COLORS)
    assert all(near(*pair) for pair in zip(shown, COLORS.values(), strict=True))


def test_article_is_published_immediately(page, articles):
    articles.connect(page)
    verify_domain(page, articles)
    prepare(page, articles, articles.write())
    give_consent(page)
    wait_for_state(page, "Published")
    check_feed(page, articles)


def test_post_is_published_with_its_article(page, articles):
    articles.connect(page)
    verify_domain(page, articles)
    article_id = articles.write()
    prepare(page, articles, article_id)
    give_consent(page, publish=False)
    page.click("button[name=action_with_article]")
    page.wait_for_selector("text=This post is published with the article")
    before = len(articles.tiktok.posts(username=USER))
    articles.odoo.call("blog.post", "write", [article_id], {"is_published": True})
    page.reload()
    wait_for_state(page, "Published")
    assert len(articles.tiktok.posts(username=USER)) == before + 1
    check_feed(page, articles)


def test_unverified_domain(page, articles):
    articles.connect(page)
    other = articles.odoo.base.replace("localhost", "127.0.0.1")  # not registered at TikTok
    articles.accounts.set_company(tiktok_media_url=other)
    prepare(page, articles, articles.write())
    give_consent(page)
    wait_for_state(page, "Failed")
    assert "is not verified in your TikTok app" in page.inner_text(".alert-danger")
    page.goto(f"{articles.odoo.base}/odoo/tiktok-domain/new")
    page.fill("[name=token] input", "Fake0Token1Fake2Token3Fake4Token")
    page.click("button[name=action_check]")
    page.wait_for_selector(READABLE)
