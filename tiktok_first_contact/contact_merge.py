"""What a merge of leads keeps of the contact with their person."""


def find_number(lead):
    """Return the number by which a lead is called.

    :param crm.lead lead: with its phone
    :return: E.164 if it is a number, else as it was entered; empty if there is none
    :rtype: str
    """
    return lead.phone_sanitized or lead.phone or ""


def _merge_next_try(name, leads):
    """Return the earliest time, unless another lead of the person has its first contact.

    :param str name: of the field
    :param leads: crm.lead that are merged, the most important one first
    :rtype: datetime | bool
    """
    contacted = leads.filtered("tiktok_first_contact_at")
    return min(filter(None, (contacted or leads).mapped(name)), default=False)


def _merge_wrong_number(name, leads):
    """Tell whether the number that stays is marked: that of the first lead with one.

    :param str name: of the field
    :param leads: crm.lead that are merged, the most important one first
    :rtype: bool
    """
    number = find_number(leads.filtered("phone")[:1])
    return any(lead[name] for lead in leads if find_number(lead) == number)


# By the name of a field, the function that merges it.
MERGED = {
    "tiktok_next_try_at": _merge_next_try,
    "tiktok_try_remind_at": _merge_next_try,
    "tiktok_is_wrong_number": _merge_wrong_number,
}
