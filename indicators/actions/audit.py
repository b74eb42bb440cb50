"""One way to record a write; call it inside the transaction of the write."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models

from indicators.models import AuditEvent, Project, User


def record(
    kind: str,
    obj: models.Model,
    *,
    by: User | None,
    project: Project | None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
) -> AuditEvent:
    """Add an audit event about `obj`. `before`/`after` hold plain JSON values."""
    return AuditEvent.objects.create(
        kind=kind,
        by=by,
        project=project,
        object_type=obj._meta.model_name or "",
        object_id=str(obj.pk),
        object_label=str(obj)[:300],
        before=dict(before or {}),
        after=dict(after or {}),
        reason=reason,
    )
