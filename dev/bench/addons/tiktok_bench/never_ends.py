import time

from odoo.addons.tiktok_leadgen.tiktok import lead

MARK = "bench-never-ends"
_read = lead.read


def read(raw):
    """Read a lead; one with the mark keeps its process busy until it is killed.

    :param str raw: of `lead.read`
    """
    while MARK in raw:
        time.sleep(1)
    return _read(raw)


lead.read = read
