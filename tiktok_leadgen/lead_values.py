"""The values of crm.lead: the steps from an entry to them, and what merged leads keep.

Each step is a new object; none is changed after it was made.
"""

import dataclasses

from odoo.models import BaseModel

from .tiktok.lead import ParsedLead
from .value_map import list_answer_teams

MEDIUMS = {"DIRECT_MESSAGE": "TikTok Direct Message"}
DEFAULT_MEDIUM = "TikTok Instant Form"
SOURCE = "TikTok"
# Fields that take an answer as it is, with its standard question.
TEXT_FIELDS = {
    "partner_name": "company",
    "function": "job_title",
    "website": "website",
    "street": "street",
    "street2": "street2",
    "city": "city",
    "zip": "zip",
}
# Of leads that are merged, the first one that came from TikTok tells these.
ATTRIBUTION = (
    *("tiktok_form_id", "tiktok_event_id", "tiktok_advertiser_uid", "tiktok_answers"),
    *("tiktok_campaign_uid", "tiktok_campaign_name", "tiktok_adgroup_uid"),
    *("tiktok_adgroup_name", "tiktok_ad_uid", "tiktok_ad_name"),
    *("tiktok_submitted_at", "tiktok_received_at"),
    *("tiktok_mapping_version", "tiktok_mapping_notes"),
)
# Fields of the lead that take a standard answer as it is.
TEXT_FIELDS = {
    "partner_name": "company",
    "function": "job_title",
    "website": "website",
    "street": "street",
    "street2": "street2",
    "city": "city",
    "zip": "zip",
}
# The company's evidence, which no merge may lose.
CONSENT = ("tiktok_consent", "tiktok_consent_at", "tiktok_consent_version")
# When a submission came, and by which form and campaign: in the order of `merge_last_touch`
LAST_TOUCH = ("tiktok_repeat_at", "tiktok_repeat_form_id", "tiktok_repeat_campaign_id")


@dataclasses.dataclass(frozen=True)
class ResolvedLead:
    """An entry with the records it is about."""

    event: BaseModel  # tiktok.event
    parsed: ParsedLead  # with the newest names, and with the keys and rules of the questions
    form: BaseModel  # tiktok.form, empty for a lead without
    is_test: bool
    country_id: int | bool
    state_id: int | bool
    campaign_id: int | bool  # utm.campaign
    answered: list  # what the form's mapping read: of `tiktok.mapping`
    defaults: list  # the same of the form's default values

    @property
    def medium(self):
        """The name of the medium in Odoo."""
        return MEDIUMS.get(self.parsed.source, DEFAULT_MEDIUM)


@dataclasses.dataclass(frozen=True)
class BatchContext:
    """What all leads of a batch share; it is looked up once."""

    company: BaseModel
    team: BaseModel  # crm.team of leads whose form has none
    test_team: BaseModel
    answer_teams: dict  # those that answers may choose, by id
    stage_ids: dict  # the first stage by the id of the team
    test_tag_ids: list
    use_leads: bool
    source_id: int
    medium_ids: dict  # by name

    def choose_team(self, lead):
        """Choose the team of a lead: of an answer, else its form's, else the company's.

        :param ResolvedLead lead: of the batch
        :return: crm.team, may be empty, and its id if an answer chose it, else False
        :rtype: tuple
        """
        if lead.is_test:
            return self.test_team, False
        for team_id in list_answer_teams(lead.parsed):
            if team_id in self.answer_teams:
                return self.answer_teams[team_id], team_id
        return lead.form.team_id or self.team, False

    def choose_type(self, team):
        """Choose whether a lead of a team is a lead or an opportunity.

        :param team: crm.team, may be empty
        :rtype: str
        """
        return "lead" if self.use_leads and (not team or team.use_leads) else "opportunity"


@dataclasses.dataclass(frozen=True)
class RepeatTarget:
    """The lead on which a repeat submission is noted."""

    kind: str  # "open", "lost" (it is reopened) or "batch" (the batch creates it)
    number: int  # id of the lead; for "batch" the position of the submission that creates it


@dataclasses.dataclass(frozen=True)
class LeadValues:
    """A lead that can be written: the values of crm.lead, with the notes of its mapping."""

    lead: ResolvedLead
    values: dict
    target: RepeatTarget | None = None  # None for a lead of its own


@dataclasses.dataclass(frozen=True)
class RepeatSubmission:
    """A submission that is noted on an earlier lead."""

    event: BaseModel  # tiktok.event
    parsed: ParsedLead
    lead: BaseModel  # crm.lead
    reason: str  # "noted" or "reopened"


def split_deliveries(deliveries, known):
    """Separate what becomes new leads from later deliveries of leads that are known.

    :param list deliveries: tiktok.event and `ParsedLead`
    :param known: TikTok's IDs of the leads that are here
    :return: deliveries of new leads, and the later ones
    :rtype: tuple[list, list]
    """
    new, later = {}, []
    for event, parsed in deliveries:
        if event.lead_uid in known or event.lead_uid in new:
            later.append((event, parsed))
        else:
            new[event.lead_uid] = (event, parsed)
    return list(new.values()), later


def prepare_attribution(lead):
    """Return where a lead came from, and all of its answers.

    :param ResolvedLead lead: whose values they are
    :return: values of crm.lead
    :rtype: dict
    """
    event, parsed = lead.event, lead.parsed
    full_names = [f"{name}: {whole}" for name, whole in parsed.full_names.items()]
    return {
        "tiktok_campaign_uid": parsed.campaign.uid or False,
        "tiktok_campaign_name": parsed.campaign.name or False,
        "tiktok_adgroup_uid": parsed.adgroup.uid or False,
        "tiktok_adgroup_name": parsed.adgroup.name or False,
        "tiktok_ad_uid": parsed.ad.uid or False,
        "tiktok_ad_name": parsed.ad.name or False,
        "tiktok_lead_uid": event.lead_uid,
        "tiktok_event_id": event.id,
        "tiktok_form_id": lead.form.id,
        "tiktok_advertiser_uid": parsed.advertiser.uid or False,
        "tiktok_submitted_at": parsed.submitted_at or False,
        "tiktok_received_at": event.received_at,
        "tiktok_answers": "\n".join(filter(None, [format_answers(parsed.answers), *full_names])),
    }


def format_question(question):
    """Return a question as `tiktok_answers` has it: on one line, without the separator.

    :param str question: as TikTok sends it
    :rtype: str
    """
    return " ".join(question.split()).replace(": ", " ")


def format_answers(answers):
    """Return one line for each question with its answer.

    :param answers: `tiktok.lead.Answer`
    :rtype: str
    """
    return "\n".join(
        f"{format_question(answer.question)}: {' '.join(answer.text.split())}" for answer in answers
    )


def split_answers(text):
    """Return questions and answers of a text that `format_answers` wrote.

    :param str text: one question and its answer a line, or False
    :rtype: list[list[str]]
    """
    lines = (line.split(": ", 1) for line in (text or "").splitlines())
    return [line for line in lines if len(line) == 2]


def merge_answers(name, leads):
    """Return the answers of all merged leads but the first that came from TikTok.

    :param str name: the field that gets them
    :param leads: crm.lead that are merged, the most important one first
    :return: form, time of submission and answers of each, or False
    :rtype: list[list] | bool
    """
    first = leads.filtered("tiktok_lead_uid")[:1]
    found = []
    for lead in leads:
        if lead.tiktok_answers and lead != first:
            moment = lead.tiktok_submitted_at or lead.tiktok_received_at
            form = lead.sudo().tiktok_form_id.name or ""
            found.append([form, str(moment or ""), lead.tiktok_answers])
        found += lead[name] or []
    return found or False


def merge_last_touch(name, leads):
    """Return what is kept of the last submission when leads are merged.

    The lead that tells where the result comes from stays the first submission.

    :param str name: one of ``LAST_TOUCH``
    :param leads: crm.lead that are merged, the most important one first
    :return: the value, the id of a record; False if there is none
    """
    touches = [
        (lead.tiktok_repeat_at, lead.tiktok_repeat_form_id, lead.tiktok_repeat_campaign_id)
        for lead in leads
        if lead.tiktok_repeat_at
    ]
    touches += [
        (lead.tiktok_received_at, lead.tiktok_form_id, _find_campaign(lead))
        for lead in leads.filtered("tiktok_lead_uid")[1:]
        if lead.tiktok_received_at
    ]
    if not touches:
        return False
    value = max(touches, key=lambda touch: touch[0])[LAST_TOUCH.index(name)]
    return value.id if isinstance(value, BaseModel) else value


def merge_consent(name, leads):
    """Return what is kept of the consents when leads are merged: the first one, and all texts.

    :param str name: one of ``CONSENT``
    :param leads: crm.lead that are merged, the most important one first
    :return: the value, False if there is none
    """
    first, *others = leads.filtered("tiktok_consent") or [leads[:0]]
    if name != "tiktok_consent":
        return first[name]
    texts = [
        f"{each.tiktok_consent_at} UTC, {each.tiktok_consent_version}:\n{each.tiktok_consent}"
        for each in others
        if each.tiktok_consent != first.tiktok_consent
    ]
    return "\n\n".join(filter(None, [first.tiktok_consent, *texts])) or False


def _find_campaign(lead):
    """Return the campaign at TikTok that brought a lead.

    :param lead: crm.lead
    :rtype: tiktok.ad.entity
    """
    return lead.env["tiktok.ad.entity"].search(
        [
            ("company_id", "=", lead._tiktok_get_company().id),
            ("kind", "=", "campaign"),
            ("uid", "=", lead.tiktok_campaign_uid),
        ],
        limit=1,
    )


# The functions that merge fields which `ATTRIBUTION` leaves out.
MERGED = {
    **dict.fromkeys(LAST_TOUCH, merge_last_touch),
    **dict.fromkeys(CONSENT, merge_consent),
    "tiktok_merged_answers": merge_answers,
}
