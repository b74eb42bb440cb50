"""The lines of the overview for the schools of one region or language of instruction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from indicators.models import Change, Estimate
from indicators.queries.results import level_of, move_of, optional
from indicators.queries.school_filter import LANGUAGE, REGION, school_categories
from indicators.queries.small_groups import hide_beside_one
from indicators.results import Level, Line, SchoolGroup, WaveHead, WavePair
from indicators.vocabulary import Reason, Scope, Status

if TYPE_CHECKING:
    from indicators.models import Project, Run


def school_groups(*, project: Project, run: Run) -> tuple[SchoolGroup, ...]:
    """Regions, then languages, that the run has results for. Two queries.

    Schools that teach in several languages are a group of their own ("Kyrgyz, Russian").
    """
    stored = set(
        Estimate.objects.filter(run=run, scope=Scope.GROUP, group_by__in=(REGION, LANGUAGE))
        .order_by()
        .values_list("group_by", "group")
        .distinct()
    )
    labels = {(row.field, row.code): row.label for row in school_categories(project)}
    order = {key: place for place, key in enumerate(labels)}

    def place(key: tuple[str, str]) -> tuple[bool, bool, int, str]:
        return key[0] == LANGUAGE, key not in order, order.get(key, 0), key[1]

    return tuple(
        SchoolGroup(
            field, code, ", ".join(labels.get((field, part)) or part for part in code.split(","))
        )
        for field, code in sorted(stored, key=place)
    )


def group_lines(
    lines: Iterable[Line],
    *,
    run: Run,
    waves: WavePair,
    group: SchoolGroup,
    limits: Mapping[str, int],
) -> tuple[Line, ...]:
    """The same indicators with the levels and changes of one group. Two queries.

    Groups are looked at, not judged: no target, no status. A group that is the only hidden one of
    its breakdown takes another along, as on the page of the indicator. `limits`: `min_group` and
    `min_schools` of the visit.
    """
    found: dict[tuple[int, int], dict[str, Estimate]] = defaultdict(dict)
    of_groups = {"run": run, "scope": Scope.GROUP, "group_by": group.field}
    for row in Estimate.objects.filter(**of_groups, wave__in=waves.ids):
        found[row.measure_id, row.wave_id][row.group] = row
    changes = {
        row.measure_id: row
        for row in Change.objects.filter(
            **of_groups,
            group=group.code,
            wave_from=waves.baseline.pk if waves.baseline else None,
            wave_to=waves.endline.pk if waves.endline else None,
        )
    }

    def level(line: Line, wave: WaveHead | None) -> Level | None:
        head = line.indicator
        rows = found.get((head.measure_id, wave.pk), {}) if wave else {}
        shown = [level_of(row, kind=head.kind, **limits) for row in rows.values()]
        return dict(zip(rows, hide_beside_one(shown), strict=True)).get(group.code)

    def narrowed(line: Line) -> Line:
        head = line.indicator
        then, now = level(line, waves.baseline), level(line, waves.endline)
        is_hidden = any(one and one.reason == Reason.SUPPRESSED for one in (then, now))
        change = None if is_hidden else changes.get(head.measure_id)
        return replace(
            line,
            baseline=then,
            endline=now,
            change=optional(move_of, change, head.kind, limits["min_group"]),
            target=None,
            status=Status.NOT_APPLICABLE,
        )

    return tuple(map(narrowed, lines))
