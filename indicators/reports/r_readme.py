"""`README.txt` of a bundle, in the reader's language: what it is, how to run it, what to expect."""

from __future__ import annotations

from collections.abc import Iterable
from textwrap import fill
from typing import TYPE_CHECKING

from django.utils.translation import gettext

from indicators.models import Change, Estimate
from indicators.presenters.words import GROUP_WORDS, method_text, reason_text
from indicators.queries.answer_tables import ATTRIBUTE, ITEM
from indicators.reports.r_script import function_files, table_files
from indicators.reports.r_stored import number_word, stored_numbers
from indicators.vocabulary import SHARE_MEASURES, GapChange, MeasureKind, Respondent, Verdict
from indicators.words import word

if TYPE_CHECKING:
    from indicators.queries.reproduction import Question, Reproduction

WIDTH = 96


def readme(found: Reproduction) -> str:
    parts = (
        (gettext("Repeat a number in R"), _what(found)),
        (gettext("What is in this folder"), _files(found)),
        (gettext("How to run it"), _run()),
        (gettext("Numbers to expect"), _numbers(found)),
        (gettext("Columns of the answers"), _columns(found)),
        (gettext("Answers of people: for project officers only"), _privacy(found)),
        (gettext("Origin"), _origin(found)),
    )
    blocks = (f"{title}\n{'-' * len(title)}\n" + "\n".join(lines) for title, lines in parts)
    return "\n\n".join(blocks) + "\n"


def _text(text: str) -> str:
    return fill(text, WIDTH, break_long_words=False, break_on_hyphens=False)


def _pairs(rows: Iterable[tuple[str, str]]) -> Iterable[str]:
    """Two columns."""
    found = list(rows)
    width = max((len(first) for first, _second in found), default=0)
    for first, second in found:
        start = f"  {first:<{width}}  "
        yield fill(
            second or " ",
            max(WIDTH, width + 40),
            initial_indent=start,
            subsequent_indent=" " * len(start),
            break_long_words=False,
            break_on_hyphens=False,
        ).rstrip()


def _what(found: Reproduction) -> Iterable[str]:
    row = found.row
    for indicator in found.indicators:
        yield f"{indicator.code} {indicator.name}"
    yield f"{word(MeasureKind(row.measure.kind))} ({row.measure.code})"
    if isinstance(row, Change):
        yield gettext("Change: %(first)s to %(second)s") % {
            "first": row.wave_from.name,
            "second": row.wave_to.name,
        }
    elif found.gap is not None:
        yield gettext("Gap: %(wave)s") % {"wave": row.wave.name}
    else:
        yield gettext("Level: %(wave)s") % {"wave": row.wave.name}
    yield _where(found)
    if row.reason:
        yield _text(reason_text(row.reason))


def _where(found: Reproduction) -> str:
    row = found.row
    if not isinstance(row, Estimate | Change):
        sides = (row.first_group, row.second_group)
        first, second = (found.group_labels.get(side) or side for side in sides)
        return gettext("%(first)s minus %(second)s") % {"first": first, "second": second}
    if row.school is not None:
        return f"{row.school.code} {row.school.name}"
    if isinstance(row, Estimate) and row.group_by:
        title = GROUP_WORDS.get(row.group_by, row.group_by)
        return f"{title}: {found.group_labels.get(row.group) or row.group}"
    return gettext("The whole project")


def _files(found: Reproduction) -> Iterable[str]:
    words = {
        "basics.R": gettext("reading the answers, the t distribution, the comparison"),
        "scores.R": gettext("from a person's answers to one value"),
        "levels.R": gettext("levels with schools as clusters"),
        "differences.R": gettext("changes and gaps with schools as clusters"),
        "school.R": gettext("level and change of one school"),
        "sample.R": gettext("weights of the answers, strata and frame of a sample of schools"),
    }
    answers = gettext("the answers, one row per person")
    script = gettext("the definitions of this number and the calls that repeat it")
    rows = [(name, answers) for name in table_files(found)]
    if found.strata is not None:
        rows.append(("strata.csv", gettext("the strata of the frame, how many schools each has")))
    rows += [("reproduce.R", script)]
    return _pairs([*rows, *((name, words[name]) for name in function_files(found))])


def _run() -> Iterable[str]:
    yield _text(
        gettext(
            "Install R (www.r-project.org) and once, in R, the package survey: "
            'install.packages("survey"). Then type in this folder:'
        )
    )
    yield "\n    Rscript reproduce.R\n"
    yield _text(
        gettext(
            "The script computes everything anew from the answers: values of people, levels, "
            "errors, tests. It prints each stored number beside its own with the difference. It "
            "ends with status 0 when all agree to 0.00000001, and with status 1 when one does not."
        )
    )


def _numbers(found: Reproduction) -> Iterable[str]:
    numbers = stored_numbers(found)
    yield from _pairs(
        (name, f"{_printed(value):<24}  {number_word(name)}") for name, value in numbers.items()
    )
    if any(spec.kind in SHARE_MEASURES for spec in found.measures):
        yield ""
        yield _text(gettext("Shares are fractions: 0.25 is 25 %."))


def _printed(value: float | str) -> str:
    """A number with twelve digits; a word as the script prints it and as pages do."""
    if isinstance(value, str):
        member = Verdict(value) if value in set(Verdict) else GapChange(value)
        return f"{value} ({word(member)})"
    return f"{value:.12g}"


def _columns(found: Reproduction) -> Iterable[str]:
    words = {
        "wave": gettext("code of the wave"),
        "school": gettext("code of the school in that wave"),
        "line": gettext("the school; one that was merged or renamed keeps its first code here"),
        "weight": gettext("for how many people this person stands"),
        "stratum": gettext("the stratum of the frame that the school was drawn from"),
    }
    questions = {question.column: question for question in found.questions}
    names = dict.fromkeys(name for table in found.tables for name in table.columns)
    rows = []
    for name in names:
        if name.startswith(ATTRIBUTE):
            text = str(GROUP_WORDS.get(name.removeprefix(ATTRIBUTE), name))
        elif name in questions:
            text = _question(found, questions[name])
        else:
            text = words.get(name, "")
        rows.append((name, text))
    yield from _pairs(rows)
    yield ""
    yield _text(gettext("An empty cell is a missing answer, or a question not asked."))


def _question(found: Reproduction, question: Question) -> str:
    """The wording with its codes; an option of several is 1 or 0."""
    item = question.column.removeprefix(ITEM)
    if any(spec.option is not None and item in spec.items for spec in found.measures):
        option = gettext("1: ticked “%(option)s”, 0: ticked only others") % {
            "option": found.row.measure.option
        }
        return f"{question.label} [{option}]"
    codes = ", ".join(f"{code} = {label}" for code, label in sorted(question.options.items()))
    return f"{question.label} [{codes}]" if codes else question.label


def _privacy(found: Reproduction) -> Iterable[str]:
    if any(spec.respondent is Respondent.DIRECTOR for spec in found.measures):
        yield _text(
            gettext(
                "A checklist is that of one school, so its row says what its director answered."
            )
        )
    yield _text(
        gettext(
            "This folder holds what single people answered. Do not pass it on, and delete it when "
            "you have finished. Names, dates, row numbers and open answers are left out and the "
            "rows are sorted by their content, but in a small school answers alone may tell who "
            "gave them. The download is recorded in the audit log."
        )
    )


def _origin(found: Reproduction) -> Iterable[str]:
    row = found.row
    rows = [
        (gettext("Calculation"), f"№ {row.run_id}"),
        (gettext("Fingerprint of all inputs"), row.run.input_sha256),
        (gettext("Software version"), row.run.code_version),
    ]
    if method := getattr(row, "method", ""):
        rows.append((gettext("Method"), method_text(method)))
    return _pairs(rows)
