# Values of tests/reference/tracing.json: Bayes' rule in plain probabilities, in R, without logarithms until the end.
#   Rscript tests/reference/tracing.R > tests/reference/tracing.json
priors <- c(A = 0.4, B = 0.3, C = 0.2, D = 0.1)
items <- list(first = c(A = 0, B = -10, C = -3, D = -3), second = c(A = -20, B = 0, C = -3, D = 0),
              third = c(A = 0, B = -3, C = 0, D = -10), fourth = c(A = -3, B = -30, C = 0, D = 0))
belief <- priors
path <- list(belief)
for (item in items) {
  belief <- belief * 10^(item / 10)
  belief <- belief / sum(belief)
  path[[length(path) + 1]] <- belief
}
row <- function(values) paste(sprintf("%.15g", values), collapse = ", ")
named <- function(values) paste(sprintf('"%s": %.15g', names(values), values), collapse = ", ")
cat('{\n  "several": {\n    "priors": {', named(priors), '},\n    "weights": {\n', sep = "")
cat(paste(sprintf('      "%s": {%s}', names(items), sapply(items, named)), collapse = ",\n"), '\n    },\n', sep = "")
cat('    "path": {\n', paste(sprintf('      "%s": [%s]', names(priors),
    sapply(names(priors), function(name) row(sapply(path, `[[`, name)))), collapse = ",\n"), '\n    },\n', sep = "")
cat(sprintf('    "a_if_a_or_b": %.15g\n  }\n}\n', belief[["A"]] / (belief[["A"]] + belief[["B"]])))
