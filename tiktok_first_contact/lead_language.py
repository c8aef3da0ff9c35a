"""In which language a person is written to: the lead's own, the form's, or the phone's country."""

import phonenumbers
from babel.languages import get_official_languages


def find_language(lead):
    """Find the language of a lead among those that are installed.

    :param crm.lead lead: with all rights
    :return: res.lang, empty if nothing tells
    """
    languages = lead.env["res.lang"].sudo().search([("active", "=", True)])
    if lead.lang_id in languages:
        return lead.lang_id
    of_form = lead.tiktok_form_id.first_message_lang_id
    if of_form in languages:
        return of_form
    for code in (_find_phone_country(lead.phone_sanitized or lead.phone), lead.country_id.code):
        found = _match_country(languages, code)
        if found:
            return found
    return languages.browse()


def _find_phone_country(number):
    """Find the country of a phone number.

    :param str number: with its country code, or anything else
    :return: the country's code, None if the number does not tell
    :rtype: str | None
    """
    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(number or "", None))
    except phonenumbers.NumberParseException:
        return None


def _match_country(languages, code):
    """Find the installed language that most people of a country read.

    :param languages: res.lang that are installed
    :param str code: of the country, may be empty
    :return: res.lang, empty if none of the country's is installed
    """
    for spoken in get_official_languages(code, de_facto=True) if code else ():
        alike = languages.filtered(lambda lang, key=spoken: lang.code.split("_")[0] == key)
        if alike:
            exact = alike.filtered(lambda lang, key=spoken: lang.code == f"{key}_{code}")
            return (exact or alike)[0]
    return languages.browse()
