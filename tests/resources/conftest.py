import pytest

from indicators.models import Project, User
from indicators.vocabulary import RoleName
from tests.resources.demo import load_demo, person


@pytest.fixture
def project(db: None) -> Project:
    return load_demo()


@pytest.fixture
def officer(project: Project) -> User:
    return person("olga", project, RoleName.OFFICER)
