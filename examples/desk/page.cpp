// The page of a model: one file, which asks for nothing else and runs no scripts.
#include <cinttypes>
#include <cmath>
#include <cstdio>

#include <linnet/parameters.hpp>
#include <linnet/version.hpp>

#include "charts.hpp"
#include "csv.hpp"
#include "train.hpp"

namespace desk {

namespace ln = linnet;

namespace {

constexpr char kStyle[] =
    ":root{color-scheme:light dark;--ink:#1b1f24;--muted:#57606a;--paper:#fff;--line:#dfe3e8;--tint:11,92,173}"
    "@media screen and (prefers-color-scheme:dark){:root{--ink:#e6e9ed;--muted:#a9b1bb;--paper:#14171c;--line:#2b313a;"
    "--tint:108,178,255}}"
    "body{margin:0 auto;padding:1rem;max-width:56rem;background:var(--paper);color:var(--ink);"
    "font:16px/1.5 system-ui,'DejaVu Sans',Helvetica,Arial,sans-serif;overflow-wrap:anywhere}"
    "h1{font-size:1.5rem;line-height:1.25}h2{font-size:1.15rem;margin-top:2rem}.big{font-size:2rem;font-weight:600}"
    ".muted{color:var(--muted)}svg{max-width:100%;height:auto}.wide{overflow-x:auto}"
    "table{border-collapse:collapse}th,td{padding:.25rem .6rem;border-bottom:1px solid var(--line);text-align:right;"
    "font-variant-numeric:tabular-nums;overflow-wrap:normal}th:first-child,td:first-child{text-align:left}"
    "table.words td{text-align:left}@media(max-width:30rem){table{font-size:.8rem}th,td{padding:.2rem .3rem}}"
    "code{font-family:ui-monospace,'DejaVu Sans Mono',monospace;font-size:.9em}";

// Text out of the data or the command line: nothing in it is a tag, a quotation mark or a control character.
std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : csv::shown(text, text.size())) {
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      case '\'':
        result += "&#39;";
        break;
      default:
        result += c;
    }
  }
  return result;
}

template <class... T>
std::string printed(const char* format, T... values) {
  char text[256];
  std::snprintf(text, sizeof text, format, values...);
  return text;
}

std::string row_of(std::initializer_list<std::string> cells, const char* tag = "td") {
  std::string row = "<tr>";
  for (const std::string& cell : cells) row += std::string("<") + tag + ">" + cell + "</" + tag + ">";
  return row + "</tr>\n";
}

std::string table_of(const std::string& rows, const char* kind = "numbers") {
  return std::string(R"(<div class="wide"><table class=")") + kind + "\">\n" + rows + "</table></div>\n";
}

std::string begin(const Outcome& outcome) {
  const Data& data = outcome.data;
  const std::string title = escaped(data.target) + " from " + std::to_string(data.columns()) + " columns";
  const char* measure = data.classified() ? "test accuracy" : "test R2";
  return "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
         "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
         "<title>" +
         title + "</title>\n<style>" + kStyle + "</style>\n</head>\n<body>\n<h1>" + title +
         "</h1>\n<p><span class=\"big\">" + four_digits(outcome.results.front()) + "</span> " + measure + ", on " +
         std::to_string(outcome.runs.front().parts.test.size()) + " rows that the network has not seen</p>\n";
}

std::string runs_section(const Job& job, const Outcome& outcome) {
  if (outcome.runs.size() < 2) return "";
  return "<h2>All runs</h2>\n<p>" + mean_line(job, outcome) +
         ". The model, and all else on this page, is of the first run.</p>\n" + runs_chart(outcome);
}

std::string confusion_table(const Outcome& outcome) {
  constexpr std::size_t kMost = 40;
  const std::vector<std::string>& names = outcome.data.classes;
  if (names.size() > kMost)
    return "<p class=\"muted\">Too many classes for a picture of what was taken for what.</p>\n";
  std::string rows = "<tr><th></th>";
  for (const std::string& name : names) rows += "<th>" + escaped(name) + "</th>";
  rows += "</tr>\n";
  for (std::size_t c = 0; c < names.size(); ++c) {
    rows += "<tr><td>" + escaped(names[c]) + "</td>";
    for (std::size_t other = 0; other < names.size(); ++other) {
      const std::uint32_t count = outcome.scores.confusion[c * names.size() + other];
      const double share = count == 0 ? 0.0 : static_cast<double>(count) / outcome.scores.rows_of(c);
      rows +=
          printed("<td style=\"background:rgba(var(--tint),%.2f)\">", 0.45 * share) + std::to_string(count) + "</td>";
    }
    rows += "</tr>\n";
  }
  return table_of(rows);
}

std::string class_table(const Outcome& outcome) {
  std::string rows = row_of({"class", "precision", "recall", "F1", "test rows"}, "th");
  const auto add = [&rows](const std::string& name, const ln::Rates& rates, std::size_t count) {
    const auto digits = [](float share) { return four_digits(static_cast<double>(share)); };
    rows += row_of({name, digits(rates.precision), digits(rates.recall), digits(rates.f1), std::to_string(count)});
  };
  const Scores& scores = outcome.scores;
  for (std::size_t c = 0; c < outcome.data.classes.size(); ++c) {
    add(escaped(outcome.data.classes[c]), scores.classes[c], scores.rows_of(c));
  }
  add("mean", scores.macro, outcome.runs.front().parts.test.size());
  return table_of(rows);
}

std::string results_section(const Outcome& outcome) {
  if (outcome.data.classified()) {
    return "<h2>What was taken for what</h2>\n<p>A line for what test rows are, a column for what the network "
           "says.</p>\n" +
           confusion_table(outcome) + "<h2>By class</h2>\n" + class_table(outcome);
  }
  return "<h2>Predicted and true</h2>\n" + scatter_chart(outcome) +
         printed("<p>Error: %.6g root mean square, %.6g mean absolute, in the unit of the column.</p>\n",
                 static_cast<double>(outcome.scores.rmse), static_cast<double>(outcome.scores.mae));
}

std::string look_rows(const std::string& name, const Look& look) {
  const auto value = [](float x) { return printed("%.3g", static_cast<double>(x)); };
  const ln::LayerDiagnostics& seen = look.seen;
  const auto per_cent = [](float share) { return printed("%.0f %%", 100.0 * static_cast<double>(share)); };
  return row_of({name, ln::to_string(look.report.verdict), value(seen.activations.mean), value(seen.activations.stddev),
                 value(std::sqrt(look.report.gradient_mean_square)), per_cent(seen.dead_in_epoch),
                 per_cent(seen.saturated)});
}

std::string layers_section(const Outcome& outcome) {
  const Learned& learned = outcome.learned;
  std::string rows = row_of({"layer", "verdict", "mean", "deviation", "gradient", "dead", "saturated"}, "th");
  std::string remedies;
  for (std::size_t l = 0; l < learned.after.size(); ++l) {
    const std::string name = std::to_string(l + 1);
    rows += look_rows(name + ", before", learned.before[l]) + look_rows(name + ", after", learned.after[l]);
    const ln::Verdict verdict = learned.after[l].report.verdict;
    if (verdict != ln::Verdict::healthy)
      remedies += "<p>Layer " + name + ": " + escaped(ln::remedy(verdict)) + "</p>\n";
  }
  return "<h2>What each layer looked like</h2>\n<p>Before the first step and after the last one: mean and deviation of "
         "what its units give, the root mean square of the gradients that reach them, the share of dead and of "
         "saturated units.</p>\n" +
         table_of(rows) + remedies;
}

std::string board_section(const Job& job, const Outcome& outcome) {
  const BoardMemory memory = board_memory(job, outcome);
  const auto bytes = [](std::size_t count) { return std::to_string(count); };
  return "<h2>On a board</h2>\n" +
         table_of(row_of({"bytes", "flash", "RAM"}, "th") +
                  row_of({"to predict", bytes(memory.weights), bytes(memory.predictor)}) +
                  row_of({"to go on learning, a row at a time", "0", bytes(memory.weights + memory.trainer)}) +
                  row_of({"the same in batches of " + std::to_string(job.recipe.batch), "0",
                          bytes(memory.weights + memory.batch_trainer)})) +
         "<p>The code and the stack come on top: the table \"What it costs\" in the library's README has them.</p>\n";
}

std::string made_section(const Job& job, const Outcome& outcome) {
  const Data& data = outcome.data;
  const Recipe& recipe = job.recipe;
  const Parts& parts = outcome.runs.front().parts;
  std::string rows;
  const auto add = [&rows](const char* what, const std::string& value) { rows += row_of({what, value}); };
  add("command", "<code>" + escaped(job.command) + "</code>");
  add("data",
      escaped(data.path) + printed(": %zu rows, %zu inputs, FNV-1a %016" PRIx64, data.rows, data.columns(), data.hash));
  add("rows", std::to_string(parts.train.size()) + " to learn from, " + std::to_string(parts.validation.size()) +
                  " to validate, " + std::to_string(parts.test.size()) + " to test");
  add("network", escaped(text_of(outcome.learned.model.topology)));
  add("start", escaped(recipe.initializer) + ", seed " + std::to_string(outcome.runs.front().seed));
  const ln::Optimizer optimizer = optimizer_of(recipe);
  add("training", escaped(recipe.optimizer) +
                      printed(", learning rate %g, weight decay %g; ", static_cast<double>(optimizer.learning_rate),
                              static_cast<double>(optimizer.weight_decay)) +
                      std::to_string(outcome.learned.curve.size()) + " epochs in batches of " +
                      std::to_string(recipe.batch));
  if (recipe.patience > 0) {
    add("weights", "of epoch " + std::to_string(outcome.learned.epoch) +
                       ", whose validation loss was the smallest; patience " + std::to_string(recipe.patience));
  }
  add("columns", escaped(recipe.scaling) + printed("; the scale is in the weights, predictions changed by %.1e at most",
                                                   static_cast<double>(outcome.learned.folding)));
  std::string constant;
  for (const std::size_t i : outcome.learned.constant)
    constant += (constant.empty() ? "" : ", ") + escaped(data.names[i]);
  if (!constant.empty()) add("left out of account, for they are constant", constant);
  add("hash of weights", printed("<code>%016" PRIx64 "</code>", ln::hash(outcome.learned.model.network)));
  add("Linnet", std::string(ln::version()) + ", contract " + ln::to_string(ln::contract()) + " " +
                    std::to_string(ln::kContractVersion));
  return "<h2>How it was made</h2>\n" + table_of(rows, "words") +
         "<p class=\"muted\">The same command on the same data gives the same weights on every computer.</p>\n";
}

}  // namespace

std::string page_of(const Job& job, const Outcome& outcome) {
  return begin(outcome) + runs_section(job, outcome) + "<h2>How it learned</h2>\n" + curve_chart(outcome) +
         results_section(outcome) + layers_section(outcome) + board_section(job, outcome) + made_section(job, outcome) +
         "</body>\n</html>\n";
}

}  // namespace desk
