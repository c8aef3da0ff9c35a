"""The rows of a downloaded file: rounded ids, guards, rows without an id."""

import json

import pytest
from lead_files import (
    LABELS,
    META,
    PAGE,
    ROW,
    UID,
    open_file,
    parsed,
    read,
    reasons,
    row,
    scan,
    table,
    workbook,
)
from tiktok.lead_table import create_item

ROUNDED = [
    "7.6E+18",
    "7,6E+18",
    "7.6e18",
    "7.60000000000000E+018",
    "٧٫٦E+١٨",
    "76E17",
    '="7.6E+18"',
]


@pytest.mark.parametrize("uid", [*ROUNDED, "7600000000000000123.0", "7.6×10^18"])
def test_an_id_shown_as_a_number_is_refused(uid):
    assert reasons(table(row(uid), row())) == [(2, "rounded_id"), (3, "")]


def test_a_number_that_a_workbook_can_not_hold_is_refused():
    assert reasons(workbook([META + LABELS, row(float(UID)), row(UID)])) == [
        (2, "rounded_id"),
        (3, ""),
    ]


@pytest.mark.parametrize("count", [1, 2, 30])
def test_a_file_whose_ids_all_end_in_zeros_is_refused_by_row(count):
    rows = [row(f"7612345678{number:05}0000") for number in range(count)]
    assert [reason for _line, reason in reasons(table(*rows))] == ["rounded_id"] * count


def test_a_true_id_may_end_in_zeros():
    rows = [row(str(int(UID) + number)) for number in range(99)]
    assert {reason for _line, reason in reasons(table(*rows, row("7600000000000010000")))} == {""}


def test_rounded_ids_among_true_ones_are_refused():
    rows = [row(str(int(UID) + number)) for number in range(9)]
    rounded = [row(f"76000000000000{number}0000") for number in range(3)]
    found = [reason for _line, reason in reasons(table(*rows, *rounded))]
    assert found == [""] * 9 + ["rounded_id"] * 3


def test_short_ids_are_not_judged():
    assert [each.uid for each in parsed(table(row("100000"), row("200000")))] == [
        "100000",
        "200000",
    ]


@pytest.mark.parametrize("guard", ["'{}", '="{}"', '"{}"', "={}", " {} ", "\u200e{}", "\ufeff{}"])
def test_guards_of_ids_and_phones_are_removed(guard):
    cells = row(guard.format(UID), answers=["Ana", guard.format("+569"), "a@b.c", ""])
    (found,) = parsed(table(cells))
    assert found.uid == UID
    assert "+569" in found.answer("phone_number")


def test_a_rounded_campaign_is_no_campaign():
    (found,) = parsed(table(row(campaign_id="1.80988E+15")))
    assert (found.campaign.uid, found.campaign.name) == ("", "Spring")


def test_rows_that_are_no_leads_are_refused():
    content = table(
        row("one two"), row(answers=["", " ", "", ""]), row("", answers=["", "", "", ""]), row()
    )
    assert reasons(content) == [(2, "bad_id"), (3, "no_answers"), (4, "no_answers"), (5, "")]


@pytest.mark.parametrize("rest", ['"76000', f'{UID},"Ana\r\nb', f"{UID},"])
def test_a_file_that_ends_in_a_row_is_read_up_to_it(rest):
    content = table(row()) + rest
    assert reasons(content) == [(2, ""), (3, "truncated")]
    assert [each.count for each in scan(content)] == [2]
    assert [each.reason for each in read(content, skip=1)] == ["truncated"]


def test_a_row_of_a_refusal_ends_the_file():
    content = table(row()) + "40000 Download failed\r\n"
    assert reasons(content) == [(2, ""), (3, "truncated")]


def test_blank_rows_are_counted_as_lines():
    content = table(row(), [""], row()) + "\r\n"
    assert [line for line, _reason in reasons(content)] == [2, 4]


# === ROWS WITHOUT AN ID === #

PLAIN = ["created_time", "form_id", "campaign_name", "Name", "Email"]


def plain(*rows, header=PLAIN):
    return table(*rows, header=header, labels=[])


def fingerprints(content):
    return [create_item(each).lead_uid for each in read(content)]


def test_a_row_without_id_is_known_again_by_its_content():
    cells = ["2026-09-20 10:26:40", PAGE, "Spring", "Ana", "ana@example.com"]
    (first,) = fingerprints(plain(cells))
    assert first.startswith("fp-")
    again = [cells[number] for number in (4, 3, 1, 0)]
    header = [PLAIN[number] for number in (4, 3, 1, 0)]
    moved = plain([*cells[:4], "eva@example.com"], cells)
    assert fingerprints(moved)[1] == first
    # In another order, in a workbook, guarded, with the other date format.
    assert fingerprints(plain([*cells[:1], f'="{PAGE}"', *cells[2:]])) == [first]
    assert fingerprints(plain(["2026-09-20 10:26:40(UTC+00:00)", *cells[1:]])) == [first]
    assert fingerprints(workbook([PLAIN, cells])) == [first]
    assert fingerprints(plain(again, header=header)) != [first]  # the campaign has no id here
    with_id = ["campaign_id", *PLAIN]
    (other,) = fingerprints(plain(["180", *cells], header=with_id))
    renamed = ["180", *cells[:2], "Summer", *cells[3:]]
    assert fingerprints(plain(renamed, header=with_id)) == [other]


def test_people_without_id_are_told_apart():
    cells = ["2026-09-20 10:26:40", PAGE, "Spring"]
    content = plain([*cells, "Ana", "ana@example.com"], [*cells, "Ana", "eva@example.com"])
    assert len(set(fingerprints(content))) == 2


def test_the_form_s_questions_do_not_change_what_a_row_is():
    content = plain(["2026-09-20 10:26:40", PAGE, "Spring", "Boss", "a@b.c"])
    file = open_file(content)
    tables = file.scan_tables()
    plain_, known = (
        [create_item(each) for each in file.read_rows(tables, known=names)]
        for names in ((), ["NAME", "email"])
    )
    assert plain_[0].key == known[0].key


def test_a_zero_for_an_id_is_none():
    assert fingerprints(table(row("0")))[0].startswith("fp-")


def test_the_item_has_what_the_form_s_ad_account_adds():
    (found,) = read(table(row()))
    item = create_item(found, {"advertiser_id": "716", "ad_name": "other"})
    assert item.advertiser_uid == "716"
    assert json.loads(item.raw)["ad_name"] == "Video 1"


def test_a_row_that_is_too_long_is_no_lead():
    labels = [f"Q{number}" for number in range(600)]
    (found,) = read(table([*ROW, *"x" * 600], labels=labels))
    assert create_item(found).reason == "too_many_answers"


def test_forms_are_listed_by_the_number_of_their_rows():
    rows = [row(str(int(UID) + number), form_name="B" if number else "A") for number in range(3)]
    assert scan(table(*rows))[0].forms == ((PAGE, "B", 2), (PAGE, "A", 1))
