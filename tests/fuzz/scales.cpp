// Normalizers, folds and metrics in any order, over any numbers. What is refused has changed nothing, what is taken leaves
// finite numbers, a state goes on elsewhere with the same bits, rows come back, shares are shares.
#include <cmath>
#include <vector>

#include <linnet/linnet.hpp>

#include "fuzz/found.hpp"
#include "fuzz/lent.hpp"
#include "fuzz/source.hpp"

namespace linnet_fuzz {
void found(const char* what) { fail(what); }
}  // namespace linnet_fuzz

using linnet::Status;
using linnet_fuzz::expect;
using linnet_fuzz::Lent;
using linnet_fuzz::Source;

namespace {

constexpr std::size_t kMostRows = 9;

std::vector<unsigned char> bytes_of(linnet::Span<const float> floats) {
  const auto* first = reinterpret_cast<const unsigned char*>(floats.data());
  return {first, first + floats.size() * sizeof(float)};
}
bool all_finite(linnet::Span<const float> floats) {
  bool finite = true;
  for (const float x : floats) finite = finite && std::isfinite(x);
  return finite;
}
bool is_share(float x) { return x >= 0.0f && x <= 1.0f; }
bool are_shares(const linnet::Rates& r) { return is_share(r.precision) && is_share(r.recall) && is_share(r.f1); }

linnet::Topology shape_of(std::size_t columns, Source& source) {
  const std::size_t units = 1 + source.below(20);
  const bool bias = !source.once_in(6);
  const linnet::Activation last = source.once_in(5) ? linnet::activation::tanh : linnet::activation::identity;
  return linnet::topology(columns, {{units, linnet::activation::relu, bias}, {columns, last, bias}});
}

struct World {
  std::size_t columns;
  linnet::Topology shape;
  Lent<float> memory, other_memory, parameters, x, y;
  std::vector<double> state;
  linnet::Normalizer scale, other;
  linnet::Network network;

  World(std::size_t width, linnet::Scaling scaling, Source& source)
      : columns(width),
        shape(shape_of(width, source)),
        memory(linnet::normalizer_floats(width), 1, 0xff),
        other_memory(linnet::normalizer_floats(width), 2, 0xff),
        parameters(linnet::parameter_floats(shape), 3, 0),
        x(kMostRows * width, 5, 0),
        y(kMostRows * width, 7, 0),
        state(linnet::normalizer_state(width)) {
    expect(scale.bind(width, memory.span(), scaling) == Status::ok, "a normalizer that is not bound");
    expect(other.bind(width, other_memory.span(), scaling) == Status::ok, "another one that is not bound");
    expect(network.bind(shape, parameters.span()) == Status::ok, "a network that is not bound");
    for (float& w : parameters.span()) w = source.mostly(0.5f, 3);
  }
  [[nodiscard]] linnet::Rows rows(Source& source) const {
    const std::size_t count = 1 + source.below(kMostRows);
    const float unit = source.mostly(1.0f, 3), middle = source.mostly(0.0f, 3);
    for (std::size_t k = 0; k < count * columns; ++k) x.data()[k] = middle + unit * source.number();
    return {x.data(), count, columns};
  }
  Status call(Source& source);
  [[nodiscard]] Status there_and_back(const linnet::Rows& from) const;
  void carry();
  void count(Source& source) const;
};

Status World::there_and_back(const linnet::Rows& from) const {
  const std::size_t n = from.count() * columns;
  const std::vector<unsigned char> before = bytes_of(y.span());
  const Status status = scale.apply(from, {y.data(), from.count(), columns});
  if (status != Status::ok) {
    expect(bytes_of(y.span()) == before, "a refused apply() has written");
    return status;
  }
  expect(all_finite({y.data(), n}), "a scaled number that is not finite");
  if (scale.undo(linnet::Rows(y.data(), from.count(), columns)) == Status::ok) {
    for (std::size_t k = 0; k < n; ++k) {
      const double size = std::fabs(static_cast<double>(from.data()[k]));
      const double c = static_cast<double>(scale.centre(k % columns));
      // a quotient may be subnormal: 2^-150 of a deviation is lost then
      const double least = 0x1p-148 * (1.0 + static_cast<double>(scale.deviation(k % columns)));
      expect(std::fabs(static_cast<double>(y.data()[k]) - static_cast<double>(from.data()[k])) <=
                 8 * 0x1p-24 * (size + std::fabs(c)) + least,
             "a number that does not come back");
    }
  }
  return status;
}

// What is saved goes on elsewhere with the same bits.
void World::carry() {
  expect(scale.save({state.data(), state.size()}) == Status::ok, "a state that is not saved");
  const Lent<float> place(memory.size(), 4, 0x3e);
  linnet::Normalizer carried;
  expect(carried.bind(columns, place.span(), static_cast<linnet::Scaling>(static_cast<int>(state[0]))) == Status::ok &&
             carried.restore({state.data(), state.size()}) == Status::ok,
         "a state that is not restored");
  expect(bytes_of(place.span()) == bytes_of(memory.span()) && carried.count() == scale.count(), "other bits");
}

void World::count(Source& source) const {
  const linnet::Rows given = rows(source);
  std::vector<float> targets(given.count() * columns);
  std::vector<std::uint16_t> labels(given.count());
  for (float& t : targets) t = source.number();
  for (std::uint16_t& label : labels) label = static_cast<std::uint16_t>(source.below(columns + 1));
  std::vector<std::uint32_t> matrix(linnet::confusion_counts(columns)), counts(linnet::label_counts(columns));
  std::vector<float> sums(linnet::regression_floats(columns));
  linnet::Confusion confusion;
  linnet::MultiLabel several;
  linnet::Regression errors;
  linnet::TopK top(source.below(columns + 2));
  const linnet::ConstRows goals(targets.data(), given.count(), columns);
  if (confusion.bind(columns, matrix) == Status::ok && confusion.add(given, labels) == Status::ok) {
    std::uint32_t total = 0;
    for (const std::uint32_t one : matrix) total += one;
    expect(total == given.count() && total == confusion.total(), "a row that counts elsewhere");
  }
  expect(several.bind(columns, counts) == Status::ok && errors.bind(columns, sums) == Status::ok, "not bound");
  const Status status = errors.add(given, goals);
  expect((status == Status::ok) == (several.add(given, goals, 0.5f) == Status::ok),
         "numbers that are and are not taken");
  expect(errors.total() == (status == Status::ok ? given.count() : 0), "rows that count although they are refused");
  expect(
      std::isfinite(errors.mean_squared_error()) && std::isfinite(errors.mean_absolute_error()) && errors.r2() <= 1.0f,
      "an error that is none");
  const Status ranked = top.add(given, labels);
  expect(ranked == Status::ok || top.total() == 0, "a refused row that counts");
  expect(is_share(top.accuracy()) && is_share(confusion.accuracy()) && is_share(several.accuracy()) &&
             is_share(several.exact()) && are_shares(confusion.macro()) && are_shares(several.macro()),
         "a share that is none");
}

Status World::call(Source& source) {
  switch (source.below(9)) {
    case 0:
      return scale.merge(other);
    case 1:
      return other.observe(rows(source));
    case 2: {
      expect(other.save({state.data(), state.size()}) == Status::ok, "a state that is not saved");
      state[source.below(state.size())] =
          source.once_in(2) ? static_cast<double>(source.word()) * 0x1p23 : static_cast<double>(source.number());
      return scale.restore({state.data(), state.size()});
    }
    case 3:
      source.once_in(2) ? scale.freeze() : scale.thaw();
      return Status::ok;
    case 4:
      return there_and_back(rows(source));
    case 5:
      return linnet::fold(scale, network, source.mostly(linnet::kFoldTolerance, 2));
    case 6:
      return linnet::fold_targets(scale, network, source.mostly(linnet::kFoldTolerance, 2));
    case 7:
      count(source);
      return Status::ok;
    default:
      return scale.observe(rows(source));
  }
}

}  // namespace

// the name that libFuzzer calls: NOLINTNEXTLINE(readability-identifier-naming)
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Source source(data, size);
  World world(1 + source.below(5), static_cast<linnet::Scaling>(source.below(2)), source);
  while (!source.empty()) {
    const std::vector<unsigned char> learned = bytes_of(world.memory.span()),
                                     weights = bytes_of(world.parameters.span());
    const bool was_finite = all_finite(world.parameters.span());
    const std::uint64_t rows = world.scale.count();
    if (world.call(source) != Status::ok) {
      expect(bytes_of(world.memory.span()) == learned && bytes_of(world.parameters.span()) == weights &&
                 world.scale.count() == rows,
             "a refused call changed something");
    }
    expect(!was_finite || all_finite(world.parameters.span()), "a weight that is not finite");
    for (std::size_t i = 0; i < world.columns; ++i) {
      expect(std::isfinite(world.scale.centre(i)) && std::isfinite(world.scale.deviation(i)) &&
                 world.scale.deviation(i) > 0.0f,
             "a scale that is none");
    }
    world.carry();
    for (const Lent<float>* lent : {&world.memory, &world.other_memory, &world.parameters, &world.x, &world.y}) {
      lent->look_at_zones();
    }
  }
  return 0;
}
