# Reference numbers of the R package `surveillance` for tests/warn: run once, kept as a fixture of numbers.
#
# usage: Rscript benchmarks/farrington_r.R tests/warn/fixtures/surveillance_r.json
#
# Needs Debian's r-cran-surveillance only; the JSON is written by hand. Series: the package's examples
# (salmonella.agona and salmNewport, counts of reported cases; rotaBB by month), counts and dates only.
suppressMessages(library(surveillance))
out <- commandArgs(trailingOnly = TRUE)[1]

number <- function(x) ifelse(is.na(x), "null", ifelse(is.finite(x), sprintf("%.10g", x), "null"))
list_of <- function(x) paste0("[", paste(number(as.numeric(x)), collapse = ","), "]")
text <- function(x) paste0('"', x, '"')
object <- function(x) paste0("{", paste(paste0(text(names(x)), ":", unlist(x)), collapse = ","), "}")

data("salmonella.agona"); data("salmNewport"); data("rotaBB")
agona <- disProg2sts(salmonella.agona)
newport <- aggregate(salmNewport, by = "unit")
rota <- aggregate(rotaBB, by = "unit")

farrington <- function(name, sts, label, control) {
  suppressWarnings(r <- farringtonFlexible(sts, control))
  defaults <- list(b = 5, w = 3, noPeriods = 1, pastWeeksNotIncluded = 3, weightsThreshold = 2.58,
    pThresholdTrend = 0.05, alpha = 0.05, powertrans = "2/3", thresholdMethod = "delta")
  k <- modifyList(modifyList(defaults, control), r@control[c("expected", "pvalue", "score", "phiVector", "trend",
    "mu0Vector")])
  object(list(
    series = text(name), label = text(label), method = text(k$thresholdMethod), b = k$b, w = k$w,
    noPeriods = k$noPeriods, past = k$pastWeeksNotIncluded, weightsThreshold = k$weightsThreshold,
    pThresholdTrend = k$pThresholdTrend, alpha = k$alpha, power = text(k$powertrans),
    first = min(k$range), upper = list_of(upperbound(r)), expected = list_of(k$expected),
    p = list_of(k$pvalue), score = list_of(k$score), phi = list_of(k$phiVector),
    trend = list_of(k$trend), mu0 = list_of(k$mu0Vector)))
}
new <- function(method, b, ...) modifyList(list(b = b, w = 3, noPeriods = 10, pThresholdTrend = 1,
  weightsThreshold = 2.58, pastWeeksNotIncluded = 26, thresholdMethod = method), list(...))
late <- function(sts, n) (nrow(sts) - n + 1):nrow(sts)

runs <- c()
for (case in list(list("agona", agona), list("newport", newport))) {
  name <- case[[1]]; sts <- case[[2]]; range <- late(sts, if (nrow(sts) > 400) 60 else 40)
  runs <- c(runs, farrington(name, sts, "defaults", list(range = range)))
  runs <- c(runs, farrington(name, sts, "defaults three years", list(range = range, b = 3, powertrans = "none")))
  for (method in c("delta", "nbPlugin", "muan"))
    runs <- c(runs, farrington(name, sts, paste("Noufaily", method), new(method, 4, range = range)))
  runs <- c(runs, farrington(name, sts, "trend tested", new("nbPlugin", 4, range = range, pThresholdTrend = 0.05)))
}
for (method in c("delta", "nbPlugin"))
  runs <- c(runs, farrington("rota", rota, paste("months", method), list(range = late(rota, 24), b = 5, w = 1,
    noPeriods = 4, pastWeeksNotIncluded = 3, thresholdMethod = method)))

ears <- c()
for (case in list(list("agona", agona), list("newport", newport))) for (method in c("C1", "C2", "C3")) {
  r <- earsC(case[[2]], list(method = method, baseline = 7, minSigma = 0.5))
  ears <- c(ears, object(list(series = text(case[[1]]), method = text(method), baseline = 7, minSigma = 0.5,
    alpha = r@control$alpha, first = min(r@control$range), upper = list_of(upperbound(r)),
    alarm = list_of(r@alarm))))
}
series <- function(sts) object(list(
  counts = list_of(observed(sts)), frequency = sts@freq,
  day = if (sts@epochAsDate) list_of(as.numeric(epoch(sts))) else "null"))
writeLines(object(list(
  source = text(paste("R package surveillance", packageVersion("surveillance"), "run by benchmarks/farrington_r.R;",
    "example series salmonella.agona, salmNewport (sum of units), rotaBB (sum of units): counts of reported cases")),
  agona = series(agona), newport = series(newport), rota = series(rota),
  farrington = paste0("[", paste(runs, collapse = ",\n"), "]"),
  ears = paste0("[", paste(ears, collapse = ",\n"), "]"))), out)
