"""The oracle set to check against: the one shipped here, or `--oracle-dir DIR` of the same layout.

pytest tests/oracles --oracle-dir DIR
"""

from pathlib import Path

import pytest

from tests.oracles.source import SHIPPED, read_entries


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--oracle-dir",
        default=str(SHIPPED),
        help="folder with expected.json and its CSV files (default: %(default)s)",
    )


def oracle_directory(config: pytest.Config) -> Path:
    # The option is unknown when this folder is not among the paths given; then the shipped set.
    return Path(config.getoption("oracle_dir", default=str(SHIPPED)))


@pytest.fixture(scope="session")
def oracle_dir(pytestconfig: pytest.Config) -> Path:
    return oracle_directory(pytestconfig)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One test per entry, all of them: an entry of a method we do not know fails."""
    if "entry" in metafunc.fixturenames:
        entries = read_entries(oracle_directory(metafunc.config))
        metafunc.parametrize("entry", entries, ids=[f"{e['id']}-{e['method']}" for e in entries])
