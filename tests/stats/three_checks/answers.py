"""Coders, effect sizes, targets, verdicts, planning, answers."""

from tests.stats.three_checks.row import Checks, checks

ANSWERS: dict[str, Checks] = {
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
