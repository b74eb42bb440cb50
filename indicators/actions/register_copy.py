"""Indicators copied from another project, by the steps of a load."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from indicators.actions.audit import record
from indicators.actions.definitions import DefinitionsChanged, ReasonMissing
from indicators.actions.load_parts import Parts
from indicators.actions.load_project import LoadRefused
from indicators.actions.load_store import Store
from indicators.actions.stored_project import stored_project
from indicators.actions.versions import versioned
from indicators.models import Project, User
from indicators.pipeline.framework_copy import CopyPlan, addition, plan_copy
from indicators.queries.definitions import needs_reason
from indicators.vocabulary import CopyState, DefinitionSource


def look_at_copy(*, source: Project, target: Project, codes: Collection[str] | None) -> CopyPlan:
    """What copying these indicators (all of them: None) would do. Writes nothing."""
    theirs = stored_project(source, with_rest=False)
    wanted = {one.code for one in theirs.indicators} if codes is None else codes
    return plan_copy(theirs, stored_project(target, with_rest=False), wanted)


@transaction.atomic
def copy_indicators(
    *,
    source: Project,
    target: Project,
    codes: Collection[str],
    mark: str,
    reason: str,
    by: User,
) -> int:
    """Copy indicators with the indices and measures they need; targets and data stay behind.

    All of them or none; the number of new ones comes back. `mark` names the plan the person looked
    at. Raises DefinitionsChanged, ReasonMissing, or LoadRefused with everything that forbids it.
    """
    locked = Project.objects.select_for_update().get(pk=target.pk)
    ours = stored_project(locked, with_rest=False)
    plan = plan_copy(stored_project(source, with_rest=False), ours, codes)
    if plan.mark != mark:
        raise DefinitionsChanged
    clashes = plan.of(CopyState.CLASH)
    if clashes:
        raise LoadRefused(tuple(problem for one in clashes for problem in one.problems))
    if needs_reason(locked) and not reason.strip():
        raise ReasonMissing
    new = [one.definition.code for one in plan.of(CopyState.NEW)]
    if new:
        store = Store(by=by, has_data=needs_reason(locked))
        store.project = locked
        with versioned(project=locked, by=by, source=DefinitionSource.COPY, reason=reason.strip()):
            Parts(addition(ours, plan), locked, store).store_register()
        after = {
            "source": source.code,
            "indicators": new,
            "indices": [one.code for one in plan.indices],
            "measures": list(plan.measures),
        }
        record("register.copied", locked, by=by, project=locked, after=after, reason=reason.strip())
    return len(new)
