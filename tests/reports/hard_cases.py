"""A project with what the demo has not: reversed and percent-positive indices, "don't know", a
recommend score with a range, codes that are hard to write.
"""

from __future__ import annotations

from datetime import date

import numpy as np
from django.utils import timezone

from indicators.actions.runs import request_run, run_calculation
from indicators.actions.storage import pack, pack_weights
from indicators.models import (
    AnswerColumn,
    Checklist,
    CompositeIndex,
    Dataset,
    IndexItem,
    Indicator,
    Instrument,
    InstrumentVersion,
    Item,
    ItemVersion,
    Measure,
    Project,
    Run,
    Scale,
    ScaleOption,
    School,
    SchoolCategory,
    Stratum,
    Upload,
    Wave,
    WaveInstrument,
)
from indicators.vocabulary import (
    ChecklistState,
    FileKind,
    MeasureKind,
    Respondent,
    Selection,
    UploadState,
)

# A letter outside ASCII, a formula, a leading zero, a quote, a comma; "NA" is no missing value.
SCHOOLS = ("IS-1", "мектеп", "=1+1", "007", 'a"b', "x,y", "NA", "-8")
ONCE = "NA"  # took part in the first wave only
WAVES = ("W0", "Т1")
PER_SCHOOL = 30
DONT_KNOW = 9
ITEMS = {  # name -> scale
    **{f"s_q{n}": "agree" for n in range(1, 6)},
    "s_суроо": "agree",
    "s_recommend": "ten",
    "s_several": "several",
    "s_sex": "sex",
    "s_grade": "ten",
}
SCALES = {
    "agree": {**{str(n): n for n in range(1, 6)}, "dont_know": DONT_KNOW},
    "ten": {str(n): n for n in range(11)},
    "several": {"books": 1, "trips": 2, "none": 3},
    "sex": {"female": 1, "male": 2},
}


def build_hard_cases(
    selection: Selection = Selection.RANDOM_PEOPLE, *, is_weighted: bool = False
) -> Run:
    """Calculated. A sample of schools has strata, one of them merged, one of unknown size."""
    is_sample = selection is Selection.SAMPLE
    project = Project.objects.create(code="hard", reference_date=date(2027, 12, 1))
    for kind in ("urban", "rural"):
        SchoolCategory.objects.create(project=project, field="settlement", code=kind)
    for place, code in enumerate(SCHOOLS):
        School.objects.create(
            project=project,
            code=code,
            name_en=code,
            settlement="urban" if place % 2 else "rural",
            stratum=("a", "б", "a", "б", "a", "б", "a", "c")[place] if is_sample else "",
        )
    if is_sample:
        large = Stratum.objects.create(project=project, code="a", n_schools=23)
        Stratum.objects.create(project=project, code="б")
        Stratum.objects.create(project=project, code="c", n_schools=4, merged_into=large)
    version = _questionnaire(project)
    checklist = _checklist(project)
    _measures(project)
    for position, code in enumerate(WAVES):
        wave = Wave.objects.create(
            project=project,
            code=code,
            kind=("baseline", "endline")[position],
            position=position,
            field_start=date(2025 + position, 10, 1),
            field_end=date(2025 + position, 10, 31),
        )
        for used in (version, checklist):
            WaveInstrument.objects.create(wave=wave, version=used, selection=selection)
        _answers(wave, version, seed=position, is_weighted=is_weighted)
        _checklists(wave, checklist)
    return run_calculation(run_id=request_run(project=project, by=None).pk)


def _questionnaire(project: Project) -> InstrumentVersion:
    scales = {}
    for code, options in SCALES.items():
        scales[code] = Scale.objects.create(project=project, code=code)
        for position, (name, number) in enumerate(options.items()):
            ScaleOption.objects.create(
                scale=scales[code],
                name=name,
                code=number,
                is_substantive=name != "dont_know",
                position=position,
                label_en=name,
            )
    instrument = Instrument.objects.create(
        project=project, code="student", respondent=Respondent.STUDENT
    )
    version = InstrumentVersion.objects.create(instrument=instrument, version="1")
    for name, scale in ITEMS.items():
        kind = "multi" if scale == "several" else "scale"
        item = Item.objects.create(
            instrument=instrument, name=name, kind=kind, scale=scales[scale], label_en=name
        )
        ItemVersion.objects.create(item=item, version=version, name_in_version=name)
    return version


def _checklist(project: Project) -> InstrumentVersion:
    instrument = Instrument.objects.create(
        project=project, code="director", respondent=Respondent.DIRECTOR, is_anonymous=False
    )
    version = InstrumentVersion.objects.create(instrument=instrument, version="1")
    scale = Scale.objects.get(project=project, code="agree")
    item = Item.objects.create(instrument=instrument, name="d_plan", kind="scale", scale=scale)
    ItemVersion.objects.create(item=item, version=version, name_in_version=item.name)
    _indicator(
        *(project, "schools_count:d_plan:4,5", MeasureKind.SCHOOLS_COUNT),
        item=item,
        codes=[4, 5],
    )
    return version


def _checklists(wave: Wave, version: InstrumentVersion) -> None:
    for place, school in enumerate(School.objects.filter(project=wave.project)):
        Checklist.objects.create(
            school=school,
            wave=wave,
            version=version,
            state=ChecklistState.SUBMITTED,
            answers={"d_plan": (place + 2 * wave.position) % 5 + 1},
        )


def _measures(project: Project) -> None:
    instrument = Instrument.objects.get(project=project, code="student")
    items = {item.name: item for item in Item.objects.filter(instrument=instrument)}
    names = [f"s_q{n}" for n in range(1, 6)]
    for code, statistic, positive in (
        ("reversed", "mean", []),
        ("positive", "percent_positive", [4, 5]),
    ):
        index = CompositeIndex.objects.create(
            instrument=instrument,
            code=code,
            statistic=statistic,
            positive_codes=positive,
            scale_min=1,
            scale_max=5,
        )
        for name in names:
            is_reversed = code == "reversed" and name in ("s_q2", "s_q5")
            IndexItem.objects.create(index=index, item=items[name], is_reversed=is_reversed)
        _indicator(project, f"index:{code}", MeasureKind.INDEX_MEAN, index=index)
    asked = items["s_суроо"]
    _indicator(project, "item:s_суроо", MeasureKind.ITEM_MEAN, item=asked)
    _indicator(project, "share:s_суроо:4,5", MeasureKind.SHARE, item=asked, codes=[4, 5])
    _indicator(project, "nps", MeasureKind.NPS, item=items["s_recommend"])
    _indicator(
        *(project, "option:trips", MeasureKind.OPTION_SHARE),
        item=items["s_several"],
        option="trips",
    )
    _indicator(project, "gap:s_суроо:sex", MeasureKind.GROUP_GAP, item=asked)
    _indicator(project, "manual:M", MeasureKind.MANUAL)


def _indicator(project: Project, code: str, kind: MeasureKind, **more: object) -> None:
    measure = Measure.objects.create(project=project, code=code, kind=kind, **more)
    Indicator.objects.create(
        project=project,
        measure=measure,
        code=f"H{measure.pk}",
        level="outcome",
        respondent=Respondent.STUDENT,
        direction="increase",
        baseline_policy="measured",
        disaggregation=["school", "sex", "settlement"],
        is_headline=kind is MeasureKind.NPS,
    )


def _answers(wave: Wave, version: InstrumentVersion, seed: int, *, is_weighted: bool) -> None:
    rng = np.random.default_rng(seed)
    n = PER_SCHOOL * len(SCHOOLS)
    school = np.repeat(np.arange(len(SCHOOLS)), PER_SCHOOL)
    lean = rng.normal(seed * 0.4, 0.4, len(SCHOOLS))[school]
    columns = {"_school": school, "_row": np.arange(2, n + 2)}
    if is_weighted:
        columns["_weight"] = np.round(rng.gamma(2.0, 20.0, n) + 1, 3)
    for name, scale in ITEMS.items():
        if scale == "agree":
            codes = np.clip(np.round(rng.normal(3 + lean, 1.2)), 1, 5).astype(np.int64)
            codes[rng.random(n) < 0.15] = DONT_KNOW
            codes[rng.random(n) < 0.25] = -128
        elif scale == "several":
            codes = rng.choice([-128, 1, 2, 3, 4], n)  # bits of books, trips, none
        else:
            codes = rng.choice([*SCALES[scale].values(), -128], n)
        columns[name] = codes
    if seed:  # a school that took part once
        columns = {name: codes[school != SCHOOLS.index(ONCE)] for name, codes in columns.items()}
    _store(wave, version, columns, name=f"{seed}".rjust(64, "0"))


def _store(
    wave: Wave, version: InstrumentVersion, columns: dict[str, np.ndarray], name: str
) -> None:
    """One accepted file, as if it had been read."""
    upload = Upload.objects.create(
        project=wave.project,
        wave=wave,
        version=version,
        kind=FileKind.SURVEY,
        state=UploadState.ACCEPTED,
        file_name=f"{wave.code}.csv",
        sha256=name,
        size=1,
        accepted_at=timezone.now(),
    )
    n = len(columns["_row"])
    counted = dict.fromkeys(("n_opened", "n_consented", "n_answered", "n_used"), n)
    dataset = Dataset.objects.create(
        upload=upload,
        wave=wave,
        version=version,
        school_codes=list(SCHOOLS),
        sha256=upload.sha256,
        **counted,
    )
    for column, codes in columns.items():
        packed = pack_weights(codes) if column == "_weight" else pack(codes)
        AnswerColumn.objects.create(
            dataset=dataset,
            name=column,
            dtype=packed.dtype,
            length=packed.length,
            data=packed.data,
            sha256=packed.sha256,
        )
