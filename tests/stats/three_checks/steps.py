"""Steps from answers to results. Their other steps only call statistics."""

from tests.stats.three_checks.row import Checks, checks

STEPS: dict[str, Checks] = {
    "pipeline.score.score": checks(
        "score_summary",
        "pipeline/test_score::test_agrees_with_the_loop_over_people "
        "pipeline/test_identities::test_percent_positive_is_the_mean_of_its_shares",
        "pipeline/test_identities::test_a_score_is_a_persons_own "
        "pipeline/test_identities::test_items_turned_twice_are_not_turned "
        "pipeline/test_identities::test_the_order_of_items_does_not_matter "
        "pipeline/test_identities::test_shares_of_all_codes_add_up_to_everybody_who_answered "
        "pipeline/test_score::test_reversing_every_item_mirrors_the_index",
    ),
    "pipeline.tally.tally_all": checks(
        "",
        "pipeline/test_tally::test_agrees_with_dicts",
        "pipeline/test_tally::test_two_files_are_one_file "
        "pipeline/test_tally::test_the_order_of_people_does_not_matter "
        "pipeline/test_tally::test_groups_add_up_to_the_school_when_nobody_is_unknown",
    ),
    "pipeline.tally_items.tally_items": checks(
        "",
        "pipeline/test_tally_items::test_sheets_of_an_index_person_by_person "
        "pipeline/test_tally_items::test_answers_by_school_and_option_person_by_person",
        "pipeline/test_tally_items::test_files_of_a_wave_add_up",
    ),
    "pipeline.families.judge_families": checks(
        "",
        "pipeline/test_identities::test_every_family_is_adjusted_by_itself",
        "pipeline/test_identities::test_the_order_of_tests_does_not_matter",
    ),
}
