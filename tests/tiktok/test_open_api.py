"""What TikTok's open API is sent."""

import json

from answering import answering
from tiktok.open_api import OpenApi, make_api_error

OK = {"code": "ok", "message": "", "log_id": "x"}


def test_json_is_sent_with_the_required_charset():
    with answering() as script:
        script.say({"data": {}, "error": OK})
        script.say({"data": {}, "error": OK})
        api = OpenApi(script.url, "act.fake")
        api.call("POST", "/v2/post/publish/content/init/", json={"title": "عرض"})
        api.call("GET", "/v2/user/info/", params={"fields": "open_id"})
    (_, _, posted, body), (_, _, read, _) = script.asked
    assert posted["Content-Type"] == "application/json; charset=UTF-8"
    assert posted["Authorization"] == "Bearer act.fake"
    assert json.loads(body.decode("utf-8")) == {"title": "عرض"}
    assert "Content-Type" not in read


def test_what_an_error_says_is_a_line_that_can_be_stored():
    said = {"code": "x\ud83d", "message": "Bad\u202e\nname \ud83d", "log_id": "l\x001"}
    error = make_api_error(said, 400)
    assert (str(error), error.code, error.request_id) == ("Bad name ?", "x?", "l1")
