"""The calculation written out person by person in plain Python, slowly."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from math import sqrt

import numpy as np

from indicators.pipeline.shapes import MeasureSpec, SchoolSpec
from indicators.vocabulary import MeasureKind
from tests.pipeline.builders import Person
from tests.stats.naive import People


def score(spec: MeasureSpec, person: Person, items: Sequence[str] | None = None) -> float | None:
    """The value of one person, None when there is none (method section 2)."""
    names = list(spec.items if items is None else items)
    if spec.kind is MeasureKind.INDEX_MEAN:
        return index_mean(spec, person, names)
    code = person.get(names[0])
    if code is None:
        return None
    if spec.kind is MeasureKind.ITEM_MEAN:
        return None if code in spec.unscored_codes else float(code)
    if spec.kind is MeasureKind.NPS:
        if code in spec.unscored_codes:
            return None
        return 100.0 if code in (9, 10) else 0.0 if code in (7, 8) else -100.0
    if spec.kind is MeasureKind.OPTION_SHARE:
        return 1.0 if f"{code:b}"[::-1][spec.option : spec.option + 1] == "1" else 0.0
    return 1.0 if code in spec.codes else 0.0


def index_mean(spec: MeasureSpec, person: Person, names: Sequence[str]) -> float | None:
    values = []
    for name in names:
        code = person.get(name)
        if code is None or code in spec.unscored_codes:
            continue
        low, high = spec.scale
        values.append(low + high - code if name in spec.reversed_items else float(code))
    if not values or len(values) < spec.min_share * len(names):
        return None
    return sum(values) / len(values)


def scores(spec: MeasureSpec, people: Sequence[Person]) -> list[float]:
    """The values people have."""
    found = [score(spec, person) for person in people]
    return [value for value in found if value is not None]


def tally(
    spec: MeasureSpec, people: Sequence[Person], group_item: str = ""
) -> dict[tuple[str, object], tuple[int, float, float]]:
    """(school, answer to `group_item`) -> number, sum and sum of squares."""
    out: dict[tuple[str, object], list[float]] = defaultdict(lambda: [0, 0.0, 0.0])
    for person in people:
        value = score(spec, person)
        group = person.get(group_item) if group_item else None
        if value is None or (group_item and group is None):
            continue
        cell = out[person["school"], group]
        cell[0] += 1
        cell[1] += value
        cell[2] += value * value
    return {key: (int(n), total, squares) for key, (n, total, squares) in out.items()}


def panel(
    spec: MeasureSpec,
    before: Sequence[Person],
    after: Sequence[Person],
    schools: Mapping[str, SchoolSpec],
) -> People:
    """Everybody with a value in a line of schools that has some in both waves; cell = wave."""
    rows = [
        (schools[person["school"]].lineage, wave, score(spec, person))
        for wave, people in enumerate((before, after))
        for person in people
    ]
    rows = [row for row in rows if row[2] is not None]
    both = {line for line, wave, _ in rows if wave == 0} & {
        line for line, wave, _ in rows if wave == 1
    }
    lines = sorted(both)
    kept = [row for row in rows if row[0] in both]
    return People(
        school=np.array([lines.index(line) for line, _, _ in kept]),
        cell=np.array([wave for _, wave, _ in kept]),
        y=np.array([y for _, _, y in kept]),
        n_schools=len(lines),
        n_cells=2,
    )


def mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def sd(values: Sequence[float]) -> float:
    middle = mean(values)
    return sqrt(sum((y - middle) ** 2 for y in values) / (len(values) - 1))


def school_mean_differences(people: People, least: int = 5) -> list[float]:
    """Mean after minus mean before of every school with enough answers in both waves."""
    out = []
    for school in range(people.n_schools):
        first, second = (
            [float(y) for y in people.y[(people.school == school) & (people.cell == wave)]]
            for wave in (0, 1)
        )
        if min(len(first), len(second)) >= least:
            out.append(mean(second) - mean(first))
    return out
