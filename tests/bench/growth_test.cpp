// The memory of the networks whose growth is timed.
#include <doctest/doctest.h>

#include "growth.hpp"

TEST_CASE("memory is what the formula says as width, depth and batch grow") {
  for (const bench::Point& point : bench::growth()) {
    CAPTURE(point.axis);
    CAPTURE(point.width);
    CAPTURE(point.depth);
    CAPTURE(point.batch);
    CHECK(linnet::parameter_floats(point.topology()) == point.parameters());
    CHECK(linnet::trainer_floats(point.topology(), point.config()) == point.trainer());
    CHECK(linnet::predictor_floats(point.topology()) == point.predictor());
  }
}
