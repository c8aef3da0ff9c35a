"""Bodies of form builders and tables, as they document or send them."""

import json

import pytest
from tiktok import lead, payload

UID = "6084250982513018472"


def read(items):
    assert [item.kind for item in items] == ["lead"] * len(items), items
    return [(item.lead_uid, lead.parse_lead(item.raw)) for item in items]


def read_json(content):
    return read(payload.split_body(json.dumps(content).encode()))


def list_answers(found):
    return {answer.question: answer.text for answer in found.answers}


TYPEFORM = {
    "event_id": "LtWXD3crgy",
    "event_type": "form_response",
    "form_response": {
        "form_id": "lT4Z3j",
        "token": "a3a12ec67a1365927098a606107fac15",
        "landed_at": "2026-11-20T11:55:00Z",
        "submitted_at": "2026-11-20T12:00:00Z",
        "definition": {
            "id": "lT4Z3j",
            "title": "Spring quote form",
            "fields": [
                {"id": "DlXFaesGBpoF", "title": "Your full name", "type": "short_text"},
                {"id": "SMEUb7VJz92Q", "title": "Your email", "type": "email"},
                {"id": "k6TP9oLGgHjl", "title": "Which days suit you?", "type": "multiple_choice"},
                {"id": "JwWggjAKtOkA", "title": "How many people?", "type": "number"},
            ],
        },
        "answers": [
            {
                "type": "text",
                "text": "Ana Pérez",
                "field": {"id": "DlXFaesGBpoF", "type": "short_text", "ref": "a"},
            },
            {
                "type": "email",
                "email": "ana@example.com",
                "field": {"id": "SMEUb7VJz92Q", "type": "email", "ref": "b"},
            },
            {
                "type": "choices",
                "choices": {"labels": ["Monday", "Friday"], "other": "Never"},
                "field": {"id": "k6TP9oLGgHjl", "type": "multiple_choice", "ref": "c"},
            },
            {
                "type": "number",
                "number": 5,
                "field": {"id": "JwWggjAKtOkA", "type": "number", "ref": "d"},
            },
            {
                "type": "phone_number",
                "phone_number": "+56911112222",
                "field": {"id": "unknown", "type": "phone_number", "ref": "phone_number"},
            },
        ],
    },
}


def test_response_of_typeform():
    ((uid, found),) = read_json(TYPEFORM)
    assert uid == "a3a12ec67a1365927098a606107fac15"
    assert (found.person, found.email) == ("Ana Pérez", "ana@example.com")
    assert found.answer("phone_number") == "+56911112222"
    assert (found.page.uid, found.page.name) == ("lT4Z3j", "Spring quote form")
    assert f"{found.submitted_at:%Y-%m-%d %H:%M}" == "2026-11-20 12:00"
    answers = list_answers(found)
    assert answers["Which days suit you?"] == "Monday, Friday, Never"
    assert answers["How many people?"] == "5"


@pytest.mark.parametrize(
    "answers", [["x"], [{"type": "text", "text": "Ana"}], [{"field": {"id": "a"}, "text": "Ana"}]]
)
def test_what_only_looks_like_typeform_is_no_lead(answers):
    response = {**TYPEFORM["form_response"], "answers": answers}
    items = payload.split_body(json.dumps({"form_response": response}).encode())
    assert all("Ana Pérez" not in str(item.raw) or item.kind != "lead" for item in items)


JOTFORM = {
    "action": "",
    "webhookURL": "https://example.com/hook",
    "username": "acme",
    "formID": "243231271343446",
    "type": "WEB",
    "formTitle": "Spring quote form",
    "submissionID": UID,
    "rawRequest": json.dumps(
        {
            "slug": "submit/243231271343446",
            "submitSource": "form",
            "q3_fullName": {"first": "Ana", "last": "Pérez"},
            "q4_email": "ana@example.com",
            "q5_phoneNumber": {"full": "+56 9 1111 2222"},
            "q33_typeOf": "Online Tutoring",
            "q15_date": {"month": "", "day": "", "year": ""},
            "path": "/submit/243231271343446",
        }
    ),
    "pretty": "Full Name:Ana Pérez, Email:ana@example.com",
    "ip": "192.0.2.7",
}


def test_submission_of_jotform():
    ((uid, found),) = read(payload.split_form_fields(JOTFORM))
    assert uid == UID
    assert (found.person, found.email) == ("Ana Pérez", "ana@example.com")
    assert found.answer("phone_number") == "+56 9 1111 2222"
    assert (found.page.uid, found.page.name) == ("243231271343446", "Spring quote form")
    assert list_answers(found)["type of"] == "Online Tutoring"
    assert len(found.answers) == 4


@pytest.mark.parametrize("raw", ["{", "[1]", "7"])
def test_what_only_looks_like_jotform_is_no_lead(raw):
    items = payload.split_form_fields({**JOTFORM, "rawRequest": raw, "pretty": ""})
    assert not any(item.kind == "lead" and lead.parse_lead(item.raw).email for item in items)


def test_rows_of_baserow():
    rows = [
        {"id": number, "order": "1.0", "Name": name, "Email": f"{name}@example.com".lower()}
        for number, name in ((6, "Ana"), (7, "Eva"))
    ]
    found = read_json(
        {
            "table_id": 531,
            "database_id": 101,
            "workspace_id": 100,
            "webhook_id": 4,
            "event_id": "c6516a4f-47fd-4609-8b21-f81386266e46",
            "event_type": "rows.created",
            "items": rows,
        }
    )
    assert [(uid, each.person) for uid, each in found] == [("6", "Ana"), ("7", "Eva")]
    assert set(list_answers(found[0][1])) == {"order", "Name", "Email"}


def test_rows_of_nocodb():
    rows = [{"Id": 1, "title": "Ana", "Email": "ana@example.com"}]
    data = {"table_id": "md_9", "table_name": "leads", "view_id": "vw_6", "view_name": "all"}
    content = {"type": "records.after.insert", "id": "8195", "data": {**data, "rows": rows}}
    ((uid, found),) = read_json(content)
    assert (uid, found.email) == ("1", "ana@example.com")
    assert set(list_answers(found)) == {"type", "title", "Email"}


def test_contact_of_amocrm():
    prefix = "contacts[add][0]"
    ((uid, found),) = read(
        payload.split_form_fields(
            {
                f"{prefix}[id]": "939197",
                f"{prefix}[name]": "Ana Pérez",
                f"{prefix}[custom_fields][0][id]": "44995",
                f"{prefix}[custom_fields][0][name]": "E-mail",
                f"{prefix}[custom_fields][0][code]": "EMAIL",
                f"{prefix}[custom_fields][0][values][0][value]": "ana@example.com",
                f"{prefix}[custom_fields][1][id]": "44996",
                f"{prefix}[custom_fields][1][name]": "Телефон",
                f"{prefix}[custom_fields][1][values][0][value]": "+79161234567",
                f"{prefix}[custom_fields][1][values][1][value]": "+79161234568",
                "account[id]": "28942735",
                "account[subdomain]": "acme",
            }
        )
    )
    assert (uid, found.person, found.email) == ("939197", "Ana Pérez", "ana@example.com")
    assert found.answer("phone_number").startswith("+79161234567")
    assert "acme" not in str(list_answers(found))
