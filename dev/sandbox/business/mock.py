"""Test leads: one per form, deleted before there can be another."""

from dev.sandbox import leads
from dev.sandbox.business.api import (
    INVALID,
    NOT_FOUND,
    Refused,
    endpoint,
    form_of,
    one_of,
    owner,
    uid,
    world,
)
from dev.sandbox.business.read import SOURCES, described

JANE = {
    "name": "Jane Doe",
    "first_name": "Jane",
    "last_name": "Doe",
    "email": "jane.doe@example.com",
    "phone_number": "+12025550123",
    "city": "Springfield",
}


def _form(token):
    if one_of("lead_source", SOURCES, "INSTANT_FORM") != "INSTANT_FORM":
        raise Refused(INVALID, "lead_source: Test leads exist for instant forms only.")
    account = owner(token, admin=True)
    return form_of(uid("page_id", required=True), *account)


def _answer(question):
    if question.kind == "choices":
        return question.options[:2]
    return JANE.get(question.key) or (question.options or ["Test answer"])[0]


@endpoint("POST", "/page/lead/mock/create/", permission=22)
def mock_create(token):
    """Make the form's test lead, and send it if the switch says so."""
    form, state = _form(token), world()
    if form.page_id in state.mock_leads:
        raise Refused(INVALID, "The page has a test lead already: delete it first.")
    answers = [(question.key, _answer(question)) for question in form.questions]
    lead = leads.make(state, form.page_id, answers, test="mock")
    state.mock_leads[form.page_id] = lead.lead_id
    if state.settings.mock_webhook == "yes":
        leads.send(state, [lead])
    return described(lead)


@endpoint("GET", "/page/lead/mock/get/", permission=22)
def mock_get(token):
    """Return the form's test lead."""
    form = _form(token)
    lead_id = world().mock_leads.get(form.page_id)
    if not lead_id:
        raise Refused(NOT_FOUND, "The page has no test lead.")
    return described(world().leads[lead_id])


@endpoint("POST", "/page/lead/mock/delete/", permission=22)
def mock_delete(token):
    """Delete a test lead."""
    owner(token, admin=True)
    lead_id, state = uid("lead_id", required=True), world()
    page_id = next((key for key, value in state.mock_leads.items() if value == lead_id), None)
    if not page_id:
        raise Refused(NOT_FOUND, "lead_id: There is no such test lead.")
    lead = state.leads[lead_id]
    form_of(page_id, *owner(token))
    del state.mock_leads[page_id], state.leads[lead.lead_id]
    return {}
