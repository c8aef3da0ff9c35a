"""Walk through the demo with a browser and photograph it; `dev.screenshots` runs this."""

import io
import shutil
import sys
import typing

from PIL import Image
from playwright.sync_api import sync_playwright

from dev import odoo_rpc
from dev.screenshots import CHROMIUM, PICTURES

DESK = {"width": 1280, "height": 860}
PHONE = {"width": 390, "height": 844}
COLORS = 96  # of a picture: text and areas of one color stay what they are
TIMEOUT_MS = 120_000
# Some screens ask the server all the time: what is shown is drawn when nothing is being loaded.
DRAWN = """document.fonts.status === "loaded" && !document.querySelector(".o_loading_indicator")
    && [...document.images].every((image) => image.complete)"""
# By the suffix of the pictures: Odoo's language, and the form whose leads are shown.
LANGUAGES = {
    "": ("en_US", "Villa offer"),
    "-ar": ("ar_001", "عرض الفلل"),
    "-ru": ("ru_RU", "Замер кухни"),
    "-kk": ("kk_KZ", "Пәтер жоспары"),
}


class Picture(typing.NamedTuple):
    """One screen."""

    path: str
    ready: str  # a selector of what must be there
    size: dict = DESK
    method: str = ""  # of the lead, called before
    click: str = ""  # a selector of what is clicked before it is ready


SCREENS = {
    "overview": Picture("/odoo/tiktok-overview", ".o_tiktok_tiles"),
    "page": Picture("/odoo/tiktok", "[name=counters]"),
    "lead": Picture("/odoo/tiktok-leads/{lead}", ".o_notebook [name=tiktok_answers_table] td"),
    "delivery": Picture("/odoo/tiktok-events/{event}", "[data-step=lead] button"),
    "mapping": Picture("/odoo/tiktok-forms/{form}", ".o_field_widget[name=question_ids] td"),
    "costs": Picture("/odoo/tiktok-return", ".o_pivot tbody tr"),
    "routing": Picture("/odoo/tiktok-routing", ".o_data_row"),
    "response": Picture(
        "/odoo/action-tiktok_leadgen.tiktok_response_report_action", ".o_pivot tbody tr"
    ),
    "overview-phone": Picture("/odoo/tiktok-overview", ".o_tiktok_tiles", PHONE),
    "lead-phone": Picture("/odoo/tiktok-leads/{lead}", ".o_tiktok_call_links a", PHONE),
    "outcome-phone": Picture(
        "/odoo/tiktok-leads/{lead}",
        ".o_tiktok_outcome_bar",
        PHONE,
        method="action_tiktok_start_attempt",
        click="button[name=tiktok_ask_outcome]",
    ),
}


def main(base, database, *names):
    """Photograph all screens, or those that are named, in each language.

    :param str base: Odoo's address
    :param str database: its database
    :param str names: of `SCREENS`
    """
    session = odoo_rpc.Session(base, database)
    session.call("res.users", "switch_tour_enabled", False)
    PICTURES.mkdir(parents=True, exist_ok=True)
    program = next(filter(None, map(shutil.which, CHROMIUM)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-gpu"]
        )
        for suffix, (language, form) in LANGUAGES.items():
            user = session.call("res.users", "search", [["login", "=", "admin"]])
            session.call("res.users", "write", user, {"lang": language, "tz": "Asia/Dubai"})
            known = find_records(session, form)
            profile = browser.new_context(viewport=DESK, locale=language[:2])
            profile.set_default_timeout(TIMEOUT_MS)
            page = log_in(profile, base)
            for name in sorted(names or SCREENS, key=list(SCREENS).index):
                picture, path = SCREENS[name], PICTURES / f"{name}{suffix}.png"
                if picture.method:
                    session.call("crm.lead", picture.method, [known["lead"]])
                photograph_screen(page, base, picture, known, path)
            profile.close()
        browser.close()


def find_records(session, form_name):
    """Return the records that the pictures show: the newest lead of a form.

    :param odoo_rpc.Session session: an administrator's
    :param str form_name: of the form
    :return: IDs by name
    :rtype: dict
    """
    [form] = session.call("tiktok.form", "search", [["name", "=", form_name]])
    assigned = [["phone", "!=", False], ["user_id", "!=", False]]  # no likely junk
    domain = [["tiktok_form_id", "=", form], *assigned]
    order = "tiktok_received_at desc"
    [lead] = session.call(
        "crm.lead", "search_read", domain, ["tiktok_event_id"], limit=1, order=order
    )
    return {"lead": lead["id"], "event": lead["tiktok_event_id"][0], "form": form}


def log_in(profile, base):
    """Return a tab of the administrator's.

    :param profile: of the browser
    :param str base: Odoo's address
    """
    page = profile.new_page()
    page.goto(f"{base}/web/login")
    page.fill("input[name=login]", "admin")
    page.fill("input[name=password]", "admin")
    page.press("input[name=password]", "Enter")
    page.wait_for_selector(".o_main_navbar")
    return page


def photograph_screen(page, base, picture, known, path):
    """Photograph one screen.

    :param page: of the browser
    :param str base: Odoo's address
    :param Picture picture: what is shown
    :param dict known: IDs of records by name
    :param pathlib.Path path: of the file
    """
    page.set_viewport_size(picture.size)
    page.goto(base + picture.path.format(**known))
    if picture.click:
        page.click(picture.click)
    page.wait_for_selector(picture.ready)
    page.wait_for_function(DRAWN)
    page.mouse.move(0, 0)  # no tooltip
    shot = Image.open(io.BytesIO(page.screenshot(animations="disabled"))).convert("RGB")
    small = shot.quantize(COLORS, dither=Image.Dither.NONE)
    small.save(path, optimize=True)
    print(path.name, path.stat().st_size)


if __name__ == "__main__":
    main(*sys.argv[1:])
