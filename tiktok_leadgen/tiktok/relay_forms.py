"""Bring what form builders send into a shape that the aliases know: the questions are elsewhere.

Typeform names a question by its id, and says beside the answers what each id asks
(typeform.com/developers/webhooks/example-payload). Jotform sends the fields of a form whose
parameter ``rawRequest`` is a JSON text of answers under keys such as ``q3_fullName``
(jotform.com/help/245-how-to-setup-a-webhook-with-jotform; a body as received is in
github.com/zulip/zulip, zerver/webhooks/jotform/fixtures).
"""

import json
import re

from . import values
from .relay_aliases import normalize_key

_JOTFORM_QUESTION = re.compile(r"q\d+_(.+)")
# What Jotform says of the delivery beside the answers; `pretty` has them a second time.
_JOTFORM_DELIVERY = {
    *("action", "webhookURL", "username", "type", "customParams", "product", "customTitle"),
    *("event", "documentID", "teamID", "subject", "isSilent", "customBody", "fromTable", "appID"),
    *("pretty", "unread", "parent", "ip"),
}


def expand_form(content):
    """Return an object of a body with questions and answers together.

    :param dict content: of the body
    :return: the object itself if no known form builder sends it
    :rtype: dict
    """
    if isinstance(content.get("definition"), dict) and isinstance(content.get("answers"), list):
        return _join_typeform(content)
    if isinstance(content.get("rawRequest"), str) and "submissionID" in content:
        return _join_jotform(content)
    return content


def _join_typeform(content):
    """Return a response of Typeform.

    :param dict content: its ``form_response``
    :rtype: dict
    """
    definition, answers = content["definition"], content["answers"]
    fields = definition.get("fields")
    titles = {
        field.get("id"): field.get("title")
        for field in (fields if isinstance(fields, list) else ())
        if isinstance(field, dict) and isinstance(field.get("id"), str)
    }
    found = []
    for answer in answers:
        field = answer.get("field") if isinstance(answer, dict) else None
        if not isinstance(field, dict) or not isinstance(answer.get("type"), str):
            return content
        named = (titles.get(str(field.get("id"))), field.get("ref"), answer["type"])
        question = next(filter(None, map(values.format_line, named)), "")
        found.append({"question": question, "answer": _read_typeform_value(answer)})
    rest = {key: content[key] for key in content.keys() - {"definition", "answers", "token"}}
    form = {"id": content.get("form_id") or definition.get("id"), "name": definition.get("title")}
    return {**rest, "lead_id": content.get("token"), "form": form, "answers": found}


def _read_typeform_value(answer):
    """Return the value of an answer: it is under the name of its type.

    :param dict answer: of Typeform
    :return: text, number, yes or no, or a list of texts
    """
    value = answer.get(answer["type"])
    if isinstance(value, dict):  # choices
        labels = [value.get(key) for key in ("label", "labels", "other") if value.get(key)]
        return values.list_texts(labels) or value
    return value


def _join_jotform(content):
    """Return a submission of Jotform.

    :param dict content: the parameters that it posts
    :rtype: dict
    """
    try:
        raw = json.loads(content["rawRequest"])
    except (ValueError, RecursionError):
        return content
    if not isinstance(raw, dict):
        return content
    answers = []
    for key, value in raw.items():
        named = _JOTFORM_QUESTION.fullmatch(key)
        text = _read_jotform_value(value) if named else ""
        if text:
            question = normalize_key(named[1]).replace("_", " ")
            answers.append({"question": question, "answer": text})
    dropped = _JOTFORM_DELIVERY | {"rawRequest"}
    return {**{key: content[key] for key in content.keys() - dropped}, "answers": answers}


def _read_jotform_value(value):
    """Return the text of an answer, such as of the parts of a name, or of a telephone number.

    :param value: of a question
    :rtype: str
    """
    if isinstance(value, dict):
        return " ".join(text for part in value.values() for text in values.list_texts(part))
    return values.join_texts(value)
