"""Three kinds of check for every statistic: R's answers, a plain loop, identities of our own.

A name is module.function of `indicators/stats`; the steps of the pipeline that make numbers stand
with them. R's answers are named by the methods of the reference set, the others by file and test.
`test_three_checks` holds the table against the code.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Checks:
    """`r`: methods of tests/oracles. `loop`, `identity`: tests, as file::test without .py, the file
    from tests/stats or tests."""

    r: tuple[str, ...]
    loop: tuple[str, ...]
    identity: tuple[str, ...]


def checks(r: str, loop: str, identity: str) -> Checks:
    """Several names with blanks between them."""
    return Checks(tuple(r.split()), tuple(loop.split()), tuple(identity.split()))


TABLE: dict[str, Checks] = {
    "agreement.cohen_kappa": checks(
        "",
        "stats/test_agreement::test_a_table_by_hand "
        "stats/test_agreement::test_r_says_the_same_by_another_way",
        "stats/test_agreement::test_the_order_of_coders_categories_and_answers_does_not_matter "
        "stats/test_agreement::test_twice_the_answers_keep_kappa_and_halve_the_variance",
    ),
    "agreement.pooled_kappa": checks(
        "",
        "stats/test_agreement::test_pooled_kappa_is_the_loop_and_its_error_the_loop_without_each_answer",
        "stats/test_agreement::test_one_theme_alone_is_cohens_kappa",
    ),
    "agreement.theme_kappas": checks(
        "",
        "stats/test_agreement::test_themes_are_tables_of_their_own",
        "stats/test_agreement::test_one_theme_alone_is_cohens_kappa",
    ),
    # --- levels, changes and gaps of a survey ---------------------------------------------------
    "linear.contrast_taylor": checks(
        "mean_taylor change_taylor gap_taylor gapchange_taylor",
        "test_linear::test_equals_the_sum_over_respondents",
        "test_identities::test_changes_follow_the_unit_of_the_answers "
        "test_identities::test_levels_follow_the_unit_of_the_answers "
        "test_identities::test_the_order_of_schools_does_not_matter "
        "test_identities::test_totals_of_a_split_file_add_up "
        "test_identities::test_cells_merge_by_adding_their_totals",
    ),
    "linear.contrasts_taylor": checks(
        "mean_taylor change_taylor",
        "test_loops_design::test_many_contrasts_at_once_person_by_person",
        "test_identities_design::test_many_at_once_are_one_by_one",
    ),
    "linear.design_effect": checks(
        "mean_taylor",
        "test_loops_design::test_the_design_effect_person_by_person",
        "test_identities_design::test_a_design_effect_knows_no_unit",
    ),
    "survey.contrast_survey": checks(
        "mean_taylor change_taylor",
        "test_survey::test_equals_the_sum_over_respondents",
        "test_survey::test_one_stratum_without_weights_is_the_plain_contrast "
        "test_survey::test_weights_count_only_in_proportion "
        "test_identities_design::test_a_weighted_change_knows_no_unit_no_order_and_no_sum_of_weights",
    ),
    "survey.contrasts_survey": checks(
        "mean_taylor change_taylor",
        "test_loops_design::test_many_contrasts_of_a_design_person_by_person",
        "test_identities_design::test_many_at_once_are_one_by_one",
    ),
    "design.variances": checks(
        "mean_taylor change_taylor",
        "test_loops_design::test_many_contrasts_of_a_design_person_by_person",
        "test_identities_design::test_variances_are_those_of_the_covariance",
    ),
    "design.covariance": checks(
        "multi_group_wald mean_calibrated",
        "test_design::test_equals_the_sum_over_strata_and_schools",
        "test_identities_design::test_a_covariance_knows_neither_the_order_nor_the_split_of_units "
        "test_identities_design::test_strata_one_by_one_add_up",
    ),
    "cr2.contrast_cr2": checks(
        "change_cr2 gap_cr2 gapchange_cr2",
        "test_cr2::test_equals_the_explicit_matrices",
        "test_identities::test_changes_follow_the_unit_of_the_answers "
        "test_identities::test_the_order_of_schools_does_not_matter "
        "test_identities::test_totals_of_a_split_file_add_up "
        "test_identities::test_waves_exchanged_turn_the_sign",
    ),
    "cr2.contrasts_cr2": checks(
        "change_cr2 gap_cr2 gapchange_cr2",
        "test_loops_design::test_many_contrasts_at_once_person_by_person",
        "test_identities_design::test_many_at_once_are_one_by_one",
    ),
    "cr2_weighted.contrast_cr2_weighted": checks(
        "change_cr2",
        "test_cr2_weighted::test_equals_the_explicit_matrices",
        "test_identities_design::test_equal_weights_are_no_weights "
        "test_identities_design::test_weighted_cr2_knows_no_unit_no_order_and_no_sum_of_weights",
    ),
    "paired.paired_schools": checks(
        "change_paired_schools gapchange_schools",
        "test_paired::test_each_school_counts_once_and_small_ones_not_at_all",
        "test_identities::test_paired_schools_turn_with_the_waves",
    ),
    "paired.sign_flip": checks(
        "signflip change_paired_schools",
        "test_paired::test_sign_flip_equals_enumeration",
        "test_identities::test_sign_flip_knows_neither_unit_nor_sign_nor_order",
    ),
    "wild.change_wild": checks(
        "change_wcr_exact",
        "test_wild::test_regression_by_regression",
        "test_wild::test_the_unit_and_the_order_do_not_matter",
    ),
    "composition.change_composition": checks(
        "change_composition",
        "test_composition::test_school_by_school",
        "test_composition::test_the_parts_add_up_to_the_pooled_change "
        "test_identities_design::test_parts_of_a_change_know_neither_unit_nor_order_and_turn",
    ),
    "composition.change_same_mix": checks(
        "",
        "test_composition::test_the_same_mix_school_by_school",
        "test_composition::test_the_same_mix_knows_neither_unit_nor_order",
    ),
    "composition.change_heterogeneity": checks(
        "change_heterogeneity",
        "test_composition::test_heterogeneity_school_by_school",
        "test_identities_design::test_heterogeneity_knows_neither_unit_nor_order_and_turns",
    ),
    "calibration.calibrate": checks(
        "mean_calibrated",
        "test_loops_design::test_two_margins_level_by_level",
        "test_calibration::test_weights_meet_the_totals_and_keep_their_own",
    ),
    "calibration.mean_calibrated": checks(
        "mean_calibrated",
        "test_loops_design::test_two_margins_level_by_level",
        "test_identities_design::"
        "test_a_calibrated_mean_knows_neither_unit_nor_order_nor_scale_of_weights",
    ),
    "ftests.equal_means": checks(
        "multi_group_wald",
        "test_loops_design::test_equal_means_group_by_group",
        "test_ftests::test_two_groups_are_the_square_of_t "
        "test_identities_design::test_equal_means_know_neither_unit_nor_the_order_of_groups",
    ),
    "ftests.rao_scott": checks(
        "dist_raoscott",
        "test_loops_design::test_rao_scott_of_two_answers_and_two_groups "
        "test_ftests::test_the_design_effects_cell_by_cell",
        "test_ftests::test_the_order_of_answers_and_groups_does_not_matter",
    ),
    "ranks_survey.rank_survey": checks(
        "",
        "test_ranks_survey::test_person_by_person",
        "test_ranks_survey::test_only_the_order_of_answers_counts",
    ),
    "ranks_survey.rank_counts": checks(
        "rank_taylor",
        "test_ranks_survey::test_weighted_counts_person_by_person",
        "test_ranks_survey::test_counts_say_what_rows_say",
    ),
    "icc.icc_nested": checks(
        "",
        "test_icc::test_classes_inside_schools_person_by_person",
        "test_icc::test_one_school_of_classes_is_schools_of_a_project",
    ),
    "icc.icc_anova": checks(
        "icc",
        "test_icc::test_anova_person_by_person",
        "test_icc::test_the_unit_of_the_answers_does_not_matter",
    ),
    "icc.icc_reml": checks(
        "icc_reml",
        "test_icc::test_reml_has_the_highest_likelihood",
        "test_icc::test_the_unit_of_the_answers_does_not_matter",
    ),
    # --- shares ---------------------------------------------------------------------------------
    "shares.korn_graubard": checks(
        "prop_taylor",
        "test_loops_shares::test_a_clustered_share "
        "test_loops_shares::test_whole_answers_have_the_limits_of_the_binomial",
        "test_identities::test_a_larger_design_effect_widens_the_limits "
        "test_identities_design::test_a_share_and_its_opposite",
    ),
    "shares.share_level": checks(
        "prop_taylor",
        "test_loops_shares::test_the_limits_of_a_share_follow_from_its_level",
        "test_identities_design::test_the_levels_of_a_share_and_its_opposite",
    ),
    "shares.share_levels": checks(
        "prop_taylor",
        "test_loops_shares::test_the_limits_of_a_share_follow_from_its_level",
        "test_identities_design::test_many_at_once_are_one_by_one",
    ),
    "shares.logit_limits": checks(
        "prop_taylor",
        "test_loops_shares::test_the_limits_of_a_share_follow_from_its_level",
        "test_identities_design::test_the_levels_of_a_share_and_its_opposite",
    ),
    "shares.wilson": checks(
        "prop_simple",
        "test_loops_shares::test_wilson_limits_solve_the_score_equation",
        "test_identities::test_limits_of_a_share_lie_around_it_and_mirror",
    ),
    "shares.newcombe": checks(
        "school_change_prop",
        "test_loops_shares::test_the_change_of_a_share",
        "test_identities::test_limits_of_a_share_lie_around_it_and_mirror",
    ),
    "fisher.fisher_p": checks(
        "school_change_prop",
        "test_loops_shares::test_the_change_of_a_share",
        "test_identities_school::test_fisher_counts_the_same_tables_from_every_side",
    ),
    # --- one school -----------------------------------------------------------------------------
    "moments.mean_sd": checks(
        "score_summary mean_simple",
        "test_loops_school::test_a_weighted_mean_person_by_person "
        "test_moments::test_equals_the_respondents",
        "test_identities_school::test_mean_and_spread_follow_the_unit_and_split_files_add_up",
    ),
    "results.from_t": checks(
        "tost mean_calibrated",
        "test_loops_school::test_t_and_its_limits_from_the_density",
        "test_identities_school::test_a_t_interval_follows_the_unit_and_is_one_of_many",
    ),
    "results.from_t_many": checks(
        "mean_taylor change_cr2",
        "test_loops_school::test_t_and_its_limits_from_the_density",
        "test_identities_design::test_many_t_intervals_are_one_by_one",
    ),
    "results.spread_from_t": checks(
        "school_change_welch mean_simple",
        "test_loops_school::test_t_and_its_limits_from_the_density",
        "test_identities_school::test_a_t_interval_follows_the_unit_and_is_one_of_many",
    ),
    "school.mean_interval": checks(
        "mean_simple",
        "test_loops_school::test_the_level_of_a_school",
        "test_identities_school::test_levels_of_schools_know_neither_unit_nor_order",
    ),
    "school.share_interval": checks(
        "prop_simple",
        "test_loops_shares::test_the_share_of_a_school",
        "test_identities_school::test_shares_of_schools_mirror_and_their_changes_turn",
    ),
    "school.welch_change": checks(
        "school_change_welch school_change_family",
        "test_loops_school::test_the_change_of_a_school",
        "test_identities::test_many_schools_at_once_are_the_schools_one_by_one "
        "test_identities_school::test_changes_of_schools_know_neither_unit_nor_order_and_turn",
    ),
    "school.inflate": checks(
        "school_change_deff",
        "test_loops_school::test_the_change_of_a_school",
        "test_identities_school::test_inflating_twice_is_inflating_by_the_product",
    ),
    "school.class_deff": checks(
        "school_change_deff",
        "test_loops_school::test_the_design_effect_of_classes",
        "test_identities_school::test_the_order_of_classes_and_those_not_there_do_not_matter",
    ),
    "school.newcombe_change": checks(
        "school_change_prop",
        "test_loops_shares::test_the_change_of_a_share",
        "test_identities_school::test_shares_of_schools_mirror_and_their_changes_turn",
    ),
    "ranks.mid_ranks": checks(
        "school_change_mwu change_paired_schools",
        "test_loops_school::test_ranks_and_ties_value_by_value",
        "test_identities_school::test_ranks_know_only_the_order_of_values",
    ),
    "ranks.signed_rank": checks(
        "change_paired_schools",
        "test_loops_school::test_signed_ranks_school_by_school",
        "test_identities_school::test_signed_ranks_know_neither_unit_nor_sign_nor_order",
    ),
    "ranks.mann_whitney": checks(
        "school_change_mwu",
        "test_loops_school::test_mann_whitney_pair_by_pair",
        "test_identities_school::test_mann_whitney_knows_only_the_order_of_answers_and_turns",
    ),
    "ranks.cliff_delta": checks(
        "cliff_delta",
        "test_loops_school::test_cliffs_delta_pair_by_pair",
        "test_ranks::test_cliff_delta_pair_by_pair",
    ),
    "pairs.mcnemar_exact": checks(
        "mcnemar_exact",
        "test_loops_school::test_mcnemar_coin_by_coin",
        "test_pairs::test_counts_and_the_binomial_test",
    ),
    # --- effect sizes, targets, verdicts --------------------------------------------------------
    "effects.hedges_j": checks(
        "hedges_g g_clustered",
        "test_loops_school::test_the_effect_in_a_school",
        "test_identities_school::test_the_small_sample_factors_of_neighbours",
    ),
    "effects.pooled_sd": checks(
        "hedges_g g_clustered",
        "test_loops_school::test_the_effect_in_a_school",
        "test_identities_school::test_the_pooled_spread_lies_between_and_follows_the_unit",
    ),
    "effects.hedges_g": checks(
        "hedges_g",
        "test_loops_school::test_the_effect_in_a_school",
        "test_effects::test_g_turns_with_the_waves_and_knows_no_unit",
    ),
    "effects.noncentrality_limits": checks(
        "hedges_g",
        "test_loops_school::test_the_effect_in_a_school",
        "test_identities_school::test_noncentralities_mirror_and_rise_with_t",
    ),
    "effects.g_clustered": checks(
        "g_clustered",
        "test_loops_school::test_the_effect_across_schools_from_the_density",
        "test_identities_school::test_the_effect_across_schools_knows_no_unit_and_turns",
    ),
    "targets.target_mean": checks(
        "target_mean",
        "test_loops_shares::test_a_mean_against_a_target",
        "test_identities::test_targets_from_below_and_above_are_opposites",
    ),
    "targets.target_prop": checks(
        "target_prop",
        "test_loops_shares::test_a_share_against_a_target",
        "test_identities_school::test_a_share_and_its_opposite_against_a_target",
    ),
    "targets.share_closed": checks(
        "",
        "test_loops_shares::test_the_way_to_a_target",
        "test_identities_school::test_the_way_to_a_target_knows_no_unit",
    ),
    "verdict.verdict_change": checks(
        "verdict_change",
        "test_loops_shares::test_every_word",
        "test_identities_school::test_words_mirror_with_the_sign_and_know_no_unit",
    ),
    "verdict.tost": checks(
        "tost",
        "test_loops_school::test_two_one_sided_tests_from_the_density",
        "test_identities_school::test_equivalence_mirrors_and_is_the_smaller_interval",
    ),
    "families.holm": checks(
        "p_adjust",
        "test_families::test_every_step_by_hand",
        "test_families::test_order_and_missing_ones_do_not_matter",
    ),
    "families.benjamini_hochberg": checks(
        "p_adjust school_change_family",
        "test_families::test_every_step_by_hand",
        "test_families::test_order_and_missing_ones_do_not_matter",
    ),
    # --- planning -------------------------------------------------------------------------------
    "power.detectable_change": checks(
        "mde_two_groups",
        "test_loops_school::test_the_detectable_change_of_a_school",
        "test_identities_school::test_a_detectable_change_shrinks_with_answers",
    ),
    "power.mde_change": checks(
        "mde_change",
        "test_loops_school::test_the_detectable_change_of_schools_from_the_density",
        "test_planning::test_more_answers_schools_and_units",
    ),
    "power.detectable_contrast": checks(
        "mde_change",
        "test_loops_school::test_the_detectable_change_of_schools_from_the_density",
        "test_identities_school::"
        "test_a_detectable_contrast_follows_the_unit_and_shrinks_with_schools",
    ),
    "power.max_error": checks(
        "max_error",
        "test_loops_school::test_the_largest_error_from_the_density",
        "test_planning::test_a_larger_country_widens_the_margin_to_its_limit",
    ),
    # --- answers --------------------------------------------------------------------------------
    "scores.completeness": checks(
        "score_summary",
        "test_loops_answers::test_how_complete_each_person_is",
        "test_scores::test_everybody_is_somewhere",
    ),
    "scores.rescale": checks(
        "score_summary",
        "test_loops_answers::test_each_value_keeps_its_share_of_the_scale",
        "test_scores::test_rescaled_values_keep_their_place",
    ),
    "scores.distribution": checks(
        "item_distribution",
        "test_loops_answers::test_each_option_is_counted",
        "test_identities_answers::test_counts_know_no_order_and_files_and_options_add_up",
    ),
    "scores.multi_select": checks(
        "multi_select",
        "test_loops_answers::test_each_tick_is_counted",
        "test_identities_answers::test_ticks_know_no_order_and_files_add_up",
    ),
    "reliability.reliability": checks(
        "reliability",
        "test_loops_answers::test_alpha_and_what_each_item_adds",
        "test_reliability::test_order_and_unit_of_the_items_do_not_matter",
    ),
    "reliability.cross_products": checks(
        "reliability",
        "test_loops_answers::test_alpha_and_what_each_item_adds",
        "test_reliability::test_totals_of_files_add_up",
    ),
    "factor.omega_ml": checks(
        "reliability",
        "test_loops_answers::test_omega_from_a_factor_fitted_round_by_round",
        "test_identities_answers::test_omega_knows_neither_order_nor_unit_nor_direction",
    ),
    "factor.omega_minres": checks(
        "reliability",
        "test_loops_answers::test_omega_from_a_factor_fitted_round_by_round",
        "test_identities_answers::test_omega_knows_neither_order_nor_unit_nor_direction",
    ),
    "disclosure.suppress_table": checks(
        "suppress_table",
        "test_loops_answers::test_small_counts_are_hidden_cell_by_cell",
        "test_disclosure::test_small_counts_are_hidden_and_rows_hide_none_or_two",
    ),
    "disclosure.feasible_ranges": checks(
        "suppress_table",
        "test_disclosure::test_ranges_are_those_of_all_tables_that_fit",
        "test_identities_answers::test_ranges_of_hidden_cells_turn_with_the_table",
    ),
}

# Steps from answers to results. Their other steps only call the statistics above.
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

# Helpers of the tests that call a step.
CALLED_BY = {"tally_all": "totals_of", "tally_items": "totals", "judge_families": "judged"}

# What has no reference answer, and why.
NOT_IN_R = {
    "agreement.cohen_kappa": "the reference set has no coders; base R's numbers stand in its test",
    "agreement.pooled_kappa": "the same, over all themes at once",
    "agreement.theme_kappas": "the same, for each theme by itself",
    "pipeline.tally.tally_all": "adds up; the reference answers come with respondents, not totals",
    "pipeline.tally_items.tally_items": "adds up, as tally_all does",
    "icc.icc_nested": "the reference set has no classes; R's anova of some stands in test_icc",
    "pipeline.families.judge_families": "sorts tests into families; the adjustment is p_adjust",
    "ranks_survey.rank_survey": "equals rank_counts, which R checks, on the counts of its rows",
    "composition.change_same_mix": "direct standardisation, arithmetic on means without an error",
    "targets.share_closed": "a rule of the product: a change divided by the way to the target",
}

# Public functions that state nothing about numbers, and why.
HELPERS = {
    "cells.by_psu": "adds up the units of a school",
    "cells.summarise": "checks shapes and adds up; its sums are those of the contrasts",
    "cr2.refuse_cr2": "makes a refusal of CR2 contrasts",
    "design.make_design": "numbers the units of a survey; what follows is in covariance",
    "design.check_units": "checks a length",
    "reliability.correlations": "divides a covariance matrix by its standard deviations",
    "refusals.selection_refusal": "a rule on how respondents came in: a reason, no number",
    "refusals.pair_refusal": "a rule on how many answered: a reason, no number",
    "results.refused": "makes a refusal",
    "results.first_reason": "picks the first of several reasons",
    "results.school_results": "blanks out what was refused",
    "targets.progress_status": "a rule on two numbers: a word, no number",
}
