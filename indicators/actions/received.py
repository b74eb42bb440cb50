"""The tables of a file as they were received, read again from the storage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.files.storage import default_storage

from indicators.pipeline.read import read_table
from indicators.pipeline.ticking import Tick, no_tick

if TYPE_CHECKING:
    from indicators.models import Upload
    from indicators.pipeline.shapes import RawFile


def received_tables(upload: Upload, tick: Tick = no_tick) -> RawFile:
    """Cells as they stand in the file; no table when it cannot be read.

    Raises FileNotFoundError when the storage lost the file, and what `tick` raises.
    """
    with default_storage.open(upload.stored_as, "rb") as file:
        return read_table(upload.file_name, file.read(), tick)
