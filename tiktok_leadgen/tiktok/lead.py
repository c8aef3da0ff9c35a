"""Parse one stored entry into a lead: who, from which form and ad, and every answer."""

import dataclasses
import datetime
import functools
import json

from . import dummy_lead, values
from .email_address import find_email
from .person_name import join_names
from .standard import find_standard_key

DIRECT_MESSAGE = "DIRECT_MESSAGE"
_NAMES = ("name", "first_name", "last_name")
# Answers that become a line in columns with an index, on the lead or later on its contact.
LINES = (*_NAMES, "email", "phone_number", "company", "country", "state")
TEST_MARK = dummy_lead.TEXT_MARK  # TikTok writes it into the names of a form preview's lead


@dataclasses.dataclass(frozen=True)
class Answer:
    """One question and all that was answered."""

    question: str
    values: tuple
    key: str = ""  # the standard field it is, empty for a question of the form's own
    rule: dict | None = None  # the field of Odoo that the form's mapping names instead

    @property
    def text(self):
        """All values of the answer in one text."""
        return ", ".join(self.values)

    @property
    def is_too_long(self):
        """Whether it is longer than any name, e-mail or phone, so that it stays an answer."""
        return self.key in LINES and len(self.text) > values.MAX_LINE


@dataclasses.dataclass(frozen=True)
class EntityRef:
    """What an entry says of a form, an ad account or an ad; texts are empty for none."""

    uid: str = ""
    name: str = ""  # short enough for a column
    full_name: str = ""  # only where the name had to be shortened


@dataclasses.dataclass(frozen=True)
class ParsedLead:
    """What an entry says."""

    uid: str = ""
    source: str = ""  # INSTANT_FORM or DIRECT_MESSAGE
    page: EntityRef = EntityRef()  # the form
    advertiser: EntityRef = EntityRef()
    library: EntityRef = EntityRef()
    campaign: EntityRef = EntityRef()
    adgroup: EntityRef = EntityRef()
    ad: EntityRef = EntityRef()
    submitted: int | None = None  # seconds since 1970
    is_test: bool = False
    answers: tuple = ()

    @property
    def submitted_at(self):
        """When the form was submitted, in UTC and without a zone as Odoo keeps times.

        :rtype: datetime.datetime | None
        """
        if not self.submitted:
            return None
        moment = datetime.datetime.fromtimestamp(self.submitted, datetime.timezone.utc)
        return moment.replace(tzinfo=None)

    @property
    def ad_entities(self):
        """The campaign, ad group and ad, by kind.

        :rtype: dict[str, EntityRef]
        """
        return {"campaign": self.campaign, "adgroup": self.adgroup, "ad": self.ad}

    @property
    def entities(self):
        """All that the entry names at TikTok, by kind.

        :rtype: dict[str, EntityRef]
        """
        owners = {"page": self.page, "advertiser": self.advertiser, "library": self.library}
        return {**owners, **self.ad_entities}

    @property
    def full_names(self):
        """The whole of each name that had to be shortened, by its key in the entry.

        :rtype: dict[str, str]
        """
        return {
            f"{kind}_name": entity.full_name
            for kind, entity in self.entities.items()
            if entity.full_name
        }

    def rename_ad_entities(self, names):
        """Return the same lead with other names of its campaign, ad group and ad.

        :param dict names: name by kind and TikTok's ID; the others keep theirs
        :rtype: ParsedLead
        """
        renamed = {
            kind: dataclasses.replace(entity, name=names[kind, entity.uid])
            for kind, entity in self.ad_entities.items()
            if names.get((kind, entity.uid), entity.name) != entity.name
        }
        return dataclasses.replace(self, **renamed) if renamed else self

    def answer(self, *keys):
        """Return the first answer to one of these standard fields, empty for none.

        :param str keys: of standard fields
        :rtype: str
        """
        for key in keys:
            for answer in self.answers:
                if answer.key == key and answer.values and not answer.is_too_long:
                    return values.format_line(answer.text)
        return ""

    @property
    def person(self):
        """The full name, put together from its parts where TikTok sends parts.

        What some call their name is a part of it: "Nom" beside "Prénom" is the family's.
        """
        person = self._joined_names
        return person if len(person) <= values.MAX_LINE else ""

    @property
    def long_answers(self):
        """The answers of standard fields that are too long for them.

        :rtype: list[Answer]
        """
        is_person_long = len(self._joined_names) > values.MAX_LINE
        return [
            answer
            for answer in self.answers
            if answer.is_too_long or (is_person_long and answer.key in _NAMES)
        ]

    @functools.cached_property
    def _joined_names(self):
        return join_names(*map(self.answer, _NAMES))

    @functools.cached_property
    def email(self):
        """The first e-mail address among the answers that should be one, empty for none."""
        texts = (a.text for a in self.answers if a.key == "email" and not a.is_too_long)
        return next(filter(None, map(find_email, texts)), "")

    @property
    def title(self):
        """What to call the lead: the name, else the e-mail, else the phone."""
        return self.person or self.email or self.answer("email", "phone_number")


def parse_lead(raw):
    """Parse an entry as it is stored.

    :param str raw: JSON of an entry in the documented shape
    :rtype: ParsedLead
    :raise ValueError: if it is not one
    """
    entry = json.loads(raw)
    if not isinstance(entry, dict):
        raise ValueError("An entry is an object.")  # noqa: TRY004 - the text is wrong
    source = values.join_texts(entry.get("lead_source"))
    page, advertiser = _parse_entity(entry, "page"), _parse_entity(entry, "advertiser")
    if source == DIRECT_MESSAGE and not page.uid and advertiser.uid:
        # It stands for a form; TikTok has none.
        page = dataclasses.replace(page, uid=f"messages-{advertiser.uid}")
    ad_entities = {kind: _parse_entity(entry, kind) for kind in ("campaign", "adgroup", "ad")}
    names, answers = [each.name for each in ad_entities.values()], _parse_answers(entry)
    return ParsedLead(
        uid=values.parse_uid(entry.get("id")),
        source=source,
        page=page,
        advertiser=advertiser,
        library=EntityRef(values.parse_uid(entry.get("library_id"))),
        **ad_entities,
        submitted=values.parse_moment(entry.get("create_time"))
        or values.parse_moment(entry.get("sent_time")),
        is_test=_is_test_entry(entry, source, names, answers),
        answers=answers,
    )


def _parse_entity(entry, kind):
    """Return what an entry says of one thing at TikTok.

    :param dict entry: as it is stored
    :param str kind: begins the two keys: ``campaign`` for `campaign_id` and `campaign_name`
    :rtype: EntityRef
    """
    name = values.format_line(entry.get(f"{kind}_name"))
    full_name = name if len(name) > values.MAX_NAME else ""
    return EntityRef(
        values.parse_uid(entry.get(f"{kind}_id")), values.shorten_name(name), full_name
    )


def _parse_answers(entry):
    """Join what came for the same question, in the order it came.

    The time it takes grows with the length of the entry, never with its square: anyone who has
    the address can send a long one.

    :param dict entry: as it is stored; a sender may have written anything into it
    :rtype: tuple[Answer]
    """
    found, changes = {}, entry.get("changes")
    for change in changes if isinstance(changes, list) else ():
        if not isinstance(change, dict):
            continue
        question = values.format_line(change.get("field"))
        if question:  # a dict is a set that keeps its order
            found.setdefault(question, {}).update(
                dict.fromkeys(values.list_texts(change.get("value")))
            )
    return tuple(
        Answer(question, tuple(some), find_standard_key(question))
        for question, some in found.items()
    )


def _is_test_entry(entry, source, names, answers):
    """Tell whether an entry is of a test lead.

    :param dict entry: as it is stored
    :param str source: of the lead
    :param list[str] names: of its campaign, ad group and ad
    :param answers: `Answer`, all of them
    :rtype: bool
    """
    if dummy_lead.is_flag_set(entry.get("is_test")):  # of Google, relays and some exports
        return True
    if any(map(dummy_lead.is_marked_text, names)):
        return True
    if dummy_lead.has_test_answer((answer.question, answer.values) for answer in answers):
        return True
    if source == DIRECT_MESSAGE:
        return False  # no campaign brought it
    # A form preview has campaign 0; a relay that knows no campaign leaves the key out.
    return "campaign_id" in entry and str(entry["campaign_id"]) == "0" and not any(names)
