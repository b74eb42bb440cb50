"""Write down how many people a questionnaire of a wave is to reach."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from indicators.actions.audit import record
from indicators.actions.wave_lock import demand_unlocked, hold_waves
from indicators.models import FieldPlan, School, User, Wave, WaveInstrument


@transaction.atomic
def set_field_plan(
    *,
    use: WaveInstrument,
    n_invited: int | None,
    n_by_school: Mapping[School, int | None],
    by: User,
) -> bool:
    """Keep the people asked in all and the sheets expected per school; None removes a number.

    Schools that are not named keep theirs. Returns whether the people asked changed, on which the
    response rate of a calculation rests. Nothing is written or recorded when nothing changed.
    Raises WaveClosed when the wave is locked or published; nothing is stored then.
    """
    hold_waves(use.wave.project_id)
    demand_unlocked(Wave.objects.get(pk=use.wave_id))
    locked = WaveInstrument.objects.select_for_update().get(pk=use.pk)
    stored = {plan.school_id: plan for plan in FieldPlan.objects.filter(use=locked)}
    before: dict[str, int | None] = {}
    after: dict[str, int | None] = {}
    for school, n in n_by_school.items():
        plan = stored.get(school.pk)
        old = plan.n_expected if plan else None
        if old == n:
            continue
        before[school.code], after[school.code] = old, n
        if n is None:
            FieldPlan.objects.filter(use=locked, school=school).delete()
        else:
            FieldPlan.objects.update_or_create(
                use=locked, school=school, defaults={"n_expected": n}
            )
    asked_changed = locked.n_invited != n_invited
    if asked_changed:
        before["people asked"], after["people asked"] = locked.n_invited, n_invited
        locked.n_invited = n_invited
        locked.save(update_fields=["n_invited"])
    if after:
        project = use.wave.project
        record("field_plan.changed", locked, by=by, project=project, before=before, after=after)
    return asked_changed
