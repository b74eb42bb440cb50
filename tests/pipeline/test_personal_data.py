"""What looks as if it named a person, in the three languages, and what does not."""

import pytest

from indicators.pipeline.personal_data import holds_address, personal_hints


@pytest.mark.parametrize(
    ("text", "hints"),
    [
        ("Call me: +996 555 12 34 56", ["phone"]),
        ("write to aida@example.org", ["mail"]),
        ("Наша Айгуль Токтосуновна всё объясняет", ["name"]),
        ("Мугалимибиз Асан уулу Бакыт", ["name"]),
        ("Спасибо А. Б. Иванову", ["name"]),
        ("учитель Иванова А. Б. не слушает", ["name"]),
        ("our teacher Aida Toktosunova helps", ["name"]),
        ("мугалим Асанова Бермет 0555 123 456", ["phone", "name"]),
    ],
)
def test_a_hint(text, hints):
    assert [str(hint) for hint in personal_hints(text)] == hints


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Жабдык келди, бирок үч жылдан кийин эскирип калат.",
        "In 2025 we had 12 boards. The lessons are better.",
        "Интернет түшкө чейин иштейт. Эки класс бирге кирсе токтойт.",
    ],
)
def test_no_hint(text):
    assert personal_hints(text) == ()
    assert not holds_address(text)
