"""Create .venv and install one requirement file into it: environment.py VENV FILE STAMP...

May be killed at any moment. While packages are being written a marker lies in the environment;
whoever finds it starts from an empty one, since pip takes a half-written package for an installed
one. The stamps, which make compares with the requirement file, come last.
"""

import shutil
import subprocess
import sys
import venv
from pathlib import Path

OLDEST = (3, 11)


def main(folder: str, requirements: str, *stamps: str) -> int:
    if sys.version_info < OLDEST:
        found = ".".join(map(str, sys.version_info[:3]))
        print(f"Python 3.11 or newer is needed; {sys.executable} is {found}.")
        print("Name another one with: make PYTHON=/path/to/python3.11")
        return 1
    root = Path(folder)
    python = root / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    marker = root / "installing"
    if marker.exists() or not works(python):
        print(f"Creating {folder}", flush=True)
        shutil.rmtree(root, ignore_errors=True)
        root.mkdir(parents=True)
        marker.touch()
        venv.create(root, with_pip=True)
    marker.touch()
    print(f"Installing {requirements} (one to two minutes the first time)", flush=True)
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    done = subprocess.run([*pip, "--require-hashes", "--requirement", requirements], check=False)
    if done.returncode:
        print(f"Installing {requirements} failed (see above). Run the same command again.")
        return done.returncode
    marker.unlink()
    for stamp in stamps:
        Path(stamp).touch()
    return 0


def works(python: Path) -> bool:
    """An environment whose Python was removed or upgraded away does not."""
    try:
        command = [str(python), "-m", "pip", "--version"]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
