"""Results of the made-up project: levels, changes, gaps, assessments, checklists."""

from __future__ import annotations

from datetime import date

from indicators.models import (
    Assessment,
    Change,
    Checklist,
    DistributionTest,
    Estimate,
    Gap,
    IndexComponent,
    InstrumentVersion,
    Item,
    ItemResult,
    Measure,
    Note,
    Reliability,
    School,
    SchoolEvent,
    Target,
    Wave,
)
from indicators.vocabulary import MeasureKind, Reason, Scope, Status, Verdict
from tests.web.world import BASES, REGISTER, VERDICTS, World


def fill(world: World, versions: dict[str, InstrumentVersion]) -> None:
    _estimates(world)
    _changes(world)
    _items(world)
    _answers(world)
    _assessments(world)
    _facts(world, versions)
    world.run.inputs["respondents"] = {
        wave.code: {
            who: {
                school.code: n
                for school in world.schools
                if (n := school_base(world, who, school, wave))
            }
            for who in ("student", "teacher")
        }
        for wave in world.waves
    }
    world.run.save(update_fields=["inputs"])


def school_base(world: World, respondent: str, school: School, wave: Wave) -> int:
    """How many answered in one school: the exceptions the tests rely on."""
    number, is_endline = world.schools.index(school) + 1, wave.position == 1
    if number == 4 and is_endline:
        return 0
    if number == 2 and respondent == "student" and is_endline:
        return 9
    if number == 3 and respondent == "teacher":
        return 4
    return BASES.get(respondent, 20)


def _estimates(world: World) -> None:
    rows = []
    for code, _name, sort, respondent, *_rest, then, now in REGISTER:
        measure = world.indicators[code].measure
        for wave, value in zip(world.waves, (then, now), strict=True):
            rows.append(_project_estimate(world, measure, wave, value, respondent))
            if sort in ("gap", "manual", "count"):
                continue
            rows += [
                Estimate(
                    run=world.run,
                    measure=measure,
                    wave=wave,
                    scope=Scope.SCHOOL,
                    school=school,
                    n=n,
                    value=value + 0.00137,
                    sd=0.91,
                )
                for school in world.schools
                if (n := school_base(world, respondent, school, wave))
            ]
    rows += _item_estimates(world)
    rows += _group_estimates(world)
    Estimate.objects.bulk_create(rows, batch_size=500)


def _project_estimate(
    world: World, measure: Measure, wave: Wave, value: float, respondent: str
) -> Estimate:
    is_survey = respondent in ("student", "teacher")
    n = 23 if respondent == "director" else BASES.get(respondent, 20) * 23
    return Estimate(
        run=world.run,
        measure=measure,
        wave=wave,
        scope=Scope.PROJECT,
        n=n,
        n_schools=len(world.schools),
        value=value,
        denominator=23 if respondent == "director" else None,
        numerator=value if respondent == "director" else None,
        sd=0.9,
        ci_low=value - 0.031 if is_survey else None,
        ci_high=value + 0.031 if is_survey else None,
        counts={"1": 7, "2": 100, "3": 200, "4": 250, "5": 363}
        if measure.kind == MeasureKind.SHARE
        else None,
        method="cluster-robust",
        reason="" if is_survey else Reason.NOT_A_SAMPLE,
    )


def _item_estimates(world: World) -> list[Estimate]:
    measure = Measure.objects.get(project=world.project, code="item:s_s01")
    return [
        Estimate(
            run=world.run,
            measure=measure,
            wave=wave,
            scope=Scope.PROJECT,
            n=920,
            value=4.0,
            counts={"1": 6, "2": 104, "3": 200, "4": 250, "5": 360},
        )
        for wave in world.waves
    ]


def _group_estimates(world: World) -> list[Estimate]:
    measure = world.indicators["S01"].measure
    Gap.objects.bulk_create(
        [
            Gap(
                run=world.run,
                measure=measure,
                wave=wave,
                group_by="sex",
                first_group="1",
                second_group="2",
                value=0.1234,
                ci_low=0.0234,
                ci_high=0.2234,
                n_first=480,
                n_second=440,
            )
            for wave in world.waves
        ]
    )
    return [
        Estimate(
            run=world.run,
            measure=measure,
            wave=wave,
            scope=Scope.GROUP,
            group_by="sex",
            group=group,
            n=n,
            value=value,
        )
        for wave in world.waves
        for group, n, value in (("1", 480, 4.1), ("2", 440, 3.95), ("3", 6, 2.22))
    ]


def _changes(world: World) -> None:
    rows = []
    for code, _name, sort, respondent, *_rest, then, now in REGISTER:
        verdict, reason = VERDICTS[code]
        is_tested = verdict != Verdict.NOT_APPLICABLE
        measure = world.indicators[code].measure
        common = {
            "run": world.run,
            "measure": measure,
            "wave_from": world.waves[0],
            "wave_to": world.waves[1],
        }
        rows.append(
            Change(
                **common,
                scope=Scope.PROJECT,
                baseline=then,
                endline=now,
                difference=now - then,
                n_baseline=920,
                n_endline=917,
                n_schools=len(world.schools),
                ci_low=now - then - 0.08 if is_tested else None,
                ci_high=now - then + 0.08 if is_tested else None,
                p=0.01 if is_tested else None,
                margin=0.05 if sort == "share" else 0.18,
                detectable=0.12 if is_tested else None,
                verdict=verdict,
                reason=reason,
                second_look="confirmed" if is_tested else "",
                n_up=15 if is_tested else None,
                n_down=7 if is_tested else None,
                p_sign_flip=0.003 if is_tested else None,
                all_difference=now - then + 0.01 if is_tested else None,
                schools_left=["IS-04"] if len(world.schools) > 3 else [],
            )
        )
        if sort in ("gap", "manual", "count"):
            continue
        rows += [
            _school_change(world, common, school, respondent, then, now, is_tested, reason)
            for school in world.schools
        ]
    Change.objects.bulk_create(rows, batch_size=500)


def _school_change(
    world: World,
    common: dict,
    school: School,
    respondent: str,
    then: float,
    now: float,
    is_tested: bool,
    reason: str,
) -> Change:
    n_then, n_now = (school_base(world, respondent, school, wave) for wave in world.waves)
    if not n_now:
        verdict, reason = Verdict.NOT_APPLICABLE, Reason.NOT_IN_BOTH_WAVES
    else:
        verdict = Verdict.NO_CLEAR_CHANGE if is_tested else Verdict.NOT_APPLICABLE
    return Change(
        **common,
        scope=Scope.SCHOOL,
        school=school,
        n_baseline=n_then,
        n_endline=n_now,
        baseline=then + 0.00137,
        endline=now + 0.00137 if n_now else None,
        difference=now - then if n_now else None,
        ci_low=now - then - 0.42 if n_now and is_tested else None,
        ci_high=now - then + 0.42 if n_now and is_tested else None,
        detectable=0.61 if n_now and is_tested else None,
        verdict=verdict,
        reason=reason,
    )


def _items(world: World) -> None:
    """Reliability of the index S01 and the test of its only question."""
    measure = world.indicators["S01"].measure
    Reliability.objects.bulk_create(
        [
            Reliability(
                run=world.run,
                measure=measure,
                wave=wave,
                n=920,
                n_scored=918,
                n_prorated=n_prorated,
                n_too_few=2,
                n_complete=918 - n_prorated,
                n_items=1,
                value_complete=4.321,
                alpha=0.834,
                alpha_low=0.81,
                alpha_high=0.85,
                alpha_std=0.84,
                omega=0.841,
                item_rest={"s_s01": 0.654},
                item_missing={"s_s01": 0.02},
                flags=flags,
            )
            for wave, n_prorated, flags in zip(
                world.waves, (7, 240), ([], ["many_prorated"]), strict=True
            )
        ]
    )
    DistributionTest.objects.create(
        run=world.run,
        measure=Measure.objects.get(project=world.project, code="item:s_s01"),
        wave_from=world.waves[0],
        wave_to=world.waves[1],
        n_baseline=920,
        n_endline=917,
        n_schools=len(world.schools),
        f=3.2,
        ndf=3.4,
        ddf=75,
        p=0.004,
        p_adjusted=0.018,
        has_changed=True,
        end_share=0.4,
    )


def _answers(world: World) -> None:
    """How two questions of students were answered, and the index S01 made of the first."""
    for name, counts in (
        ("s_s01", {"1": 6, "2": 104, "3": 200, "4": 250, "5": 360}),
        ("s_s08", {"4": 3, "5": 2}),
    ):
        n = sum(counts.values())
        item = Item.objects.get(instrument__project=world.project, name=name)
        ItemResult.objects.bulk_create(
            [
                ItemResult(
                    run=world.run,
                    item=item,
                    wave=wave,
                    n_sheets=n,
                    n=n,
                    n_scored=n,
                    counts=counts,
                    mean=4.0123 + wave.position / 10,
                    sd=0.987,
                    common=4.0123 + wave.position / 10,
                    low=0.1196,
                    top=0.6631,
                )
                for wave in world.waves
            ]
        )
    measure = world.indicators["S01"].measure
    item = Item.objects.get(instrument__project=world.project, name="s_s01")
    common = {"run": world.run, "measure": measure, "item": item}
    IndexComponent.objects.create(
        **common, wave=world.waves[0], n_endline=920, endline=4.01, share_endline=1.0
    )
    IndexComponent.objects.create(
        **common,
        wave=world.waves[1],
        wave_from=world.waves[0],
        n_baseline=900,
        n_endline=917,
        baseline=4.01,
        endline=4.11,
        difference=0.1,
        contribution=0.0987,
        from_answered=-0.0013,
        share_baseline=1.0,
        share_endline=1.0,
    )
    Estimate.objects.filter(run=world.run, measure=measure, scope=Scope.PROJECT).update(
        common=4.0444, common_low=3.9111, common_high=4.1777
    )


def _assessments(world: World) -> None:
    targets = [
        (world.indicators["S01"], None, 4.1, Status.MET),
        (world.indicators["S08"], None, 0.7, Status.NOT_MET),
        (world.indicators["C03"], None, 50, Status.MET),
        *((world.indicators["S01"], school, 4.2, Status.TOO_CLOSE) for school in world.schools),
    ]
    made = Target.objects.bulk_create(
        [
            Target(
                indicator=indicator, school=school, wave=world.waves[1], type="at_least", low=low
            )
            for indicator, school, low, _status in targets
        ]
    )
    Assessment.objects.bulk_create(
        [
            Assessment(
                run=world.run,
                target=target,
                target_type=target.type,
                target_low=target.low,
                status=status,
                value=4.18,
                reached=True,
                prob_met=0.97,
            )
            for target, (_indicator, _school, _low, status) in zip(made, targets, strict=True)
        ]
    )


def _facts(world: World, versions: dict[str, InstrumentVersion]) -> None:
    for wave, answer in zip(world.waves, (1, 5), strict=True):
        Checklist.objects.bulk_create(
            [
                Checklist(
                    school=school,
                    wave=wave,
                    version=versions["director"],
                    state="approved",
                    answers={"d_d04": answer},
                    comments={"d_d04": f"SECRET-REMARK-{school.code}"},
                )
                for school in world.schools
            ]
        )
    upload = world.uploads["student_W1"]
    Note.objects.create(
        upload=upload,
        wave=world.waves[1],
        indicator=world.indicators["S01"],
        code="Q01",
        quote="It is calm here now.",
        speaker="student",
        language="en",
        source="FG1",
    )
    if len(world.schools) > 3:
        SchoolEvent.objects.create(
            school=world.school(4), kind="absent", happened_on=date(2027, 9, 6), note="Closed."
        )
