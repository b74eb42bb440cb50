"""A small world for page tests, written with bulk_create so that 500 schools cost little.

Numbers are made up and plain; what matters is their bases and what hides them.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

from indicators.models import (
    Block,
    CompositeIndex,
    Dataset,
    IndexItem,
    Indicator,
    Instrument,
    InstrumentVersion,
    Item,
    ItemVersion,
    Measure,
    Membership,
    Project,
    Release,
    Run,
    Scale,
    ScaleOption,
    School,
    Upload,
    User,
    Wave,
    WaveInstrument,
)
from indicators.vocabulary import Direction, MeasureKind, RoleName, RunState
from tests.web.results_factory import fill
from tests.web.world import BASES, REGISTER, World

PASSWORD = "correct horse battery"


KINDS = {
    "index": MeasureKind.INDEX_MEAN,
    "share": MeasureKind.SHARE,
    "item": MeasureKind.ITEM_MEAN,
    "count": MeasureKind.SCHOOLS_COUNT,
    "gap": MeasureKind.INSTRUMENT_GAP,
    "log": MeasureKind.LOG_COUNT,
    "desk": MeasureKind.DESK_WEIGHTED_MEAN,
    "manual": MeasureKind.MANUAL,
}


def build_world(n_schools: int = 4, *, code: str = "demo", is_published: bool = True) -> World:
    """A project with results in two waves for `n_schools` schools.

    School 1 is full, school 2 has 9 students at the endline, school 3 has 4 teachers,
    school 4 (if there is one) took part in the baseline only.
    """
    project = _project(code)
    waves = _waves(project)
    schools = _schools(project, n_schools)
    instruments = _instruments(project, waves)
    indicators = _indicators(project, instruments)
    uploads = _uploads(project, waves, instruments)
    run = Run.objects.create(
        project=project,
        state=RunState.DONE,
        code_version="0.1.0",
        input_sha256="ab" * 32,
        finished_at=datetime(2027, 12, 1, tzinfo=UTC),
    )
    world = World(project, waves, run, schools, indicators, uploads)
    fill(world, instruments)
    if is_published:
        publish(run)
    return world


def publish(run: Run) -> Release:
    return Release.objects.create(run=run, published_at=datetime(2027, 12, 2, tzinfo=UTC))


def member(world: World, role: RoleName | str, *schools: School, name: str = "") -> User:
    """A user with a role in the world's project."""
    user = User.objects.create(username=name or f"{role}-{User.objects.count()}")
    row = Membership.objects.create(user=user, project=world.project, role=role)
    row.schools.set(schools)
    return user


def _project(code: str) -> Project:
    return Project.objects.create(
        code=code,
        name_ky="Инновациялык мектептер",
        name_ru="Инновационные школы",
        name_en="Innovative schools",
        reference_date=date(2027, 12, 1),
    )


def _waves(project: Project) -> tuple[Wave, Wave]:
    first, second = Wave.objects.bulk_create(
        [
            Wave(
                project=project,
                code=code,
                kind=kind,
                position=position,
                name_ky=ky,
                name_ru=ru,
                name_en=en,
                field_start=date(year, 10, 4),
                field_end=date(year, 10, 31),
            )
            for code, kind, position, ky, ru, en, year in (
                ("W0", "baseline", 0, "Базалык изилдөө", "Базовое исследование", "Baseline", 2025),
                ("W1", "endline", 1, "Жыйынтыктоочу", "Итоговое исследование", "Endline", 2027),
            )
        ]
    )
    return first, second


def _schools(project: Project, n_schools: int) -> list[School]:
    width = len(str(max(n_schools, 10)))
    return School.objects.bulk_create(
        [
            School(
                project=project,
                code=f"IS-{number:0{width}d}",
                name_ky=f"Мектеп {number:03d}",
                name_ru=f"Школа {number:03d}",
                name_en=f"School {number:03d}",
                n_students=410,
                n_teachers=31,
            )
            for number in range(1, n_schools + 1)
        ]
    )


def _instruments(project: Project, waves: tuple[Wave, Wave]) -> dict[str, InstrumentVersion]:
    versions = {}
    for respondent in ("student", "teacher", "parent", "director"):
        instrument = Instrument.objects.create(
            project=project,
            code=respondent,
            respondent=respondent,
            name_en=f"{respondent} questionnaire",
            is_anonymous=respondent != "director",
        )
        version = InstrumentVersion.objects.create(instrument=instrument, version="2025100101")
        selection = "self_selected" if respondent == "parent" else "census_schools_random_people"
        WaveInstrument.objects.bulk_create(
            [WaveInstrument(wave=wave, version=version, selection=selection) for wave in waves]
        )
        versions[respondent] = version
    return versions


def _indicators(project: Project, versions: dict[str, InstrumentVersion]) -> dict[str, Indicator]:
    scale = Scale.objects.create(project=project, code="likert_1_5")
    ScaleOption.objects.bulk_create(
        [
            ScaleOption(scale=scale, name=str(n), code=n, label_en=f"option {n}", position=5 - n)
            for n in range(1, 6)
        ]
    )
    made = {}
    for position, row in enumerate(REGISTER):
        code, name, sort, respondent, unit, direction, decimals, *_values = row
        index = item = None
        if sort in ("share", "item", "count", "index"):
            item = _item(versions[respondent], f"{respondent[0]}_{code.lower()}", scale)
        if sort == "index":
            index = CompositeIndex.objects.create(
                instrument=versions[respondent].instrument,
                code=code.lower(),
                statistic="mean",
                scale_min=1,
                scale_max=5,
            )
            IndexItem.objects.create(index=index, item=item)
            Measure.objects.create(
                project=project, code=f"item:{item.name}", kind=MeasureKind.ITEM_MEAN, item=item
            )
        measure = Measure.objects.create(
            project=project,
            code=f"{sort}:{code.lower()}",
            kind=KINDS[sort],
            index=index,
            item=None if index else item,
            codes=[4, 5] if sort == "share" else [],
        )
        made[code] = Indicator.objects.create(
            project=project,
            measure=measure,
            code=code,
            position=position,
            name_ky=name,
            name_ru=name,
            name_en=name,
            definition_en=f"Definition of {name}",
            level="outcome",
            respondent=respondent,
            unit=unit,
            direction=Direction(direction),
            decimals=decimals,
            baseline_policy="zero" if sort == "log" else "measured",
            is_headline=code in ("S01", "T03"),
            is_descriptive=respondent == "parent",
            is_context=respondent == "desk",
            has_response_shift=code == "T03",
            disaggregation=["sex"] if code == "S01" else [],
        )
    return made


def _item(version: InstrumentVersion, name: str, scale: Scale) -> Item:
    block, _made = Block.objects.get_or_create(instrument=version.instrument, code="main")
    item = Item.objects.create(
        instrument=version.instrument,
        block=block,
        name=name,
        kind="scale",
        scale=scale,
        label_en=f"Question {name}",
        label_ky=f"Суроо {name}",
        label_ru=f"Вопрос {name}",
    )
    ItemVersion.objects.create(item=item, version=version, name_in_version=name)
    return item


def _uploads(
    project: Project, waves: tuple[Wave, Wave], versions: dict[str, InstrumentVersion]
) -> dict[str, Upload]:
    made = {}
    for wave in waves:
        for respondent, version in versions.items():
            upload = Upload.objects.create(
                project=project,
                wave=wave,
                version=version,
                kind="checklist" if respondent == "director" else "survey",
                state="accepted",
                file_name=f"{respondent}_{wave.code}.xlsx",
                stored_as="x",
                sha256=f"{wave.position}{respondent}".encode().hex().ljust(64, "0")[:64],
                size=1000,
                n_rows=100,
                accepted_at=datetime(2027, 11, 1, tzinfo=UTC),
            )
            made[f"{respondent}_{wave.code}"] = upload
            if respondent != "director":
                n = BASES[respondent] * 23
                Dataset.objects.create(
                    upload=upload,
                    wave=wave,
                    version=version,
                    n_opened=n + 9,
                    n_consented=n + 3,
                    n_answered=n,
                    n_used=n,
                    sha256="cd" * 32,
                )
    return made
