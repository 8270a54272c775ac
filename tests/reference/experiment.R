# Values of tests/reference/experiment.json, from packages that the course does not use.
#   Rscript tests/reference/experiment.R > tests/reference/experiment.json
# R 4.2.2, estimatr 1.0.0, sandwich 3.0-2, coin 1.4-2, MASS 7.3-58.
suppressPackageStartupMessages({library(estimatr); library(sandwich); library(coin); library(MASS)})
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE)))
all <- read.csv(file.path(here, "experiment.csv"))
two <- all[all$arm != "deployed", ]
two$treated <- as.numeric(two$arm == "withdrawn")

neyman <- difference_in_means(need ~ treated, data = two)
hc2 <- sqrt(vcovHC(lm(need ~ treated, data = two), type = "HC2")[2, 2])
lin_numbers <- lm_lin(need ~ treated, covariates = ~ age + trust, data = two, se_type = "HC2")
lin_words <- lm_lin(money ~ treated, covariates = ~ age + trust + region, data = two, se_type = "HC2")
logit <- polr(factor(need) ~ treated, data = two, Hess = TRUE)
quad2 <- independence_test(age + trust ~ factor(arm), data = two, teststat = "quadratic")
quad3 <- independence_test(age + trust ~ factor(arm), data = all, teststat = "quadratic")
p <- c(0.001, 0.009, 0.02, 0.021, 0.04, 0.3, 0.9)

say <- function(name, values, last = FALSE)
  cat(sprintf('  "%s": [%s]%s\n', name, paste(sprintf("%.12g", values), collapse = ", "), if (last) "" else ","))
cat("{\n")
say("difference_in_means", c(neyman$coefficients, neyman$std.error, neyman$df, neyman$conf.low, neyman$conf.high, neyman$p.value))
say("hc2", hc2)
say("lin_numbers", c(coef(lin_numbers)["treated"], lin_numbers$std.error["treated"], lin_numbers$df["treated"]))
say("lin_words", c(coef(lin_words)["treated"], lin_words$std.error["treated"], lin_words$df["treated"]))
say("ordinal_logit", c(coef(logit), sqrt(vcov(logit)["treated", "treated"])))
say("omnibus_two", c(statistic(quad2), pvalue(quad2)))
say("omnibus_three", c(statistic(quad3), pvalue(quad3)))
say("holm", p.adjust(p, "holm"))
say("benjamini_hochberg", p.adjust(p, "BH"), last = TRUE)
cat("}\n")
