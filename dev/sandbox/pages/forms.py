"""Instant Forms on a phone."""

from flask import Blueprint, abort, render_template, request
from markupsafe import Markup

from dev.sandbox import leads
from dev.sandbox.forms_text import TEXTS
from dev.sandbox.pages.common import world

bp = Blueprint("forms", __name__)
REGIONS = {"": "Rest of the world", "eu": "EEA, Switzerland, UK", "us": "United States"}


def _form(page_id):
    return world().forms.get(page_id) or abort(404)


def _show(form, **values):
    advertiser = world().advertisers[form.advertiser_id]
    preview = bool(request.args.get("preview"))
    return render_template(
        "form.html",
        form=form,
        advertiser=advertiser,
        text=TEXTS[form.language],
        consent_text=Markup(TEXTS[form.language]["consent"]).format(
            Markup("<bdi>{}</bdi>").format(advertiser.name)
        ),
        preview=preview,
        regions=REGIONS,
        agreed=bool(request.form.get("consent")),
        **{"errors": {}, "given": {}, "lead": None, **values},
    )


@bp.get("/forms/<page_id>")
def show(page_id):
    """Show a form, ready to fill in."""
    return _show(_form(page_id))


@bp.post("/forms/<page_id>")
def submit(page_id):
    """Take a filled-in form and send the lead."""
    form = _form(page_id)
    given = {f"q{number}": request.form.getlist(f"q{number}") for number in _numbers(form)}
    errors, text = {}, TEXTS[form.language]
    for number, question in enumerate(form.questions):
        if question.required and not any(each.strip() for each in given[f"q{number}"]):
            errors[f"q{number}"] = text["required"]
    if not request.form.get("consent"):
        errors["consent"] = text["agree"]
    if errors:
        return _show(form, errors=errors, given=given), 422
    test = "preview" if request.args.get("preview") else ""
    region = request.form.get("region", "")
    lead = leads.submit(
        world(),
        page_id,
        _answers(form, given),
        test=test,
        region=region if region in REGIONS else "",
    )
    return _show(form, lead=lead)


def _numbers(form):
    return range(len(form.questions))


def _answers(form, given):
    """Return key and value of every question that was answered."""
    answers = []
    for number, question in enumerate(form.questions):
        values = [each.strip() for each in given[f"q{number}"] if each.strip()]
        if values:
            answers.append((question.key, values if question.kind == "choices" else values[0]))
    return answers
