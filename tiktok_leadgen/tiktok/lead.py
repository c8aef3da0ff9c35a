"""Read one stored entry into a lead: who, from which form and ad, and every answer."""

import dataclasses
import json

from . import values
from .standard import plain, standard_key

DIRECT_MESSAGE = "DIRECT_MESSAGE"
_NAMES = ("name", "first_name", "last_name")
# Answers that become a line in columns with an index, on the lead or later on its contact.
LINES = (*_NAMES, "email", "phone_number", "company", "country", "state")
TEST_MARK = "test lead: dummy data"  # TikTok writes it into the names of a form preview's lead


@dataclasses.dataclass
class Answer:
    """One question and all that was answered."""

    question: str
    values: list
    key: str = ""  # the standard field it is, empty for a question of the form's own
    rule: dict | None = None  # where a person has it go instead: of `tiktok.form.question`

    @property
    def text(self):
        return ", ".join(self.values)

    @property
    def is_too_long(self):
        """Whether it is longer than any name, e-mail or phone, so that it stays an answer."""
        return self.key in LINES and len(self.text) > values.MAX_LINE


@dataclasses.dataclass
class Lead:
    """What an entry says; ids are text, empty for none."""

    uid: str = ""
    source: str = ""  # INSTANT_FORM or DIRECT_MESSAGE
    page_uid: str = ""
    page_name: str = ""
    advertiser_uid: str = ""
    advertiser_name: str = ""
    library_uid: str = ""
    campaign_uid: str = ""
    campaign_name: str = ""
    adgroup_uid: str = ""
    adgroup_name: str = ""
    ad_uid: str = ""
    ad_name: str = ""
    submitted: int | None = None  # seconds since 1970
    is_test: bool = False
    answers: list = dataclasses.field(default_factory=list)
    long_names: dict = dataclasses.field(default_factory=dict)  # the whole of what was shortened

    def answer(self, *keys):
        """Return the first answer to one of these standard fields, empty for none.

        :param str keys: of standard fields
        :rtype: str
        """
        for key in keys:
            for answer in self.answers:
                if answer.key == key and answer.values and not answer.is_too_long:
                    return values.line(answer.text)
        return ""

    @property
    def person(self):
        """The full name, put together from its parts where TikTok sends parts.

        What some call their name is a part of it: "Nom" beside "Prénom" is the family's.
        """
        person = self._join_names()
        return person if len(person) <= values.MAX_LINE else ""

    @property
    def long_answers(self):
        """The answers of standard fields that are too long for them.

        :rtype: list[Answer]
        """
        is_person_long = len(self._join_names()) > values.MAX_LINE
        return [
            answer
            for answer in self.answers
            if answer.is_too_long or (is_person_long and answer.key in _NAMES)
        ]

    def _join_names(self):
        name, first, last = map(self.answer, ("name", "first_name", "last_name"))
        if name and (first or last):
            known = f" {plain(name)} "
            first, last = ("" if f" {plain(part)} " in known else part for part in (first, last))
        return " ".join(part for part in (first, name, last) if part)

    @property
    def title(self):
        """What to call the lead: the name, else the e-mail, else the phone."""
        return self.person or self.answer("email") or self.answer("phone_number")


def read(raw):
    """Read an entry as it is stored.

    :param str raw: JSON of an entry in the documented shape
    :rtype: Lead
    :raise ValueError: if it is not one
    """
    entry = json.loads(raw)
    lead = Lead(
        uid=values.uid(entry.get("id")),
        source=values.text(entry.get("lead_source")),
        submitted=values.moment(entry.get("create_time")),
        answers=_answers(entry.get("changes")),
    )
    for what in ("page", "advertiser", "library", "campaign", "adgroup", "ad"):
        setattr(lead, f"{what}_uid", values.uid(entry.get(f"{what}_id")))
        if what != "library":
            name = values.line(entry.get(f"{what}_name"))
            setattr(lead, f"{what}_name", values.shorten(name))
            if len(name) > values.MAX_NAME:
                lead.long_names[f"{what}_name"] = name
    if lead.source == DIRECT_MESSAGE and not lead.page_uid and lead.advertiser_uid:
        lead.page_uid = f"messages-{lead.advertiser_uid}"  # it stands for a form; TikTok has none
    lead.is_test = _is_test(entry, lead)
    return lead


def _answers(changes):
    """Join what came for the same question, in the order it came.

    The time it takes grows with the length of the entry, never with its square: anyone who has
    the address can send a long one.
    """
    found = {}
    for change in changes if isinstance(changes, list) else ():
        if not isinstance(change, dict):
            continue
        question = values.line(change.get("field"))
        if question:  # a dict is a set that keeps its order
            found.setdefault(question, {}).update(dict.fromkeys(values.texts(change.get("value"))))
    return [
        Answer(question, list(some), standard_key(question)) for question, some in found.items()
    ]


def _is_test(entry, lead):
    names = (lead.campaign_name, lead.adgroup_name, lead.ad_name)
    if entry.get("is_test") is True:  # a column of some exports
        return True
    if any(TEST_MARK in name.lower() for name in names):
        return True
    if lead.source == DIRECT_MESSAGE:
        return False  # no campaign brought it
    # A form preview has campaign 0; a relay that knows no campaign leaves the key out.
    return "campaign_id" in entry and str(entry["campaign_id"]) == "0" and not any(names)
