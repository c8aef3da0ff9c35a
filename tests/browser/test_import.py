"""A person downloads a file in Leads Center and imports it, on a desk and on a phone."""

import csv
import io
import itertools

import pytest

from dev.odoo_rpc import Session

URL = "/odoo/tiktok-import"
PHONE = {"width": 390, "height": 844}
_numbers = itertools.count(1)
HEADERS = {
    "en": ["lead_id", "created_time", "campaign_name", "form_id", "form_name"],
    "ar": ["معرّف العميل المحتمل", "وقت الإنشاء", "اسم الحملة", "معرّف النموذج", "اسم النموذج"],
}
LABELS = {
    "en": ["Name", "Phone number", "Email", "Availability"],
    "ar": ["الاسم الكامل", "رقم الهاتف", "البريد الإلكتروني", "متى نتصل بك؟"],
}
PEOPLE = {
    "en": ["Somchai Dee", "+66812345678", "so{0}@example.com", "Mon"],
    "ar": ["مريم حداد", "+971501234567", "ma{0}@example.com", "الإثنين"],
}


def make_file(language, run, rows=3):
    """Return a file as TikTok's: UTF-16 with tabs in Arabic, UTF-8 with commas in English."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter="\t" if language == "ar" else ",")
    writer.writerow([*HEADERS[language], *LABELS[language]])
    for number in range(rows):
        uid = f"76{run:05}{number:08}{123 + number:04}"
        lead = [uid, "2026-11-20 10:20:35(UTC+00:00)", "Autumn", f"75{run:05}00000000001", "Quote"]
        writer.writerow([*lead, *(cell.format(f"{run}-{number}") for cell in PEOPLE[language])])
    writer.writerow(["7.6E+18", *lead[1:], *PEOPLE[language]])
    return out.getvalue().encode("utf-16" if language == "ar" else "utf-8")


@pytest.fixture(params=["desk", "phone"])
def screen(request, page):
    """Return a tab of each width."""
    if request.param == "phone":
        page.set_viewport_size(PHONE)
    return page


def click_header(page, name):
    """Click a button of the form, in the menu of actions where the screen is narrow."""
    button = page.locator(f".o_statusbar_buttons button[name='{name}']:visible").first
    if not button.count():
        page.locator(
            ".o_cp_action_menus .dropdown-toggle, .o_statusbar_buttons .dropdown-toggle"
        ).first.click()
        button = page.locator(f"button[name='{name}']:visible, .dropdown-item[name='{name}']").first
    button.click()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_file_is_imported_and_undone(screen, odoo: Session, sql, language):
    run = 70_000 + next(_numbers)
    page, content = screen, make_file(language, run)
    page.goto(f"{odoo.base}{URL}/new")
    page.set_input_files(
        ".o_field_many2many_binary input[type=file]",
        {"name": "Leads.csv", "mimeType": "text/csv", "buffer": content},
    )
    page.wait_for_selector(".o_attachment:has-text('Leads.csv')")
    click_header(page, "action_check")
    page.wait_for_selector(".o_tiktok_import_file:has-text('New: 3')")
    file = page.locator(".o_tiktok_import_file")
    assert "Refused: 1" in file.inner_text()
    assert LABELS[language][1] in file.inner_text()
    assert PEOPLE[language][0] in file.inner_text()
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(overflow) <= 1
    click_header(page, "action_import")
    page.wait_for_selector(".o_field_widget[name=status_text]:has-text('Leads imported: 3.')")
    domain = [["tiktok_lead_uid", "like", f"76{run:05}%"]]
    leads = odoo.call("crm.lead", "search_read", domain, ["contact_name", "tiktok_answers"])
    assert {lead["contact_name"] for lead in leads} == {PEOPLE[language][0]}
    assert len(leads) == 3
    assert PEOPLE[language][3] in leads[0]["tiktok_answers"]
    click_header(page, "action_undo")
    page.click(".modal-footer .btn-primary")
    page.wait_for_selector(".o_field_widget[name=status_text]:has-text('Leads removed: 3.')")
    assert not odoo.call("crm.lead", "search_count", domain)
    sql("DELETE FROM tiktok_event WHERE lead_uid LIKE %s", f"76{run:05}%")


def test_the_check_is_mirrored_in_arabic(arabic, screen, odoo):
    page = screen
    page.goto(f"{odoo.base}{URL}")  # the session has the language of the request before
    page.wait_for_selector(".o_main_navbar")
    page.goto(f"{odoo.base}{URL}/new")
    page.set_input_files(
        ".o_field_many2many_binary input[type=file]",
        {"name": "Leads.csv", "mimeType": "text/csv", "buffer": make_file("ar", 70_900)},
    )
    page.wait_for_selector(".o_attachment:has-text('Leads.csv')")
    click_header(page, "action_check")
    file = page.locator(".o_tiktok_import_file")
    file.wait_for()
    assert page.evaluate("getComputedStyle(document.body).direction") == "rtl"
    first, second = (file.locator("tbody tr").nth(6).locator("td").nth(n) for n in (0, 1))
    assert first.inner_text() == LABELS["ar"][1]
    wide = (page.viewport_size or {})["width"] > PHONE["width"]
    right = [each.bounding_box()["x"] + each.bounding_box()["width"] for each in (first, second)]
    assert right[0] > right[1] if wide else abs(right[0] - right[1]) <= 1
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(overflow) <= 1


def test_a_rounded_file_is_refused(page, odoo):
    content = b"lead_id,Name,Email\n7500000000001110000,Ana,ana@example.com\n"
    page.goto(f"{odoo.base}{URL}/new")
    page.set_input_files(
        ".o_field_many2many_binary input[type=file]",
        {"name": "Leads.csv", "mimeType": "text/csv", "buffer": content},
    )
    page.wait_for_selector(".o_attachment:has-text('Leads.csv')")
    click_header(page, "action_check")
    page.click(".nav-link:has-text('Refused rows')")
    page.wait_for_selector(".o_field_widget[name=line_ids]:has-text('do not open it')")
    assert not page.locator("button[name=action_import]:visible").count()
