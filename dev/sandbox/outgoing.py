"""The only door for requests that the sandbox sends: it stays on this machine."""

import requests


class Blocked(requests.RequestException):
    """The address is not on this machine and was not allowed."""


def request(world, method, url, **options):
    """Send a request; names that a test owns are led to their real address.

    :param World world: knows which addresses are allowed
    :param dict options: as for ``requests.request``; redirects are not followed
    :rtype: requests.Response
    :raise requests.RequestException: if no answer comes
    """
    address, host = world.real_address(url)
    if not world.may_call(address):
        raise Blocked("the address is not on this machine")
    options["headers"] = {**options.get("headers", {}), "Host": host}
    with requests.Session() as session:
        session.trust_env = False  # a proxy of the environment has no business here
        return session.request(method, address, allow_redirects=False, **options)


def reason(error):
    """Say in a few words why no answer came.

    :param requests.RequestException error: what was raised
    :rtype: str
    """
    if isinstance(error, Blocked):
        return "not sent: the address is not on this machine (--allow-host opens it)"
    if isinstance(error, requests.Timeout):
        return "no answer in time"
    return f"no answer: {type(error).__name__}"
