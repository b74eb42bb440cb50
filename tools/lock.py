"""Resolve requirements*.in into requirements*.txt: any platform, Python from 3.11 on, hashes."""

import subprocess
import sys
from pathlib import Path

# No address of an index in the files: the installing machine knows its own.
OPTIONS = [
    "--universal",
    "--python-version=3.11",
    "--generate-hashes",
    # With its extras beside the name: pip takes the newest release for one it does not find pinned.
    "--no-strip-extras",
    "--no-annotate",
    "--no-header",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--quiet",
]


def main(*extra: str) -> None:
    uv = str(Path(sys.executable).with_name("uv"))
    for name in ("requirements", "requirements-dev"):
        command = [uv, "pip", "compile", *OPTIONS, *extra, f"{name}.in", "-o", f"{name}.txt"]
        subprocess.run(command, check=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
