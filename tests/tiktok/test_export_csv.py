"""TikTok's export as it really comes."""

import csv
import io
import json
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tiktok import export_csv, lead
from tiktok.errors import UnparsableAnswerError
from tiktok.export_columns import parse_export_time

SLOW = settings(
    max_examples=80,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
META = [
    *("lead_id", "created_time", "ad_id", "ad_name", "adgroup_id", "adgroup_name"),
    *("campaign_id", "campaign_name", "form_id", "form_name"),
]
UID = "7600000000000000123"
ROW = [
    *(UID, "2026-09-20 10:26:40(UTC+00:00)", "1809876543210987", "Video 1", "1809876543210000"),
    *("Lookalike", "1809876543200000", "Spring", "7600000000000000456", "Spring quote form"),
]


def table(*rows, labels=(), header=None, delimiter=",", end="\r\n"):
    out = io.StringIO()
    writer = csv.writer(out, lineterminator=end, delimiter=delimiter)
    writer.writerows([[*(header or META), *labels], *rows])
    return out.getvalue()


def read(content, skip=0, **options):
    content = content.encode() if isinstance(content, str) else content
    return list(export_csv.Export(io.BytesIO(content), **options).rows(skip))


def one(content, **options):
    (row,) = read(content, **options)
    return row.entry


def answers(entry):
    return [(change["field"], change["value"]) for change in entry["changes"]]


def zipped(*contents, names=None):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, content in enumerate(contents):
            archive.writestr((names or {}).get(number, f"leads_{number}.csv"), content)
    return buffer.getvalue()


def test_a_row_becomes_an_entry_of_the_webhooks_shape():
    labels = ["Name", "Phone number", "Email", "What is your budget?"]
    row = [*ROW, "Ana Pérez", "+56911112222", "ana@example.com", "2-4 M"]
    owner = {"advertiser_id": "7163948356417550001", "advertiser_name": "ACME Ads"}
    assert one(table(row, labels=labels), owner=owner) == {
        "lead_source": "INSTANT_FORM",
        "advertiser_id": "7163948356417550001",
        "advertiser_name": "ACME Ads",
        "id": UID,
        "create_time": 1789900000,
        "ad_id": "1809876543210987",
        "ad_name": "Video 1",
        "adgroup_id": "1809876543210000",
        "adgroup_name": "Lookalike",
        "campaign_id": "1809876543200000",
        "campaign_name": "Spring",
        "page_id": "7600000000000000456",
        "page_name": "Spring quote form",
        "changes": [
            {"field": "name", "value": "Ana Pérez"},
            {"field": "phone_number", "value": "+56911112222"},
            {"field": "email", "value": "ana@example.com"},
            {"field": "What is your budget?", "value": "2-4 M"},
        ],
    }


@pytest.mark.parametrize("empty", [b"", b"\xef\xbb\xbf", b"\r\n \r\n", table().encode()])
def test_the_wrong_region_is_empty(empty):
    assert read(empty) == []
    assert read(zipped(empty)) == []


@pytest.mark.parametrize(
    "header",
    [
        ["Lead ID", "Created Time", "Ad ID", "Ad Name", "Ad Group ID", "Ad group name"],
        ["lead id", "created time", "ad id", "ad name", "adgroup id", "adgroup name"],
        [" LEAD-ID ", "create_time", '"ad_id"', "ad_name", "adgroup_id", "adgroup_name"],
    ],
)
@pytest.mark.parametrize("form", [["form_id", "form_name"], ["Page ID", "Page Name"]])
def test_header_is_recognized_in_any_format(header, form):
    entry = one(table(ROW, header=[*header, "campaign id", "Campaign Name", *form]))
    assert lead.parse_lead(json.dumps(entry)) == lead.parse_lead(json.dumps(one(table(ROW))))
    assert "" not in entry


@pytest.mark.parametrize("guard", ["'{}", '="{}"', '"{}"', "`{}", "={}", " {} ", "'{}'"])
def test_ids_are_guarded(guard):
    row = [guard.format(cell) if cell.isdigit() else cell for cell in ROW]
    assert one(table(row)) == one(table(ROW))


@pytest.mark.parametrize("uid", ["", "0", "7.6E+18", "7,6E+18", "#REF!", "one two", "x" * 65])
def test_row_without_id_is_counted_and_gets_no_id(uid):
    (row,) = read(table([uid, *ROW[1:]]))
    assert (row.entry, row.submitted, row.number) == (None, 1789900000, 1)


@pytest.mark.parametrize(
    "text",
    [
        "2026-09-20 10:26:40(UTC+00:00)",
        "2026-09-20 10:26:40",
        "2026-09-20T10:26:40Z",
        "2026-09-20 10:26:40 UTC",
        "2026-09-20 18:26:40(UTC+08:00)",
        "2026-09-20 18:26:40 (UTC+8)",
        "2026-09-20 05:56:40(GMT-0430)",
        "2026-09-20 13:26:40+03:00",
        "2026/09/20 10:26:40(UTC+00:00)",
        "'2026-09-20 10:26:40",
        "1789900000",
        "1789900000000",
    ],
)
def test_the_time_in_every_form(text):
    assert parse_export_time(text) == 1789900000


@pytest.mark.parametrize("text", ["", "soon", "2026-13-40 10:00:00(UTC+00:00)", "(UTC+00:00)", "Z"])
def test_what_is_no_time(text):
    assert parse_export_time(text) is None


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_delimiter_line_end_and_encoding(delimiter, end, encoding):
    labels, row = ["Имя", "Adresse, Straße"], [*ROW, "Анна", "a,b;c|d\te\nf"]
    content = table(row, row, labels=labels, delimiter=delimiter, end=end).encode(encoding)
    rows = read(content)
    assert [each.number for each in rows] == [1, 2]
    for each in rows:
        assert [value for _question, value in answers(each.entry)] == ["Анна", "a,b;c|d\te\nf"]


def test_what_is_not_unicode_is_decoded_as_windows_writes_it():
    entry = one(table([*ROW, "Zoë"], labels=["Name"]).encode("cp1252"))
    assert answers(entry) == [("name", "Zoë")]


def test_excels_hint_and_blank_lines_come_first():
    content = "\ufeffsep=;\r\n\r\n" + table([*ROW, "Ana"], labels=["Name"], delimiter=";")
    assert answers(one(content)) == [("name", "Ana")]


def test_a_label_of_several_lines():
    assert answers(one(table([*ROW, "yes"], labels=["Do you\nagree?"]))) == [
        ("Do you agree?", "yes")
    ]


def test_the_same_question_twice_is_one_answer():
    entry = one(table([*ROW, "red", "blue"], labels=["Colour", "Colour"]))
    (answer,) = lead.parse_lead(json.dumps(entry)).answers
    assert (answer.question, answer.text) == ("Colour", "red, blue")


def test_two_labels_of_one_kind_stay_two_answers():
    entry = one(table([*ROW, "1", "2"], labels=["Phone number", "Mobile number"]))
    assert answers(entry) == [("phone_number", "1"), ("Mobile number", "2")]
    assert lead.parse_lead(json.dumps(entry)).answer("phone_number") == "1"


@pytest.mark.parametrize(
    ("labels", "keys"),
    [
        (["Имя", "Фамилия"], ["first_name", "last_name"]),
        (["Nom", "Prénom"], ["last_name", "first_name"]),
        (["الاسم", "اسم العائلة"], ["first_name", "last_name"]),
        (["Имя", "Фамилия имя отчество"], ["name", "Фамилия имя отчество"]),
    ],
)
def test_a_part_of_the_name_is_no_whole_name(labels, keys):
    entry = one(table([*ROW, "Анна", "Иванова"], labels=labels))
    assert [key for key, _value in answers(entry)] == keys


def test_a_question_the_webhook_named_keeps_that_name():
    entry = one(table([*ROW, "Boss"], labels=["JOB TITLE"]), known=["Job title"])
    assert answers(entry) == [("Job title", "Boss")]


def test_a_question_called_as_a_column_is_a_question():
    entry = one(table([*ROW, "mine"], labels=["ad_name"]))
    assert (entry["ad_name"], answers(entry)) == ("Video 1", [("ad_name", "mine")])


def test_form_and_page_side_by_side_are_no_question():
    entry = one(table([*ROW, "7600000000000000456", "x"], labels=["page_id", "Q"]))
    assert answers(entry) == [("Q", "x")]


@pytest.mark.parametrize(
    ("text", "test"), [("true", True), ("FALSE", False), ("1", True), ("", None)]
)
def test_a_test_is_marked(text, test):
    entry = one(table([*ROW, text], labels=["is_test"]))
    assert entry.get("is_test") is test
    assert lead.parse_lead(json.dumps(entry)).is_test is bool(test)


def test_rows_too_short_and_too_long():
    short, long = read(table(ROW[:5], [*ROW, "a", "b", "c"], labels=["Q"]))
    assert short.entry["id"] == UID
    assert answers(short.entry) == []
    assert answers(long.entry) == [("Q", "a, b, c")]


@pytest.mark.parametrize("guarded", ['="+569"', "'+569", "+569"])
def test_answers_are_guarded_too(guarded):
    assert answers(one(table([*ROW, guarded], labels=["Phone number"]))) == [
        ("phone_number", "+569")
    ]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("40000 Download failed: the file has expired.", "40000"),
        ('"40105: Access token is incorrect"', "40105"),
        ('{"code": 40001, "message": "No.", "request_id": "r"}', "40001"),
        (table() + "40000 Download failed\r\n", "40000"),
        ("<html><body>502</body></html>", "no_header"),
        ("name,phone\r\nAna,1\r\n", "no_header"),
        ("{", "no_header"),
        (table([*ROW, "Ana"], labels=["Name"])[:-6], "truncated"),
        (table(ROW)[:-40], "truncated"),
        (table([*ROW, "a\nb"], labels=["Q"])[:-5], "truncated"),
        (b"PK\x03\x04 no zip", "bad_zip"),
        (zipped(table(ROW))[:-30], "bad_zip"),
        (zipped(table(ROW))[:10] + zipped(table(ROW))[40:], "bad_zip"),
        (table([*ROW, "x" * 200_000], labels=["Q"]), "bad_csv"),
        ("x" * (export_csv.MAX_LINE + 5), "too_large"),
    ],
)
def test_file_without_table_is_rejected(content, code):
    with pytest.raises(UnparsableAnswerError) as caught:
        read(content)
    assert caught.value.code == code
    assert "Ana" not in str(caught.value)


def test_rows_before_truncation_are_read():
    rows = export_csv.Export(io.BytesIO((table(ROW) + '"76000').encode())).rows()
    assert next(rows).entry["id"] == UID
    with pytest.raises(UnparsableAnswerError, match="middle"):
        next(rows)


def test_a_zip_with_two_files_is_counted_through():
    second = table(["7600000000000000124", *ROW[1:]], labels=["Q"])
    content = zipped(table(ROW), second)
    assert [(row.number, row.entry["id"]) for row in read(content)] == [
        (1, UID),
        (2, "7600000000000000124"),
    ]
    assert [row.number for row in read(content, skip=1)] == [2]


def test_all_files_of_a_zip_together_are_bounded(monkeypatch):
    monkeypatch.setattr(export_csv, "MAX_BYTES", 1024 * 1024)
    half = table(ROW) + "\r\n" * 300_000
    assert len(read(zipped(half))) == 1
    with pytest.raises(UnparsableAnswerError) as caught:
        read(zipped(half, half))
    assert caught.value.code == "too_large"


def test_zip_bomb_is_rejected(monkeypatch):
    monkeypatch.setattr(export_csv, "MAX_BYTES", 1024 * 1024)
    with pytest.raises(UnparsableAnswerError) as caught:
        read(zipped(table(ROW) + "\r\n" * 1024 * 1024))
    assert caught.value.code == "too_large"
    monkeypatch.setattr(export_csv, "MAX_FILES", 3)
    with pytest.raises(UnparsableAnswerError) as caught:
        read(zipped(*[table()] * 4))
    assert caught.value.code == "too_large"


def test_lines_are_counted_before():
    assert export_csv.Export(io.BytesIO(table(ROW, ROW).encode())).lines == 3


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=30)
LABELS = st.lists(TEXTS.map(lambda text: f"Q {text}"), max_size=6, unique_by=lambda t: t.casefold())


@SLOW
@given(
    labels=LABELS,
    data=st.data(),
    delimiter=st.sampled_from([",", ";", "\t"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    guard=st.sampled_from(["{}", "'{}", '="{}"']),
    packed=st.booleans(),
    skip=st.integers(0, 4),
)
def test_whatever_was_answered_comes_back(labels, data, delimiter, encoding, guard, packed, skip):
    cells = data.draw(st.lists(st.tuples(*[TEXTS] * len(labels)), max_size=4))
    rows = [
        [guard.format(UID[:-1] + str(number)), *ROW[1:], *each] for number, each in enumerate(cells)
    ]
    content = table(*rows, labels=labels, delimiter=delimiter).encode(encoding)
    found = read(zipped(content) if packed else content, skip=skip)
    assert [row.entry["id"] for row in found] == [UID[:-1] + str(n) for n in range(len(cells))][
        skip:
    ]
    for row, each in zip(found, cells[skip:], strict=True):
        given = [value.strip() for value in each if value.strip()]
        read_back = [change["value"] for change in row.entry["changes"]]
        assert len(read_back) <= len(given)
        for value in read_back:
            assert any(value in one or "=" in one or "'" in one for one in given)


@SLOW
@given(
    st.binary(max_size=400), st.sampled_from([b"", b"PK\x03\x04", b"lead_id,created_time,Q\r\n1,"])
)
def test_any_bytes(content, start):
    try:
        for row in read(start + content):
            uid = row.entry and lead.parse_lead(json.dumps(row.entry)).uid
            assert row.entry is None or uid == row.entry["id"]
    except UnparsableAnswerError as error:
        assert error.code
