"""What the import would make of the first rows of a file, without making it."""

import contextlib
import json
import logging
from datetime import datetime, timezone

from odoo.tools import format_datetime

from .lead_import import UID
from .log_filters import describe_error
from .tiktok.lead import parse_lead
from .tiktok.lead_table import get_table_columns
from .tiktok.standard import find_standard_key
from .tiktok.values import join_texts

_logger = logging.getLogger(__name__)

MAX_TEXT = 200  # characters of an answer that are shown
# Where the columns of the lead itself go, by the webhook's key.
LEAD_FIELDS = {
    "id": UID,
    "create_time": "tiktok_submitted_at",
    "page_id": "tiktok_form_id",
    "page_name": "tiktok_form_id",
    "advertiser_id": "tiktok_advertiser_uid",
    "is_test": "tiktok_is_test",
    **{f"{kind}_id": f"tiktok_{kind}_uid" for kind in ("campaign", "adgroup", "ad")},
    **{f"{kind}_name": f"tiktok_{kind}_name" for kind in ("campaign", "adgroup", "ad")},
}


def preview_table(env, company, table, items, known):
    """Describe the columns and the first leads of a table.

    :param env: as superuser
    :param company: res.company
    :param LeadTable table: that was scanned
    :param list[payload.Item] items: of its first rows
    :param known: questions of the forms as the webhook names them
    :return: ``columns`` and ``leads``, as texts
    :rtype: dict
    """
    found = {"columns": [], "leads": []}
    try:
        with contextlib.closing(env.cr.savepoint()):  # closing it rolls back
            leads = [parse_lead(item.raw) for item in items]
            answers, shown = _resolve_leads(env, company, items, leads)
            columns = get_table_columns(table, list(table.header), known)
            first = json.loads(items[0].raw) if items else {}
            found["columns"] = _describe_columns(env, columns, table.header, first, answers)
            found["leads"] = shown
    except Exception as error:  # noqa: BLE001 - a file is imported also without a preview
        _logger.warning("TikTok import: no preview: %s", describe_error(error))
    return found


def _resolve_leads(env, company, items, leads):
    """Return what the mapping makes of the answers, and who the leads are.

    :param env: whose transaction is rolled back afterwards
    :param company: res.company
    :param list[payload.Item] items: of the first rows
    :param list[ParsedLead] leads: of the same rows
    :return: target, answer, result and problem by question; and what is shown of each lead
    :rtype: tuple[dict, list[dict]]
    """
    records = env["crm.lead"].with_company(company)
    events = [
        env["tiktok.event"].new({"lead_uid": item.lead_uid, "source": "import"}) for item in items
    ]
    resolved = records._tiktok_resolve_leads(company, list(zip(events, leads, strict=True)))
    prepared = records._tiktok_prepare_batch(company, resolved)
    answers, shown = {}, []
    for lead, each in zip(resolved, prepared, strict=True):
        for name, described in _describe_answers(env, company, lead):
            answers.setdefault(name, described)
        values = each.values
        moment = values["tiktok_submitted_at"]
        shown.append(
            {
                "name": values["name"],
                "email": values["email_from"] or "",
                "phone": values["phone"] or "",
                "campaign": values["tiktok_campaign_name"] or "",
                "submitted": format_datetime(env, moment) if moment else "",
                "is_test": values["tiktok_is_test"],
            }
        )
    return answers, shown


def _describe_answers(env, company, resolved):
    """Yield what the mapping makes of each answer of a lead.

    :param env: for translations
    :param company: res.company
    :param ResolvedLead resolved: with the records it is about
    :return: name of the question; its target, answer, result and problem
    :rtype: Iterator[tuple[str, list[str]]]
    """
    parsed, forms = resolved.parsed, {resolved.parsed.page.uid: resolved.form}
    (location,) = env["tiktok.location"]._resolve_locations(company, [parsed], forms)
    questions = resolved.form.question_ids or env["tiktok.form.question"].union(
        *(
            env["tiktok.form.question"].new(
                {"name": each.question, "target": find_standard_key(each.question) or False}
            )
            for each in resolved.parsed.answers
        )
    )
    lead, found = questions._match_lead_answers(resolved.parsed)
    for question, answer in found.items():
        result, problem = question._format_mapping_result(lead, answer, company, location)
        texts = [_format_target(env, question), answer.text, result or "", problem or ""]
        yield answer.question, [text[:MAX_TEXT] for text in texts]


def _format_target(env, question):
    """Return where the answers to a question go.

    :param env: for translations
    :param question: tiktok.form.question
    :rtype: str
    """
    if not question.target:
        return env._("Keep as answer only")
    if question.target == "field":
        return env["crm.lead"]._fields[question.field_name]._description_string(env)
    if question.target == "property":
        return dict(question._get_property_selection()).get(question.property_name, "")
    return dict(question._fields["target"]._description_selection(env))[question.target]


def _describe_columns(env, columns, header, first, answers):
    """Return each column of a table with its target and what the first rows have in it.

    :param env: for translations
    :param ExportTable columns: of the table
    :param tuple header: its cells
    :param dict first: entry of the first row
    :param dict answers: of `_resolve_leads`
    :rtype: list[dict]
    """
    found = []
    fields = env["crm.lead"]._fields
    for number, label in enumerate(header):
        key, question = columns.lead_columns.get(number), columns.questions.get(number)
        if key in LEAD_FIELDS:
            target = fields[LEAD_FIELDS[key]]._description_string(env)
            value = first.get(key, "")
            if key == "create_time" and value:
                moment = datetime.fromtimestamp(value, timezone.utc).replace(tzinfo=None)
                value = format_datetime(env, moment)
            texts = [target, join_texts(value)[:MAX_TEXT], "", ""]
        elif question:
            texts = answers.get(question) or [env._("Keep as answer only"), "", "", ""]
        else:
            continue
        names = ("target", "answer", "result", "problem")
        found.append({"label": join_texts(label), **dict(zip(names, texts, strict=True))})
    return found
