"""One text of a formula, two forms: the plain line and the MathML."""

from xml.etree import ElementTree

import pytest

from indicators.presenters.method.notation import inline_mathml, mathml


def inside(formula: str) -> str:
    """The MathML without its frame."""
    return str(inline_mathml(formula)).partition("<mrow>")[2].removesuffix("</mrow></math>")


def mi(*letters: str) -> str:
    return "".join(f"<mi>{letter}</mi>" for letter in letters)


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("SE", "<mi>SE</mi>"),
        ("n_jk", f"<msub><mi>n</mi><mrow>{mi('j', 'k')}</mrow></msub>"),
        ("n_eff", "<msub><mi>n</mi><mi>eff</mi></msub>"),
        ("m_2", "<msub><mi>m</mi><mn>2</mn></msub>"),
        (
            "x_i^2",
            "<msubsup><mi>x</mi><mrow><mi>i</mi></mrow><mn>2</mn></msubsup>",
        ),
        ("a/b", "<mfrac><mrow><mi>a</mi></mrow><mrow><mi>b</mi></mrow></mfrac>"),
        ("√n", "<msqrt><mi>n</mi></msqrt>"),
        ("√(n m)", '<msqrt><mi>n</mi><mspace width="0.25em"/><mi>m</mi></msqrt>'),
        ("a  b", '<mi>a</mi><mspace width="1.5em"/><mi>b</mi>'),
    ],
)
def test_a_part_becomes_its_element(formula, expected):
    assert inside(formula) == expected


def test_brackets_that_only_hold_together_are_dropped():
    assert "<mo" not in inside("(a b)/(c d)")
    assert "(" not in inside("t_(n−1)")
    assert inside("f(x)").count("<mo") == 2
    assert inside("(a b)^2").count("<mo") == 2


def test_a_fraction_in_an_index_stays_on_the_line():
    assert "<mfrac>" not in inside("t_(1−α/2)")
    assert "<mo>/</mo>" in inside("t_(1−α/2)")


def test_brackets_grow_around_fractions_only():
    assert inside("(a/b)").count('stretchy="false"') == 0
    assert inside("(a + b)").count('<mo stretchy="false">(') == 1


def test_a_sum_has_its_index_below():
    assert inside("Σ_j z").startswith('<munder><mo movablelimits="false">∑</mo><mrow><mi>j</mi>')


def test_a_letter_may_wear_a_bar():
    assert inside("z\u0304").startswith('<mover accent="true"><mi>z</mi>')


def test_the_plain_text_goes_along_and_signs_are_escaped():
    text = str(mathml("a < b"))
    assert 'alttext="a &lt; b"' in text
    assert ElementTree.fromstring(text).get("display") == "block"  # noqa: S314  # our own text


@pytest.mark.parametrize("formula", ["(a", "a)", "a_", "x^/", "a + /b", "}/2", "a @ b", "/b"])
def test_what_cannot_be_read_is_refused(formula):
    with pytest.raises(ValueError, match=" at "):
        mathml(formula)
