#include "page.hpp"

#include "files.hpp"

namespace page {

// On narrow screens panels stand below each other, and tables can be moved sideways.
static const char kStyle[] =
    ":root{--paper:#fff;--ink:#1b1f24;--muted:#57606a;--rule:#dfe3e8;--link:#0b5cad}"
    "body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,'DejaVu Sans',sans-serif}"
    "main{max-width:62rem;margin:1.5rem auto;padding:0 1rem}h1{line-height:1.25}h2{margin-top:3rem}"
    "a{color:var(--link)}figure{margin:2rem 0;break-inside:avoid}figure h3{margin:0 0 .5rem}"
    ".panels{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,20rem),1fr));gap:.75rem;"
    "justify-items:center}.panels svg{width:100%;height:auto;max-width:34rem}"
    "figcaption{max-width:46rem;margin-top:.5rem}p,li{max-width:46rem}"
    ".scroll{overflow-x:auto}table{border-collapse:collapse;font-size:.9rem}"
    "th,td{text-align:left;vertical-align:top;padding:.25rem .75rem .25rem 0;border-bottom:1px solid var(--rule)}"
    "code{font-size:.9em;overflow-wrap:anywhere}"
    "@media screen and (prefers-color-scheme:dark){:root{--paper:#14171c;--ink:#e6e9ed;--muted:#a9b1bb;--rule:#2b313a;"
    "--link:#6cb2ff}}";

std::string escaped(const std::string& words) {
  std::string result;
  for (const char c : words) result += c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '>' ? "&gt;" : std::string(1, c);
  return result;
}

Page::Page(const std::string& title) {
  html_ = std::string("<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n") +
          "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n" +
          "<meta name=\"color-scheme\" content=\"light dark\">\n<title>" + escaped(title) + "</title>\n<style>" +
          kStyle + "</style>\n<main>\n<h1>" + escaped(title) + "</h1>\n";
}

void Page::paragraph(const std::string& html) { html_ += "<p>" + html + "</p>\n"; }

void Page::heading(const std::string& id, const std::string& words) {
  html_ += "<h2 id=\"" + id + "\">" + escaped(words) + "</h2>\n";
}

void Page::table(const std::vector<std::vector<std::string>>& rows) {
  html_ += "<div class=\"scroll\"><table>\n";
  for (const std::vector<std::string>& row : rows) {
    const std::string cell = &row == &rows.front() ? "th" : "td";
    html_ += "<tr>";
    for (const std::string& text : row) {
      html_ += "<" + cell + ">";
      html_ += text;
      html_ += "</" + cell + ">";
    }
    html_ += "</tr>\n";
  }
  html_ += "</table></div>\n";
}

void Page::figure(const std::string& id, const std::string& title, const figures::Panels& panels,
                  const std::string& caption) {
  html_ += "<figure id=\"" + id + "\">\n<h3>" + escaped(title) + "</h3>\n<div class=\"panels\">\n";
  for (std::size_t k = 0; k < panels.size(); ++k) {
    html_ += panels[k];
    pictures_.emplace_back(panels.size() == 1 ? id : id + "-" + std::to_string(k + 1), panels[k]);
  }
  html_ += "</div>\n<figcaption>" + caption + "</figcaption>\n</figure>\n";
}

bool Page::write(const std::string& folder) const {
  for (const auto& picture : pictures_)
    if (!files::write(folder + "/" + picture.first + ".svg", picture.second)) return false;
  return files::write(folder + "/index.html", finish());
}

}  // namespace page
