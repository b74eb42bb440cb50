"""Levels, changes and gaps of a survey, shares, one school."""

from tests.stats.three_checks.row import Checks, checks

SURVEY: dict[str, Checks] = {
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
}
