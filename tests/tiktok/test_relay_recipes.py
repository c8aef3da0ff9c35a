"""Each body that the guide shows is read: the guide is the test."""

import json
import re
import urllib.parse
from pathlib import Path

import pytest
from tiktok import lead, payload

GUIDES = Path(__file__).parents[2] / "docs"
UID = "7600000000000000123"


def read_bodies(language):
    text = (GUIDES / language / "relays.md").read_text(encoding="utf-8")
    return re.findall(r"```(json|form)\n(.*?)```", text, re.DOTALL)


def split(kind, body):
    if kind == "form":
        fields = dict(urllib.parse.parse_qsl(body.strip()))
        return payload.split_form_fields(fields)
    return payload.split_body(json.dumps(json.loads(body)).encode())


@pytest.mark.parametrize(("kind", "body"), read_bodies("en"))
def test_recipe_becomes_a_lead(kind, body):
    (item,) = split(kind, body)
    assert (item.kind, item.lead_uid) == ("lead", UID), item
    found = lead.parse_lead(item.raw)
    assert found.person == "Ana Pérez"
    assert found.answer("email") == "ana@example.com"
    assert found.answer("phone_number") == "+56911112222"
    assert not found.is_test
    assert "headers" not in item.raw and "google_key" not in item.raw
    assert len(found.answers) <= 6


@pytest.mark.parametrize("language", ["ar", "ru", "kk"])
def test_translated_guide_has_the_same_bodies(language):
    assert read_bodies(language) == read_bodies("en")


def test_there_is_a_recipe_for_each_relay():
    text = (GUIDES / "en" / "relays.md").read_text(encoding="utf-8")
    for name in ("Zapier", "Make", "LeadsBridge", "n8n", "Pipedream", "Google", "Meta", "TikTok"):
        assert re.search(rf"^## {name}", text, re.MULTILINE), name
    assert len(read_bodies("en")) == 9
