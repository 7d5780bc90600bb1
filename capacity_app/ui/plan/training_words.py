"""What is said about a training need, cell by cell and as a first text for an action."""

from dataclasses import dataclass

from capacity_app.domain.assessment import Action
from capacity_app.domain.instrument import Column, Question
from capacity_app.domain.training import TYPES, Need, TrainingNeeds, actions_for
from capacity_app.ui.look.lines import forward
from capacity_app.ui.registers.entry_words import Vocabulary

_NOTHING = "–"


@dataclass(slots=True)
class TrainingWords:
    """The words about the needs shown now, with the actions that meet them."""

    words: Vocabulary
    found: TrainingNeeds | None = None
    actions: tuple[Action, ...] = ()

    def say(self, sentence: str) -> str:
        return self.words.texts.gettext(sentence)

    def number(self, count: int) -> str:
        return self.words.texts.number(count)

    def topic(self, need: Need) -> str:
        return self.words.wording.topic(need)

    def level(self, need: Need) -> str:
        """Say the level now and the one wanted: "1 → 2"."""
        if need.is_out:
            return self.say("not applicable")
        now, wanted = ("?" if level is None else self.number(level) for level in (need.level, need.target))
        return f"{now} {forward(self.words.texts)} {wanted}"

    def _options(self, column: Column | None, chosen: tuple[str, ...]) -> str:
        if column is None or self.found is None or self.found.question is None:
            return _NOTHING
        known = [column.option_by_id[one] for one in chosen if one in column.option_by_id]
        return (
            self.words.texts.listed(self.words.wording.option(self.found.question, column, option) for option in known)
            or _NOTHING
        )

    def priority(self, need: Need) -> str:
        columns = self.found.columns if self.found else None
        return self._options(columns.priority, (need.priority,)) if columns else _NOTHING

    def help(self, need: Need) -> str:
        columns = self.found.columns if self.found else None
        return self._options(columns.help, need.help) if columns else _NOTHING

    def who(self, need: Need) -> str:
        return self.words.texts.listed(self.words.wording.agency(one) for one in need.who) or _NOTHING

    def course(self, need: Need) -> str:
        """Say whether staff were trained in the last years."""
        if need.trained is None:
            return _NOTHING
        return self.say("yes") if need.trained else self.say("no")

    def planned(self, need: Need) -> str:
        """Say how many actions are training or assistance about it."""
        count = len(actions_for(need, self.actions))
        return self.number(count) if count else self.say("none yet")

    def sentence(self, need: Need) -> str:
        """Say in a sentence what a topic needs."""
        texts = self.words.texts
        if need.is_out:
            return texts.gettext("The topic does not apply here.")
        if need.address is None:
            return ""
        if need.level is None:
            return texts.gettext("Nobody has said yet what staff can do: ask in the supplement.")
        anchor = self.words.wording.anchors(self._question, self._level_column)[need.level]
        if need.steps:
            said = texts.ngettext("{count} level more is wanted.", "{count} levels more are wanted.", need.steps)
            return f"{anchor} {said.format(count=self.number(need.steps))}"
        return anchor

    @property
    def _question(self) -> Question:
        assert self.found is not None
        assert self.found.question is not None, "a level was asked"
        return self.found.question

    @property
    def _level_column(self) -> Column:
        assert self.found is not None
        assert self.found.columns is not None, "a level was asked"
        return self.found.columns.level

    def suggestion(self, need: Need) -> str:
        """Give the instrument's next step for a topic, empty if it has none."""
        if need.address is None or need.level is None or need.level >= len(self._level_column.actions):
            return ""
        step = need.level
        text = self._level_column.actions[step]
        return self.words.wording.field_part(self._question, self._level_column, f"action {step + 1}", text)

    def action(self, need: Need, action_id: str) -> Action:
        """Make an action of a need: its topic and next step, the gaps that point to it, for whom."""
        suggestion, topic = self.suggestion(need), self.topic(need)
        pattern = self.say("{topic}: {step}")
        known = {code for code, _ in self.words.codes("action_type")}
        wanted = next((one for one in (*need.help, *sorted(TYPES, reverse=True)) if one in TYPES & known), "")
        who = self.words.texts.listed(self.words.title_of("agencies", one) for one in need.who)
        return Action(
            id=action_id,
            title=pattern.format(topic=topic, step=suggestion or self.say("training")),
            gaps=tuple(str(gap.address) for gap in need.gaps),
            type=wanted,
            note=self.say("For: {agencies}").format(agencies=who) if who else "",
        )
