# Values of tests/reference/power.json: power, minimum detectable effects, people needed, and two one-sided tests.
#   Rscript tests/reference/power.R > tests/reference/power.json
# R 4.2.2, stats alone.
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE)))
all <- read.csv(file.path(here, "experiment.csv"))
arm <- all$need[all$arm == "withdrawn"]
reference <- all$need[all$arm == "unchanged"]

found <- function(...) power.t.test(..., type = "two.sample", strict = TRUE, tol = 1e-10)
cases <- expand.grid(n = c(20, 150, 1400), delta = c(0.1, 0.3), sd = c(0.8, 1.2))
power <- mapply(function(n, delta, sd) found(n = n, delta = delta, sd = sd)$power, cases$n, cases$delta, cases$sd)
detectable <- sapply(c(20, 150, 1400), function(n) found(n = n, sd = 1.2, power = 0.8)$delta)
strict <- found(n = 300, sd = 1.2, power = 0.9, sig.level = 0.01)$delta
people <- sapply(c(0.4, 0.2, 0.1), function(delta) ceiling(found(delta = delta, sd = 1.2, power = 0.8)$n))

tost <- function(bound) max(
  t.test(arm, reference, mu = -bound, alternative = "greater")$p.value,
  t.test(arm, reference, mu = bound, alternative = "less")$p.value)
interval <- t.test(arm, reference, conf.level = 0.9)$conf.int

say <- function(name, values, last = FALSE)
  cat(sprintf('  "%s": [%s]%s\n', name, paste(sprintf("%.12g", values), collapse = ", "), if (last) "" else ","))
cat("{\n")
say("power", power)
say("minimum_detectable_effect", c(detectable, strict))
say("people_needed", people)
say("two_one_sided", sapply(c(0.1, 0.3, 0.6, 1), tost))
say("interval_90", interval, last = TRUE)
cat("}\n")
