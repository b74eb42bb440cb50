"""A small project with a named cast, for the tests of writes.

Olga is the officer, Dina directs the school IS-01, Bek directs IS-02, Donna gives the money,
Adam looks after accounts, Sam is a stranger.
"""

from dataclasses import dataclass
from datetime import date

from indicators.models import (
    Block,
    Checklist,
    CompositeIndex,
    Indicator,
    Instrument,
    InstrumentVersion,
    Item,
    ItemVersion,
    Measure,
    Membership,
    Project,
    Scale,
    School,
    User,
    Wave,
    WaveInstrument,
)
from indicators.vocabulary import (
    BaselinePolicy,
    Direction,
    ItemKind,
    Level,
    MeasureKind,
    Respondent,
    RoleName,
    Selection,
    WaveKind,
)

ROLES = {
    "olga": RoleName.OFFICER,
    "dina": RoleName.DIRECTOR,
    "bek": RoleName.DIRECTOR,
    "donna": RoleName.DONOR,
    "adam": RoleName.ADMINISTRATOR,
}
SCORED = ("d_boards", "d_plan", "d_updated", "d_internet")


@dataclass
class World:
    project: Project
    schools: list[School]
    baseline: Wave
    endline: Wave
    people: dict[str, User]
    version: InstrumentVersion  # of the director's checklist
    score: Indicator  # mean of an index, 1-5, higher is better
    share: Indicator  # percent, lower is better
    student: Instrument

    def person(self, name: str) -> User:
        return self.people[name]

    def checklist(self, school: int = 0, **fields) -> Checklist:
        return Checklist.objects.create(
            school=self.schools[school], wave=self.endline, version=self.version, **fields
        )


def build_world(code: str = "p") -> World:
    project = Project.objects.create(
        code=code, reference_date=date(2027, 12, 1), name_en="Pilot", name_ky="Сынак"
    )
    schools = [
        School.objects.create(project=project, code=f"IS-0{n}", name_en=f"School {n}")
        for n in (1, 2)
    ]
    baseline = _wave(project, "W0", WaveKind.BASELINE, 0, 2025)
    endline = _wave(project, "W1", WaveKind.ENDLINE, 1, 2027)
    student, indicators = _indicators(project)
    world = World(
        project,
        schools,
        baseline,
        endline,
        {},
        _checklist_form(project, [baseline, endline]),
        *indicators,
        student,
    )
    for name, role in ROLES.items():
        world.people[name] = _person(name if code == "p" else f"{name}-{code}")
        member = Membership.objects.create(user=world.people[name], project=project, role=role)
        if role is RoleName.DIRECTOR:
            member.schools.add(schools[0 if name == "dina" else 1])
    world.people["sam"] = _person("sam" if code == "p" else f"sam-{code}")
    return world


def _person(name: str) -> User:
    return User.objects.create_user(
        username=name, password="a long pass phrase", first_name=name.capitalize()
    )


def _wave(project: Project, code: str, kind: WaveKind, position: int, year: int) -> Wave:
    return Wave.objects.create(
        project=project,
        code=code,
        kind=kind,
        position=position,
        name_en=kind.value.capitalize(),
        field_start=date(year, 10, 4),
        field_end=date(year, 11, 1),
    )


def _checklist_form(project: Project, waves: list[Wave]) -> InstrumentVersion:
    director = Instrument.objects.create(
        project=project,
        code="director",
        respondent=Respondent.DIRECTOR,
        is_anonymous=False,
        name_en="Director's checklist",
    )
    version = InstrumentVersion.objects.create(instrument=director, version="1")
    for wave in waves:
        WaveInstrument.objects.create(wave=wave, version=version, selection=Selection.CENSUS)
    block = Block.objects.create(instrument=director, code="equipment", label_en="Equipment")
    plan = Scale.objects.create(project=project, code="plan")
    for position, (name, code) in enumerate((("none", 0), ("draft", 1), ("approved", 2))):
        plan.options.create(name=name, code=code, label_en=f"plan: {name}", position=position)
    questions = [(name, ItemKind.SCALE, plan) for name in SCORED]
    questions += [("d_labs_open", ItemKind.TEXT, None), ("d_date", ItemKind.DATE, None)]
    for position, (name, kind, scale) in enumerate(questions):
        item = Item.objects.create(
            instrument=director,
            block=block,
            name=name,
            kind=kind,
            scale=scale,
            position=position,
            label_en=f"Question {name}",
        )
        ItemVersion.objects.create(
            item=item,
            version=version,
            name_in_version=name,
            position=position,
            label_en=f"Question {name}",
        )
    return version


def _indicators(project: Project) -> tuple[Instrument, tuple[Indicator, Indicator]]:
    student = Instrument.objects.create(
        project=project, code="student", respondent=Respondent.STUDENT, name_en="Students"
    )
    index = CompositeIndex.objects.create(
        instrument=student, code="climate", statistic="mean", scale_min=1, scale_max=5
    )
    scale = Scale.objects.create(project=project, code="likert")
    item = Item.objects.create(
        instrument=student, name="s_safe", kind=ItemKind.SCALE, scale=scale, label_en="Safe"
    )
    score = Measure.objects.create(
        project=project, code="index:climate", kind=MeasureKind.INDEX_MEAN, index=index
    )
    share = Measure.objects.create(
        project=project, code="share:s_safe:1,2", kind=MeasureKind.SHARE, item=item, codes=[1, 2]
    )
    rest = {
        "project": project,
        "level": Level.OUTCOME,
        "respondent": "student",
        "baseline_policy": BaselinePolicy.MEASURED,
    }
    return student, (
        Indicator.objects.create(
            code="S01",
            name_en="School climate",
            measure=score,
            unit="score 1-5",
            direction=Direction.INCREASE,
            position=1,
            **rest,
        ),
        Indicator.objects.create(
            code="S02",
            name_en="Students who do not feel safe",
            measure=share,
            unit="% of answers",
            direction=Direction.DECREASE,
            decimals=1,
            position=2,
            **rest,
        ),
    )
