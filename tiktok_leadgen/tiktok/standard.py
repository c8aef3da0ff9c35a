"""The questions everybody asks, under the keys of the webhook and the labels of the exports."""

import re

_WORDS = re.compile(r"[\s_\-./:*?()]+")

STANDARD = {
    "name": "name|full name|fullname|your name|contact name|customer name",
    "first_name": "first name|firstname|given name|forename",
    "last_name": "last name|lastname|surname|family name",
    "email": "email|e mail|email address|e mail address|mail|work email|emailaddress",
    "phone_number": (
        "phone number|phone|phonenumber|mobile|mobile number|mobile phone|telephone|tel|cell"
        "|cell phone|cellphone|whatsapp|whatsapp number|work phone|phone no|contact number"
    ),
    "city": "city|town|town city",
    "zip": "zip|zip code|zipcode|postcode|post code|postal code|postalcode|zip postal code",
    "state": "state|province|region|state province|province state|county",
    "country": "country|country region|country code",
    "street": "address|street|street address|address line 1|street address line 1",
    "street2": "address line 2|street 2|street2|unit|apartment",
    "company": "company|company name|companyname|business name|organization|organisation",
    "job_title": "job title|jobtitle|job position|position|occupation|title",
    "website": "website|web site|company website",
}
_KEYS = {alias: key for key, aliases in STANDARD.items() for alias in aliases.split("|")}


def standard_key(question):
    """Return the standard field a question asks for, empty for any other question.

    :param str question: a webhook's key or an export's label, in any case
    :rtype: str
    """
    return _KEYS.get(_WORDS.sub(" ", question).strip().lower(), "")
