#include "gallery.hpp"

#include "../console.hpp"
#include "words.hpp"

namespace gallery {

using linnet::Status;

static Status fill(const Settings& settings, const course::Sweep& sweep, page::Page& page) {
  console::Bar bar;
  const auto step = [&bar](std::size_t done, const char* what) { bar.draw("drawing ", done, 6, what); };
  page.heading("proof", "The proof: many seeds");
  step(0, "seeds");
  if (auto s = over_seeds(settings, sweep, page); s != Status::ok) return s;
  step(1, "remedies");
  if (auto s = five_remedies(sweep, page); s != Status::ok) return s;
  page.heading("sections", "What the article says, measured");
  step(2, "sections");
  if (auto s = all_zero(settings, sweep, page); s != Status::ok) return s;
  if (auto s = without_bias(settings, sweep, page); s != Status::ok) return s;
  step(3, "dead units");
  if (auto s = deaths(sweep, page); s != Status::ok) return s;
  if (auto s = death_by_depth(sweep, page); s != Status::ok) return s;
  step(4, "activations");
  if (auto s = zero_centred(settings, page); s != Status::ok) return s;
  if (auto s = leaky_slopes(sweep, page); s != Status::ok) return s;
  page.heading("runs", "Single runs, as in the article");
  page.paragraph("One run each, seed " + std::to_string(settings.seed) + ": they show how it looks, not how it is.");
  step(5, "single runs");
  const Status status = single_runs(settings, page);
  bar.erase();
  return status;
}

bool write(const Settings& settings, const course::Sweep& sweep) {
  page::Page page("Why do deep networks fail to train, and what do other first weights change?");
  page.paragraph(words::kTask);
  page.paragraph(words::kLevels);
  page.paragraph(words::kViolinGuide);
  if (auto s = fill(settings, sweep, page); s != Status::ok) return console::report(s) == 0;
  return page.write(settings.folder);
}

}  // namespace gallery
