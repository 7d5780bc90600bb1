"""How hard the wording is to follow: long sentences, quoted, and long words; measures that hold for every language."""

from collections.abc import Iterator
from statistics import fmean

from capacity_app.domain.instrument import Instrument, Question, Section
from capacity_app.domain.problems import N_
from capacity_app.instruments.editing.kinds import RemarkKind, Remarks
from capacity_app.instruments.editing.measures import is_english, length, sentences, words
from capacity_app.instruments.editing.spots import question_place, section_place

LONG = 25
"""Words from which a sentence is long."""
_LONGEST_ASKED = 35
"""Words of a sentence that is read out to somebody."""
_SHARE = 0.25
_LEAST = 8
"""Sentences a part needs before a share says anything."""
_LETTERS, _LEAST_WORDS = 6.6, 200


def note_lengths(instrument: Instrument, remarks: Remarks) -> None:
    """Note what is read out and too long, and parts whose wording is heavy."""
    for section in instrument.sections:
        heard = [(question, sentence) for question in section.questions for sentence in _heard(question)]
        for question, sentence in heard:
            count = length(sentence, instrument.language)
            if count > _LONGEST_ASKED:
                message = N_("A sentence that is read out has {count} words: “{text}”")
                advice = N_("Ask in one short sentence, and explain in a second one or in the guidance.")
                remarks.note(RemarkKind.LENGTH, "asked", question_place(section, question), message, advice,
                             count=count, text=sentence)  # fmt: skip
        _note_heavy(section, [sentence for _question, sentence in heard], instrument, remarks)


def _heard(question: Question) -> Iterator[str]:
    """Go through the sentences respondents hear or read."""
    for text in (question.text, question.respondent_help):
        yield from sentences(text)
    for field in (question, *question.columns):
        for anchor in field.anchors:
            yield from sentences(anchor)


def _note_heavy(section: Section, heard: list[str], instrument: Instrument, remarks: Remarks) -> None:
    counts = [length(sentence, instrument.language) for sentence in heard]
    long = [count for count in counts if count > LONG]
    if len(counts) >= _LEAST and len(long) > _SHARE * len(counts):
        message = N_("{count} of {all} sentences have more than {most} words. The longest: “{text}”")
        advice = N_("Shorten the longest ones; respondents translate them in their heads.")
        remarks.note(RemarkKind.LENGTH, "share", section_place(section), message, advice,
                     count=len(long), all=len(counts), most=LONG, text=heard[counts.index(max(counts))])  # fmt: skip
    letters = [len(word) for sentence in heard for word in words(sentence)]
    if is_english(instrument) and len(letters) >= _LEAST_WORDS and fmean(letters) > _LETTERS:
        longest = max((word for sentence in heard for word in words(sentence)), key=len)
        message = N_("Its words have {mean} letters on average, more than a newspaper's; the longest is “{text}”.")
        advice = N_("Use the words respondents use themselves.")
        remarks.note(RemarkKind.LENGTH, "words", section_place(section), message, advice,
                     mean=f"{fmean(letters):.1f}", text=longest)  # fmt: skip
