# From a person's answers to one value; NA where there is none. Base R.

# The mean of the items answered, when at least min_share of all items are.
mean_of_answered <- function(points, min_share) {
  answered <- rowSums(!is.na(points))
  enough <- answered > 0 & answered >= min_share * ncol(points) - 1e-9
  ifelse(enough, rowSums(points, na.rm = TRUE) / answered, NA)
}

items_of <- function(answers, items) as.matrix(answers[paste0("item.", items)])

score_index_mean <- function(answers, items, low, high, reversed = NULL, min_share = 0.5,
                             no_answer = NULL) {
  points <- items_of(answers, items)
  points[points %in% no_answer] <- NA
  turned <- items %in% reversed
  points[, turned] <- low + high - points[, turned]
  mean_of_answered(points, min_share)
}

# An undecided answer is answered and not positive.
score_index_percent <- function(answers, items, positive, min_share = 0.5) {
  codes <- items_of(answers, items)
  points <- ifelse(is.na(codes), NA, 100 * (codes %in% positive))
  mean_of_answered(matrix(points, ncol = length(items)), min_share)
}

score_mean <- function(answers, item, no_answer = NULL) {
  codes <- answers[[paste0("item.", item)]]
  ifelse(codes %in% no_answer, NA, codes)
}

# Everyone who chose any option is in the base, "don't know" included.
score_share <- function(answers, item, chosen) {
  codes <- answers[[paste0("item.", item)]]
  ifelse(is.na(codes), NA, as.numeric(codes %in% chosen))
}

# Several options could be ticked: 1 this one was, 0 only others were, NA nothing was.
score_option <- function(answers, item) answers[[paste0("item.", item)]]

score_recommend <- function(answers, item, no_answer = NULL) {
  points <- score_mean(answers, item, no_answer)
  ifelse(points >= 9, 100, ifelse(points <= 6, -100, 0))
}

# Which of two groups a person belongs to; NA: to neither.
side_of <- function(codes, first, second) {
  ifelse(codes %in% first, "first", ifelse(codes %in% second, "second", NA))
}
