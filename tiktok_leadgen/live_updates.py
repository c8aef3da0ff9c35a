"""Tell open pages of a company that something changed: they then read it again.

A message holds the company's number and nothing else. Who may listen is decided when a page
subscribes (`ir.websocket`), what a page shows by the rights of its user.
"""

CHANNEL = "tiktok_company_"  # and the company's number: the name by which a page subscribes
SUBCHANNEL = "tiktok"
BUS_TYPE = "tiktok_update"
_SENT = "tiktok_leadgen.updated_companies"


def notify_pages(companies):
    """Notify the open pages of companies at the commit, once in a transaction.

    :param companies: res.company
    """
    sent = companies.env.cr.precommit.data.setdefault(_SENT, set())
    for company in companies:
        if company.id not in sent:
            sent.add(company.id)
            message = {"company_id": company.id}
            company.env["bus.bus"].sudo()._sendone((company, SUBCHANNEL), BUS_TYPE, message)


def resolve_channels(env, channels, group):
    """Replace the names of companies' channels by the channels the user may listen to.

    :param odoo.api.Environment env: of the user
    :param list channels: that a page asks for
    :param str group: whose users may listen
    :return: the others as they are, and the companies' channels
    :rtype: list
    """
    names = [each for each in channels if isinstance(each, str) and each.startswith(CHANNEL)]
    others = [each for each in channels if each not in names]
    if not names or not env.user.has_group(group):
        return others
    allowed = env.user.company_ids
    own = [company for company in allowed if f"{CHANNEL}{company.id}" in names]
    return [*others, *((company, SUBCHANNEL) for company in own)]
