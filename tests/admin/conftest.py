from typing import Any

import pytest
from django.test import Client

from indicators.models import Membership, Project, School, User
from indicators.vocabulary import RoleName
from tests.resources.demo import load_demo, person

ROLES = {
    "officer": RoleName.OFFICER,
    "administrator": RoleName.ADMINISTRATOR,
    "donor": RoleName.DONOR,
    "director": RoleName.DIRECTOR,
}


@pytest.fixture
def project(db: None) -> Project:
    return load_demo()


@pytest.fixture
def people(project: Project) -> dict[str, User]:
    cast = {name: person(name, project, role) for name, role in ROLES.items()}
    Membership.objects.get(user=cast["director"]).schools.add(School.objects.get(code="IS-01"))
    # Marked as staff by mistake: the mark alone opens nothing.
    cast["staff donor"] = person("staffdonor", project, RoleName.DONOR)
    User.objects.filter(pk=cast["staff donor"].pk).update(is_staff=True)
    cast["stranger"] = person("stranger", None)
    cast["superuser"] = User.objects.create_superuser("root", "root@example.org", "pass")
    return cast


@pytest.fixture
def sign_in(people: dict[str, User]) -> Any:
    def signed_in(name: str) -> Client:
        client = Client(headers={"accept-language": "en"})
        if name != "anonymous":
            client.force_login(User.objects.get(pk=people[name].pk))
        return client

    return signed_in
