# One school alone: its level and its change. Base R.

# One school: t.
level_of_school_mean <- function(answers, deff = 1) {
  y <- answers$y[!is.na(answers$y)]
  se <- sd(y) / sqrt(length(y)) * sqrt(deff)
  df <- max((length(y) - 1) / deff, 1)
  half <- if (length(y) > 1) qt(0.975, df) * se else NA
  list(se = se, df = df, ci_low = mean(y) - half, ci_high = mean(y) + half)
}

# One school: Wilson 1927, without continuity correction.
wilson <- function(p, n, confidence = 0.95) {
  z <- qnorm((1 + confidence) / 2)
  centre <- p + z^2 / (2 * n)
  half <- z * sqrt(p * (1 - p) / n + z^2 / (4 * n^2))
  c(low = if (p == 0) 0 else (centre - half) / (1 + z^2 / n),
    high = if (p == 1) 1 else (centre + half) / (1 + z^2 / n))
}

# n / deff people drawn singly say as much as the n of some classes.
level_of_school_share <- function(answers, deff = 1) {
  y <- answers$y[!is.na(answers$y)]
  limits <- wilson(mean(y), length(y) / deff)
  list(ci_low = limits[["low"]], ci_high = limits[["high"]])
}

school_values <- function(answers, from, to) {
  first <- answers$y[answers$wave == from & !is.na(answers$y)]
  second <- answers$y[answers$wave == to & !is.na(answers$y)]
  list(baseline = mean(first), endline = mean(second), difference = mean(second) - mean(first),
       n_baseline = length(first), n_endline = length(second),
       n_schools = as.numeric(length(first) > 0 && length(second) > 0))
}

# How much classes widen the error: 1 + (mean class size - 1) x correlation inside classes.
class_effect <- function(answers, class_item, correlation) {
  class <- answers[[paste0("item.", class_item)]]
  class[!(class %in% 0:63)] <- NA
  sizes <- table(answers$wave, class)
  sizes <- sizes[sizes > 0]
  if (length(sizes) == 0) 1 else 1 + (mean(sizes) - 1) * max(correlation, 0)
}

# Welch's test with the error of classes.
welch <- function(answers, from, to, deff = 1) {
  first <- answers$y[answers$wave == from & !is.na(answers$y)]
  second <- answers$y[answers$wave == to & !is.na(answers$y)]
  plain <- t.test(second, first, var.equal = FALSE)
  t_test(mean(second) - mean(first), plain$stderr * sqrt(deff), max(plain$parameter[[1]] / deff, 1))
}

# Newcombe 1998, method 10, and Fisher's exact p.
newcombe_fisher <- function(answers, from, to) {
  first <- answers$y[answers$wave == from & !is.na(answers$y)]
  second <- answers$y[answers$wave == to & !is.na(answers$y)]
  limits <- function(confidence) {
    p1 <- mean(first)
    p2 <- mean(second)
    w1 <- wilson(p1, length(first), confidence)
    w2 <- wilson(p2, length(second), confidence)
    c(low = p2 - p1 - sqrt((p2 - w2[["low"]])^2 + (w1[["high"]] - p1)^2),
      high = p2 - p1 + sqrt((w2[["high"]] - p2)^2 + (p1 - w1[["low"]])^2))
  }
  table <- rbind(c(sum(first), sum(1 - first)), c(sum(second), sum(1 - second)))
  list(p = fisher.test(table)$p.value,
       ci_low = limits(0.95)[["low"]], ci_high = limits(0.95)[["high"]],
       ci90_low = limits(0.90)[["low"]], ci90_high = limits(0.90)[["high"]])
}

# The change found with 80 % power at 5 %, two-sided, from the spread of people in both waves.
detectable <- function(n1, n2, sd1, sd2, deff) {
  s <- sqrt(((n1 - 1) * sd1^2 + (n2 - 1) * sd2^2) / (n1 + n2 - 2))
  df <- max((n1 + n2 - 2) / deff, 1)
  bar <- qt(0.975, df)
  lack <- function(ncp) 1 - pt(bar, df, ncp) + pt(-bar, df, ncp) - 0.8
  ncp <- uniroot(lack, c(0, 37), tol = 1e-14)$root
  ncp * sqrt(deff * (1 / n1 + 1 / n2)) * s
}

detectable_change <- function(answers, from, to, deff = 1) {
  first <- answers$y[answers$wave == from & !is.na(answers$y)]
  second <- answers$y[answers$wave == to & !is.na(answers$y)]
  list(detectable = detectable(length(first), length(second), sd(first), sd(second), deff))
}
