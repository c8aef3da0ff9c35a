"""The files that people download in Leads Center, as they have them on their disks."""

import datetime
import io
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lead_files import (
    LABELS,
    META,
    PAGE,
    UID,
    answers,
    parsed,
    read,
    row,
    scan,
    table,
    workbook,
    zipped,
)
from tiktok import lead_file, lead_table

SLOW = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


def test_a_csv_becomes_leads_as_the_webhook_brings_them():
    (found,) = parsed(table(row()))
    assert found.uid == UID
    assert found.submitted == 1789900000
    assert (found.page.uid, found.page.name) == (PAGE, "Spring quote form")
    assert (found.campaign.uid, found.ad.name) == ("1809876543200000", "Video 1")
    assert [each.key for each in found.answers] == ["name", "phone_number", "email", ""]
    assert not found.is_test


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
def test_dialect_and_encoding(delimiter, encoding):
    content = table(row(answers=["Анна, и Ко", "+7", "a@b.c", "a;b\tc|d\ne"]), delimiter=delimiter)
    ((found,), (info,)) = answers(content.encode(encoding)), scan(content.encode(encoding))
    assert found["name"] == "Анна, и Ко"
    assert found["Availability"] == "a;b\tc|d\ne"
    assert (info.delimiter, info.count, info.error) == (delimiter, 1, "")


HEADERS = {
    "ar": ["معرّف العميل المحتمل", "وقت الإنشاء", "اسم الحملة", "الاسم الكامل", "رقم الهاتف"],
    "ru": ["ID лида", "Дата создания", "Название кампании", "Имя", "Номер телефона"],
    "es": ["ID del lead", "Fecha de creación", "Nombre de la campaña", "Nombre", "Teléfono"],
    "ja": ["リードID", "作成日時", "キャンペーン名", "氏名", "Phone"],
    "en": ["Lead ID", "Created Time", "Campaign Name", "Full name", "Phone"],
    "?": ["leed nomor", "created_time", "campaign_name", "whatever it is", "Phone"],
}


@pytest.mark.parametrize("language", HEADERS)
def test_any_language_of_labels(language):
    rows = [
        [f"{UID[:-1]}{number}", "2026-09-20 10:26:40", "Spring", "Ana", "+569"]
        for number in range(3)
    ]
    found = parsed(table(*rows, labels=[], header=HEADERS[language]))
    assert [each.uid for each in found] == [f"{UID[:-1]}{number}" for number in range(3)]
    assert {each.submitted for each in found} == {1789900000}
    assert {each.campaign.name for each in found} == {"Spring"}
    assert {each.answer("phone_number") for each in found} == {"+569"}


def test_labels_of_no_known_language_are_read_by_their_ids():
    rows = [[f"{UID[:-1]}{number}", "bla"] for number in range(3)]
    assert [each.uid for each in parsed(table(*rows, labels=[], header=["xyz", "zyx"]))] == [
        f"{UID[:-1]}{number}" for number in range(3)
    ]


def test_an_xlsx_equals_the_csv():
    cells = [META + LABELS, row(), [], [None, None], row("7600000000000000124")]
    assert parsed(workbook(cells)) == parsed(table(row(), row("7600000000000000124")))
    assert [each.line for each in read(workbook(cells))] == [2, 5]


def test_cells_of_an_xlsx_may_be_numbers_and_dates():
    moment = datetime.datetime.fromisoformat("2026-09-20 10:26:40")
    values = [12, 1.5, True, datetime.date(2026, 1, 2)]
    cells = [META + LABELS, row(created_time=moment, answers=values)]
    (found,) = parsed(workbook(cells))
    assert (found.uid, found.submitted) == (UID, 1789900000)
    assert [each.text for each in found.answers] == ["12", "1.5", "true", "2026-01-02"]


def test_a_title_above_the_header_and_a_sheet_of_something_else():
    cells = [["Leads of spring"], [], META + LABELS, row()]
    content = workbook(cells, [["a", "b"], [1, 2]])
    (info,) = scan(content, "book.xlsx")
    assert (info.name, info.header_line, info.count) == ("book.xlsx · Sheet 0", 3, 1)
    assert [each.line for each in read(content)] == [4]


def test_a_zip_of_regions_is_read_through():
    content = zipped(
        eu__csv=table(row("7600000000000000111")),
        us__xlsx=workbook([META + LABELS, row("7600000000000000222")]),
        other__csv=table(row("7600000000000000333")),
    )
    assert [each.entry["id"][-3:] for each in read(content)] == ["111", "222", "333"]
    for skip in range(4):
        assert [each.entry["id"][-3:] for each in read(content, skip)] == ["111", "222", "333"][
            skip:
        ]
    assert [each.name for each in scan(content)] == ["eu.csv", "us.xlsx", "other.csv"]


def test_what_a_computer_adds_to_a_zip_is_left_out():
    buffer = io.BytesIO(zipped(leads__csv=table(row())))
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr("__MACOSX/._leads.csv", b"\x00\x05")
        archive.writestr(".DS_Store", b"\x00")
        archive.mkdir("folder")
    assert [each.name for each in scan(buffer.getvalue())] == ["leads.csv"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "no_rows"),
        (b"\xef\xbb\xbf", "no_rows"),
        ("name\r\nAna\r\n", "no_header"),
        ("<html><body>502</body></html>", "no_header"),
        ("40000 Download failed: the file has expired.", "refusal"),
        ('{"code": 40001, "message": "No.", "request_id": "r"}', "refusal"),
        (table(row(answers=["Zoë", "", "", ""])).encode("cp1252"), "bad_encoding"),
        (table(row(answers=["Анна", "", "", ""])).encode("cp1251"), "bad_encoding"),
        (b"PK\x03\x04 no zip", "bad_zip"),
        (zipped(leads__csv=table(row()))[:-30], "bad_zip"),
        (zipped(leads__csv=table(row()))[:10] + zipped(leads__csv=table(row()))[40:], "bad_zip"),
        (zipped(leads__csv=zipped(leads__csv=table(row()))), "nested_zip"),
        (zipped(leads__xlsx=zipped(leads__csv=table(row()))), "nested_zip"),
        (zipped(leads__xlsx=b"no workbook"), "bad_zip"),
        (zipped(leads__pdf=b"%PDF-1.7"), "no_header"),
        (zipped(xl_workbook=b""), "no_rows"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old_excel"),
        (workbook([["a"], ["b"]]), "no_header"),
        (workbook([]), "no_rows"),
    ],
)
def test_file_without_table_is_refused_with_a_reason(content, reason):
    (info,) = scan(content)
    assert (info.error, info.count) == (reason, 0)
    assert reason in lead_file.FILE_REASONS
    assert read(content) == []


def test_a_broken_workbook_is_refused():
    content = workbook([META, row()])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["xl/worksheets/sheet1.xml"] = b"<worksheet><sheetData><row r="
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    assert [each.error for each in scan(buffer.getvalue())] == ["bad_xlsx"]


def test_a_workbook_that_claims_billions_of_rows_is_read_up_to_what_a_sheet_can_have():
    parts, buffer = zipfile.ZipFile(io.BytesIO(workbook([META, row()]))), io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in parts.namelist():
            data = parts.read(name)
            archive.writestr(name, data.replace(b'<row r="2"', b'<row r="2000000000"'))
    content = buffer.getvalue()
    assert [each.count for each in scan(content)] == [1]
    assert [each.reason for each in read(content)] == ["truncated"]


def test_good_files_of_a_zip_are_read_beside_a_bad_one():
    content = zipped(readme__txt="hello", leads__csv=table(row()))
    assert [each.error for each in scan(content)] == ["no_header", ""]
    assert [each.table for each in read(content)] == [1]


def test_files_are_bounded(monkeypatch):
    monkeypatch.setattr(lead_file, "MAX_BYTES", 100_000)
    bomb = table(row()) + "\r\n" * 100_000
    assert [each.error for each in scan(bomb)] == ["too_large"]
    assert [each.error for each in scan(zipped(a__csv=bomb))] == ["too_large"]
    big = workbook([META, *[row()] * 2_000])
    assert [each.error for each in scan(big)] == ["too_large"]
    assert [each.error for each in scan(zipped(a__xlsx=big))] == ["too_large"]
    many = zipped(**{f"f{number}__csv": bomb[:60_000] for number in range(3)})
    assert [each.error for each in scan(many)] == ["", "too_large", "too_large"]
    monkeypatch.setattr(lead_file, "MAX_FILES", 2)
    assert [each.error for each in scan(many)] == ["too_many_files"]


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20)


@SLOW
@given(
    cells=st.lists(st.lists(TEXTS, max_size=4), max_size=5),
    delimiter=st.sampled_from([",", ";", "\t"]),
    encoding=st.sampled_from(["utf-8", "utf-16"]),
    skip=st.integers(0, 6),
)
def test_any_answers_are_read_to_the_end(cells, delimiter, encoding, skip):
    rows = [row(str(int(UID) + number), answers=each) for number, each in enumerate(cells)]
    content = table(*rows, delimiter=delimiter).encode(encoding)
    found = read(content, skip)
    assert sum(each.count for each in scan(content)) == len(rows)
    assert len(found) == max(len(rows) - skip, 0)
    assert all(each.entry or each.reason in lead_table.ROW_REASONS for each in found)


@SLOW
@given(st.binary(max_size=300))
@pytest.mark.parametrize("begin", [b"", b"lead_id,Email\n", b"PK\x03\x04", b"\xff\xfe"])
def test_no_file_raises(begin, content):
    assert all(each.entry or each.reason for each in read(begin + content))
