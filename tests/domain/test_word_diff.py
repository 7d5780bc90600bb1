"""What changed in a text, word by word: laws and readable examples."""

from hypothesis import given
from hypothesis import strategies as st

from capacity_app.domain.text_diff import WordDiffKind, compare_words

WORDS = st.lists(st.sampled_from(["the", "law", "of", "2018", "移民统计", "قانون", ",", " ", "\n", "é"]), max_size=40)
TEXTS = st.one_of(st.text(max_size=60), WORDS.map("".join), WORDS.map(" ".join))


def _joined(before: str, after: str, kind: WordDiffKind) -> str:
    return "".join(piece.text for piece in compare_words(before, after) if piece.kind in {WordDiffKind.KEPT, kind})


@given(TEXTS, TEXTS)
def test_both_versions_can_be_read_from_the_comparison(before: str, after: str) -> None:
    assert _joined(before, after, WordDiffKind.REMOVED) == before
    assert _joined(before, after, WordDiffKind.ADDED) == after


@given(TEXTS)
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    assert all(piece.kind is WordDiffKind.KEPT for piece in compare_words(text, text))


def _marked(before: str, after: str) -> str:
    marks = {WordDiffKind.KEPT: "{}", WordDiffKind.REMOVED: "[-{}-]", WordDiffKind.ADDED: "[+{}+]"}
    return "".join(marks[piece.kind].format(piece.text) for piece in compare_words(before, after))


def test_only_the_changed_words_are_marked() -> None:
    assert _marked("The act of 2012 applies.", "The act of 2018 applies.") == "The act of [-2012-][+2018+] applies."
    assert _marked("", "New") == "[+New+]"
    assert _marked("移民存量统计", "移民流量统计") == "移民[-存-][+流+]量统计"


def test_a_text_that_was_written_anew_is_replaced_as_a_whole() -> None:
    before, after = "The register has always counted from six months.", "Boris: seen in the yearbook of 2024, page 12"
    assert _marked(before, after) == f"[-{before}-][+{after}+]"


def test_a_number_is_marked_whole() -> None:
    assert _marked("214,630", "221,400") == "[-214,630-][+221,400+]"
    assert _marked("of 12.5 %, then", "of 12.7 %, then") == "of [-12.5-][+12.7+] %, then"
    assert _marked("1\u202f234", "1\u202f235") == "[-1\u202f234-][+1\u202f235+]"


def test_very_long_texts_are_compared_without_waiting() -> None:
    before = "start " + "a b " * 4_000 + "end"
    after = "start " + "c d " * 4_000 + "end"
    first, *_, last = compare_words(before, after)
    assert (first.text.strip(), last.text.strip()) == ("start", "end")
    assert _joined(before, after, WordDiffKind.ADDED) == after
