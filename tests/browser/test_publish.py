"""A photo post from New to TikTok's feed, and every way in which it does not get there."""

import base64
import io
import re

import pytest
from accounts import USER
from PIL import Image

WAIT_MS = 90_000  # the job runs immediately or in the next minute
COLORS = {"red": (200, 30, 30), "green": (30, 160, 30), "blue": (30, 30, 200)}
CURRENT = ".o_statusbar_status button[aria-current]"
PUBLISH = ".o_tiktok_publish button"


def picture(color, size=(900, 1200), kind="PNG"):
    """Return a picture of one colour."""
    out = io.BytesIO()
    Image.new("RGB", size, COLORS[color]).save(out, kind)
    return out.getvalue()


@pytest.fixture
def posting(page, odoo, accounts):
    """Return a connected account that may post, of an audited app with a verified address."""
    client_key = accounts.app["client_key"]
    tiktok = accounts.tiktok
    if not any(owned["verified"] for owned in accounts.app["properties"]):
        value = f"{odoo.base}/"
        tiktok.add_property(client_key=client_key, kind="prefix", value=value, verified=True)
    tiktok.set_app(client_key=client_key, audited=True)
    tiktok.set_creator(username=USER, spam="", private=False)
    accounts.set_company(tiktok_publish_audited=True, tiktok_media_url=odoo.base)
    account_id = accounts.make()
    url = odoo.call("tiktok.account", "action_allow_posting", [account_id])["url"]
    page.goto(tiktok.consent(url, username=USER))
    assert accounts.read(account_id, "can_post")
    yield account_id
    tiktok.set_creator(username=USER, spam="", private=False)
    tiktok.set_app(client_key=client_key, audited=False)
    accounts.sql("DELETE FROM mail_activity WHERE res_model = 'tiktok.post'")
    accounts.sql("DELETE FROM tiktok_post")


def write(page, odoo, colors=("red",), privacy="PUBLIC_TO_EVERYONE"):
    """Write a post in the composer, up to the button."""
    page.goto(f"{odoo.base}/odoo/tiktok-posts/new")
    page.wait_for_selector(".o_tiktok_creator .fw-bold")
    files = [
        {"name": f"{color}.png", "mimeType": "image/png", "buffer": picture(color)}
        for color in colors
    ]
    page.set_input_files(".o_field_tiktok_photos input[type=file]", files)
    page.wait_for_selector(f".o_tiktok_photo >> nth={len(colors) - 1}")
    page.fill("[name=title] textarea", "عرض الربيع 🌷")
    page.fill("[name=description] textarea", "Sofas from 990\n#spring")
    if privacy:
        page.check(f"input[value={privacy}]")
    page.check("[name=consent] input")


def send(page, words=None):
    """Click Publish; return the post's ID."""
    page.click(f"{PUBLISH}:has-text('{words}')" if words else PUBLISH)
    page.wait_for_selector(f"{CURRENT}:not(:has-text('Draft'))", timeout=WAIT_MS)
    return int(page.url.split("?")[0].rsplit("/", 1)[1])


def see(page, text):
    page.wait_for_selector(text, timeout=WAIT_MS)


def posted(accounts):
    """Return TikTok's posts, newest first."""
    return accounts.tiktok.posts(username=USER)


def read(odoo, post_id, *names):
    return odoo.call("tiktok.post", "read", [post_id], list(names))[0]


def color_of(encoded):
    pixel = Image.open(io.BytesIO(base64.b64decode(encoded))).convert("RGB").getpixel((9, 9))
    return min(
        COLORS, key=lambda name: sum(abs(a - b) for a, b in zip(COLORS[name], pixel, strict=True))
    )


def test_photo_post_is_seen_in_the_feed(page, context, odoo, accounts, posting):
    before = len(posted(accounts))
    write(page, odoo, ("red", "green", "blue"))
    assert page.locator(".o_tiktok_phone_title").inner_text() == "عرض الربيع 🌷"
    assert page.locator("[data-for=title]").inner_text() == "13 / 90"
    page.locator(".o_tiktok_photo >> nth=2").locator("button[title=Earlier]").click()
    page.locator(".o_tiktok_photo >> nth=1").locator("button[title='Use as Cover']").click()
    post_id = send(page, f"Publish to \u2068@{USER}\u2069: everyone can see it")
    see(page, f"{CURRENT}:has-text('Published')")
    (post,) = posted(accounts)[: len(posted(accounts)) - before]
    assert [color_of(each) for each in post["pictures"]] == ["red", "blue", "green"]
    assert post["source"]["photo_cover_index"] == 1
    assert post["info"]["title"] == "عرض الربيع 🌷"
    assert post["info"]["disable_comment"] is True
    feed = context.new_page()
    feed.goto(f"{accounts.tiktok.url}/creators/{USER}")
    assert "عرض الربيع 🌷" in feed.content()
    # The photos are gone from the web.
    answer = page.request.get(post["source"]["photo_images"][0])
    assert answer.status == 404
    assert read(odoo, post_id, "publish_uid")["publish_uid"] == post["publish_id"]


def test_empty_photo_post_is_not_saved(page, odoo, posting):
    for title in ("", "Spring"):
        page.goto(f"{odoo.base}/odoo/tiktok-posts/new")
        page.wait_for_selector(".o_tiktok_creator .fw-bold")
        if title:
            page.fill("[name=title] textarea", title)
        page.goto(f"{odoo.base}/odoo/tiktok-posts")  # as when its tab is closed
        page.wait_for_selector(".o_kanban_view")
    for _attempt in range(20):  # what a tab sends while it closes may come later than the next page
        if page.locator(".o_kanban_record:has-text('Spring')").count():
            break
        page.reload()
        page.wait_for_selector(".o_kanban_view")
    assert odoo.call("tiktok.post", "search_count", []) == 1


def test_camera_photo_is_shrunk_before_upload(page, odoo, posting, sql):
    write(page, odoo)
    noise, out = Image.effect_noise((2000, 3000), 90).convert("RGB"), io.BytesIO()
    noise.save(out, "JPEG", quality=95)
    assert len(out.getvalue()) > 3_000_000
    photo = {"name": "camera.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}
    page.set_input_files(".o_field_tiktok_photos input[type=file]", [photo])
    page.wait_for_selector(".o_tiktok_photo >> nth=1", timeout=WAIT_MS)
    page.click(".o_form_button_save")
    page.wait_for_selector(".o_form_saved", state="attached")
    (size,) = sql(
        "SELECT file_size FROM ir_attachment WHERE res_model = 'tiktok.post.image'"
        " AND res_field = 'image' ORDER BY id DESC LIMIT 1"
    )[0]
    assert size < len(out.getvalue()) / 2


def test_photo_post_button_waits_for_choices(page, odoo, accounts, posting):
    write(page, odoo, privacy=None)
    button = page.locator(PUBLISH)
    assert button.is_disabled()
    assert not page.locator("[name=privacy_level] input:checked").count()
    assert not page.locator("[name=allow_comment] input").is_checked()
    page.check("input[value=SELF_ONLY]")
    see(page, f"{PUBLISH}:enabled")
    page.click("[name=is_disclosed] input")
    see(page, ".o_tiktok_publish:has-text('your brand')")
    see(page, f"{PUBLISH}:disabled")
    page.check("[name=is_branded_content] input")
    see(page, "text=Branded Content Policy")
    see(page, ".o_tiktok_publish:has-text('cannot be private')")
    assert page.locator("input[value=SELF_ONLY]").is_disabled()
    # Consent was given without the policy of branded content.
    see(page, "[name=consent] input:not(:checked)")
    page.check("[name=consent] input")
    page.check("input[value=PUBLIC_TO_EVERYONE]")
    see(page, ".o_tiktok_phone:has-text('Paid partnership')")
    see(page, f"{PUBLISH}:enabled")
    page.uncheck("[name=consent] input")
    see(page, f"{PUBLISH}:disabled")


def test_changed_photo_post_needs_consent_again(page, odoo, accounts, posting):
    write(page, odoo)
    page.click(".o_form_button_save")
    page.wait_for_url(re.compile(r"/tiktok-posts/\d+"))
    page.fill("[name=title] textarea", "Another offer")
    page.click(PUBLISH)
    see(page, ".o_tiktok_publish:has-text('Tick the box to agree')")
    see(page, f"{CURRENT}:has-text('Draft')")
    page.check("[name=consent] input")
    send(page)
    see(page, f"{CURRENT}:has-text('Published')")
    assert posted(accounts)[0]["info"]["title"] == "Another offer"


def test_photo_post_of_an_unaudited_app(page, odoo, accounts, posting):
    accounts.set_company(tiktok_publish_audited=False)
    accounts.tiktok.set_app(client_key=accounts.app["client_key"], audited=False)
    accounts.tiktok.set_creator(username=USER, private=True)
    write(page, odoo, privacy="SELF_ONLY")
    see(page, ".o_tiktok_creator .alert:has-text('has not audited')")
    assert page.locator("input[value=FOLLOWER_OF_CREATOR]").is_disabled()
    send(page, "only you can see it")
    see(page, f"{CURRENT}:has-text('Published')")


def test_photo_post_that_would_be_rejected_is_not_offered(page, odoo, accounts, posting):
    accounts.set_company(tiktok_publish_audited=False)
    accounts.tiktok.set_app(client_key=accounts.app["client_key"], audited=False)
    write(page, odoo, privacy="")  # the account is public
    see(page, ".o_tiktok_creator .alert:has-text('draft in the TikTok inbox is chosen')")
    assert page.locator("[name=post_mode] input[data-value=inbox]").is_checked()
    page.check("[name=post_mode] input[data-value=direct]")
    rejected = page.locator(f"{PUBLISH}:has-text('TikTok would reject this post')")
    rejected.wait_for()
    assert rejected.is_disabled()
    see(page, ".o_tiktok_publish li:has-text('rejects posts of public accounts')")
    page.click(f"{PUBLISH}:has-text('Choose a draft')")
    send(page, "Send a draft to the inbox")
    see(page, f"{CURRENT}:has-text('In the TikTok inbox')")
    assert posted(accounts)[0]["mode"] == "MEDIA_UPLOAD"


def test_new_post_whose_draft_was_chosen_is_untouched(page, odoo, accounts, posting):
    accounts.set_company(tiktok_publish_audited=False)
    before = odoo.call("tiktok.post", "search_count", [])
    page.goto(f"{odoo.base}/odoo/tiktok-posts/new")
    see(page, ".o_tiktok_creator .alert:has-text('draft in the TikTok inbox is chosen')")
    page.goto(f"{odoo.base}/odoo/tiktok-posts")  # as when its tab is closed
    see(page, ".o_kanban_renderer")
    assert odoo.call("tiktok.post", "search_count", []) == before


def test_photo_post_as_a_draft_in_the_inbox(page, odoo, accounts, posting):
    write(page, odoo)
    page.check("[name=post_mode] input[data-value=inbox]")
    send(page, "Send a draft to the inbox")
    see(page, f"{CURRENT}:has-text('In the TikTok inbox')")
    assert posted(accounts)[0]["mode"] == "MEDIA_UPLOAD"


def test_photo_post_over_the_daily_limit(page, odoo, accounts, posting):
    write(page, odoo)
    accounts.tiktok.set_creator(username=USER, spam="spam_risk_too_many_posts")
    before = len(posted(accounts))
    post_id = send(page)
    see(page, ".alert-info:has-text('further posts of this account today')")
    assert read(odoo, post_id, "next_try_at")["next_try_at"]
    assert len(posted(accounts)) == before


def test_photo_post_with_unreachable_photos(page, odoo, accounts, posting, sql):
    write(page, odoo)
    accounts.tiktok.set_settings(picture_min=5000)  # no photo is large enough now
    send(page)
    see(page, ".alert-danger:has-text('too large or too small')")
    accounts.tiktok.set_settings(picture_min=0)
    page.click("button[name=action_retry]")
    see(page, f"{CURRENT}:has-text('Published')")


def test_photo_post_matched_by_its_webhook(page, odoo, accounts, posting):
    write(page, odoo)
    before = len(posted(accounts))
    accounts.tiktok.set_fault("/v2/post/publish/content/init/", "reset", times=1)
    post_id = send(page)
    # TikTok has it and reports it: it is matched, never sent again.
    see(page, f"{CURRENT}:has-text('Published')")
    assert len(posted(accounts)) == before + 1
    assert read(odoo, post_id, "publish_uid")["publish_uid"] == posted(accounts)[0]["publish_id"]


def test_unconfirmed_photo_post(page, odoo, accounts, posting):
    client_key = accounts.app["client_key"]
    hook = accounts.app["webhook_url"]
    accounts.tiktok.set_app(client_key=client_key, webhook_url="")
    try:
        write(page, odoo)
        before = len(posted(accounts))
        accounts.tiktok.set_fault("/v2/post/publish/content/init/", "reset", times=1)
        send(page)
        see(page, ".alert-warning:has-text('Unconfirmed: check on TikTok')")
        page.click("button[name=action_check_again]")
        see(page, ".o_notification:has-text('TikTok has not reported')")
        page.click("button[name=action_send_again]")
        see(page, ".modal:has-text('The post may appear twice')")
        page.click(".modal button:has-text('Cancel')")
        page.click("button[name=action_was_posted]")
        page.click(".modal button:has-text('Yes, it is there')")
        see(page, f"{CURRENT}:has-text('Published')")
        assert len(posted(accounts)) == before + 1
    finally:
        accounts.tiktok.set_app(client_key=client_key, webhook_url=hook)


def test_photo_post_from_an_unverified_domain(page, odoo, accounts, posting):
    accounts.set_company(tiktok_media_url=odoo.base.replace("localhost", "127.0.0.1"))
    write(page, odoo)
    send(page)
    see(page, ".alert-danger:has-text('is not verified')")


def test_photo_post_with_an_animated_picture(page, odoo, accounts, posting):
    frames = [Image.new("RGB", (20, 20), color) for color in COLORS.values()]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    write(page, odoo)
    moving = {"name": "dance.gif", "mimeType": "image/gif", "buffer": out.getvalue()}
    page.set_input_files(".o_field_tiktok_photos input[type=file]", [moving])
    page.wait_for_selector(".o_tiktok_photo >> nth=1")
    page.click(PUBLISH)
    see(page, ".modal:has-text('dance.gif: it moves')")


def test_failed_photo_post_is_retried(page, odoo, accounts, posting):
    write(page, odoo)
    accounts.tiktok.set_settings(picture_min=5000)
    send(page)
    see(page, ".alert-danger:has-text('too large or too small')")
    accounts.tiktok.set_settings(picture_min=0)
    see(page, f"{PUBLISH}:has-text('Publish to \u2068@{USER}\u2069: everyone can see it')")
    page.click(PUBLISH)
    see(page, f"{CURRENT}:has-text('Published')")
