"""Forms, fields, libraries, /lead/get/, mock leads (contract, sections 2.4 to 2.8)."""

import json

import pytest

from dev.sandbox.tests.clients import data, refusal

ANSWERS = {"name": "Ana Pérez", "email": "ana@example.com", "phone_number": "+56911112222"}


def test_list_of_forms(tiktok, business):
    tiktok.create_form(business.account, title="A draft", status="EDITED")
    found = data(business.get("/page/get/", advertiser_id=business.account, page_size=100))
    assert found["page_info"] == {
        "page": 1, "page_size": 100, "total_number": 3, "total_page": 1,
    }  # fmt: skip
    row = next(each for each in found["list"] if each["page_id"] == business.form)
    assert row["title"] == "Free showroom visit"
    assert len(row["create_time"]) == len("2026-01-01 00:00:00")
    only = data(business.get("/page/get/", advertiser_id=business.account, status="PUBLISHED"))
    assert {each["status"] for each in only["list"]} == {"PUBLISHED"}
    none = data(business.get("/page/get/", advertiser_id=business.account, title="nothing like it"))
    assert none["list"] == []


def test_only_one_filter_name_works(tiktok, business):
    tiktok.create_form(business.account, title="A draft", status="EDITED")
    tiktok.set_settings(page_filter="page_status")
    found = data(business.get("/page/get/", advertiser_id=business.account, status="PUBLISHED"))
    assert "EDITED" in {each["status"] for each in found["list"]}


def test_pages_and_bounds(business):
    call = {"advertiser_id": business.account, "page_size": 1}
    first, second = (data(business.get("/page/get/", page=n, **call))["list"] for n in (1, 2))
    assert first[0]["page_id"] != second[0]["page_id"]
    assert refusal(business.get("/page/get/", **{**call, "page_size": 101}))[0] == 40002
    assert refusal(business.get("/page/get/", **{**call, "page": 0}))[0] == 40002
    assert refusal(business.get("/page/get/"))[0] == 40002
    other = business.get("/page/get/", business_types=["STORE_FRONT"], **call)
    assert data(other)["list"] == []
    assert refusal(business.get("/page/get/", business_type="NO", **call))[0] == 40002


def test_update_time_range(business):
    def count(start, end):
        span = {"start": f"{start} 00:00:00", "end": f"{end} 00:00:00"}
        call = {"advertiser_id": business.account, "update_time_range": span}
        return len(data(business.get("/page/get/", **call))["list"])

    assert count("2026-01-01", "2026-12-31") == 2
    assert count("2020-01-01", "2020-12-31") == 0
    bad = {"advertiser_id": business.account, "update_time_range": {"start": "x"}}
    assert refusal(business.get("/page/get/", **bad))[0] == 40002


def test_fields_are_labels(tiktok, business):
    call = {"advertiser_id": business.account, "page_id": business.form}
    for path in ("/page/field/get/", "/lead/field/get/"):
        found = data(business.get(path, lead_source="INSTANT_FORM", **call))
        assert found["fields"][:4] == ["First name", "Last name", "Phone number", "Email"]
        assert "What is your budget?" in found["fields"]
        assert found["meta_data"]["page_id"] == business.form
    tiktok.set_settings(meta_key="meta", rest_ids="number")
    found = data(business.get("/page/field/get/", **call))
    assert found["meta"]["page_id"] == int(business.form)
    missing = {"advertiser_id": business.account, "page_id": "7"}
    assert refusal(business.get("/page/field/get/", **missing))[0] == 40007


def test_labels_have_the_forms_language(business):
    call = {"advertiser_id": business.account, "page_id": business.forms[1]["page_id"]}
    assert data(business.get("/page/field/get/", **call))["fields"][0] == "الاسم"


def test_libraries(business):
    (library,) = data(business.get("/page/library/get/"))["list"]
    assert library["library_id"] == business.library["library_id"]
    forms = data(business.get("/page/get/", library_id=library["library_id"]))["list"]
    assert [form["title"] for form in forms] == ["Catalogue by mail"]
    assert refusal(business.get("/page/get/", library_id="7"))[0] == 40007
    both = {"library_id": library["library_id"], "advertiser_id": business.account}
    assert refusal(business.get("/page/get/", **both))[0] == 40002


def test_after_a_transfer_only_the_library_knows_the_form(business):
    call = {"advertiser_id": business.account, "bc_id": business.library["bc_id"]}
    library_id = data(business.post("/page/library/transfer/", **call))["library_id"]
    assert data(business.get("/page/get/", advertiser_id=business.account))["list"] == []
    query = {"page_id": business.form}
    gone = business.get("/page/field/get/", advertiser_id=business.account, **query)
    assert refusal(gone)[0] == 40007
    assert data(business.get("/page/field/get/", library_id=library_id, **query))["fields"]


def test_lead_get_gives_one_lead(tiktok, business):
    call = {
        "lead_source": "INSTANT_FORM", "advertiser_id": business.account, "page_id": business.form,
    }  # fmt: skip
    assert refusal(business.get("/lead/get/", **call))[0] == 40007
    first = tiktok.submit_lead(business.form, {"first_name": "Ana", "email": "a@example.com"})
    last = tiktok.submit_lead(business.form, {"first_name": "Zoë"})
    found = data(business.get("/lead/get/", **call))
    assert found["meta_data"]["lead_id"] == last["lead_id"]
    assert found["lead_data"] == {"First name": "Zoë"}
    assert found["meta_data"]["create_time"] == "2026-09-20 10:26:40"
    tiktok.set_settings(lead_get="oldest")
    found = data(business.get("/lead/get/", lead_id=last["lead_id"], **call))  # is not looked at
    assert found["meta_data"]["lead_id"] == first["lead_id"]


def test_lead_get_refusals(business):
    account = {"advertiser_id": business.account}
    assert refusal(business.get("/lead/get/", page_id=business.form, **account))[0] == 40002
    message = {"lead_source": "DIRECT_MESSAGE", "page_id": business.form}
    assert refusal(business.get("/lead/get/", **message, **account))[0] == 40002
    assert refusal(business.get("/lead/get/", lead_source="INSTANT_FORM", **account))[0] == 40002


def mock(business, verb, **extra):
    """Call a mock endpoint for the first form."""
    call = {"advertiser_id": business.account, "page_id": business.form, **extra}
    send = business.get if verb == "get" else business.post
    return send(f"/page/lead/mock/{verb}/", **call)


def test_one_mock_lead_per_form(business):
    assert refusal(mock(business, "get"))[0] == 40007
    made = data(mock(business, "create"))
    assert made["lead_data"]["First name"] == "Jane"
    code, message = refusal(mock(business, "create"))
    assert (code, "delete it first" in message) == (40002, True)
    lead_id = made["meta_data"]["lead_id"]
    assert data(mock(business, "get"))["meta_data"]["lead_id"] == lead_id
    assert data(mock(business, "delete", lead_id=lead_id)) == {}
    assert refusal(mock(business, "delete", lead_id=lead_id))[0] == 40007
    data(mock(business, "create"))


@pytest.mark.parametrize(("way", "count"), [("yes", 1), ("no", 0)])
def test_a_mock_lead_may_reach_the_webhook(tiktok, business, receiver, way, count):
    tiktok.set_settings(mock_webhook=way)
    tiktok.paste_webhook(receiver.url, business.account)
    data(mock(business, "create"))
    tiktok.flush()
    assert len(receiver.requests) == count
    if count:
        (entry,) = json.loads(receiver.requests[0][2])["entry"]
        assert entry["campaign_id"] == 0
        assert "test lead: dummy data" in entry["ad_name"]


def test_only_an_admin_sees_leads(tiktok, business):
    tiktok.set_role(advertiser_id=business.account, role="OPERATOR")
    assert refusal(mock(business, "create"))[0] == 40001
    call = {"advertiser_id": business.account, "page_id": business.form}
    code, message = refusal(business.post("/page/lead/task/", **call))
    assert (code, "not Admin" in message) == (40001, True)


def test_lead_endpoints_may_answer_307_to_another_host(tiktok, business):
    tiktok.set_settings(lead_redirect="yes")
    call = {"advertiser_id": business.account, "page_id": business.form}
    first = business.http.post(
        business.base + "/page/lead/task/",
        json=call,
        headers={"Access-Token": business.token},
        allow_redirects=False,
        timeout=20,
    )
    assert first.status_code == 307
    assert first.headers["Location"].startswith("http://localhost:")
    assert data(business.post("/page/lead/task/", **call))["task_id"]  # followed, all kept
    assert data(business.get("/lead/field/get/", **call))["fields"]
    assert not business.get("/page/get/", advertiser_id=business.account).history
