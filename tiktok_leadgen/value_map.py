"""What single answers to a question become: a value of its field, tags, a priority, a team.

A part of the mapping's rule, so that former mappings are applied and undone with what they were.
"""

import unicodedata

TAGS, PRIORITY = "tag_ids", "priority"
TEAM = 3  # its place in a row


def read_value_map(rows):
    """Return what answers become, in a form that can be stored as JSON.

    :param rows: tiktok.form.value of a question
    :return: value, ids of tags, priority and id of the team by normalized answer; empty if no row
        says anything
    :rtype: dict[str, list]
    """
    return {
        _normalize_answer(row.answer): [
            *(row.value or "", row.tag_ids.ids, row.priority or "", row.team_id.id),
        ]
        for row in rows
        if row.answer and (row.value or row.tag_ids or row.priority or row.team_id)
    }


def replace_answers(rule, answers):
    """Return answers with those replaced that become another value.

    :param dict rule: of the question
    :param answers: texts that were answered
    :rtype: list[str]
    """
    values = rule.get("values") or {}
    return [values.get(_normalize_answer(text), [""])[0] or text for text in answers]


def list_map_fields(rule):
    """Return the fields that a question's answers fill beside its own.

    :param dict rule: of the question
    :rtype: set[str]
    """
    rows = (rule.get("values") or {}).values()
    return {
        name
        for name, number in ((TAGS, 1), (PRIORITY, 2))
        if any(len(row) > number and row[number] for row in rows)
    }


def list_results(rule, answers):
    """Return what answers fill beside the question's own field.

    :param dict rule: of the question
    :param answers: texts that were answered
    :return: pairs of a field's name and its value
    :rtype: list[tuple]
    """
    values = rule.get("values") or {}
    rows = [values[key] for key in map(_normalize_answer, answers) if key in values]
    tags = list(dict.fromkeys(tag_id for row in rows for tag_id in row[1]))
    priorities = [row[2] for row in rows if row[2]]
    found = [(TAGS, tags)] if tags else []
    return found + ([(PRIORITY, max(priorities))] if priorities else [])


def find_usable_teams(company, leads):
    """Find the sales teams that answers choose, without archived and other companies' ones.

    :param company: res.company
    :param leads: `tiktok.lead.ParsedLead`, whose answers know their rules
    :return: crm.team by its id
    :rtype: dict
    """
    ids = {team_id for lead in leads for team_id in list_answer_teams(lead)}
    if not ids:
        return {}
    domain = [("id", "in", [*ids]), ("company_id", "in", [False, company.id])]
    return {team.id: team for team in company.env["crm.team"].sudo().search(domain)}


def list_answer_teams(lead):
    """Return the sales teams that a lead's answers choose.

    :param lead: `tiktok.lead.ParsedLead`, whose answers know their rules
    :return: ids of teams, in the order of the questions
    :rtype: list[int]
    """
    found = []
    for answer in lead.answers:
        values = (answer.rule or {}).get("values") or {}
        rows = [values[key] for key in map(_normalize_answer, answer.values) if key in values]
        # A mapping that was archived earlier may have no team.
        found += [row[TEAM] for row in rows if len(row) > TEAM and row[TEAM]]
    return found


def find_seen_answers(leads, questions, most):
    """Find the different answers that questions got, where there are only a few.

    :param leads: `tiktok.lead.ParsedLead`, the newest first
    :param questions: tiktok.form.question
    :param int most: different answers of a question; one with more is no choice
    :return: texts by question
    :rtype: dict
    """
    seen = {question: {} for question in questions}
    for lead in leads:
        _lead, found = questions._match_lead_answers(lead)
        for question, answer in found.items():
            for text in answer.values:
                seen[question].setdefault(_normalize_answer(text), text.strip())
    return {question: [*texts.values()] for question, texts in seen.items() if len(texts) <= most}


def _normalize_answer(text):
    # Signs stay: "< 3,000" is not "> 3,000".
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
