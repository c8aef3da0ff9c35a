"""Compute CRM's stored fields of new leads before the INSERT, so that each row is written once.

Odoo computes them after the INSERT and then updates each row, and with it some forty indexes. What
tells nothing of the person is computed once for all leads of a batch that have the same values.
"""

import copy

from odoo import tools

from odoo.addons.iap.tools import iap_tools
from odoo.addons.mail.tools import mail_validation

# Of crm.lead: stored, computed by CRM alone from the values of the lead.
NAMES = (
    *("automated_probability", "date_last_stage_update", "date_open", "day_close", "day_open"),
    *("email_domain_criterion", "email_normalized", "email_state", "phone_sanitized"),
    *("phone_state", "probability", "prorated_revenue", "recurring_revenue_monthly"),
    *("recurring_revenue_monthly_prorated", "recurring_revenue_prorated", "won_status"),
)
_ESTIMATED = ("automated_probability", "probability")
_PHONE_ISSUE = "tiktok_phone_issue"
# The methods whose values are computed here without a record, each where it is defined. Where
# another addon extends one, the method itself is called.
_ADDONS = "odoo.addons."
_EMAIL_METHODS = {
    "_compute_email_normalized": (f"{_ADDONS}mail.models.mail_thread_blacklist",),
    "_compute_email_domain_criterion": (f"{_ADDONS}crm.models.crm_lead",),
    "_compute_email_state": (f"{_ADDONS}crm.models.crm_lead",),
}
_OWN_PHONE_MODULE = f"{_ADDONS}tiktok_leadgen.models.lead.crm_lead_repeat"
_PHONE_METHODS = {
    "_compute_phone_sanitized": (
        f"{_ADDONS}phone_validation.models.mail_thread_phone",
        _OWN_PHONE_MODULE,
    ),
    "_compute_phone_state": (f"{_ADDONS}crm.models.crm_lead", _OWN_PHONE_MODULE),
}


class _BatchDefaults:
    """The default values of the leads of one batch: Odoo would look up all of them for each."""

    def __init__(self):
        self._found = {}

    def add_missing(self, values, add_defaults):
        """Return the values of a lead with the default values that are missing.

        :param dict values: of the lead
        :param add_defaults: Odoo's method that does it for one lead
        :rtype: dict
        """
        if "lead_properties" in values:
            return add_defaults(values)
        key = (values.get("team_id"), frozenset(values))  # the team has properties
        if key not in self._found:
            completed = add_defaults(values)
            self._found[key] = {name: completed[name] for name in completed.keys() - values.keys()}
        return {**copy.deepcopy(self._found[key]), **values}


def prepare_create_context():
    """Return the context in which the leads of one batch are created.

    No user follows what a job creates, and there is no change to track yet.

    :rtype: dict
    """
    return {
        "mail_create_nolog": True,
        "mail_create_nosubscribe": True,
        "mail_notrack": True,
        "tracking_disable": True,
        "default_user_id": False,
        "tiktok_lead_create": _BatchDefaults(),  # `ir.cron` looks for it, too
    }


def add_computed_values(leads, vals_list):
    """Add what CRM computes to the values of new leads.

    :param leads: an empty recordset of crm.lead
    :param list[dict] vals_list: complete values; changed in place
    """
    given = [set(vals) for vals in vals_list]
    _add_personal_values(leads, vals_list)
    groups = _group_by_inputs(leads, vals_list)
    drafts = leads.concat(*(leads.new(same[0]) for same in groups))
    _estimate_probabilities(drafts)
    for draft, same in zip(drafts, groups, strict=True):
        computed = {
            name: leads._fields[name].convert_to_write(draft[name], leads)
            for name in NAMES
            if name not in same[0]
        }
        for vals in same:
            vals.update(computed)
    for vals, before in zip(vals_list, given, strict=True):
        missing = {leads._fields[name] for name in NAMES if name not in before}
        vals["__precomputed__"] = {*vals.get("__precomputed__", ()), *missing}  # of Odoo's `create`


def protect_computed_values(leads, data_list):
    """Have Odoo not compute again what `add_computed_values` added.

    :param leads: an empty recordset of crm.lead
    :param list[dict] data_list: of `_create`; changed in place
    """
    fields = {leads._fields[name] for name in NAMES}
    issue = {leads._fields[_PHONE_ISSUE]}
    for data in data_list:
        data["protected"] |= fields | issue if _PHONE_ISSUE in data["stored"] else fields


# === THE PERSON === #


def _add_personal_values(leads, vals_list):
    """Add what CRM makes of the address and of the phone number, without a record of each lead.

    :param leads: an empty recordset of crm.lead
    :param list[dict] vals_list: complete values; changed in place
    """
    if _is_defined_only_in(leads, _EMAIL_METHODS):
        for vals in vals_list:
            vals.update(_compute_email_values(vals.get("email_from")))
    if _is_defined_only_in(leads, _PHONE_METHODS) and leads._phone_get_number_fields() == ["phone"]:
        for vals in vals_list:
            vals.update(_compute_phone_values(leads, vals))


def _is_defined_only_in(leads, methods):
    """Tell whether no other addon extends some methods.

    :param leads: crm.lead
    :param dict methods: where each is defined, as far as it is known here
    :rtype: bool
    """
    return all(
        owner.__module__ in methods[name]
        for owner in type(leads).__mro__
        for name in methods.keys() & vars(owner).keys()
    )


def _compute_email_values(email):
    """Return what CRM computes of an address.

    :param email: of the lead, False for none
    :return: values of crm.lead
    :rtype: dict
    """
    found = tools.email_normalize_all(email) if email else []
    normalized = found[0] if found else False
    is_correct = any(map(mail_validation.mail_validate, found))
    return {
        "email_normalized": normalized,
        "email_domain_criterion": iap_tools.mail_prepare_for_domain_search(normalized),
        "email_state": bool(email) and ("correct" if is_correct else "incorrect"),
    }


def _compute_phone_values(leads, vals):
    """Return what CRM computes of a phone number.

    :param leads: an empty recordset of crm.lead
    :param dict vals: of the lead
    :return: values of crm.lead; none where CRM parses the number by the country of the lead
    :rtype: dict
    """
    phone = vals.get("phone")
    if not phone:
        return {"phone_sanitized": False, "phone_state": False}
    if vals.get(_PHONE_ISSUE) or not phone.startswith("+"):
        return {}
    country = leads.env["res.country"].browse(vals.get("country_id") or ())
    sanitized = leads._phone_format(number=phone, country=country)
    return {"phone_sanitized": sanitized, "phone_state": "correct" if sanitized else "incorrect"}


# === WHAT LEADS SHARE === #


def _group_by_inputs(leads, vals_list):
    """Group values of which CRM computes the same.

    :param leads: an empty recordset of crm.lead
    :param list[dict] vals_list: complete values
    :rtype: list[list[dict]]
    """
    groups, inputs = {}, {}
    for vals in vals_list:
        missing = tuple(name for name in NAMES if name not in vals)
        if missing not in inputs:
            inputs[missing] = sorted(_find_inputs(leads, missing, vals.keys()))
        key = (missing, *(str(vals.get(name)) for name in inputs[missing]))
        groups.setdefault(key, []).append(vals)
    return list(groups.values())


def _find_inputs(leads, names, known):
    """Return the fields on which others depend, down to those that have a value.

    :param leads: crm.lead
    :param names: of computed fields, iterable
    :param known: names of the fields that have a value
    :rtype: set[str]
    """
    # What this setting names can change without a new registry.
    pending, found, seen = [*names, *leads._pls_get_safe_fields()], set(), set()
    while pending:
        name = pending.pop()
        if name in seen:
            continue
        seen.add(name)
        field = leads._fields[name]
        if name in known or not field.compute:
            found.add(name)
            continue
        pending += [path.partition(".")[0] for path in leads.pool.field_depends[field]]
    return found


def _estimate_probabilities(drafts):
    """Have CRM estimate the probability of each draft as it does for a lead alone.

    Of several leads of a team without won or lost ones CRM leaves out the first, which stays at 0,
    and takes 50 % for the others.

    :param drafts: crm.lead
    """
    field = drafts._fields["automated_probability"]
    for same in drafts.grouped("team_id").values():
        first, others = same[:1], same[1:]
        field.compute_value(first)
        if not first.automated_probability:
            same.update(dict.fromkeys(_ESTIMATED, 0))
        elif others:
            field.compute_value(others)
