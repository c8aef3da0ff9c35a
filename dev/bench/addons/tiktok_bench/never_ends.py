import time

from odoo.addons.tiktok_leadgen.tiktok import lead

MARK = "bench-never-ends"
_parse_lead = lead.parse_lead


def parse_lead(raw):
    """Parse a lead; one with the mark keeps its process busy until it is killed.

    :param str raw: of `lead.parse_lead`
    """
    while MARK in raw:
        time.sleep(1)
    return _parse_lead(raw)


lead.parse_lead = parse_lead
