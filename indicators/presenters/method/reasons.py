"""Why a number or verdict is refused: what it means, why nothing is said, what one can do.

The sentence that stands beside the number is the one in `words.py`; here is the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from indicators.vocabulary import Reason
from indicators.words import word

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise

    from indicators.results import Line, Sheet


@dataclass(frozen=True, slots=True)
class Explained:
    """`when` it is met, `why` nothing is said, what is still `shown`, what one can `do`."""

    title: StrOrPromise
    when: StrOrPromise
    why: StrOrPromise
    shown: StrOrPromise
    do: StrOrPromise


REASONS = {
    Reason.SELF_SELECTED: Explained(
        title=_("Respondents chose themselves"),
        when=_("The link was passed on freely, as with parents; nobody was drawn from a list."),
        why=_(
            "A range says how far chance in drawing people could have moved a figure. Nobody was "
            "drawn here, and those who answer differ from those who do not in a way nobody knows."
        ),
        shown=_("Values, numbers of answers, distributions and differences."),
        do=_(
            "Read the values as answers of those who answered. For a figure about all parents draw "
            "classes at random in the next wave and hand out one link per family."
        ),
    ),
    Reason.CENSUS: Explained(
        title=_("Every school was asked"),
        when=_("Directors' checklists, and designs in which everything was drawn."),
        why=_(
            "Chance in drawing schools cannot have moved the figure, since none was drawn. A “±0” "
            "would only suggest that the answers themselves are without error."
        ),
        shown=_("Counts, shares of schools and differences."),
        do=_("Take the counts as they are: 14 of 22 schools, then 19 of 22."),
    ),
    Reason.NO_DATA: Explained(
        title=_("No usable answers"),
        when=_("Nobody answered the question, or too few questions of the index."),
        why=_("A value without answers would be made up. It is a dash and never a zero."),
        shown=_("Nothing."),
        do=_("Look at the files of the wave: was the question in the form, were rows left out?"),
    ),
    Reason.NOT_IN_BOTH_WAVES: Explained(
        title=_("Answers from one wave or one side only"),
        when=_("A wave, or one side of a gap, has no usable answer; so has a school that joined."),
        why=_("A change needs a figure before and after from the same schools."),
        shown=_("The level of the wave that has answers."),
        do=_("Use the level of the wave that has answers. Later waves can be compared with it."),
    ),
    Reason.SUPPRESSED: Explained(
        title=_("Hidden to protect people"),
        when=_(
            "A figure rests on fewer people than the reader may see, or would let another hidden "
            "figure be worked out."
        ),
        why=_("In a small group the answers of single people could be guessed."),
        shown=_("That the number lies below the limit, nothing else."),
        do=_("Look at a larger group: the whole school, or the project."),
    ),
    Reason.TOO_FEW_RESPONDENTS: Explained(
        title=_("Too few answers"),
        when=_(
            "A school has fewer usable answers in a wave than the project's settings ask for, or "
            "an index fewer than 30 complete answer sheets for its reliability."
        ),
        why=_(
            "With so few answers one or two people turn the result round, and only enormous "
            "changes could be seen."
        ),
        shown=_("Both levels and the difference, if the reader may see a group of that size."),
        do=_("Ask more people of the school in the next wave, or look at the whole project."),
    ),
    Reason.TOO_FEW_CLUSTERS: Explained(
        title=_("Too few schools"),
        when=_(
            "A change or gap across schools with fewer than six schools, or one that rests on very "
            "few large schools."
        ),
        why=_(
            "Schools are the unit of chance. Even if five schools out of five rise, that happens "
            "by chance in more than 5 of 100 cases."
        ),
        shown=_("The levels and the difference."),
        do=_("See the schools one by one. The difference is shown; do not generalise it."),
    ),
    Reason.SINGLE_PSU_STRATUM: Explained(
        title=_("One school only"),
        when=_("All answers come from one school, or a stratum of the sample has one school."),
        why=_("One school cannot show how much schools differ, and the error rests on that."),
        shown=_("The value."),
        do=_(
            "Merge the stratum with a similar one in the settings of the survey; for one school "
            "see its own page."
        ),
    ),
    Reason.ZERO_VARIANCE: Explained(
        title=_("No differences to measure"),
        when=_("Everybody gave the same answer, or all schools moved by exactly the same."),
        why=_(
            "An error is estimated from differences. Without any it would be 0, which nobody "
            "believes of people."
        ),
        shown=_("The value or the difference."),
        do=_("Take the value as it stands. For a share of 0 or 100 percent a range is given."),
    ),
    Reason.ONE_CATEGORY: Explained(
        title=_("One category only"),
        when=_("A test of the distribution of a question to which all gave the same answer."),
        why=_("There is no distribution that could differ."),
        shown=_("The shares of the answers."),
        do=_("Read the share itself."),
    ),
    Reason.TOO_FEW_ITEMS: Explained(
        title=_("Too few questions"),
        when=_("The reliability of an index of one question, or omega of an index of two."),
        why=_("Whether questions belong together can only be asked of several."),
        shown=_("The values of the index."),
        do=_("Read the question by itself, or add questions to the index for the next project."),
    ),
    Reason.NOT_COMPARABLE: Explained(
        title=_("Question reworded"),
        when=_("The wording of a question, or of a side of a gap, differs between the waves."),
        why=_("The difference would mix the new words with the change and nobody could part them."),
        shown=_("Both levels, no difference."),
        do=_(
            "Use both levels, each with its wording, and keep the wording from now on. An index "
            "goes on with its other questions."
        ),
    ),
    Reason.NOT_A_SAMPLE: Explained(
        title=_("Counted, not asked"),
        when=_("Activity logs, examination results and values entered by hand."),
        why=_("They are facts about all schools: there is no chance of drawing to reckon with."),
        shown=_("The values and their difference."),
        do=_("Read the difference as a fact and check the source named in the reference sheet."),
    ),
    Reason.NOT_ASKED: Explained(
        title=_("Not asked in this wave"),
        when=_("The form of the wave did not have the question."),
        why=_("Nobody could answer; a missing question is not an answer."),
        shown=_("The waves that asked it."),
        do=_("Use the waves that asked it, and keep it in the form of the next one."),
    ),
    Reason.ZERO_BASELINE: Explained(
        title=_("Baseline is zero by definition"),
        when=_("Something that did not exist before the project, such as its own events."),
        why=_("A percentage of zero does not exist, and the rise is known without a test."),
        shown=_("The count and the difference."),
        do=_("Read the count itself and compare it with the target."),
    ),
    Reason.LOW_RESPONSE: Explained(
        title=_("Fewer than half answered"),
        when=_("The number of people asked is known, and fewer than half of them answered."),
        why=_(
            "Those who answer differ from those who do not. When most did not, a target reached "
            "among the others proves nothing about everybody."
        ),
        shown=_("Values, ranges and differences, with the caution beside them."),
        do=_("Ask again those who did not answer, and in the next wave ask whole classes."),
    ),
    Reason.EXPLORATORY: Explained(
        title=_("Outside the register"),
        when=_("Single questions and options that are not indicators."),
        why=_(
            "Hundreds of such figures can be looked at, and some move by chance. A verdict is kept "
            "for the indicators that were chosen before."
        ),
        shown=_("Values, ranges and differences, no word."),
        do=_(
            "Use the values and ranges as a hint. To get a verdict in the next project, put the "
            "question into the register before the data come in."
        ),
    ),
}


@dataclass(frozen=True, slots=True)
class ReasonView:
    """A reason as a page shows it. `anchor` is its place on the method page."""

    code: str
    anchor: str
    title: str
    sentence: str
    when: str
    why: str
    shown: str
    do: str


def anchor(reason: str) -> str:
    """Where the method page explains a reason: "reason-too-few-clusters"."""
    return "reason-" + Reason(reason).value.lower().replace("_", "-")


def reason_view(reason: str) -> ReasonView:
    member = Reason(reason)
    explained = REASONS[member]
    return ReasonView(
        code=member.value,
        anchor=anchor(member),
        title=str(explained.title),
        sentence=str(word(member)),
        when=str(explained.when),
        why=str(explained.why),
        shown=str(explained.shown),
        do=str(explained.do),
    )


def reason_views(reasons: Iterable[str | None]) -> tuple[ReasonView, ...]:
    """Each reason met on a page once, in the order in which they are checked."""
    met = {reason for reason in reasons if reason}
    return tuple(reason_view(reason) for reason in Reason if reason in met)


def line_reasons(lines: Iterable[Line]) -> Iterator[str]:
    """Every reason met in these lines: of a level, a change or a target."""
    for line in lines:
        for part in (line.baseline, line.endline, line.change, line.target):
            if part is not None:
                yield part.reason


def sheet_reasons(sheet: Sheet) -> Iterator[str]:
    """Every reason met on the page of an indicator, its groups, gaps and schools included."""
    yield from line_reasons([sheet.line])
    for group in sheet.groups:
        yield from (level.reason for level in (group.baseline, group.endline) if level)
    yield from (gap.reason for gap in sheet.gaps)
    yield from (row.change.reason for row in sheet.schools)
    yield from (row.standing.reason for row in sheet.targets)
