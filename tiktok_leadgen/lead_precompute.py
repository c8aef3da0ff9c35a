"""Compute CRM's stored fields of new leads before the INSERT, so that each row is written once.

Odoo computes them after the INSERT and then updates each row, and with it some forty indexes.
"""

# Of crm.lead: stored, computed by CRM alone from the values of the lead.
NAMES = (
    *("automated_probability", "date_last_stage_update", "date_open", "day_close", "day_open"),
    *("email_domain_criterion", "email_normalized", "email_state", "phone_sanitized"),
    *("phone_state", "probability", "prorated_revenue", "recurring_revenue_monthly"),
    *("recurring_revenue_monthly_prorated", "recurring_revenue_prorated", "won_status"),
)


def add_computed_values(leads, vals_list):
    """Add what CRM computes to the values of new leads.

    :param leads: an empty recordset of crm.lead
    :param list[dict] vals_list: complete values; changed in place
    """
    drafts = leads.concat(*(leads.new(vals) for vals in vals_list))
    fields = [leads._fields[name] for name in NAMES]
    for draft, vals in zip(drafts, vals_list, strict=True):
        missing = [field for field in fields if field.name not in vals]
        for field in missing:
            vals[field.name] = field.convert_to_write(draft[field.name], leads)
        vals["__precomputed__"] = {*vals.get("__precomputed__", ()), *missing}  # of Odoo's `create`


def protect_computed_values(leads, data_list):
    """Have Odoo not compute again what `add_computed_values` added.

    :param leads: an empty recordset of crm.lead
    :param list[dict] data_list: of `_create`; changed in place
    """
    fields = {leads._fields[name] for name in NAMES}
    for data in data_list:
        data["protected"] |= fields
