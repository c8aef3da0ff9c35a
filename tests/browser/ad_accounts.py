"""What the walks do with ad accounts, in Odoo and at TikTok."""

STATUSBAR = ".o_statusbar_status button[aria-current]"
SECONDS = 30


class Ads:
    """What the walks do with ad accounts, in Odoo and at TikTok."""

    def __init__(self, odoo, tiktok, sql):
        self.odoo = odoo
        self.tiktok = tiktok
        self.sql = sql
        known = tiktok.describe()
        self.app = known["business_apps"][0]
        self.form = next(form for form in known["forms"] if form["language"] == "en")
        self.uid = self.form["advertiser_id"]

    def begin(self):
        """Press Connect TikTok Ads; return the address of TikTok's page."""
        return self.odoo.call("tiktok.advertiser", "action_connect_ads", [])["url"]

    def agree(self, **choices):
        """Press it and agree at TikTok; return the address the browser is sent back to."""
        return self.tiktok.consent(self.begin(), **{"advertiser_ids": [self.uid], **choices})

    def connect(self, page):
        """Connect the ad account; return its id."""
        page.goto(self.agree())
        page.wait_for_selector(f"{STATUSBAR}:has-text('Connected')")
        return self.find()["id"]

    def find(self):
        """Return the ad account, or nothing."""
        domain = [["advertiser_uid", "=", self.uid]]
        found = self.odoo.call("tiktok.advertiser", "search_read", domain, ["state"])
        return found[0] if found else None


def forget(sql):
    """Take all ad accounts out of Odoo."""
    sql("DELETE FROM mail_activity WHERE res_model = 'tiktok.advertiser'")
    sql("UPDATE tiktok_form SET advertiser_id = NULL")
    sql("DELETE FROM tiktok_advertiser")
    sql("DELETE FROM tiktok_business_token")


def confirm(page, ads):
    """Tick the one ad account at TikTok and say yes."""
    page.wait_for_selector("text=asks for access to your ad accounts")
    for box in page.locator("input[name=advertiser_ids]").all():
        box.set_checked(box.get_attribute("value") == ads.uid)
    page.click("button:has-text('Confirm')")


def receive_leads(page):
    """Wait until TikTok was asked for the leads, which begins with the consent."""
    page.wait_for_selector("[name=leads_state]:has-text('TikTok sends them here')")


def wait_for_lead(page, odoo, uid):
    """Return the lead of an id once it is there."""
    for _try in range(SECONDS * 10):
        found = odoo.call(
            "crm.lead", "search_read", [["tiktok_lead_uid", "=", uid]], ["email_from"]
        )
        if found:
            return found[0]
        page.wait_for_timeout(100)
    raise AssertionError("The lead did not come.")
