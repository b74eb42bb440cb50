# Reading the answers, the t distribution, and the comparison with the stored numbers. Base R.
#
# answers: one row per person. Columns of the file: school, line (a school that was merged or
#          renamed and the one that continues it are one line), wave, and "item.<question>".
#          Added by reproduce.R: y, the person's value (NA: none), and side or cell.

read_answers <- function(file) {
  answers <- read.csv(file, colClasses = "character", na.strings = "", check.names = FALSE,
                      encoding = "UTF-8")
  is_item <- startsWith(names(answers), "item.") | names(answers) == "weight"
  answers[is_item] <- lapply(answers[is_item], as.numeric)
  answers
}

# What needs no theory. as_count: the value is a number (of schools), not a mean.
description <- function(answers, as_count = FALSE) {
  y <- answers$y[!is.na(answers$y)]
  list(n = length(y), n_schools = length(unique(answers$school[!is.na(answers$y)])),
       value = if (as_count) sum(y) else mean(y), sd = sd(y),
       numerator = sum(y), denominator = length(y))
}

# How many chose each answer.
distribution <- function(codes) {
  counted <- table(codes)
  setNames(as.list(as.vector(counted)), paste0("count.", names(counted)))
}

# From an estimate to t, p and limits.
t_test <- function(estimate, se, df) {
  t <- estimate / se
  list(se = se, df = df, t = t, p = 2 * pt(-abs(t), df),
       ci_low = estimate - qt(0.975, df) * se, ci_high = estimate + qt(0.975, df) * se,
       ci90_low = estimate - qt(0.95, df) * se, ci90_high = estimate + qt(0.95, df) * se)
}

# Limits of a share, Korn & Graubard 1998: Clopper-Pearson on the effective sample size, at most n.
korn_graubard <- function(level, p, n) {
  n_eff <- n
  if (p > 0 && p < 1 && level$se > 0) {
    n_eff <- min(n, p * (1 - p) / level$se^2 * (qt(0.975, n - 1) / qt(0.975, level$df))^2)
  }
  level$ci_low <- if (p == 0) 0 else qbeta(0.025, n_eff * p, n_eff * (1 - p) + 1)
  level$ci_high <- if (p == 1) 1 else qbeta(0.975, n_eff * p + 1, n_eff * (1 - p))
  level
}

# p_sign_flip: needed with 6 to 11 schools; NA: for one school. rank_difference: there where the rank
# test decides; ranks and mean must point one way.
word_for <- function(own, alpha, margin = NA, schools = NA) {
  inside <- !is.na(margin) && -margin < own$ci90_low && own$ci90_high < margin
  clear <- own$p_adjusted < alpha
  if (!is.na(schools) && schools < 12) clear <- clear && isTRUE(own$p_sign_flip < alpha)
  if (!clear) return(if (inside) "NO_MEANINGFUL_CHANGE" else "NO_CLEAR_CHANGE")
  if (isTRUE(own$rank_difference * own$difference <= 0)) return("NO_CLEAR_CHANGE")
  paste0(if (own$difference > 0) "INCREASED" else "DECREASED", if (inside) "_SMALL" else "")
}

TOLERANCE <- 1e-8  # absolute or relative, whichever is kept

# Prints the stored numbers beside R's; ends with status 1 when one of them differs.
check <- function(stored, own) {
  cat(sprintf("%-18s %22s %22s %10s\n", "number", "stored", "R", "difference"))
  same <- TRUE
  for (name in names(stored)) {
    if (!(name %in% names(own))) stop("R computed no ", name)
    same <- check_one(name, stored[[name]], own[[name]], own) && same
  }
  cat("\n", R.version.string, "\n", sep = "")
  if ("survey" %in% loadedNamespaces()) {
    cat("survey ", as.character(packageVersion("survey")), "\n", sep = "")
  }
  cat(if (same) "All numbers agree.\n" else "NOT ALL NUMBERS AGREE.\n")
  quit(save = "no", status = if (same) 0 else 1)
}

check_one <- function(name, stored, own, all_own) {
  if (is.character(stored)) {
    cat(sprintf("%-18s %22s %22s\n", name, stored, own))
    return(identical(stored, own))
  }
  gap <- own - stored
  tolerance <- TOLERANCE * max(1, abs(stored))
  note <- ""
  if (name == "p_sign_flip" && all_own$n_paired > 24) {
    tolerance <- 6 * sqrt(2 * stored * (1 - stored) / DRAWS)
    note <- "  drawn signs: equal up to chance"
  }
  same <- isTRUE(abs(gap) <= tolerance)
  cat(sprintf("%-18s %22.15g %22.15g %10.1e%s%s\n", name, stored, own, gap, note,
              if (same) "" else "  DIFFERS"))
  same
}
