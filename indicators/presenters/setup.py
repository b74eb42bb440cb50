"""The way from an empty project to published results, step by step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from indicators.vocabulary import DefinitionPart, RunState, WaveState
from indicators.words import word

DEFINITIONS = "definition-list"


@dataclass(frozen=True, slots=True)
class SetupStep:
    """`state`: done, next (the first that is not) or later. `address` names the page to go to."""

    title: str
    state: str
    found: str
    todo: str
    address: str
    action: str


@dataclass(frozen=True, slots=True)
class _Step:
    title: str
    is_done: bool
    found: str
    todo: str
    address: str
    action: str


def setup_steps(facts: Any) -> tuple[SetupStep, ...]:
    """All steps in order; what is done says what there is, what is not says what to do."""
    steps = (*_definition(facts), _waves(facts), _files(facts), _run(facts), _release(facts))
    next_one = next((step for step in steps if not step.is_done), None)
    return tuple(
        SetupStep(
            step.title,
            "done" if step.is_done else "next" if step is next_one else "later",
            step.found,
            step.todo,
            step.address,
            step.action,
        )
        for step in steps
    )


def _definition(facts: Any) -> tuple[_Step, ...]:
    schools = ngettext("%(n)s school", "%(n)s schools", facts.n_schools) % {"n": facts.n_schools}
    indicators = ngettext("%(n)s indicator", "%(n)s indicators", facts.n_indicators)
    forms = "; ".join(f"{name}: {', '.join(versions)}" for name, versions in facts.forms.items())
    texts = (
        (
            DefinitionPart.REGISTER,
            _("Register of schools"),
            facts.n_schools,
            schools,
            _("A workbook with the sheets “schools” and “codes”."),
        ),
        (
            DefinitionPart.FORM,
            _("Questionnaires"),
            facts.forms,
            forms,
            _("One XLSForm per version, as it was made for KoBo, ODK or SurveyCTO."),
        ),
        (
            DefinitionPart.FRAMEWORK,
            _("Framework"),
            facts.n_indicators,
            indicators % {"n": facts.n_indicators},
            _("A workbook with waves, scales, indices, indicators and targets."),
        ),
        *_agenda(facts),
    )
    waits = _("A workbook waits: look at what it does and accept it.")
    return tuple(
        _Step(
            title,
            bool(there) and part not in facts.waiting,
            found if there else "",
            waits if part in facts.waiting else "" if there else todo,
            DEFINITIONS,
            _definition_action(part in facts.waiting, bool(there)),
        )
        for part, title, there, found, todo in texts
    )


def _agenda(facts: Any) -> tuple[tuple[DefinitionPart, str, int, str, str], ...]:
    """A project may lack it, so it is no step before there is something of it."""
    part, n = DefinitionPart.AGENDA, facts.n_agenda
    if not n and part not in facts.waiting:
        return ()
    found = ngettext("%(n)s question", "%(n)s questions", n) % {"n": n}
    return ((part, _("Endline agenda"), n, found, ""),)


def _definition_action(is_waiting: bool, is_there: bool) -> str:
    if is_waiting:
        return _("Look and accept")
    return _("Load a new version") if is_there else _("Load workbooks")


def _waves(facts: Any) -> _Step:
    open_ones = [name for name, state in facts.waves if state == WaveState.OPEN]
    todo = ""
    if not facts.waves:
        todo = _("The framework brings its waves; others are made by hand.")
    elif not open_ones:
        todo = _("No wave is open, so none takes data. Open the one whose files come in.")
    found = "; ".join(f"{name}: {word(WaveState(state))}" for name, state in facts.waves)
    is_done = bool(open_ones) or facts.is_published
    return _Step(_("Waves"), is_done, found, todo, "wave-list", _("Open, lock, change"))


def _files(facts: Any) -> _Step:
    counts = (
        (ngettext("%(n)s file counts", "%(n)s files count", facts.n_accepted), facts.n_accepted),
        (
            ngettext("%(n)s file can be accepted", "%(n)s files can be accepted", facts.n_ready),
            facts.n_ready,
        ),
        (
            ngettext("%(n)s file is blocked", "%(n)s files are blocked", facts.n_blocked),
            facts.n_blocked,
        ),
    )
    found = "; ".join(text % {"n": n} for text, n in counts if n)
    todo = ""
    if not facts.is_defined:
        todo = _("Comes after register, questionnaires and framework, which say how files read.")
    elif facts.n_ready:
        todo = _("Look at what they would bring and accept them, one by one or together.")
    elif facts.n_blocked:
        todo = _("See what blocks them: most can be mended on the page of the file.")
    elif not facts.n_accepted:
        todo = _("Drop all files of a wave at once, as exported. Each is recognised by content.")
    is_done = bool(facts.n_accepted) and not facts.n_ready and not facts.n_blocked
    address, action = "upload-list", _("To the files")
    if facts.n_ready:
        address, action = "upload-many", _("Look and accept")
    elif not found:
        address, action = "upload-new", _("Load files")
    return _Step(_("Files"), is_done, found, todo, address, action)


def _run(facts: Any) -> _Step:
    is_done = facts.run_state == RunState.DONE
    found = str(word(RunState(facts.run_state))) if facts.run_state else ""
    todo = "" if is_done else _("Starts by itself with every accepted file; it takes seconds.")
    return _Step(_("Calculation"), is_done, found, todo, "run-list", _("To the calculations"))


def _release(facts: Any) -> _Step:
    found = _("Donors and directors see results.") if facts.is_published else ""
    todo = _("Read the overview, then publish the calculation it shows.")
    return _Step(
        _("Publication"),
        facts.is_published,
        found,
        "" if facts.is_published else todo,
        "run-list",
        _("To the calculations"),
    )
