"""A success without its documented shape is a fault, at every endpoint; never an empty list."""

import pytest
from answering import answering
from tiktok import instant_form, mock_lead
from tiktok.business_client import BusinessClient
from tiktok.business_login import BusinessLogin
from tiktok.client import Client
from tiktok.errors import UnparsableAnswerError
from tiktok.export import LeadExport
from tiktok.login import LoginKit
from tiktok.rate_limiter import RateLimiter
from tiktok.subscription import Subscriptions, is_own_callback

ROW = {"subscription_id": "1", "callback_url": "https://x/", "subscription_detail": {}}
PAGES = {"page": 1, "total_page": 1}
# Calls by what they are about, and data that each of them must refuse beside those of `NO_DATA`.
CALLS = {
    "forms": (
        lambda tiktok: list(instant_form.list_forms(tiktok, "1")),
        [{"list": [{"title": "no id"}]}, {"list": [{"page_id": 0}]}, {"list": ["1"]}],
    ),
    "probe": (lambda tiktok: instant_form.probe_forms(tiktok, "1"), []),
    "libraries": (instant_form.list_libraries, [{"list": [{"library_name": "no id"}]}]),
    "questions": (
        lambda tiktok: instant_form.fetch_question_labels(tiktok, "1", "2"),
        [{"fields": [None]}, {"fields": [{"label": "Name"}]}, {"fields": "Name"}],
    ),
    "subscriptions": (
        lambda tiktok: Subscriptions(tiktok, "7", "s").list_subscriptions(),
        [
            {"subscriptions": [{**ROW, "subscription_id": None}]},
            {"subscriptions": [{**ROW, "subscription_detail": None}]},
            {"subscriptions": [{**ROW, "callback_url": ""}]},
        ],
    ),
    "export": (
        lambda tiktok: LeadExport(tiktok, {"advertiser_id": "1"}, "2").begin(),
        [{"task_id": "1"}, {"task_id": "1", "status": "PERHAPS"}, {"status": "CREATED"}],
    ),
    "test lead": (lambda tiktok: mock_lead.create_mock_lead(tiktok, "1", "2"), []),
    "ad accounts": (
        lambda tiktok: BusinessLogin(tiktok.base, "7", "s").list_advertisers("fake"),
        [{"list": [None]}],
    ),
    "consent": (
        lambda tiktok: BusinessLogin(tiktok.base, "7", "s").exchange("fake"),
        [{"access_token": None}, {"access_token": {}}, {"access_token": ""}],
    ),
}
NO_DATA = [None, [], "text", {}, {"list": None}, {"list": {}}, {"rows": [], "page_info": PAGES}]
TOKENS = {
    "open_id": "o",
    "scope": "user.info.basic",
    "access_token": "a",
    "expires_in": 86400,
    "refresh_token": "r",
    "refresh_expires_in": 31536000,
}


@pytest.fixture
def tiktok():
    with answering() as script:
        client = BusinessClient(
            script.url, "fake", rate_limiter=RateLimiter(sleep=lambda _seconds: None)
        )
        client.base, client.script = script.url, script
        yield client


def answer(tiktok, data):
    """Answer the next calls with a success that has these data."""
    for _call in range(2):
        tiktok.script.say({"code": 0, "message": "OK", "request_id": "r", "data": data})


@pytest.mark.parametrize(
    ("what", "data"),
    [(what, data) for what, (_call, more) in CALLS.items() for data in [*NO_DATA, *more]],
)
def test_another_shape_is_not_understood(tiktok, what, data):
    answer(tiktok, data)
    with pytest.raises(UnparsableAnswerError):
        CALLS[what][0](tiktok)


@pytest.mark.parametrize("data", [None, [], "text"])
def test_a_lead_probe_without_data_is_not_understood(tiktok, data):
    answer(tiktok, data)
    with pytest.raises(UnparsableAnswerError):
        instant_form.probe_leads(tiktok, "1", "2")


def test_what_was_done_needs_no_data(tiktok):
    answer(tiktok, None)
    assert Subscriptions(tiktok, "7", "s").unsubscribe("1") is None
    assert mock_lead.delete_mock_lead(tiktok, "1", "2") is None


def test_an_empty_list_is_one(tiktok):
    answer(tiktok, {"list": [], "page_info": {"page": 1, "total_page": 0}})
    assert not list(instant_form.list_forms(tiktok, "1"))


@pytest.mark.parametrize(
    "info",
    [None, [], {}, {"total_page": None}, {"total_page": "1"}, {"total_page": True}],
)
def test_missing_page_numbers_are_not_understood(tiktok, info):
    answer(tiktok, {"list": [{"page_id": "1"}], "page_info": info})
    with pytest.raises(UnparsableAnswerError):
        list(instant_form.list_forms(tiktok, "1"))


@pytest.mark.parametrize("second", [[], [{"page_id": "1"}]])
def test_a_page_that_is_missing_is_not_the_end(tiktok, second):
    for rows in ([{"page_id": "1"}], second):
        tiktok.script.data(list=rows, page_info={"total_page": 3})
    with pytest.raises(UnparsableAnswerError, match="incomplete"):
        list(instant_form.list_forms(tiktok, "1"))


@pytest.mark.parametrize("name", sorted(TOKENS.keys() - {"scope"}))
@pytest.mark.parametrize("value", [None, "", 0, {}, []])
def test_tokens_that_are_incomplete_are_not_understood(tiktok, name, value):
    tiktok.script.say({**TOKENS, name: value})
    with pytest.raises(UnparsableAnswerError):
        LoginKit(tiktok.base, "key", "secret", Client()).request_new_tokens("fake")


def test_missing_scopes_are_empty(tiktok):
    tiktok.script.say({**TOKENS, "scope": None})
    assert LoginKit(tiktok.base, "key", "secret", Client()).request_new_tokens("fake").scopes == ()


@pytest.mark.parametrize("status", [301, 302, 303, 304, 307])
def test_a_redirect_revokes_nothing(tiktok, status):
    tiktok.script.say(status=status, Location="https://login.example.com/")
    with pytest.raises(UnparsableAnswerError):
        LoginKit(tiktok.base, "key", "secret", Client()).request_revocation("fake")


def test_a_malformed_callback_url_is_another_servers(tiktok):
    row = {**ROW, "callback_url": "https://[x/"}
    tiktok.script.data(subscriptions=[row], page_info={"total_page": 1})
    (found,) = Subscriptions(tiktok, "7", "s").list_subscriptions()
    assert found.bare_callback_url == ""
    assert not is_own_callback(found.callback_url, "https://own.example.com", "/route", 1)
