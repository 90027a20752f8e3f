#include "names.hpp"

#include <cstdio>
#include <cstring>
#include <string_view>

#include "csv.hpp"
#include "numbers.hpp"
#include "refused.hpp"
#include "tensors.hpp"

namespace desk {

namespace {

constexpr std::size_t kLength = 8;  // bytes in which a file says how long its header is
constexpr std::string_view kMetadata = "{\"__metadata__\":{";

// A string of JSON: what is UTF-8 stays as it is, control characters are \u00xx.
std::string json_of(const std::string& text) {
  std::string result = "\"";
  for (const char c : text) {
    char escaped[8] = {c, '\0'};
    if (c == '"' || c == '\\') std::snprintf(escaped, sizeof escaped, "\\%c", c);
    if (static_cast<unsigned char>(c) < 0x20)
      std::snprintf(escaped, sizeof escaped, "\\u%04x", static_cast<unsigned>(c));
    result += escaped;
  }
  return result + "\"";
}

std::string row_without_end(const std::vector<std::string>& cells) {
  const std::string row = csv::row_of(cells);
  return row.substr(0, row.size() - 1);
}

void append_utf8(unsigned code, std::string& text) {
  const auto add = [&text](unsigned byte) { text += static_cast<char>(byte); };
  if (code < 0x80) return add(code);
  if (code < 0x800) {
    add(0xc0 | code >> 6);
  } else if (code < 0x10000) {
    add(0xe0 | code >> 12);
    add(0x80 | (code >> 6 & 0x3f));
  } else {
    add(0xf0 | code >> 18);
    add(0x80 | (code >> 12 & 0x3f));
    add(0x80 | (code >> 6 & 0x3f));
  }
  add(0x80 | (code & 0x3f));
}

// The four digits behind \u.
bool take_code(std::string_view& text, unsigned& code) {
  if (text.size() < 4) return false;
  code = 0;
  for (const char c : text.substr(0, 4)) {
    const bool digit = c >= '0' && c <= '9';
    const auto letter = static_cast<char>(c | 0x20);
    if (!digit && (letter < 'a' || letter > 'f')) return false;
    code = code * 16 + static_cast<unsigned>(digit ? c - '0' : letter - 'a' + 10);
  }
  text.remove_prefix(4);
  return true;
}

// What is behind a backslash.
bool take_escape(std::string_view& text, std::string& result) {
  constexpr std::string_view kLetters = "\"\\/bfnrt";
  if (text.empty()) return false;
  const char letter = text.front();
  text.remove_prefix(1);
  if (const std::size_t k = kLetters.find(letter); k != std::string_view::npos) {
    result += "\"\\/\b\f\n\r\t"[k];
    return true;
  }
  unsigned code = 0;
  unsigned low = 0;
  if (letter != 'u' || !take_code(text, code)) return false;
  if (code >= 0xd800 && code < 0xdc00) {  // half of a pair
    if (text.substr(0, 2) != "\\u") return false;
    text.remove_prefix(2);
    if (!take_code(text, low) || low < 0xdc00 || low > 0xdfff) return false;
    code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
  }
  append_utf8(code, result);
  return true;
}

// The string of JSON that a text begins with, behind its first quotation mark.
bool take_string(std::string_view& text, std::string& result) {
  result.clear();
  while (!text.empty() && text.front() != '"') {
    const char c = text.front();
    text.remove_prefix(1);
    if (c != '\\') {
      result += c;
    } else if (!take_escape(text, result)) {
      return false;
    }
  }
  if (text.empty()) return false;
  text.remove_prefix(1);
  return csv::is_utf8(result);
}

std::vector<std::string> cells_of(const std::string& row) {
  try {
    csv::Reader reader("", row, ',');
    if (!reader.next()) return {};
    std::vector<std::string> cells(reader.cells().begin(), reader.cells().end());
    return reader.next() ? std::vector<std::string>() : cells;
  } catch (const Refused&) {
    return {};
  }
}

void take_names(const std::string& key, const std::string& value, Names& names) {
  if (key == "linnet.inputs") names.inputs = cells_of(value);
  if (key == "linnet.classes") names.classes = cells_of(value);
  const std::vector<std::string> target = key == "linnet.target" ? cells_of(value) : std::vector<std::string>();
  if (target.size() == 1) names.target = target.front();
}

// A literal of C++: what is not printable ASCII in octal digits.
std::string literal_of(const std::string& text) {
  std::string result = "\"";
  for (const char c : text) {
    char escaped[8] = {c, '\0'};
    if (c == '"' || c == '\\' || c == '?') std::snprintf(escaped, sizeof escaped, "\\%c", c);
    if (c < ' ' || c > '~') std::snprintf(escaped, sizeof escaped, "\\%03o", static_cast<unsigned char>(c));
    result += escaped;
  }
  return result + "\"";
}

std::string array_of(const std::string& name, const std::vector<std::string>& texts) {
  if (texts.empty()) return "";
  std::string line = "inline constexpr const char* " + name + "[] = {";
  for (const std::string& text : texts) line += (&text != texts.data() ? ", " : "") + literal_of(text);
  return line + "};\n";
}

}  // namespace

Bytes with_names(const Bytes& file, const Names& names) {
  const std::string_view text(reinterpret_cast<const char*>(file.data()), file.size());
  const auto length = static_cast<std::size_t>(little_endian(file.data(), kLength));
  std::string header(text.substr(kLength, length));
  if (header.compare(0, kMetadata.size(), kMetadata) != 0) throw Refused("a model without metadata");
  std::string more;
  if (!names.inputs.empty()) more += "\"linnet.inputs\":" + json_of(row_without_end(names.inputs)) + ",";
  if (!names.classes.empty()) more += "\"linnet.classes\":" + json_of(row_without_end(names.classes)) + ",";
  if (!names.target.empty()) more += "\"linnet.target\":" + json_of(row_without_end({names.target})) + ",";
  header.erase(header.find_last_not_of(' ') + 1);
  header.insert(kMetadata.size(), more);
  header.append((kLength - header.size() % kLength) % kLength, ' ');
  const std::size_t size = header.size();
  for (std::size_t k = 0; k < kLength; ++k) header.insert(k, 1, static_cast<char>(size >> 8 * k & 0xff));
  Bytes result(header.begin(), header.end());
  result.insert(result.end(), file.begin() + static_cast<std::ptrdiff_t>(kLength + length), file.end());
  return result;
}

Names names_in(const Bytes& file) {
  Names names;
  const std::optional<Tensors> tensors = read_tensors(file);
  if (!tensors) return names;
  std::string_view rest = tensors->metadata;  // an object of strings: what is no string is of it
  std::string key;
  std::string value;
  const auto take = [&rest](std::string& text) {
    const std::size_t mark = rest.find('"');
    if (mark == std::string_view::npos) return false;
    rest.remove_prefix(mark + 1);
    return take_string(rest, text);
  };
  while (take(key) && take(value)) take_names(key, value, names);
  return names;
}

std::string constants_of(const Names& names, const std::string& name) {
  return array_of(name + "_inputs", names.inputs) + array_of(name + "_classes", names.classes);
}

}  // namespace desk
