"""What files hand over to the next step."""

import pytest

from indicators.pipeline.shapes import CheckedFile, FormSpec, ItemSpec, ProblemSpec
from indicators.vocabulary import ItemKind, Respondent, Selection, Severity


@pytest.mark.parametrize("severity", list(Severity))
def test_only_a_blocking_problem_keeps_a_file_out(severity):
    found = CheckedFile(problems=(ProblemSpec(severity, "kind"),))
    assert found.is_acceptable is (severity is not Severity.BLOCK)


def test_a_form_knows_its_item_of_a_kind():
    school = ItemSpec("school", "school", ItemKind.SCHOOL, ("", "", ""))
    form = FormSpec("student", "1", Respondent.STUDENT, Selection.CENSUS, (school,))
    assert form.of_kind(ItemKind.SCHOOL) is school
    assert form.of_kind(ItemKind.CONSENT) is None
