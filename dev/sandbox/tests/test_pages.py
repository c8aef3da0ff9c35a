"""The pages, as a person with a browser and a keyboard meets them."""

import re

import pytest
import requests
from lxml import html

from dev.sandbox.tests.clients import Developer
from dev.sandbox.tests.test_publish import INIT, body, picture

UNLABELLED = "hidden", "submit"


class Browser:
    """Opens pages and posts their forms.

    :param Sandbox tiktok: the sandbox
    """

    def __init__(self, tiktok):
        self.base = tiktok.url
        self.http = requests.Session()
        self.http.trust_env = False

    def open(self, path, status=200):
        """Open a page."""
        return self._page(self.http.get(self._url(path), timeout=20), status)

    def send(self, path, status=200, /, **fields):
        """Post a form and follow to the next page."""
        return self._page(self.http.post(self._url(path), data=fields, timeout=20), status)

    def _url(self, path):
        return path if path.startswith("http") else self.base + path

    def _page(self, answer, status):
        assert answer.status_code == status, answer.text
        page = html.fromstring(answer.content)
        page.text = re.sub(r"\s+", " ", page.text_content())
        return page


@pytest.fixture
def browser(tiktok):
    """A browser at the sandbox."""
    return Browser(tiktok)


def pages_of(developer, business):
    """Return the addresses of all pages."""
    portal = f"/portal/auth?app_id={business.app['app_id']}&redirect_uri=https://x.example/"
    forms = [f"/forms/{form['page_id']}" for form in business.forms]
    return [
        "/", "/leads-center/", "/deliveries/", "/apps/", "/creators/", "/switchboard/",
        f"/creators/{developer.PUBLIC}", developer.url(), portal, *forms, forms[0] + "?preview=1",
    ]  # fmt: skip


def test_every_page_is_plain_to_a_screen_reader(tiktok, developer, business, browser):
    tiktok.set_redirect_uris(business.app["app_id"], ["https://x.example/"])
    tiktok.paste_webhook("http://127.0.0.1:9/", business.account)
    tiktok.submit_leads(business.form, 2)
    developer.login()
    for path in pages_of(developer, business):
        page = browser.open(path)
        assert "Local TikTok, not the real one." in page.text, path
        assert len(page.xpath("//h1")) == 1, path
        assert page.get("lang") in ("en", "ar", "ru")
        for field in page.xpath("//input | //select | //textarea"):
            if field.get("type") in UNLABELLED:
                continue
            named = page.xpath("//label[@for=$id]", id=field.get("id") or "")
            assert named or field.xpath("ancestor::label"), (path, field.get("name"))
        for button in page.xpath("//button"):
            assert button.text_content().strip() or button.get("aria-label"), path
        ids = page.xpath("//@id")
        assert len(ids) == len(set(ids)), path


@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_form_is_filled_in_and_the_lead_is_sent(tiktok, business, browser, receiver, number):
    form = business.forms[number]
    tiktok.paste_webhook(receiver.url, form["advertiser_id"])
    page = browser.open(f"/forms/{form['page_id']}")
    assert page.get("dir") == ("rtl" if form["language"] == "ar" else "ltr")
    fields = {}
    for place, question in enumerate(form["questions"]):
        fields[f"q{place}"] = question["options"][:2] or "+97150000000"
        if question["kind"] == "choice":
            fields[f"q{place}"] = question["options"][0]
    browser.send(f"/forms/{form['page_id']}", 422, **fields)  # no consent
    done = browser.send(f"/forms/{form['page_id']}", consent="1", region="eu", **fields)
    (lead,) = tiktok.leads()
    assert done.xpath("//*[@data-lead-id]")[0].text == lead["lead_id"]
    assert lead["region"] == "eu"
    keys = [question["key"] for question in form["questions"]]
    assert [key for key, _value in lead["answers"]] == keys
    tiktok.flush()
    assert lead["lead_id"].encode() in receiver.requests[0][2]


def test_a_form_says_what_is_missing(tiktok, business, browser):
    page = browser.send(f"/forms/{business.form}", 422, q0="Ana")
    invalid = page.xpath("//*[@aria-invalid]")
    assert invalid
    for field in invalid:
        assert page.xpath("//*[@id=$id]", id=field.get("aria-describedby"))
    assert page.xpath("//input[@name='q0']/@value") == ["Ana"]
    assert not page.xpath("//input[@name='consent']/@checked")
    agreed = browser.send(f"/forms/{business.form}", 422, consent="1")
    assert agreed.xpath("//input[@name='consent']/@checked")
    assert tiktok.leads() == []


def test_a_test_form_makes_a_test_lead(tiktok, business, browser):
    form = next(each for each in business.forms if each["title"] == "Catalogue by mail")
    fields = {"q0": "Ana", "q1": "a@example.com", "q2": "+9715", "consent": "1"}
    browser.send(f"/forms/{form['page_id']}?preview=1", **fields)
    assert tiktok.leads()[0]["test"] == "preview"


def test_leads_center_walk(tiktok, business, browser, receiver):
    owner = f"advertiser:{business.account}"
    page = browser.send("/leads-center/webhooks", 422, callback_url="nonsense", owner=owner)
    assert "Not a valid URL" in page.text
    page = browser.send("/leads-center/webhooks", callback_url=receiver.url, owner=owner)
    assert receiver.url in page.text
    browser.send("/leads-center/leads", page_id=business.form, count=3, per_post=1)
    receiver.answers = [(503, "busy")]
    tiktok.flush()
    page = browser.open("/leads-center/")
    assert page.text.count("delivered") == 3
    delivery = tiktok.deliveries()[0]
    shown = browser.open(f"/deliveries/{delivery['delivery_id']}")
    assert '"lead_source": "INSTANT_FORM"' in shown.text
    browser.send(f"/deliveries/{delivery['delivery_id']}/resend", back="leads_center")
    lead = tiktok.leads()[0]["lead_id"]
    browser.send(f"/leads-center/leads/{lead}/resend")
    tiktok.flush()
    assert len(receiver.requests) == 6  # three, one of them twice, and two again
    csv = browser.http.get(
        f"{browser.base}/leads-center/forms/{business.form}/leads.csv", timeout=20
    )
    assert lead in csv.text
    hook = page.xpath("//form[contains(@action, '/remove')]/@action")[0]
    assert "No webhook yet" in browser.send(hook).text


def test_apps_page(tiktok, developer, business, browser, receiver):
    key, app_id = developer.key, business.app["app_id"]
    uri = "https://odoo.example.com/callback"
    assert uri in browser.send(f"/apps/{app_id}/redirect-uris", uri=uri).text
    assert "already" in browser.send(f"/apps/{app_id}/redirect-uris", 422, uri=uri).text
    wrong = browser.send(f"/apps/{key}/redirect-uris", 422, uri="http://example.com/")
    assert "https" in wrong.text
    assert uri not in browser.send(f"/apps/{app_id}/redirect-uris", uri=uri, remove="1").text
    settings = {"webhook_url": receiver.url, "pkce": "either", "platform": "web", "audited": "1"}
    browser.send(f"/apps/{key}/settings", **settings)
    assert "tiktok.ping" in browser.send(f"/apps/{key}/ping").text
    app = tiktok.describe()["developer_apps"][0]
    assert (app["audited"], app["pkce"]) == (True, "either")
    prefix = f"{receiver.url}/"
    browser.send(f"/apps/{key}/properties", kind="prefix", value=prefix)
    token = tiktok.describe()["developer_apps"][0]["properties"][0]["token"]
    failed = browser.send(f"/apps/{key}/properties/{token}/verify", 422)
    assert "HTTP 404" in failed.text
    text = f"tiktok-developers-site-verification={token}".encode()
    receiver.pages[f"/tiktok{token}.txt"] = (200, {}, text)
    assert "not verified" not in browser.send(f"/apps/{key}/properties/{token}/verify").text
    browser.send(f"/apps/{key}/properties/{token}/remove")
    assert tiktok.describe()["developer_apps"][0]["properties"] == []


def test_login_screen_with_a_browser(developer, browser):
    answer = browser.http.post(
        developer.url(),
        data={"decision": "allow", "username": developer.PRIVATE, "scopes": ["user.info.basic"]},
        allow_redirects=False,
        timeout=20,
    )
    assert answer.headers["Location"].startswith(Developer.REDIRECT + "?code=")
    assert "scopes=user.info.basic&" in answer.headers["Location"]
    page = browser.open(developer.url(redirect_uri="https://evil.example/"), 400)
    assert "redirect_uri" in page.text
    assert "couldn't log in" in page.text


def test_feed_with_drafts_and_disconnect(developer, browser, receiver):
    tiktok, name = developer.tiktok, developer.PUBLIC
    developer.login()
    tiktok.add_property(client_key=developer.key, kind="prefix", value=f"{receiver.url}/",
                        verified=True)  # fmt: skip
    receiver.pages["/1.jpg"] = (200, {}, picture())
    draft = body(f"{receiver.url}/1.jpg", mode="MEDIA_UPLOAD", title="مرحبا")
    publish_id = developer.post(INIT, draft).json()["data"]["publish_id"]
    tiktok.advance(5)
    page = browser.open(f"/creators/{name}")
    assert "مرحبا" in page.text
    src = page.xpath("//*[@class='pictures']/img/@src")[0]
    image = browser.http.get(browser.base + src, timeout=20)
    assert image.headers["Content-Type"] == "image/jpeg"
    posts = f"/creators/{name}/posts/{publish_id}"
    browser.send(f"{posts}/publish", 422, privacy_level="EVERYBODY")
    browser.send(f"{posts}/publish", privacy_level="PUBLIC_TO_EVERYONE")
    tiktok.advance(60)
    page = browser.open(f"/creators/{name}")
    assert page.xpath("//article/@data-publish-id") == [publish_id]
    assert "public" in page.text
    assert "No posts" in browser.send(f"{posts}/remove").text
    gone = browser.send(f"/creators/{name}/disconnect", client_key=developer.key, reason=1)
    assert "Demo Developer app" not in gone.text
    assert developer.get("/v2/user/info/", fields="open_id").status_code == 401
    assert "private" in browser.send(f"/creators/{name}/settings", private="1").text


def test_switchboard(tiktok, business, browser):
    fault = {"path": "/page/get/", "kind": "status"}
    page = browser.send("/switchboard/faults", value="500", times=1, **fault)
    assert "/page/get/" in page.text
    assert business.get("/page/get/", advertiser_id=business.account).status_code == 500
    browser.send("/switchboard/faults", 422, value="many", **fault)
    browser.send("/switchboard/faults", 422, path="/page/get/", kind="earthquake")
    browser.send("/switchboard/faults/clear")
    assert tiktok.faults() == []
    options = page.xpath("//datalist/option/@value")
    assert {"/page/lead/task/", "/v2/oauth/token/", "/v2/post/publish/content/init/"} <= {*options}
    browser.send("/switchboard/settings", lead_ids="string", webhook_timeout="3.5")
    assert tiktok.settings()["lead_ids"] == "string"
    assert tiktok.settings()["webhook_timeout"] == 3.5
    before = tiktok.now()
    browser.send("/switchboard/clock", seconds=600)
    assert tiktok.now() == before + 600


@pytest.mark.parametrize("path", ["/forms/7", "/creators/unknown", "/deliveries/7", "/nothing"])
def test_what_is_not_there(browser, path):
    assert browser.http.get(browser.base + path, timeout=20).status_code == 404
