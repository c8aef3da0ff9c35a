"""Bounds of one lead: what is over them is kept, and not read."""

import collections

from . import values

# A form has some dozens of questions, each answered by a text or a few choices.
MAX_ENTRY_CHARS = 256 * 1024  # of one lead, as JSON in ASCII: 40,000 letters of any alphabet
MAX_ANSWERS = 500  # of one lead
MAX_VALUES = 500  # of one answer
DEEPEST = 100  # levels; a lead has four


def find_exceeded_bound(entry, raw):
    """Return which bound an entry exceeds: what is over it would hold up the other leads.

    :param dict entry: in the documented shape
    :param str raw: the same as JSON
    :return: one of `payload.REASONS`, empty for none
    :rtype: str
    """
    if raw.count("[") + raw.count("{") > DEEPEST and _is_nested_too_deep(entry):
        return "too_deep"
    if len(raw) > MAX_ENTRY_CHARS:
        return "too_long"
    changes = entry.get("changes")
    if not isinstance(changes, list):
        return ""
    if len(changes) > MAX_ANSWERS:
        return "too_many_answers"
    counts = collections.Counter()
    for change in changes:
        value = change.get("value") if isinstance(change, dict) else None
        if isinstance(value, (list, dict)):  # one text is one value
            counts[values.join_texts(change.get("field"))] += len(values.list_texts(value))
    return "too_many_values" if max(counts.values(), default=0) > MAX_VALUES else ""


def _is_nested_too_deep(content):
    """Tell whether content is nested deeper than answers ever are.

    What can just be parsed here may be too deep where less of the stack is left.

    :param content: parsed JSON
    :rtype: bool
    """
    stack = [(content, 1)]
    while stack:
        part, depth = stack.pop()
        if depth > DEEPEST:
            return True
        inner = part.values() if isinstance(part, dict) else part
        stack += [(each, depth + 1) for each in inner if isinstance(each, (dict, list))]
    return False
