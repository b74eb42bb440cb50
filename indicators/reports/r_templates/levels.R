# The level of all schools of a survey, or of a group of people in them. Package survey.

# Linearised variance with the school as cluster. Persons without a value are outside the domain
# but their school still counts, so the design is made first and narrowed then.
level_of_mean <- function(answers) {
  design <- survey::svydesign(ids = ~school, weights = ~1, data = answers[c("y", "school")])
  usable <- subset(design, !is.na(y))
  level <- survey::svymean(~y, usable)
  df <- survey::degf(usable)
  limits <- confint(level, df = df)
  list(se = as.vector(survey::SE(level)), df = df, ci_low = limits[1], ci_high = limits[2])
}

# How alike the answers of one school are (one-way analysis of variance), and the variance of the
# level against that of people drawn singly (Kish).
likeness <- function(answers, se) {
  usable <- answers[!is.na(answers$y), c("y", "school")]
  n <- as.vector(table(usable$school))
  means <- anova(lm(y ~ factor(school), data = usable))[["Mean Sq"]]
  n0 <- (sum(n) - sum(n^2) / sum(n)) / (length(n) - 1)
  list(icc = (means[1] - means[2]) / (means[1] + (n0 - 1) * means[2]),
       deff = se^2 / (var(usable$y) / sum(n)))
}

level_of_share <- function(answers) {
  y <- answers$y[!is.na(answers$y)]
  korn_graubard(level_of_mean(answers), mean(y), length(y))
}
