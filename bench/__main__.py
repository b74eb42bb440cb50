"""Run every benchmark and print its table."""

import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mel.settings")


def main() -> int:
    import django

    django.setup()
    from bench import calculation, import_export, loading, pages, totals

    parts = (totals, loading, import_export, pages, calculation)
    return max(part.main() for part in parts)


if __name__ == "__main__":
    sys.exit(main())
