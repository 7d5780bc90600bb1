"""What came back to the example's dossier: files, remarks and answers of an earlier version, every text its own."""

from dataclasses import replace

from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.registers import Remark, RetiredAnswer, RetiredAnswerStatus, ReturnedFile
from tests.outputs.example import Filler, report_dossier
from tests.outputs.hostile import SAMPLES


def with_returned(dossier: Dossier | None = None) -> Dossier:
    """Return a dossier two files that came back, three remarks and three kept answers."""
    filled = Filler(first=501)
    return replace(
        dossier or report_dossier(),
        returns=(
            filled(
                ReturnedFile,
                id="r1",
                file_name="statistics office.xlsx",
                document="b2" * 32,
                size=48_000,
                agency="nso",
                date="2018-12-10",
                taken_in="2018-12-12T08:30:00+00:00",
                signature="signed_edited",
                unplaced=("Sheet9, A1: a text between the lines", "Sheet9, A2: and another one"),
            ),
            filled(ReturnedFile, id="r2", agency="", date="", document="", media_type="", taken_in="", signature=""),
        ),
        remarks=(
            filled(Remark, id="k1", address="b.policy/a", agency="nso", date="2018-12-10", returned="r1"),
            filled(Remark, id="k2", address="a.law", agency="moi", date="2018-12", returned="r1"),
            filled(Remark, id="k3", address="no such place", agency="", author="", date="", returned="gone", place=""),
        ),
        kept=(
            filled(
                RetiredAnswer,
                id="o1",
                fate=RetiredAnswerStatus.TO_CONFIRM,
                address="b.old",
                layer="response",
                respondent="nso",
                state="answered",
                value="2",
                time="2016-05-04T10:00:00+00:00",
                language="fr",
                target="b.known",
                evidence=("e1", "e-gone"),
            ),
            filled(
                RetiredAnswer,
                id="o2",
                address="b.gone",
                layer="judgement",
                respondent="",
                state="unknown",
                value="",
                answered="",
                time="",
                language="",
                target="",
            ),
            filled(
                RetiredAnswer,
                id="o3",
                address="b.gone/x",
                layer="other",
                respondent="moi",
                state="odd",
                value="",
                answered="",
                time="",
                language="",
                target="",
            ),
        ),
    )


def hostile_returned() -> Dossier:
    """Put every text that breaks pages into remarks, what has no place, and answers of an earlier version."""
    numbered = [f"№ {number:03d} {sample}" for number, sample in enumerate(SAMPLES)]
    return replace(
        report_dossier(),
        returns=(ReturnedFile(id="r1", file_name=numbered[0], person=numbered[1], unplaced=tuple(numbered)),),
        remarks=tuple(
            Remark(id=f"k{number}", address="a.law", text=text, author=text, place=text, returned="r1")
            for number, text in enumerate(numbered)
        ),
        kept=tuple(
            RetiredAnswer(
                id=f"o{number}", number=text, wording=text, answered=text, reason=text, note=text, author=text
            )
            for number, text in enumerate(numbered)
        ),
    )
