"""The export's task and file."""

import io
import json

import pytest
from answering import answering
from tiktok.business_client import BusinessClient
from tiktok.errors import (
    AnswerLostError,
    ReconnectError,
    RetryLaterError,
    UnparsableAnswerError,
    WrongRequestError,
)
from tiktok.export import LeadExport, convert_file_error, is_export_gone


@pytest.fixture
def script():
    with answering() as found:
        yield found


def export(script, region=""):
    client = BusinessClient(script.url, "fake-token")
    return LeadExport(client, {"advertiser_id": "7"}, "8", region)


def test_task_is_created_and_polled_at_the_same_path(script):
    script.data(task_id=5, status="CREATED")
    script.data(status="SUCCEED", file_name="a.csv", file_type="csv")
    assert export(script).begin() == ("5", "CREATED")
    assert export(script).look("5") == ("5", "SUCCEED")
    bodies = [json.loads(body) for _method, _path, _headers, body in script.asked]
    assert bodies == [
        {"advertiser_id": "7", "page_id": "8"},
        {"advertiser_id": "7", "page_id": "8", "task_id": "5"},
    ]
    assert all(headers.get("x-lead-region") is None for _m, _p, headers, _b in script.asked)


def test_the_region_is_named_in_each_call(script):
    script.data(task_id="5", status="RUNNING")
    script.say(b"lead_id\r\n", Content_Type="text/csv")
    out = io.BytesIO()
    export(script, "eu").look("5")
    export(script, "eu").download("5", out)
    assert out.getvalue() == b"lead_id\r\n"
    assert [headers["x-lead-region"] for _m, _p, headers, _b in script.asked] == ["eu", "eu"]
    assert "task_id=5" in script.asked[1][1]
    assert "advertiser_id=7" in script.asked[1][1]


@pytest.mark.parametrize(("task", "status"), [("", "CREATED"), ("5", ""), ("5", "ASLEEP")])
def test_answer_without_task_is_not_understood(script, task, status):
    script.data(task_id=task, status=status)
    with pytest.raises(UnparsableAnswerError):
        export(script).begin()


def test_a_file_that_has_expired_is_gone(script):
    script.data(code=40000, message="Download failed")
    with pytest.raises(WrongRequestError) as caught:
        export(script).download("5", io.BytesIO())
    assert is_export_gone(caught.value)


def test_truncated_download_raises(script):
    script.say(b"lead_id\r\n76", Content_Type="text/csv", Content_Length="99")
    with pytest.raises(AnswerLostError):
        export(script).download("5", io.BytesIO())


@pytest.mark.parametrize(
    ("code", "kind", "again"),
    [
        ("40105", ReconnectError, False),
        ("40000", WrongRequestError, True),
        ("truncated", RetryLaterError, False),
        ("bad_zip", RetryLaterError, False),
        ("no_header", UnparsableAnswerError, False),
    ],
)
def test_error_of_the_file_is_classified(code, kind, again):
    error = convert_file_error(UnparsableAnswerError("No.", code))
    assert type(error) is kind
    assert is_export_gone(error) is again
