"""Results of regions, for the pages that can show the schools of one."""

from __future__ import annotations

from indicators.models import Change, Estimate, SchoolCategory
from indicators.vocabulary import Scope
from tests.web.world import World


def regions(world: World, sizes: tuple[int, int, int] = (200, 150, 60), code: str = "S01") -> None:
    """Levels and changes of three regions for one indicator, values found nowhere else."""
    measure = world.indicators[code].measure
    for place, (region, n) in enumerate(zip(("osh", "chui", "naryn"), sizes, strict=True)):
        SchoolCategory.objects.create(
            project=world.project, field="oblast", code=region, label_en=region.title()
        )
        group = {"run": world.run, "measure": measure, "group_by": "oblast", "group": region}
        for wave, value in zip(world.waves, (3.1, 3.4), strict=True):
            Estimate.objects.create(
                **group, scope=Scope.GROUP, wave=wave, n=n, value=value + place / 100 + 0.001
            )
        Change.objects.create(
            **group,
            scope=Scope.GROUP,
            wave_from=world.waves[0],
            wave_to=world.waves[1],
            n_baseline=n,
            n_endline=n,
            difference=0.29 + place / 100,
            ci_low=0.07,
            ci_high=0.61,
            verdict="NOT_APPLICABLE",
            reason="EXPLORATORY",
        )
