"""Skip rules of forms: each rule against an answer worked out by hand."""

import numpy as np
import pytest

from indicators.pipeline.relevant import LONGEST_RULE, Column, RuleNotUnderstood, is_asked
from indicators.pipeline.shapes import MISSING, ItemSpec, OptionSpec
from indicators.vocabulary import ItemKind

NO = ("", "", "")
PLAN = (OptionSpec("none", 0, NO), OptionSpec("draft", 1, NO), OptionSpec("approved", 2, NO))
WAYS = tuple(OptionSpec(name, n, NO) for n, name in enumerate(("mail", "phone", "other"), 1))


def column(name, kind, codes, options=()):
    return Column(ItemSpec(name, name, kind, NO, options), np.array(codes))


# Four people: the last one answered nothing.
COLUMNS = {
    "plan": column("plan", ItemKind.SCALE, [0, 1, 2, MISSING], PLAN),
    "ways": column("ways", ItemKind.MULTI, [0b001, 0b110, 0b100, MISSING], WAYS),
    "age": column("age", ItemKind.NUMBER, [14, 15, 16, MISSING]),
}


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("${plan} = 'none'", "1000"),
        ("${plan} != 'none'", "0111"),
        ("'none' != ${plan}", "0111"),
        ("${plan} = ''", "0001"),
        ("${plan}!=''", "1110"),
        ('${plan} = "approved"', "0010"),
        ("selected(${plan}, 'draft')", "0100"),
        ("selected(${ways}, 'other')", "0110"),
        ("not(selected(${ways}, 'other'))", "1001"),
        ("count-selected(${ways}) >= 2", "0100"),
        ("count-selected(${ways}) = 0", "0001"),
        ("${age} > 14", "0110"),
        ("15 <= ${age}", "0110"),
        ("${age} != 14", "0111"),
        ("${age} = 15.0", "0100"),
        ("${plan} != 'none' and ${age} < 16", "0100"),
        ("${plan} = 'none' or ${age} = 16 and ${plan} = 'approved'", "1010"),
        ("(${plan} = 'none' or ${age} = 16) and true()", "1010"),
        ("false() or not(${age} >= 15)", "1001"),
        ("  ( ( ${ age } = 14 ) ) ", "1000"),
    ],
)
def test_a_rule_says_who_is_asked(rule, expected):
    found = is_asked(rule, COLUMNS, 4)
    assert "".join(str(int(one)) for one in found) == expected


@pytest.mark.parametrize(
    "rule",
    [
        "",
        "${nobody} = 1",
        "${plan} = 'unknown'",
        "${plan} < 'none'",
        "${plan} =",
        "${plan}",
        "'a' = 'b'",
        "(${age} = 14",
        "${age} = 14)",
        "${age} = 14 xor ${age} = 15",
        "regex(${plan}, '.*')",
        "__import__('os')",
        "${ways} = 3",
        "not ${age} = 14",
        "selected(plan, 'draft')",
        ". > 3",
        "(" * 400 + "true()" + ")" * 400,
        "x" * (LONGEST_RULE + 1),
    ],
)
def test_anything_else_is_not_understood(rule):
    with pytest.raises(RuleNotUnderstood):
        is_asked(rule, COLUMNS, 4)
