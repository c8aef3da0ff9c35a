"""Post to one address and take the time."""

import http.client
import time
import urllib.parse


def post(url, body, timeout=60):
    """Post JSON over a connection of its own.

    :param bytes body: JSON
    :return: the status, or None if no whole answer came, and how many seconds it took
    :rtype: tuple
    """
    parts = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=timeout)
    headers = {"Content-Type": "application/json"}
    began = time.monotonic()
    try:
        connection.request("POST", f"{parts.path}?{parts.query}", body, headers)
        response = connection.getresponse()
        response.read()
        return response.status, time.monotonic() - began
    except (OSError, http.client.HTTPException):
        return None, time.monotonic() - began
    finally:
        connection.close()
