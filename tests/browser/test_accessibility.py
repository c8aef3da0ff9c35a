"""Each of our screens, as axe-core sees it: names, headings, contrast, roles.

Odoo's own parts are left out: the bars around a screen, its lists, its field widgets.
"""

import json

import pytest
from accounts import USER

from dev import node
from dev.demo import send_lead

AXE = "axe-core@4.14.1"
PHONE = {"width": 390, "height": 844}
# What Odoo draws itself inside our screens.
ODOOS = (
    *(".o_control_panel", ".o_cp_searchview", ".o-mail-Form-chatter", ".o_form_statusbar"),
    *(".o_list_renderer", ".o_notebook_headers", ".ribbon", ".settings_tab", ".o_kanban_record"),
    *(".o_setting_box .o_field_widget", ".o_group .o_field_widget", ".o_form_label"),
    *(".o_field_many2many_tags", ".o_field_many2one_avatar_user"),
)
# Odoo's own colors, of secondary text and of badges: a little below what WCAG asks for.
MUTED = (".text-muted", ".badge", ".o_tiktok_head", ".o_tiktok_scale", ".o_tiktok_ends", ".o_input")
CONTRAST = "color-contrast"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
# Rules about a page as a whole: its landmarks are Odoo's.
PAGE_RULES = (
    *("region", "landmark-one-main", "page-has-heading-one", "bypass", "document-title"),
    *("html-has-lang", "meta-viewport"),
)
# Odoo fades in the page of a notebook: until then its text has little contrast.
SETTLED = """() => !document.querySelector(".tab-pane.fade.active:not(.show)")
    && document.getAnimations().every((each) => each.playState !== "running"
        || each.effect.getComputedTiming().iterations === Infinity)"""
SCREENS = {
    "overview": ("/odoo/tiktok-overview", ".o_tiktok_tiles", ".o_tiktok_dashboard"),
    "page": ("/odoo/tiktok", "[name=counters]", ".o_form_view .o_form_sheet_bg"),
    "deliveries": ("/odoo/tiktok-events", ".o_data_row, .o_kanban_record", ".o_content"),
    "delivery": ("/odoo/tiktok-events/{event}", ".o_tiktok_timeline", ".o_form_sheet_bg"),
    "lead": ("/odoo/tiktok-leads/{lead}", "[name=tiktok_speed]", "[name=tiktok_speed]"),
    "answers": ("/odoo/tiktok-leads/{lead}", ".o_notebook table", ".o_notebook_content"),
    "form": ("/odoo/tiktok-forms/{form}", ".o_form_sheet", ".o_form_sheet_bg"),
    "reconciliation": ("/odoo/tiktok-reconciliation", ".o_content", ".o_content"),
    "ad accounts": ("/odoo/tiktok-ad-accounts", ".o_content", ".o_content"),
    "account": ("/odoo/tiktok-accounts/{account}", ".o_form_sheet", ".o_form_sheet_bg"),
    "videos": ("/odoo/tiktok-videos", ".o_kanban_renderer", ".o_content"),
    "import": ("/odoo/tiktok-import/new", ".o_form_sheet", ".o_form_sheet_bg"),
    "composer": ("/odoo/tiktok-posts/new", ".o_tiktok_composer", ".o_tiktok_composer"),
    "settings": (
        "/odoo/tiktok-settings",
        "#tiktok_check",
        ".app_settings_block[data-key=tiktok_leadgen]",
    ),
}


@pytest.fixture(scope="session")
def axe():
    """Return the source of axe-core."""
    return (node.fetch_package(AXE) / "axe.min.js").read_text()


@pytest.fixture
def known(page, odoo, accounts):
    """Return the records that the screens show, by name."""
    lead_id, _seconds = send_lead(odoo)
    [lead] = odoo.call("crm.lead", "read", [lead_id], ["tiktok_event_id", "tiktok_form_id"])
    account_id = accounts.make()
    url = odoo.call("tiktok.account", "action_allow_posting", [account_id])["url"]
    page.goto(accounts.tiktok.consent(url, username=USER))
    accounts.wait_for_sync(account_id)
    return {
        "lead": lead_id,
        "event": lead["tiktok_event_id"][0],
        "form": lead["tiktok_form_id"][0],
        "account": account_id,
    }


def find_problems(page, axe, scope):
    """Return what axe-core finds in a part of the page, a line each.

    :param str axe: its source
    :param str scope: selector of the part
    :rtype: list[str]
    """
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(axe)
    page.wait_for_function(SETTLED)
    rules = {rule: {"enabled": False} for rule in (*PAGE_RULES, CONTRAST)}
    checks = (
        ({"runOnly": {"type": "tag", "values": TAGS}, "rules": rules}, ODOOS),
        ({"runOnly": {"type": "rule", "values": [CONTRAST]}}, (*ODOOS, *MUTED)),
    )
    problems = []
    for options, left_out in checks:
        context = {"include": [[scope]], "exclude": [[part] for part in left_out]}
        asked = json.dumps({**options, "resultTypes": ["violations"]})
        found = page.evaluate(f"axe.run({json.dumps(context)}, {asked})")
        assert found["passes"] or left_out is not ODOOS, f"nothing was checked in {scope}"
        problems += [
            f"{violation['id']}: {element['html'][:160]}"
            for violation in found["violations"]
            for element in violation["nodes"]
        ]
    return problems


def go(page, path):
    """Open a screen as a link in Odoo does, without loading the web client again."""
    page.evaluate(
        """(path) => {
            document.querySelector(".o_action_manager > *").setAttribute("data-before", "");
            const link = document.createElement("a");
            link.href = path;
            document.body.append(link);
            link.click();
            link.remove();
        }""",
        path,
    )
    page.wait_for_selector("[data-before]", state="detached")


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_no_screen_of_ours_has_a_finding(page, odoo, axe, known, size):
    if size == "phone":
        page.set_viewport_size(PHONE)
    problems = {}
    before = None
    for name, (path, ready, scope) in SCREENS.items():
        if not before:
            page.goto(odoo.base + path.format(**known))
        elif path != before:
            go(page, path.format(**known))
        before = path
        page.wait_for_selector(ready, state="attached")
        problems[name] = find_problems(page, axe, scope)
    assert {name: found for name, found in problems.items() if found} == {}


def test_a_finding_is_found(page, odoo, axe, known):
    page.goto(f"{odoo.base}/odoo/tiktok-overview")
    page.wait_for_selector(".o_tiktok_tiles")
    page.evaluate("document.querySelector('.o_tiktok_tile').textContent = ''")
    assert any("button-name" in each for each in find_problems(page, axe, ".o_tiktok_dashboard"))
