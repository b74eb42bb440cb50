"""An accepted dataset handed out as a file: to officers, and always on record."""

from __future__ import annotations

import hashlib

from django.db import transaction

from indicators.actions.audit import record
from indicators.models import Dataset, User
from indicators.pipeline.export_files import write_file
from indicators.pipeline.export_table import export_columns
from indicators.queries.import_context import form_spec
from indicators.queries.stored_survey import stored_survey
from indicators.vocabulary import ExportFormat, Language


@transaction.atomic
def export_dataset(
    *, dataset: Dataset, format: ExportFormat, language: Language, by: User
) -> bytes:
    """The bytes of the file. Loaded back as the same questionnaire, it gives the same answers."""
    form = form_spec(dataset.version, dataset.wave)
    place = list(Language).index(language)
    columns = export_columns(form, stored_survey(dataset), place)
    content = write_file(format, columns)
    record(
        "answers.exported",
        dataset.upload,
        by=by,
        project=dataset.upload.project,
        after={
            "format": str(format),
            "language": str(language),
            "people": dataset.n_used,
            "columns": [column.name for column in columns],
            "sha256": hashlib.sha256(content).hexdigest(),
        },
    )
    return content


def answers_file_name(dataset: Dataset, format: ExportFormat) -> str:
    names = (dataset.version.instrument.code, dataset.wave.code, dataset.upload_id)
    return f"answers-{'-'.join(map(str, names))}.{format}"
