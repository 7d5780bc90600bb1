"""What a key or a button makes of an answer: pure changes of its content."""

from dataclasses import replace

from capacity_app.domain.answers import Content, State, Value
from capacity_app.ui.questionnaire.keys import Act

STATES = {Act.UNKNOWN: State.UNKNOWN, Act.DECLINED: State.DECLINED}
"""The states that need nothing but a key."""


def with_state(content: Content, state: State) -> Content:
    """Set a state, or take it back if it is set already; note and evidence stay."""
    wanted = State.NOT_ASKED if content.state is state else state
    return replace(content, state=wanted, value=None, reason="")


def with_value(content: Content, value: Value) -> Content:
    """Answer with a value; None opens the answer again."""
    state = State.NOT_ASKED if value is None else State.ANSWERED
    return replace(content, state=state, value=value, reason="")


def with_note(content: Content, added: str) -> Content:
    return replace(content, note=f"{content.note}\n{added}".strip())


def cleared(content: Content) -> Content:
    """Open an answer again; note and evidence stay."""
    return replace(content, state=State.NOT_ASKED, value=None, reason="")
