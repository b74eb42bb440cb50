"""Run every benchmark and print its table."""

import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mel.settings")


def main() -> int:
    import django

    django.setup()
    from bench import calculation, effect, import_export, loading, pages, target_grid, totals

    runs = (totals, loading, import_export, pages, target_grid, effect, calculation)
    return max(one.main() for one in runs)


if __name__ == "__main__":
    sys.exit(main())
