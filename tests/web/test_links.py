"""Nobody is led to a page that is closed to them."""

from __future__ import annotations

import re
from collections import Counter
from html import unescape
from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client
from django.urls import resolve

from tests.web.agenda import agenda_of
from tests.web.factories import build_world, member

pytestmark = pytest.mark.django_db

MOST_OF_A_KIND = 3
HREF = re.compile(r'<a\b[^>]*\shref="([^"#][^"]*)"')
ELSEWHERE = ("/static/", "/accounts/", "/admin/")
NOT_MADE_UP = ("/original/", "/reproduce/")  # files and answers that the made-up project lacks


def walk(client: Client, start: str) -> dict[str, int]:
    """Every page reached by links, a few of each kind, with what it answers."""
    waiting, found, kinds = [start], {}, Counter()
    while waiting:
        url = waiting.pop(0)
        path = urlsplit(url).path
        if url in found or path.startswith(ELSEWHERE):
            continue
        kinds[kind := resolve(path).view_name] += 1
        if kinds[kind] > MOST_OF_A_KIND:
            continue
        answer = client.get(url)
        found[url] = answer.status_code
        if answer.headers.get("Content-Type", "").startswith("text/html"):
            links = HREF.findall(answer.content.decode())
            waiting += [
                urljoin(url, unescape(one)) for one in links if "//" not in one and one[0] != "?"
            ]
    return found


@pytest.mark.parametrize("role", ["donor", "director", "officer", "administrator"])
def test_every_link_leads_to_a_page_one_may_open(client, role):
    world = build_world()
    agenda_of(world)
    schools = [world.school(1)] if role == "director" else []
    client.force_login(member(world, role, *schools))
    found = walk(client, "/p/demo/")
    assert len(found) > 40, sorted(found)
    closed = {url: code for url, code in found.items() if code not in (200, 302)}
    assert [url for url in closed if not url.endswith(NOT_MADE_UP)] == []
