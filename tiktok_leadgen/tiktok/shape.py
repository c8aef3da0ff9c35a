"""Checks that a successful answer has the shape that TikTok documents.

Another shape is a fault of TikTok's or of a machine in between. Taken for an empty list it would
mean that every form, subscription or video is gone.
"""

from . import values
from .errors import UnparsableAnswerError


def require_object(owner, name):
    """Return an object of an answer.

    :param dict owner: what holds it
    :param str name: its key
    :rtype: dict
    :raise UnparsableAnswerError: if there is none
    """
    return _require_type(owner, name, dict)


def require_list(owner, name, of=dict):
    """Return a list of an answer; an empty one is fine.

    :param dict owner: what holds it
    :param str name: its key
    :param type of: what each of its items must be
    :rtype: list
    :raise UnparsableAnswerError: if there is none, or if an item is something else
    """
    found = _require_type(owner, name, list)
    if not all(isinstance(item, of) for item in found):
        raise missing(name)
    return found


def require_text(owner, name):
    """Return a text of an answer that must not be empty.

    :param dict owner: what holds it
    :param str name: its key
    :rtype: str
    :raise UnparsableAnswerError: if there is none
    """
    found = _require_type(owner, name, str)
    if not found:
        raise missing(name)
    return found


def require_uid(owner, name):
    """Return one of TikTok's ids, with all of its digits.

    :param dict owner: what holds it
    :param str name: its key
    :rtype: str
    :raise UnparsableAnswerError: if there is none
    """
    found = values.parse_uid(owner.get(name))
    if not found:
        raise missing(name)
    return found


def missing(name):
    """Return the error for an answer that lacks something.

    :param str name: the key of what is not there, or not of the documented type
    :rtype: UnparsableAnswerError
    """
    return UnparsableAnswerError(f"TikTok's answer lacks its {name}.", f"no_{name}")


def _require_type(owner, name, kind):
    found = owner.get(name)
    if not isinstance(found, kind):
        raise missing(name)
    return found
