"""Do the intervals hold what they promise, and how often is a word a false alarm?

Simulated surveys of the demo's design: 23 schools in both waves, other people each time, school
effects that last from wave to wave, answers 1-5 rounded from a latent scale. With no change in the
population every "increased" or "decreased" is a false alarm; with a change of 0.25 SD the share of
clear verdicts is the power. The same functions judge as in production (CR2, Satterthwaite, sign
flip, verdict words); a single test, so no family adjustment.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

REPETITIONS = 2000
SCHOOLS = 23
LASTING = 0.85  # correlation of a school's effect between the waves, as in the demo
SHIFT = 0.25
SEED = 20_271_201
TARGET = Path(__file__).resolve().parent.parent / "docs" / "simulation.md"

PAGE = """# Do the intervals hold what they promise?

Written by `python -m bench.simulation`; do not edit.

{n:,} simulated pairs of surveys per line: {schools} schools in both waves, other people each time,
answers 1-5. *Covered*: the 95 % interval holds the true change (aim 93-97 %). *False alarms*:
"increased" or "decreased" although nothing changed (aim at most 7 %). *Found*: a clear verdict on a
true change of 0.25 standard deviations. The naive test takes people as independent, as if there
were no schools.

{table}
"""


@dataclass(frozen=True, slots=True)
class Plan:
    name: str
    sizes: tuple[int, ...]  # answers per school and wave
    icc: float


def plans() -> list[Plan]:
    unequal = tuple(int(n) for n in _spread(26, 59))
    few = tuple(int(n) for n in _spread(8, 15))
    return [
        Plan("students, equal schools (42)", (42,) * SCHOOLS, 0.08),
        Plan("students, schools of 26 to 59", unequal, 0.08),
        Plan("students, one school in four five times larger", _giants(30), 0.08),
        Plan("teachers, schools of 8 to 15", few, 0.10),
        Plan("teachers, high likeness inside schools", few, 0.15),
    ]


def _spread(low: int, high: int) -> Any:
    import numpy as np

    return np.linspace(low, high, SCHOOLS).round()


def _giants(size: int) -> tuple[int, ...]:
    return tuple(size * 5 if i % 4 == 0 else size for i in range(SCHOOLS))


def survey(plan: Plan, shift: float, rng: Any) -> tuple[Any, Any, Any]:
    """Answers per school (n), their sums and squares, two waves: arrays (schools, 2)."""
    import numpy as np

    lasting = rng.normal(size=SCHOOLS) * np.sqrt(LASTING)
    n = np.array([plan.sizes, plan.sizes], dtype=float).T
    total, squares = np.zeros_like(n), np.zeros_like(n)
    for wave in (0, 1):
        effect = lasting + rng.normal(size=SCHOOLS) * np.sqrt(1 - LASTING)
        school = np.repeat(np.arange(SCHOOLS), plan.sizes)
        latent = np.sqrt(plan.icc) * effect[school]
        latent = latent + np.sqrt(1 - plan.icc) * rng.normal(size=len(school)) + shift * wave
        answers = np.clip(np.round(3.6 + latent), 1, 5)
        total[:, wave] = np.bincount(school, weights=answers, minlength=SCHOOLS)
        squares[:, wave] = np.bincount(school, weights=answers**2, minlength=SCHOOLS)
    return n, total, squares


def true_change(plan: Plan, shift: float) -> float:
    """Change of the rounded answers in the population that the latent shift amounts to."""
    from scipy.special import ndtr

    cuts = (1.5, 2.5, 3.5, 4.5)

    def mean(middle: float) -> float:
        return 1 + sum(1 - float(ndtr(cut - middle)) for cut in cuts)

    return mean(3.6 + shift) - mean(3.6)


def judge(plan: Plan, shift: float, rng: Any) -> tuple[bool, bool, bool]:
    """(interval covers the truth, clear verdict, naive test of independent people is "clear")."""
    import numpy as np

    from indicators.stats.cr2 import contrast_cr2
    from indicators.stats.moments import mean_sd
    from indicators.stats.paired import paired_schools
    from indicators.stats.verdict import verdict_change

    n, total, squares = survey(plan, shift, rng)
    result = contrast_cr2(n, total, np.array([-1.0, 1.0]))
    mean = total / n
    paired = paired_schools(n[:, 0], mean[:, 0], n[:, 1], mean[:, 1])
    word, _ = verdict_change(result, margin=None, second_p=paired.p_sign_flip, n_schools=SCHOOLS)
    truth = true_change(plan, shift)
    covers = result.ci_low <= truth <= result.ci_high  # type: ignore[operator]
    people = n.sum(axis=0)
    _, sd = mean_sd(people, total.sum(axis=0), squares.sum(axis=0))
    naive = abs(float(result.estimate or 0.0)) > 1.96 * float(np.sqrt((sd**2 / people).sum()))
    return covers, word is not None and "CREASED" in word, naive


def table() -> str:
    import numpy as np

    lines = [
        "| design | no change: covered | false alarms | naive test's false alarms "
        "| change of 0.25 SD: covered | found |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for plan in plans():
        rng = np.random.default_rng(SEED)
        still = np.array([judge(plan, 0.0, rng) for _ in range(REPETITIONS)]).mean(axis=0)
        moved = np.array([judge(plan, SHIFT, rng) for _ in range(REPETITIONS)]).mean(axis=0)
        lines.append(
            f"| {plan.name}, ICC {plan.icc:.2f} | {still[0]:.1%} | {still[1]:.1%} | {still[2]:.1%} "
            f"| {moved[0]:.1%} | {moved[1]:.1%} |"
        )
    return "\n".join(lines)


def main() -> int:
    text = table()
    print(text)
    TARGET.write_text(PAGE.format(n=REPETITIONS, schools=SCHOOLS, table=text), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
