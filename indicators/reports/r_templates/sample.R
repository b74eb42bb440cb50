# Answers that weigh differently, and samples of schools: weights, strata, the frame. Package survey.
#
# answers: further columns weight (for how many people a respondent stands; none: everybody for
#          one) and stratum (of the frame the school was drawn from; none: not a sample of schools).

read_strata <- function(file) {
  strata <- read.csv(file, colClasses = "character", na.strings = "", encoding = "UTF-8")
  strata$n_schools <- as.numeric(strata$n_schools)
  strata
}

# The stratum a school counts in: one with too few schools is merged into another.
merged_stratum <- function(codes, strata) {
  codes[is.na(codes)] <- ""
  for (step in seq_len(nrow(strata))) {
    into <- strata$merged_into[match(codes, strata$code)]
    codes <- ifelse(is.na(into), codes, into)
  }
  codes
}

# Schools drawn anew in each wave: every stratum counts once per wave.
stratum_of_waves <- function(answers) {
  waves <- tapply(answers$wave, answers$line, function(wave) length(unique(wave)))
  if (any(waves > 1)) answers$stratum else paste(answers$wave, answers$stratum)
}

# Schools in the frame; Inf (no correction) where that is unknown or fewer than were drawn.
frame_size <- function(answers, strata) {
  home <- merged_stratum(strata$code, strata)
  size <- sapply(answers$stratum, function(code) sum(strata$n_schools[home == code]))
  known <- answers$stratum %in% home & !is.na(size)
  drawn <- ave(match(answers$school, answers$school), answers$stratum,
               FUN = function(school) length(unique(school)))
  unname(ifelse(known & size >= drawn, size, Inf))
}

weight_of <- function(answers) {
  if (is.null(answers$weight)) rep(1, nrow(answers)) else answers$weight
}

weighted_mean_of <- function(answers) {
  sum(weight_of(answers) * answers$y) / sum(weight_of(answers))
}

weighted_gap_of <- function(answers) {
  weighted_mean_of(answers[answers$side == "first", ]) -
    weighted_mean_of(answers[answers$side == "second", ])
}

weighted_sd_of <- function(answers) {
  n <- nrow(answers)
  weight <- weight_of(answers)
  spread <- sum(weight * (answers$y - weighted_mean_of(answers))^2) / sum(weight)
  sqrt(n / (n - 1) * spread)
}

with_value <- function(answers) answers[!is.na(answers$y), ]

sample_description <- function(answers) {
  answers <- with_value(answers)
  list(n = nrow(answers), n_schools = length(unique(answers$school)),
       value = weighted_mean_of(answers), sd = weighted_sd_of(answers))
}

# Weighted answers, scaled to the number of people with a value.
sample_distribution <- function(answers, codes) {
  known <- !is.na(codes)
  weight <- weight_of(answers)[known]
  counted <- tapply(weight, codes[known], sum) / sum(weight) * sum(!is.na(answers$y))
  setNames(as.list(as.vector(counted)), paste0("count.", names(counted)))
}

sample_design <- function(answers, ids) {
  answers$weight <- weight_of(answers)
  if (is.null(answers$stratum)) {
    return(survey::svydesign(ids = ids, weights = ~weight, data = answers))
  }
  fpc <- if (is.null(answers$frame)) NULL else ~frame
  survey::svydesign(ids = ids, strata = ~stratum, weights = ~weight, fpc = fpc, nest = TRUE,
                    data = answers)
}

# Linearised variance; schools outside the group keep their place in the design.
sample_level <- function(answers) {
  usable <- subset(sample_design(answers, ~school), !is.na(y))
  level <- survey::svymean(~y, usable)
  df <- survey::degf(usable)
  limits <- confint(level, df = df)
  list(se = as.vector(survey::SE(level)), df = df, ci_low = limits[1], ci_high = limits[2])
}

sample_share <- function(answers) {
  answers_used <- with_value(answers)
  korn_graubard(sample_level(answers), weighted_mean_of(answers_used), nrow(answers_used))
}

# A change or gap of weighted means. Between kinds of schools (urban and rural) one df goes; not
# between waves, whose schools may be drawn anew.
sample_contrast <- function(answers, contrast, are_waves = FALSE) {
  answers$cell <- factor(answers$cell, levels = names(contrast))
  design <- subset(sample_design(answers, ~line), !is.na(y) & !is.na(cell))
  cells <- tapply(design$variables$cell, design$variables$line, function(x) length(unique(x)))
  df <- survey::degf(design) - as.numeric(!are_waves && all(cells == 1))
  means <- survey::svyby(~y, ~cell, design, survey::svymean, covmat = TRUE)
  estimate <- survey::svycontrast(means, unname(contrast))
  t_test(as.vector(coef(estimate)), as.vector(survey::SE(estimate)), df)
}

# The schools of one wave only have no value any more, but keep their place in the design.
domain_of_both_waves <- function(answers) {
  answers$y[!(answers$line %in% in_both_waves(answers)$line)] <- NA
  answers
}

# Values over all schools of both waves.
sample_change_values <- function(answers, from, to, value_of = weighted_mean_of) {
  answers <- usable(answers)
  first <- answers[answers$wave == from, ]
  second <- answers[answers$wave == to, ]
  difference <- value_of(second) - value_of(first)
  list(baseline = value_of(first), endline = value_of(second), difference = difference,
       n_baseline = nrow(first), n_endline = nrow(second),
       n_schools = length(unique(answers$line)), all_difference = difference)
}

sample_baseline_sd <- function(answers, from) {
  answers <- usable(answers)
  weighted_sd_of(answers[answers$wave == from, ])
}

weighted_baseline_sd <- function(answers, from) {
  both <- in_both_waves(answers)
  weighted_sd_of(both[both$wave == from, ])
}

sample_gap_values <- function(answers) {
  answers <- usable(answers)
  list(value = weighted_gap_of(answers), n = nrow(answers),
       n_first = sum(answers$side == "first"), n_second = sum(answers$side == "second"),
       n_schools = length(unique(answers$line)))
}

# One school: the weighted mean with the spread of its people.
weighted_school_mean <- function(answers, deff = 1) {
  answers <- with_value(answers)
  n <- nrow(answers)
  se <- weighted_sd_of(answers) / sqrt(n) * sqrt(deff)
  df <- max((n - 1) / deff, 1)
  half <- if (n > 1) qt(0.975, df) * se else NA
  value <- weighted_mean_of(answers)
  list(se = se, df = df, ci_low = value - half, ci_high = value + half)
}

weighted_school_share <- function(answers, deff = 1) {
  answers <- with_value(answers)
  limits <- wilson(weighted_mean_of(answers), nrow(answers) / deff)
  list(ci_low = limits[["low"]], ci_high = limits[["high"]])
}

weighted_school_values <- function(answers, from, to) {
  answers <- with_value(answers)
  first <- answers[answers$wave == from, ]
  second <- answers[answers$wave == to, ]
  list(baseline = weighted_mean_of(first), endline = weighted_mean_of(second),
       difference = weighted_mean_of(second) - weighted_mean_of(first),
       n_baseline = nrow(first), n_endline = nrow(second),
       n_schools = as.numeric(nrow(first) > 0 && nrow(second) > 0))
}

weighted_welch <- function(answers, from, to, deff = 1) {
  answers <- with_value(answers)
  first <- answers[answers$wave == from, ]
  second <- answers[answers$wave == to, ]
  v1 <- weighted_sd_of(first)^2 / nrow(first)
  v2 <- weighted_sd_of(second)^2 / nrow(second)
  df <- (v1 + v2)^2 / (v1^2 / (nrow(first) - 1) + v2^2 / (nrow(second) - 1))
  t_test(weighted_mean_of(second) - weighted_mean_of(first), sqrt((v1 + v2) * deff),
         max(df / deff, 1))
}

weighted_detectable <- function(answers, from, to, deff = 1) {
  answers <- with_value(answers)
  first <- answers[answers$wave == from, ]
  second <- answers[answers$wave == to, ]
  list(detectable = detectable(nrow(first), nrow(second), weighted_sd_of(first),
                               weighted_sd_of(second), deff))
}
