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

level_of_share <- function(answers) {
  y <- answers$y[!is.na(answers$y)]
  korn_graubard(level_of_mean(answers), mean(y), length(y))
}
