"""What odd answers mean and which rows do not count: decided once, the same on every way in."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from indicators.actions.left_out_rows import leave_out_rows, take_back_rows
from indicators.actions.previews import compute_preview, request_preview
from indicators.actions.receive import describe_upload
from indicators.actions.upload_check import CheckedUpload, UploadClosed, list_problems
from indicators.actions.uploads import accept_upload, check_upload, receive_upload, withdraw_upload
from indicators.actions.values import ValueNotAsked, map_suggested_values, map_values
from indicators.models import (
    Dataset,
    Item,
    ItemVersion,
    LeftOutRow,
    Scale,
    Upload,
    ValueMapping,
    Wave,
)
from indicators.pipeline.shapes import CheckedFile, DoubtfulValue
from indicators.queries.answers import answers_of
from indicators.queries.import_context import version_in_wave
from indicators.queries.values import saved_values
from indicators.vocabulary import FileKind, ItemKind, PreviewStep
from tests.actions.upload_cases import teachers

ICT = "t_comp_ict"


def loaded(demo: Any, officer: Any, **columns: Any) -> Upload:
    wave = Wave.objects.get(project=demo, code="W1")
    upload = receive_upload(
        project=demo,
        file_name="t.csv",
        content=teachers(**columns),
        kind=FileKind.SURVEY,
        wave=wave,
        version=version_in_wave(project=demo, wave=wave, instrument="teacher"),
        by=officer,
    )
    return check_upload(upload=upload, by=officer)


def stored(name: str) -> list[int]:
    return answers_of(Dataset.objects.get(), [name])[name].tolist()


@pytest.fixture
def years(demo: Any) -> Item:
    """A question for a number, which the demo has none of."""
    wave = Wave.objects.get(project=demo, code="W1")
    version = version_in_wave(project=demo, wave=wave, instrument="teacher")
    assert version is not None
    item = Item.objects.create(
        instrument=version.instrument, name="t_years", kind=ItemKind.NUMBER, label_en="Years"
    )
    ItemVersion.objects.create(item=item, version=version, name_in_version="t_years", position=99)
    return item


def test_a_text_may_mean_a_number_or_no_answer(demo, officer, years):
    upload = loaded(demo, officer, t_years=("ten", "7", "many"))
    choices = {("t_years", "ten"): "10", ("t_years", "many"): ""}
    map_values(upload=upload, choices=choices, by=officer)
    kept = {row.key: (row.number, row.option, str(row)) for row in ValueMapping.objects.all()}
    assert kept == {"ten": (10, None, "ten: 10"), "many": (None, None, "many: –")}
    accept_upload(upload=upload, by=officer)
    assert stored("t_years")[:3] == [10, 7, -128]


@pytest.mark.parametrize("meaning", ["ten", "10,5", "-128", "010", "9" * 20, " 10"])
def test_what_is_no_number_is_refused(demo, officer, years, meaning):
    upload = loaded(demo, officer, t_years=("ten", "7"))
    with pytest.raises(ValueNotAsked):
        map_values(upload=upload, choices={("t_years", "ten"): meaning}, by=officer)
    assert not ValueMapping.objects.exists()


def test_a_value_means_one_thing(demo, years):
    scale = Scale.objects.filter(project=demo).first()
    assert scale is not None
    with pytest.raises(IntegrityError), transaction.atomic():
        ValueMapping.objects.create(
            item=years, value="x", key="x", number=1, option=scale.options.first()
        )


def test_another_decision_takes_the_place_of_the_first(demo, officer):
    upload = loaded(demo, officer, t_comp_ict=("excellent", "Good"))
    for meaning in ("5", "4", ""):
        map_values(upload=upload, choices={(ICT, "EXCELLENT "): meaning}, by=officer)
        assert ValueMapping.objects.get().meaning == meaning
        upload.refresh_from_db()
        assert upload.value_mapping == {ICT: {"excellent": meaning}}
    map_values(upload=upload, choices={(ICT, "excellent"): None, (ICT, "good"): "4"}, by=officer)
    upload.refresh_from_db()
    assert upload.value_mapping == {ICT: {"good": "4"}}
    assert saved_values(upload.version) == {ICT: {"good": "4"}}
    assert saved_values(None) == {}


def test_many_decisions_cost_no_more_queries(demo, officer):
    def n_queries(n: int) -> int:
        words = [f"word {n} {place}" for place in range(n)]
        upload = loaded(demo, officer, t_comp_ict=words)
        with CaptureQueriesContext(connection) as caught:
            choices = {(ICT, word): "5" for word in words}
            map_values(upload=upload, choices=choices, by=officer)
        return len(caught)

    assert n_queries(8) == n_queries(2)


def test_without_a_suggestion_there_is_nothing_to_accept(demo, officer):
    upload = loaded(demo, officer, t_comp_ict=("excellent",))
    with pytest.raises(ValueNotAsked):
        map_suggested_values(upload=upload, by=officer)


def test_a_number_that_usually_means_nothing_is_suggested_as_no_answer(demo, officer):
    upload = loaded(demo, officer, t_comp_ict=("99", "excellent"))
    map_suggested_values(upload=upload, by=officer)
    upload.refresh_from_db()
    assert upload.value_mapping == {ICT: {"99": ""}}


def test_what_a_file_is_decides_which_meanings_it_uses(demo, officer):
    first = loaded(demo, officer, t_comp_ict=("excellent",))
    map_values(upload=first, choices={(ICT, "excellent"): "5"}, by=officer)
    kind, wave = FileKind.SURVEY, first.wave
    other = version_in_wave(project=demo, wave=wave, instrument="parent")
    describe_upload(upload=first, kind=kind, wave=wave, version=other, by=officer)
    first.refresh_from_db()
    assert first.value_mapping == {}
    assert not first.doubtful_values.filter(item__name=ICT).exists()
    teacher = version_in_wave(project=demo, wave=wave, instrument="teacher")
    describe_upload(upload=first, kind=kind, wave=wave, version=teacher, by=officer)
    first.refresh_from_db()
    assert first.value_mapping == {ICT: {"excellent": "5"}}


def test_a_preview_and_the_acceptance_know_the_same_decisions(demo, officer):
    upload = loaded(demo, officer, t_comp_ict=("excellent", "4"), _uuid=("u-1", "u-1"))
    leave_out_rows(upload=upload, sheet="", rows=[3], reason="sent twice", by=officer)
    map_values(upload=upload, choices={(ICT, "excellent"): "5"}, by=officer)
    preview = compute_preview(preview_id=request_preview(upload=upload, step=PreviewStep.ACCEPT).pk)
    assert preview.error == ""
    assert preview.content["funnel"] == [9, 8, 8, 8]
    upload.refresh_from_db()
    accept_upload(upload=upload, by=officer)
    dataset = Dataset.objects.get()
    assert (dataset.n_opened, dataset.n_used) == (9, 8)
    assert stored(ICT)[0] == 5
    sha256 = dataset.sha256
    ValueMapping.objects.all().delete()
    withdraw_upload(upload=upload, by=officer, reason="a look")
    accept_upload(upload=upload, by=officer)
    assert Dataset.objects.get().sha256 == sha256


def test_rows_of_an_accepted_file_are_another_matter(demo, officer):
    upload = loaded(demo, officer)
    leave_out_rows(upload=upload, sheet="", rows=[3], reason="x", by=officer)
    accept_upload(upload=upload, by=officer)
    for step in (leave_out_rows, take_back_rows):
        more = {"reason": "x"} if step is leave_out_rows else {}
        with pytest.raises(UploadClosed):
            step(upload=upload, sheet="", rows=[3], by=officer, **more)
    assert str(LeftOutRow.objects.get()) == f"{upload.pk}: 3"


def test_an_answer_no_database_holds_is_not_offered(demo, officer):
    upload = loaded(demo, officer)
    found = [DoubtfulValue(ICT, "", text, "x", "", "", 1) for text in ("a\x00b", "a\ud800", "fine")]
    list_problems(upload, CheckedUpload("csv", None, CheckedFile((), values=tuple(found))))
    assert [str(row) for row in upload.doubtful_values.all()] == ["fine (1)"]
