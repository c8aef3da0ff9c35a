"""Domains of disposable e-mail addresses: of a maintained library, if it is installed."""

try:
    from disposable_email_domains import blocklist
except ImportError:  # optional: `pip install disposable-email-domains`
    blocklist = frozenset()


def is_list_installed():
    """Tell whether this server has the library.

    :rtype: bool
    """
    return bool(blocklist)


def is_disposable(email):
    """Tell whether an address is of a domain that gives addresses for minutes.

    :param str email: normalized, or empty
    :return: False where the library is not installed
    :rtype: bool
    """
    domain = (email or "").rpartition("@")[2].lower()
    parents = [domain.split(".", number)[-1] for number in range(domain.count("."))]
    return any(each in blocklist for each in parents)
