# Values of tests/reference/alliance.json: lesson 10's effects, from packages that the course does not use.
#   Rscript tests/reference/alliance.R > tests/reference/alliance.json
# R 4.2.2, estimatr 1.0.0, sandwich 3.0-2, coin 1.4-2.
suppressPackageStartupMessages({library(estimatr); library(sandwich); library(coin)})
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE)))
people <- read.csv(file.path(here, "..", "..", "datasets", "alliance_experiment.csv"))

by_neyman <- function(outcome, factor) {
  found <- difference_in_means(as.formula(paste(outcome, "~", factor)), data = people)
  c(found$coefficients, found$std.error, found$df, found$conf.low, found$conf.high, found$p.value)
}
hc2 <- function(outcome, factor) {
  model <- lm(as.formula(paste(outcome, "~", factor)), data = people)
  sqrt(vcovHC(model, type = "HC2")[2, 2])
}
by_lin <- function(outcome, covariates) {
  found <- lm_lin(as.formula(paste(outcome, "~ ally")), covariates = covariates, data = people, se_type = "HC2")
  c(found$coefficients["ally"], found$std.error["ally"], found$df["ally"], found$p.value["ally"])
}
p <- function(outcome, factor) by_neyman(outcome, factor)[6]

two <- c(p("threat_n", "ally"), p("support_strike", "ally"))
six <- c(two, p("threat_n", "democracy"), p("support_strike", "democracy"), p("threat_n", "trade"),
         p("support_strike", "trade"))
five <- c(two, p("cost_n", "ally"), p("success", "ally"), p("immoral", "ally"))
omnibus <- independence_test(male + white + age + educ4 ~ factor(ally), data = people, teststat = "quadratic")

say <- function(name, values, last = FALSE)
  cat(sprintf('  "%s": [%s]%s\n', name, paste(sprintf("%.12g", values), collapse = ", "), if (last) "" else ","))
cat("{\n")
say("threat_n", by_neyman("threat_n", "ally"))
say("support_strike", by_neyman("support_strike", "ally"))
say("support_of_democracy", by_neyman("support_strike", "democracy"))
say("hc2", c(hc2("threat_n", "ally"), hc2("support_strike", "ally")))
say("lin_people_threat", by_lin("threat_n", ~ male + white + age + educ4))
say("lin_people_support", by_lin("support_strike", ~ male + white + age + educ4))
say("lin_texts_support", by_lin("support_strike", ~ democracy + trade))
say("lin_all_support", by_lin("support_strike", ~ democracy + trade + male + white + age + educ4))
say("holm_two", p.adjust(two, "holm"))
say("bh_two", p.adjust(two, "BH"))
say("holm_five", p.adjust(five, "holm"))
say("bh_five", p.adjust(five, "BH"))
say("holm_six", p.adjust(six, "holm"))
say("bh_six", p.adjust(six, "BH"))
say("omnibus", c(statistic(omnibus), pvalue(omnibus)), last = TRUE)
cat("}\n")
