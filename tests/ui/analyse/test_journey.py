"""A morning with the scores page: from the first look to the number that is doubted, settled and kept."""

from collections.abc import Callable

import pytest
from PySide6.QtTest import QTest

from capacity_app.domain.assessment.answers import Address
from capacity_app.i18n.translator import Translator
from capacity_app.services.result_tables import assessment_results
from capacity_app.ui.pages.analyse.scores_page import ScoresPage
from tests.ui.analyse.test_scores import with_earlier_round, words_in
from tests.ui.analyse.test_weights import weights
from tests.ui.office import Office

AtWork = Callable[..., Office]


@pytest.mark.check
def test_an_officer_doubts_a_score_settles_it_weighs_it_and_finds_it_again(at_work: AtWork) -> None:
    office = at_work(with_earlier_round())
    texts = Translator()
    office.press("Ctrl+3")
    page = office.desk.page("scores")
    assert isinstance(page, ScoresPage)
    assert page.isVisible()

    # The first Tab stop is the overall score; it opens to its arithmetic.
    office.tab_to("figure_overall")
    office.press("Return")
    assert "Σ w × S ÷ Σ w" in words_in(page.overall)
    office.press("Return")

    # Section i lies lower than thought: open it and go to the question two agencies answered differently.
    office.tab_to("section_i")
    office.press("Return")
    panel = page.sections.rows["i"].panel
    assert panel is not None
    office.tab_to("parts")
    before = page.sections.rows["i"].head.accessibleName()
    panel.tree.setCurrentIndex(panel.tree.model().index(0, 0))
    office.press("Return")
    assert office.desk.address == Address("i.law")
    assert office.desk.page_name == "questionnaire"

    # The ministry takes back its 1: both now say 3, and the score follows.
    office.desk.controller.respondent = "agency-moi"
    office.settle()
    office.press("3")
    office.press("Ctrl+3")
    assert page.sections.rows["i"].head.accessibleName() != before
    results = assessment_results(office.session)
    assert texts.number(results.scorecard.overall.lower or 0, 1) in words_in(page.overall.figures["interval"])

    # It counts twice, and that is undone and done again.
    office.tab_to("own_weight_i")
    page.weights.fields["i"].selectAll()
    office.write("2")
    office.press("Return")
    assert weights(office) == ["i=2"]
    office.press("Ctrl+Z")
    assert weights(office) == []
    office.press("Ctrl+Y")
    assert weights(office) == ["i=2"]
    shown = page.sections.rows["i"].head.accessibleName()

    # Another day everything stands as it was left.
    office.until_saved()
    file = office.session.file
    office.come_back()
    office.open(file)
    office.press("Ctrl+3")
    again = office.desk.page("scores")
    assert isinstance(again, ScoresPage)
    assert again.sections.rows["i"].head.accessibleName() == shown
    assert again.weights.fields["i"].text() == "2"
    QTest.qWait(1)
