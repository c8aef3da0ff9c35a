"""The walk of the README: copy the address, paste it at TikTok, fill in a form, see the lead."""


def test_from_the_copied_address_to_the_lead(odoo, tiktok, context):
    form = next(f for f in tiktok.describe()["forms"] if f["language"] == "en")
    connect(context, odoo, tiktok)
    fill_in_form(context, tiktok, form)

    page = context.new_page()
    page.goto(f"{odoo.base}/odoo/tiktok-leads")
    page.click(".o_data_row :text('Walk Through')")
    answers = page.locator(".o_notebook [name=tiktok_answers_table]")
    answers.wait_for()
    assert "Over 3,000" in answers.inner_text()
    assert "Living room, Kitchen" in answers.inner_text()

    lead = odoo.call(
        "crm.lead",
        "search_read",
        [["contact_name", "=", "Walk Through"]],
        ["email_from", "tiktok_campaign_name", "user_id", "tiktok_is_test"],
    )
    assert len(lead) == 1
    assert lead[0]["email_from"] == "walk@example.com"
    assert lead[0]["tiktok_campaign_name"]
    assert not lead[0]["user_id"]


def connect(context, odoo, tiktok):
    """Copy the address in Odoo and paste it in Leads Center."""
    page = context.new_page()
    page.goto(f"{odoo.base}/odoo/tiktok")
    # A notification may lie over it.
    page.press("[name=webhook_url] button:has-text('Copy')", "Enter")
    page.wait_for_selector("text=Copied")
    address = page.evaluate("navigator.clipboard.readText()")
    page.goto(f"{tiktok.url}/leads-center/")
    page.fill("#callback_url", address)
    page.click("button:has-text('Connect')")
    page.wait_for_selector("text=/api/integrations/webhooks/tiktok-leadgen/")
    page.close()


def fill_in_form(context, tiktok, form):
    """Fill in the Instant Form on the phone and wait until its lead was delivered."""
    page = context.new_page()
    page.goto(f"{tiktok.url}/forms/{form['page_id']}")
    page.fill("[data-key=first_name]", "Walk")
    page.fill("[data-key=last_name]", "Through")
    page.fill("[data-key=phone_number]", "+971501234567")
    page.fill("[data-key=email]", "walk@example.com")
    page.check("text=Over 3,000")
    page.check("text=Living room")
    page.check("text=Kitchen")
    page.check("[name=consent]")
    page.click("button:has-text('Submit')")
    page.wait_for_selector(".thanks")
    assert tiktok.idle()
    page.goto(f"{tiktok.url}/leads-center/")
    page.wait_for_selector("td:has-text('200')")
    page.close()
