"""The deliveries of one person: found by their leads, and by what the answers say."""

import json
import re
import unicodedata

from odoo.tools import SQL

from .tiktok.phone import list_equivalents

OTHER_DIGITS = r"\\u(066|06f|096|09e)"  # Arabic, Persian, Hindi and Bengali, escaped in JSON
LEAST_DIGITS = 7  # of a phone number, or too many others have them too
MOST_DIGITS = 15  # E.164 has no longer number
# It begins where a word does: else each letter of a long word would be tried as the first one.
EMAIL = re.compile(r"(?<![^\s\"'<>()\[\],;:])[^\s\"'<>()\[\],;:]+@[^\s\"'<>()\[\],;:]+")


def find_person_events(env, email, phones, lead_ids):
    """Find the deliveries of a person, by leads and by what the answers contain.

    :param odoo.api.Environment env: any
    :param str email: normalized
    :param list[str] phones: E.164
    :param list[int] lead_ids: of the person's leads
    :rtype: tiktok.event
    """
    env.flush_all()
    events = env["tiktok.event"].sudo()
    rows = env.execute_query(prepare_events_query(env, email, phones, lead_ids))
    certain = events.browse(event_id for event_id, has_lead in rows if has_lead)
    possible = events.browse(event_id for event_id, has_lead in rows if not has_lead)
    return certain | possible.filtered(lambda event: match_person_event(event, email, phones))


def prepare_events_query(env, email, phones, lead_ids):
    """Return the query of deliveries that may be of a person, each read through an index.

    Payloads are only read where the lead does not have what its delivery says of the person:
    `tiktok.event.found_by_lead`, or a user has changed it since.

    :param odoo.api.Environment env: any
    :param str email: normalized
    :param list[str] phones: E.164
    :param list[int] lead_ids: of the person's leads
    :return: of ids, and whether it is of one of these leads
    :rtype: SQL
    """
    tails = _get_phone_tails(phones)
    # As JSON in ASCII has them; digits of other scripts are compared afterwards.
    emails = [f"%{_escape_pattern(text)}%" for text in (email, json.dumps(email)[1:-1])]
    changed = _find_changed_leads(env, emails, tails)
    return SQL(
        """WITH event AS (
               SELECT id, lead_id, note_id, kind, raw FROM tiktok_event
                WHERE lead_id = ANY(%(either)s)
                UNION ALL
               SELECT id, lead_id, note_id, kind, raw FROM tiktok_event
                WHERE state = 'pending'
                UNION ALL
               SELECT id, lead_id, note_id, kind, raw FROM tiktok_event
                WHERE raw IS NOT NULL AND state <> 'pending'
                  AND (lead_id IS NULL OR found_by_lead IS NOT TRUE))
           SELECT DISTINCT event.id, event.lead_id IS NOT NULL AND event.lead_id = ANY(%(leads)s)
             FROM event LEFT JOIN crm_lead lead ON lead.id = event.lead_id
            WHERE event.lead_id = ANY(%(leads)s) OR (
                  event.raw IS NOT NULL AND event.kind != 'account'
                  AND (event.raw ILIKE ANY(%(emails)s) OR %(by_phone)s))""",
        either=[*lead_ids, *changed],
        leads=list(lead_ids),
        emails=emails,
        by_phone=_match_raw_phones(tails, changed) if tails else SQL("FALSE"),
    )


def _find_changed_leads(env, emails, tails):
    """Find the leads that had another e-mail or phone number before a user changed it.

    :param odoo.api.Environment env: any
    :param list[str] emails: patterns of the address
    :param list[str] tails: last digits of phone numbers
    :return: their ids
    :rtype: list[int]
    """
    names = env["ir.model.fields"]
    query = SQL(
        """SELECT DISTINCT message.res_id FROM mail_tracking_value tracked
             JOIN mail_message message ON message.id = tracked.mail_message_id
            WHERE message.model = 'crm.lead'
              AND (tracked.field_id = %(email)s AND tracked.old_value_char ILIKE ANY(%(emails)s)
                   OR tracked.field_id = %(phone)s
                   AND regexp_replace(tracked.old_value_char, '[^0-9]', '', 'g')
                       LIKE ANY(%(phones)s))""",
        email=names._get("crm.lead", "email_from").id,
        emails=emails,
        phone=names._get("crm.lead", "phone").id,
        phones=[f"%{tail}%" for tail in tails],
    )
    return [lead_id for (lead_id,) in env.execute_query(query)]


def _match_raw_phones(tails, changed):
    """Return the condition of deliveries that may hold a phone number, written in any way.

    Each is read digit by digit, which takes long: so not those whose lead has its number as
    E.164. They are found by their lead, or by the number that it had before a user changed it.

    :param list[str] tails: last digits of phone numbers
    :param list[int] changed: leads of `_find_changed_leads`
    :rtype: SQL
    """
    return SQL(
        """((lead.phone_sanitized IS NULL OR event.note_id IS NOT NULL
             OR lead.id = ANY(%(changed)s))
            AND (event.raw ~* %(digits)s
                 OR regexp_replace(event.raw, '[^0-9]', '', 'g') LIKE ANY(%(phones)s)))""",
        changed=changed,
        digits=OTHER_DIGITS,
        phones=[f"%{tail}%" for tail in tails],
    )


def is_found_by_lead(event, lead, answers):
    """Tell whether a delivery made a lead that has each e-mail and phone number of its answers.

    :param event: tiktok.event
    :param lead: crm.lead that it became
    :param answers: of `tiktok.lead.ParsedLead`
    :rtype: bool
    """
    if lead.tiktok_event_id != event:
        return False
    texts = [answer.text for answer in answers]
    addresses = set().union(*(_find_emails(text) for text in texts if "@" in text))
    if addresses - {lead.email_normalized}:
        return False
    return bool(lead.phone_sanitized) or not any(
        sum(char.isdecimal() for char in text) >= LEAST_DIGITS for text in texts
    )


def match_person_event(event, email, phones):
    """Tell by what the answers of a delivery name a person.

    :param event: tiktok.event
    :param str email: normalized
    :param list[str] phones: E.164
    :return: ``email``, ``phone``, ``mixed`` for a text that cannot be read and names other
        addresses too, or None
    :rtype: str | None
    """
    try:
        lead = event._read_lead()
    except ValueError:
        lead = None
    if lead is None:
        return _match_unreadable_text(event.raw or "", email)
    texts = [answer.text for answer in lead.answers]
    if any(email.lower() in _find_emails(text) for text in texts):
        return "email"
    tails = tuple(_get_phone_tails(phones))
    for text in texts if tails else ():
        digits = "".join(str(unicodedata.digit(c)) for c in text if c.isdecimal())
        # The digits of an id can look like a phone number.
        if len(digits) <= MOST_DIGITS and digits.endswith(tails):
            return "phone"
    return None


def _match_unreadable_text(text, email):
    """Tell whether a text that can't be read names a person, and others too.

    :param str text: the raw payload
    :param str email: normalized
    :return: ``email``, ``mixed`` or None
    :rtype: str | None
    """
    addresses = _find_emails(text)
    own = addresses & {email.lower(), json.dumps(email)[1:-1].lower()}
    if not own:
        return None
    return "email" if addresses == own else "mixed"


def _get_phone_tails(phones):
    """Return the last digits of phone numbers: people leave out what comes before.

    :param list[str] phones: E.164
    :rtype: list[str]
    """
    written = [each for phone in phones for each in list_equivalents(phone)]
    digits = [re.sub(r"\D", "", phone) for phone in written]
    tails = (number[-9:] for number in digits if len(number) >= LEAST_DIGITS)
    return list(dict.fromkeys(tails))


def _find_emails(text):
    """Return the e-mail addresses of a text, whole: a part of one is another person's.

    :param str text: an answer or a raw payload
    :rtype: set[str]
    """
    return {found.strip(".\\").lower() for found in EMAIL.findall(text)}


def _escape_pattern(text):
    """Return a text as a pattern of LIKE that matches nothing else.

    :param str text: to be found
    :rtype: str
    """
    return re.sub(r"([\\%_])", r"\\\1", text)
