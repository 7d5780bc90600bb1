"""What messages about contradictions quote: answers and options that are there in these words."""

import re
from difflib import get_close_matches

from capacity_app.domain.instrument import Instrument
from capacity_app.domain.problems import N_
from capacity_app.domain.wordings import wording_places
from capacity_app.instruments.editing.kinds import RemarkKind, Remarks
from capacity_app.instruments.editing.measures import folded
from capacity_app.instruments.findings import inside

_IN_QUOTES = re.compile(r"[“\"«„]([^“”\"«»„]{2,160})[”\"»“]")
_SAID = frozenset({"yes", "no", "partly", "not applicable", "unknown", "declined", "n a"})
_MOST_COMPARED = 400


def note_quotations(instrument: Instrument, remarks: Remarks) -> None:
    """Note quotations in messages that no text of the questions has."""
    quoted = [(entry, found[1]) for entry in instrument.contradictions for found in _IN_QUOTES.finditer(entry.message)]
    if not quoted:
        return
    texts = [text for key, text in wording_places(instrument) if not key.startswith("contradictions|")]
    whole = "\n".join(map(folded, texts))
    for entry, quotation in quoted:
        words = folded(quotation)
        if not words or words in _SAID or words in whole:
            continue
        place = inside("", "contradiction", entry.id)
        near = get_close_matches(quotation, [text for text in texts if len(text) < 2 * len(quotation)][:_MOST_COMPARED],
                                 n=1)  # fmt: skip
        if near:
            message = N_("The message quotes “{text}”, which is worded otherwise: “{near}”")
            advice = N_("Quote it as the officer reads it beside the question.")
            remarks.note(RemarkKind.REFERENCE, "quotation", place, message, advice, text=quotation, near=near[0])
        else:
            message = N_("The message quotes “{text}”, which no question or option says.")
            advice = N_("Quote it as the officer reads it beside the question.")
            remarks.note(RemarkKind.REFERENCE, "quotation", place, message, advice, text=quotation)
