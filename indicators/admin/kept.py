"""A file between its preview and its confirmation."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from import_export.tmp_storages import BaseStorage

FOLDER = "previewed"
LONGEST = timedelta(days=1)


class PreviewGone(Exception):
    """The file was confirmed already, or its preview is older than a day."""


class KeptFile(BaseStorage):
    """Kept for a day in the storage of the product, so every process finds it again."""

    def save(self, data: bytes) -> None:
        _forget_old()
        self.name = uuid4().hex
        default_storage.save(self._path(), ContentFile(data))

    def read(self) -> bytes:
        """Raises PreviewGone."""
        try:
            with default_storage.open(self._path(), "rb") as file:
                content: bytes = file.read()
        except FileNotFoundError as error:
            raise PreviewGone from error
        return content

    def remove(self) -> None:
        default_storage.delete(self._path())

    def _path(self) -> str:
        if not re.fullmatch("[0-9a-f]{32}", self.name or ""):
            raise PreviewGone
        return f"{FOLDER}/{self.name}"


def _forget_old() -> None:
    """Previews that nobody confirmed hold answers of people: they do not stay."""
    try:
        _folders, names = default_storage.listdir(FOLDER)
    except FileNotFoundError:
        return
    for name in names:
        if timezone.now() - default_storage.get_modified_time(f"{FOLDER}/{name}") > LONGEST:
            default_storage.delete(f"{FOLDER}/{name}")
