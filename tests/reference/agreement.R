# Values of tests/reference/agreement.json, from packages that the course does not use.
#   Rscript tests/reference/agreement.R > tests/reference/agreement.json
# R 4.2.2, psych 2.2.9.
suppressPackageStartupMessages(library(psych))
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE)))
codes <- read.csv(file.path(here, "codings.csv"))
both <- codes[, c("one", "other")]
found <- cohen.kappa(both)
steps <- abs(outer(1:4, 1:4, "-"))
linear <- cohen.kappa(both, w = 1 - steps / max(steps))
cat(sprintf('{\n  "kappa": %.12g,\n  "quadratic": %.12g,\n  "linear": %.12g\n}\n',
            found$kappa, found$weighted.kappa, linear$weighted.kappa))
