#include "fnv.hpp"
#include "json.hpp"
#include "safetensors.hpp"

#include <linnet/memory.hpp>

namespace linnet {

namespace {

constexpr std::uint64_t kMostHeader = 100000000;  // as the format's own library has it
constexpr std::size_t kMostKeys = 64;             // of the metadata

// A word of the format, which is short.
struct Word {
  char text[16] = {};
  std::size_t length = 0;

  explicit Word(Json& json) {
    json.string({[](void* context, char c) {
                   Word& word = *static_cast<Word*>(context);
                   if (word.length < sizeof word.text - 1) {
                     word.text[word.length++] = c;
                   }
                 },
                 this});
  }
  [[nodiscard]] bool is(const char* other) const {
    std::size_t k = 0;
    while (k < length && other[k] != '\0' && text[k] == other[k]) {
      ++k;
    }
    return k == length && other[k] == '\0';
  }
};

// Text to lent memory; one that is longer is counted.
struct Text {
  Span<char> to;
  std::size_t length;

  [[nodiscard]] Put put() {
    return {[](void* context, char c) {
              Text& text = *static_cast<Text*>(context);
              if (text.length < text.to.size()) {
                text.to[text.length] = c;
              }
              ++text.length;
            },
            this};
  }
};

struct Header {
  Json json;
  TensorTable& table;
  Text topology;
  TensorReport& report;

  void metadata();
  void tensor(const ReadName& name, std::uint64_t name_at);
  void type(TensorEntry& entry);
  void shape(TensorEntry& entry);
  std::uint64_t offsets(TensorEntry& entry);
  void members();
};

void Header::metadata() {
  std::uint64_t seen[kMostKeys];
  std::size_t count = 0;
  for (bool first = true; json.more(first, '{', '}');) {
    ReadName key(report);
    json.string(key.put());
    json.expect(':');
    for (std::size_t k = 0; k < count; ++k) {
      if (seen[k] == key.hash) {
        return json.fail(Status::duplicate_tensor);
      }
    }
    if (count == kMostKeys) {
      return json.fail(Status::bad_header);
    }
    seen[count++] = key.hash;
    Text ignored{{}, 0};
    json.string(key.is("linnet.topology") ? topology.put() : ignored.put());
  }
}

void Header::type(TensorEntry& entry) {
  const Word word(json);
  static constexpr const char* kNames[] = {"F32", "F16", "BF16", "F64"};  // in the order of TensorType
  for (unsigned k = 0; k < 4; ++k) {
    if (word.is(kNames[k])) {
      entry.type = static_cast<TensorType>(k);
      return;
    }
  }
  json.fail(Status::other_type);
}

void Header::shape(TensorEntry& entry) {
  std::uint64_t sizes[2] = {0, 0};
  std::size_t count = 0;
  for (bool first = true; json.more(first, '[', ']'); ++count) {
    const std::uint64_t size = json.number();
    if (count == 2 || size == 0 || size > kMaxFloats) {
      return json.fail(Status::other_shape);
    }
    sizes[count] = size;
  }
  if (count == 0) {
    json.fail(Status::other_shape);
  }
  entry.rows = static_cast<std::uint32_t>(sizes[0]);
  entry.columns = static_cast<std::uint32_t>(sizes[1]);
}

// Returns where the tensor ends, which the type and the shape say, too.
std::uint64_t Header::offsets(TensorEntry& entry) {
  json.expect('[');
  entry.begin = json.number();
  json.expect(',');
  const std::uint64_t end = json.number();
  json.expect(']');
  return end;
}

void Header::tensor(const ReadName& name, std::uint64_t name_at) {
  TensorEntry entry{0, name.hash, name.stem, static_cast<std::uint32_t>(name_at), 0, 0, TensorType::f32};
  std::uint64_t end = 0;
  unsigned seen = 0;
  for (bool first = true; json.more(first, '{', '}');) {
    const Word key(json);
    json.expect(':');
    const unsigned bit = key.is("dtype") ? 1 : key.is("shape") ? 2 : key.is("data_offsets") ? 4 : 0;
    if (bit == 0 || (seen & bit) != 0) {
      return json.fail(bit == 0 ? Status::bad_header : Status::duplicate_tensor);
    }
    seen |= bit;
    if (bit == 4) {
      end = offsets(entry);
    } else {
      bit == 1 ? type(entry) : shape(entry);
    }
  }
  if (seen != 7) {
    return json.fail(Status::bad_header);
  }
  if (entry.end() != end) {
    return json.fail(Status::bad_ranges);
  }
  if (table.count == kMostTensors) {
    return json.fail(Status::left_over_tensor);
  }
  table.entries[table.count++] = entry;
}

// The members of the whole object.
void Header::members() {
  bool described = false;  // by metadata
  for (bool first = true; json.more(first, '{', '}');) {
    json.space();
    const std::uint64_t name_at = json.at;
    ReadName name(report);
    json.string(name.put());
    bool twice = described && name.is("__metadata__");
    for (std::size_t k = 0; k < table.count; ++k) {
      twice = twice || table.entries[k].hash == name.hash;
    }
    json.expect(':');
    if (twice) {
      json.fail(Status::duplicate_tensor);
    } else if (name.is("__metadata__")) {
      described = true;
      metadata();
    } else {
      tensor(name, name_at);
    }
  }
  json.space();
  if (json.at != json.end) {
    json.fail(Status::bad_header);
  }
  if (json.status == Status::ok) {
    report.tensor[0] = '\0';
  }
}

// Whether the tensors lie one behind the other from the first byte to the last of `size`. Else the report names the
// first that does not.
Status check_ranges(const Source& source, const TensorTable& table, TensorReport& report) {
  const std::uint64_t size = source.size - table.data;
  std::uint64_t at = 0;
  std::uint32_t done = 0;  // a bit for each
  for (std::size_t left = table.count; left > 0; --left) {
    std::size_t k = 0;
    std::size_t open = kMostTensors;
    for (; k < table.count && (table.entries[k].begin != at || (done >> k & 1u) != 0); ++k) {
      open = open == kMostTensors && (done >> k & 1u) == 0 ? k : open;
    }
    if (k == table.count || table.entries[k].end() > size) {
      ReadName name(report);
      const Status status = read_name(source, table.entries[k == table.count ? open : k], name);
      return status == Status::ok ? Status::bad_ranges : status;
    }
    done |= 1u << k;
    at = table.entries[k].end();
  }
  return at == size ? Status::ok : Status::bad_ranges;
}

}  // namespace

ReadName::ReadName(TensorReport& report) : text(report.tensor), hash(kFnvStart), stem(kFnvStart) { text[0] = '\0'; }

Put ReadName::put() {
  return {[](void* context, char c) {
            ReadName& name = *static_cast<ReadName*>(context);
            if (c == '.') {
              name.stem = name.hash;
            }
            name.hash = fnv_on(name.hash, static_cast<unsigned char>(c));
            if (name.length < kTensorName - 1) {
              name.text[name.length] = c;
              name.text[name.length + 1] = '\0';
            }
            ++name.length;
          },
          this};
}

bool ReadName::is(const char* other) const {
  std::size_t k = 0;
  while (k < kTensorName - 1 && text[k] != '\0' && text[k] == other[k]) {
    ++k;
  }
  return k == length && other[k] == '\0';
}

Status read_name(const Source& source, const TensorEntry& entry, ReadName& name) {
  Json json(source, entry.name_at, source.size);
  json.string(name.put());
  return json.status;
}

Status read_header(const Source& source, TensorTable& table, Span<char> topology, std::size_t& length,
                   TensorReport& report) {
  report = {};
  if (source.read == nullptr) {
    return Status::null_memory;
  }
  Bytewise start(source, 0, source.size < 8 ? 0 : 8);
  std::uint64_t size = 0;
  for (unsigned k = 0; k < 8; ++k) {
    const int byte = start.take();
    size |= static_cast<std::uint64_t>(byte < 0 ? 0 : byte) << 8 * k;
  }
  if (start.status != Status::ok) {
    return start.status;
  }
  if (source.size < 8 || size > kMostHeader || size > source.size - 8) {
    return Status::bad_header;
  }
  table.data = 8 + size;
  Header header{Json(source, 8, table.data), table, {topology, 0}, report};
  if (header.json.peek() != '{') {
    header.json.fail(Status::bad_header);
  }
  header.members();
  report.at = header.json.at;
  if (header.json.status != Status::ok) {
    return header.json.status;
  }
  if (!topology.empty() && header.topology.length >= topology.size()) {
    return Status::too_little_memory;
  }
  length = header.topology.length;
  return check_ranges(source, table, report);
}

}  // namespace linnet
