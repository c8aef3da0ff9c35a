"""The state of one step of the set-up."""

import typing

STEPS = [("todo", "To do"), ("done", "Done"), ("warned", "Needs attention")]


class Step(typing.NamedTuple):
    """One step: its state, and what it found in a sentence."""

    state: str  # a key of `STEPS`
    text: str | bool = False
