"""In which languages a report stands: whose wording it is, who has reviewed it, and what is not translated."""

from collections import Counter
from collections.abc import Iterator, Sequence

from capacity_app.bilingual import second_texts
from capacity_app.catalogues import ENGLISH, Standing, program_languages
from capacity_app.domain.appraisal import Appraisal
from capacity_app.domain.instrument import Instrument
from capacity_app.domain.problems import N_
from capacity_app.domain.wordings import wording_places
from capacity_app.palette import OPEN_SIGN
from capacity_app.report.view.bodies import TablesBody
from capacity_app.report.view.pieces import Cell, Heading, Table, TableRow, Tone, row
from capacity_app.texts import PSEUDO, Texts
from capacity_app.wording import STANDING_WORDS, Wording, standing_of_words

UNREVIEWED = N_(
    "The wording of the questions in {language} was made with the help of a machine and has not been reviewed. Where "
    "it matters, the original in {original} counts; see the translation notes."
)
Text = tuple[str, str]
"""A text of the instrument: its key and how it reads in the original."""


def _languages(words: Wording) -> tuple[Texts, ...]:
    """Return the languages of the report that are not the instrument's own."""
    second = second_texts(words)
    both = (words.texts, second) if second else (words.texts,)
    return tuple(one for one in both if one.language not in {words.dossier.instrument.language, PSEUDO})


def _owner(instrument: Instrument, key: str) -> tuple[str, str]:
    """Return the part of the instrument a text belongs to, by its id, and the printed number of its question."""
    owner = key.partition("|")[0]
    question = instrument.question_by_id.get(owner)
    if question is not None:
        return instrument.section_of[owner].id, question.number
    section = next((one for one in instrument.sections if one.id == owner), None)
    return (section.id, section.number) if section else ("", "")


def _missing(instrument: Instrument, texts: Texts) -> tuple[Text, ...]:
    """List what has no wording in a language."""
    return tuple(
        (key, text) for key, text in wording_places(instrument) if not texts.is_worded(instrument.id, key, text)
    )


def unreviewed(words: Wording) -> tuple[str, ...]:
    """Warn of every language of the report whose wording no person has signed off; empty if there is none."""
    instrument = words.dossier.instrument
    return tuple(
        words.say(
            UNREVIEWED,
            language=words.texts.language_name(one.language),
            original=words.texts.language_name(instrument.language),
        )
        for one in _languages(words)
        if one.standing(instrument.id, instrument.version) is not Standing.REVIEWED
    )


def unreviewed_program(words: Wording) -> tuple[str, ...]:
    """Warn where no person has signed off the program's own words in the language of the report."""
    if standing_of_words(words.texts) is Standing.REVIEWED:
        return ()
    sentence = N_(
        "The headings and sentences of the program in {language} were made with the help of a machine and have not "
        "been reviewed for this version of it."
    )
    return (words.say(sentence, language=words.texts.language_name(words.texts.language)),)


def _program_cell(words: Wording, language: str) -> Cell:
    """Say who stands for the program's own words, which are in the first language only."""
    if language != words.texts.language or language not in program_languages():
        return Cell("–", tone=Tone.MUTED)
    if language == ENGLISH:
        return Cell(words.say(N_("the original")))
    standing = standing_of_words(words.texts)
    said = words.say(STANDING_WORDS[standing])
    return Cell(said) if standing is Standing.REVIEWED else Cell(said, sign=OPEN_SIGN, tone=Tone.OPEN)


def _state(words: Wording, one: Texts, missing: Sequence[Text]) -> tuple[Cell, Cell]:
    """Say who stands for a wording, and how much of it there is."""
    instrument, count = words.dossier.instrument, len(missing)
    standing = one.standing(instrument.id, instrument.version)
    said = words.say(STANDING_WORDS[standing])
    reviewed = Cell(said) if standing is Standing.REVIEWED else Cell(said, sign=OPEN_SIGN, tone=Tone.OPEN)
    if not count:
        return reviewed, Cell(words.say(N_("complete")))
    sentence = words.ngettext("{count} text is missing", "{count} texts are missing", count)
    return reviewed, Cell(sentence, sign=OPEN_SIGN, tone=Tone.OPEN)


def _languages_table(appraisal: Appraisal, words: Wording, lacking: Sequence[tuple[Texts, Sequence[Text]]]) -> Table:
    """List the languages with the state of their wording, and in how many answers each was used to ask."""
    say, instrument = words.say, words.dossier.instrument
    asked = Counter(answer.language for answer in appraisal.dossier.answers if answer.language)
    shown = {instrument.language: (Cell(say(N_("the original"))), Cell(say(N_("complete"))))}
    shown |= {one.language: _state(words, one, missing) for one, missing in lacking}
    for language in sorted(set(asked) - set(shown)):
        texts = Texts(language)
        shown[language] = _state(words, texts, _missing(instrument, texts))
    rows = (
        row(
            words.texts.language_name(language),
            *state,
            _program_cell(words, language),
            words.texts.number(asked[language]),
        )
        for language, state in shown.items()
    )
    headings = (
        Heading(say(N_("Language")), 20), Heading(say(N_("Wording of the questions")), 24),
        Heading(say(N_("Completeness")), 18), Heading(say(N_("Words of the program")), 24),
        Heading(say(N_("Answers given with it")), 14, "number"),
    )  # fmt: skip
    return Table(headings, tuple(rows), style="compact")


def _missing_rows(words: Wording, missing: Sequence[Text]) -> Iterator[TableRow]:
    instrument, last = words.dossier.instrument, None
    titles = {section.id: f"{section.number} {section.title}".strip() for section in instrument.sections}
    for key, text in missing:
        section, number = _owner(instrument, key)
        if section != last:
            yield TableRow(group=titles.get(section, "") or words.say(N_("The instrument as a whole")))
            last = section
        yield row(Cell(number or "–", tone=Tone.STRONG), text)


def _missing_table(words: Wording, one: Texts, missing: Sequence[Text]) -> tuple[str, Table]:
    say = words.say
    title = say(N_("Not worded in {language}"), language=words.texts.language_name(one.language))
    headings = (Heading(say(N_("No.")), 12), Heading(say(N_("Text in the original, as it is printed")), 88))
    return title, Table(headings, tuple(_missing_rows(words, missing)), style="compact")


def _lead(words: Wording) -> Iterator[str]:
    name, say, texts = words.texts.language_name, words.say, words.texts
    original, second = words.dossier.instrument.language, second_texts(words)
    if texts.language == original:
        yield say(
            N_("This report is in {language}, the language in which the instrument was written."),
            language=name(original),
        )
    else:
        yield say(
            N_("This report is in {language}; the instrument was written in {original}."),
            language=name(texts.language),
            original=name(original),
        )
    if second:
        yield say(N_("The questions and chosen answers stand in {language} beside it."), language=name(second.language))
    if texts.language not in (*program_languages(), PSEUDO):
        yield say(N_("The program’s own headings and sentences are not translated; they stand in English."))
    yield say(N_("What people typed is printed as they typed it and never translated."))


def translation_body(appraisal: Appraisal, words: Wording) -> TablesBody:
    """Build the annex: the languages with the state of their wording, and every text that is not translated."""
    lacking = [(one, _missing(words.dossier.instrument, one)) for one in _languages(words)]
    state = (words.say(N_("Languages")), _languages_table(appraisal, words, lacking))
    lists = (_missing_table(words, one, missing) for one, missing in lacking if missing)
    return TablesBody((state, *lists), (*_lead(words), *unreviewed(words), *unreviewed_program(words)))
