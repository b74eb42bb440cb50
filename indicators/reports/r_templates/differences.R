# Differences over schools: changes, gaps and changes of gaps. Base R, and the package survey for
# the error over all schools.
#
# contrast: named numbers, for example c(W0 = -1, W1 = 1). The names are values of answers$cell; the
#           result is the sum of number x mean of that cell.

EQUAL <- 1e-9  # values closer than this are equal: the rest is rounding of thirds

DRAWS <- 9999  # of random signs, above 24 schools

usable <- function(answers) answers[!is.na(answers$y) & !is.na(answers$cell), ]

# The usable answers of the lines that have some in both waves.
in_both_waves <- function(answers) {
  answers <- usable(answers)
  waves <- tapply(answers$wave, answers$line, function(wave) length(unique(wave)))
  answers[answers$line %in% names(waves)[waves == 2], ]
}

# The symmetric inverse square root; directions without variance are left out (pseudo-inverse).
inverse_root <- function(matrix) {
  parts <- eigen(matrix, symmetric = TRUE)
  root <- ifelse(parts$values > 1e-12, 1 / sqrt(pmax(parts$values, 1e-12)), 0)
  parts$vectors %*% (root * t(parts$vectors))
}

# CR2 of Bell & McCaffrey 2002 with Satterthwaite degrees of freedom (Pustejovsky & Tipton 2018).
# Least squares of y on the cells, X of persons by cells, M = (X'X)^-1, H = X M X', cluster j = line:
#   A_j = ((I - H)_jj)^(-1/2)      a_j = A_j X_j M c      V = sum_j (a_j' e_j)^2
#   O_ij = a_i' (I - H)_ij a_j     df = (trace O)^2 / trace(O O)
cr2 <- function(answers, contrast) {
  answers <- usable(answers)
  cell <- factor(answers$cell, levels = names(contrast))
  X <- model.matrix(~ 0 + cell)
  fit <- lm.fit(X, answers$y)
  M <- solve(crossprod(X))
  lines <- split(seq_len(nrow(X)), answers$line)
  a <- lapply(lines, function(rows) {
    X_j <- X[rows, , drop = FALSE]
    A_j <- inverse_root(diag(length(rows)) - X_j %*% M %*% t(X_j))
    A_j %*% (X_j %*% (M %*% contrast))
  })
  scores <- mapply(function(rows, a_j) sum(a_j * fit$residuals[rows]), lines, a)
  B <- mapply(function(rows, a_j) crossprod(X[rows, , drop = FALSE], a_j), lines, a)
  B <- matrix(B, nrow = ncol(X))
  O <- diag(sapply(a, function(a_j) sum(a_j^2)), nrow = length(a)) - t(B) %*% M %*% B
  df <- sum(diag(O))^2 / sum(O^2)
  t_test(sum(contrast * fit$coefficients), sqrt(sum(scores^2)), df)
}

# The smallest change that a test with this error sees in four of five surveys.
seen_change <- function(change, alpha, power = 0.8) {
  (qt(1 - alpha / 2, change$df) + qt(power, change$df)) * change$se
}

# The rank test of Lumley & Scott 2013. svyranktest takes one degree of freedom too few (method 18).
rank_test <- function(answers, from, to) {
  both <- in_both_waves(answers)
  both$later <- factor(both$wave, levels = c(from, to))
  design <- survey::svydesign(ids = ~line, weights = ~1, data = both[c("y", "line", "later")])
  test <- survey::svyranktest(y ~ later, design)
  list(rank_difference = unname(test$estimate),
       p_rank = 2 * pt(-abs(unname(test$statistic)), survey::degf(design)))
}

# The error of the same contrast over all schools, linearised. Every line of the files is a cluster.
all_schools_error <- function(answers, contrast) {
  answers$cell <- factor(answers$cell, levels = names(contrast))
  design <- survey::svydesign(ids = ~line, weights = ~1, data = answers[c("y", "line", "cell")])
  design <- subset(design, !is.na(y) & !is.na(cell))
  means <- survey::svyby(~y, ~cell, design, survey::svymean, covmat = TRUE)
  list(all_se = as.vector(survey::SE(survey::svycontrast(means, unname(contrast)))))
}

# Lines by cells: how many answers, and their mean or standard deviation.
by_line <- function(answers, contrast, f) {
  answers <- usable(answers)
  tapply(answers$y, list(answers$line, factor(answers$cell, levels = names(contrast))), f)
}

line_means <- function(answers, contrast) {
  if (is.null(answers$weight)) return(by_line(answers, contrast, mean))
  weighted <- answers
  weighted$y <- answers$y * answers$weight
  weights <- answers
  weights$y <- ifelse(is.na(answers$y), NA, answers$weight)
  by_line(weighted, contrast, sum) / by_line(weights, contrast, sum)
}

# The differences of the lines with at least min_n answers in every cell.
line_differences <- function(answers, contrast, min_n = 5) {
  n <- by_line(answers, contrast, length)
  n[is.na(n)] <- 0
  enough <- apply(n >= min_n, 1, all)
  as.vector(line_means(answers, contrast)[enough, , drop = FALSE] %*% contrast)
}

# The sums of d under all combinations of signs, the first sign held: the others mirror them.
signed_sums <- function(d) {
  sums <- d[1]
  for (x in d[-1]) sums <- c(sums - x, sums + x)
  sums
}

# The share of sign combinations whose sum is at least as large as the one observed. Above 24
# schools from random signs, hence equal to the stored p up to chance only.
sign_flip <- function(d, draws = DRAWS) {
  bar <- abs(sum(d)) - EQUAL
  if (bar <= 0) return(1)
  if (length(d) <= 24) return(mean(abs(signed_sums(d)) >= bar))
  set.seed(1)
  sums <- replicate(draws, sum(d * sample(c(-1, 1), length(d), replace = TRUE)))
  (sum(abs(sums) >= bar) + 1) / (draws + 1)
}

# Every school counts once. The limits and p of a test need six schools.
second_look <- function(answers, contrast) {
  d <- line_differences(answers, contrast)
  enough <- length(d) >= 6
  test <- if (enough) t_test(mean(d), sd(d) / sqrt(length(d)), length(d) - 1) else NULL
  list(n_paired = length(d), school_difference = mean(d),
       school_ci_low = test$ci_low, school_ci_high = test$ci_high,
       n_up = sum(d > EQUAL), n_down = sum(d < -EQUAL),
       p_sign_flip = if (enough) sign_flip(d))
}

# Without a test: schools that rose and fell, of those with any answers in both waves.
up_and_down <- function(answers, contrast) {
  d <- line_differences(answers, contrast, min_n = 1)
  list(n_up = sum(d > EQUAL), n_down = sum(d < -EQUAL))
}

gap_of <- function(answers) {
  mean(answers$y[answers$side == "first"]) - mean(answers$y[answers$side == "second"])
}

# The level of a gap.
gap_values <- function(answers) {
  answers <- usable(answers)
  list(value = gap_of(answers), n = nrow(answers), n_first = sum(answers$side == "first"),
       n_second = sum(answers$side == "second"), n_schools = length(unique(answers$line)))
}

mean_of <- function(answers) mean(answers$y)
count_of <- function(answers) sum(answers$y)

# Values on the lines of both waves, and the difference over all schools.
change_values <- function(answers, from, to, value_of = mean_of) {
  both <- in_both_waves(answers)
  first <- both[both$wave == from, ]
  second <- both[both$wave == to, ]
  everyone <- usable(answers)
  list(baseline = value_of(first), endline = value_of(second),
       difference = value_of(second) - value_of(first),
       n_baseline = nrow(first), n_endline = nrow(second), n_schools = length(unique(both$line)),
       all_difference = value_of(everyone[everyone$wave == to, ]) -
         value_of(everyone[everyone$wave == from, ]))
}

# The spread of people in the first wave, on the schools of both: what "small" is measured against.
baseline_sd <- function(answers, from) {
  both <- in_both_waves(answers)
  sd(both$y[both$wave == from])
}

# A gap then and now on the schools of both waves; values of change_values, test of cr2.
gap_change <- function(values, test = NULL) {
  list(baseline = values$baseline, endline = values$endline, change = values$difference,
       change_se = test$se, change_df = test$df, change_p = test$p,
       change_low = test$ci_low, change_high = test$ci_high)
}

gap_word <- function(own, alpha) {
  if (own$change_p_adjusted >= alpha) return("no_clear_change")
  if (own$baseline * own$endline < 0) return("turned_round")
  if (abs(own$endline) < abs(own$baseline)) "narrowed" else "widened"
}

# Change inside schools with the average weights of both waves, and change of the mix of schools.
composition <- function(answers, contrast) {
  both <- in_both_waves(answers)
  n <- by_line(both, contrast, length)
  means <- by_line(both, contrast, mean)
  share <- sweep(n, 2, colSums(n), "/")
  d <- means[, 2] - means[, 1]
  weight <- rowMeans(share)
  within <- sum(weight * d)
  lines <- length(d)
  se <- sqrt(lines / (lines - 1) * sum(weight^2 * (d - within)^2))
  test <- t_test(within, se, lines - 1)
  list(within_difference = within, within_low = test$ci_low, within_high = test$ci_high,
       mix_difference = sum(rowMeans(means) * (share[, 2] - share[, 1])))
}

# Do schools differ in their change? Q, and I2 after DerSimonian & Laird 1986.
spread <- function(answers, contrast, min_n = 5) {
  n <- by_line(answers, contrast, length)
  n[is.na(n)] <- 0
  enough <- apply(n >= min_n, 1, all)
  v <- rowSums((by_line(answers, contrast, sd)^2 / n)[enough, , drop = FALSE])
  d <- line_differences(answers, contrast, min_n)
  u <- 1 / v
  q <- sum(u * (d - sum(u * d) / sum(u))^2)
  df <- length(d) - 1
  scale <- sum(u) - sum(u^2) / sum(u)
  tau2 <- max(0, (q - df) / scale)
  list(spread_i2 = 100 * tau2 / (tau2 + df / scale), p_spread = pchisq(q, df, lower.tail = FALSE))
}

# The change in standard deviations of persons (Hedges 2007), change = what cr2 gave.
effect_size <- function(answers, from, to, change) {
  both <- in_both_waves(answers)
  first <- both$y[both$wave == from]
  second <- both$y[both$wave == to]
  df <- length(first) + length(second) - 2
  s <- sqrt(((length(first) - 1) * var(first) + (length(second) - 1) * var(second)) / df)
  J <- exp(lgamma(df / 2) - lgamma((df - 1) / 2)) / sqrt(df / 2)
  g <- J * change$t * change$se / s
  half <- qt(0.975, change$df) * sqrt((J * change$se / s)^2 + g^2 / (2 * df))
  list(effect_size = g, effect_low = g - half, effect_high = g + half)
}
