"""A file that was read -> everything wrong in it, and what would be accepted."""

from __future__ import annotations

from indicators.pipeline.shapes import CheckedFile, ImportContext, RawFile
from indicators.pipeline.validate_survey import validate_survey
from indicators.vocabulary import FileKind


def validate(raw: RawFile, context: ImportContext) -> CheckedFile:
    """Check a file of the kind the context names. Nothing is stored."""
    if context.kind is FileKind.SURVEY:
        return validate_survey(raw, context)
    raise NotImplementedError(context.kind)
