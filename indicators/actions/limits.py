"""What the answers to a questionnaire cannot say: a text printed with each of its figures."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from indicators.actions.audit import record
from indicators.actions.projects import StaleRow
from indicators.models import Instrument, User
from indicators.models.base import LANGUAGES


@transaction.atomic
def set_limits(
    *, instrument: Instrument, texts: Mapping[str, str], revision: int, by: User
) -> bool:
    """Texts by language; False when nothing changed. Raises StaleRow after somebody else's change.

    No number changes with it, so neither a reason nor a calculation is asked for.
    """
    rows = Instrument.objects.select_for_update(of=("self",)).select_related("project")
    stored = rows.get(pk=instrument.pk)
    before = {f"limits_{one}": getattr(stored, f"limits_{one}") for one in LANGUAGES}
    after = {f"limits_{one}": texts.get(one, "").strip() for one in LANGUAGES}
    if before == after:
        return False
    if stored.revision != revision:
        raise StaleRow(stored)
    for name, text in after.items():
        setattr(stored, name, text)
    stored.revision, stored.updated_by = stored.revision + 1, by
    stored.save()
    kind, project = "instrument.limits_changed", stored.project
    record(kind, stored, by=by, project=project, before=before, after=after)
    return True
