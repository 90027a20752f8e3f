// Every Status that the headers document is provoked, and every refused call leaves all that was lent as it was: each
// public function is called with each fault (tests/refusals/).
#include <doctest/doctest.h>

#include <cstdlib>
#include <map>
#include <set>
#include <string>

#include "refusals/calls.hpp"
#include "refusals/data_faults.hpp"
#include "refusals/faults.hpp"
#include "refusals/file_faults.hpp"
#include "refusals/metric_faults.hpp"
#include "refusals/scale_faults.hpp"

namespace linnet_fuzz {
void found(const char* what) {
  FAIL(what);
  std::abort();  // a program without exceptions comes here
}
}  // namespace linnet_fuzz

using namespace linnet_refusals;

namespace {

struct Documented {
  const char* signature;
  Status status;
};
const Documented kDocumented[] = {
#include "documented.inc"  // by documented.py
};

using Answer = std::pair<std::string, std::string>;  // signature, status
using Answers = std::set<Answer>;

Answer answer(const char* signature, Status status) { return {signature, linnet::to_string(status)}; }

// Whether this processor takes orders to compute otherwise.
bool can_be_broken() {
#if defined(__SSE2__)
  return linnet_test::mxcsr_is_obeyed();
#else
  return false;
#endif
}

Answers documented() {
  Answers result;
  for (const Documented& row : kDocumented) {
    if (row.status == Status::broken_arithmetic && !can_be_broken()) continue;
    result.insert(answer(row.signature, row.status));
  }
  return result;
}

// Whether lent memory may have changed: with ok, and where a step of fit() diverged, after those that had begun.
bool may_change(const Call& call, Status status) {
  return status == Status::ok || (status == Status::diverged && std::strncmp(call.signature, "fit(", 4) == 0);
}

Status refused(const Call& call, const linnet_refusals::Fault& fault) {
  World at(call.loss);
  call.prepare(at);
  CHECK(at.in_order);
  fault.make(at);
  CHECK(at.in_order);
  const std::vector<unsigned char> before = at.kept();
  const Status status = call.make(at);
#if defined(__SSE2__)
  _mm_setcsr(_mm_getcsr() & ~0x8000u);  // as a fault may have set it
#endif
  CHECK((may_change(call, status) || at.kept() == before));
  at.look_at_zones();
  return status;
}

bool concerns(const linnet_refusals::Fault& fault, const Call& call) {
  return std::strncmp(call.signature, fault.only, std::strlen(fault.only)) == 0;
}

const std::vector<linnet_refusals::Fault>& faults() {
  static const std::vector<linnet_refusals::Fault> all = [] {
    std::vector<linnet_refusals::Fault> together = call_faults();
    together.insert(together.end(), file_faults().begin(), file_faults().end());
    together.insert(together.end(), data_faults().begin(), data_faults().end());
    together.insert(together.end(), scale_faults().begin(), scale_faults().end());
    together.insert(together.end(), metric_faults().begin(), metric_faults().end());
    return together;
  }();
  return all;
}

}  // namespace

TEST_CASE("S5: every documented Status of every function is provoked, no other is returned, and nothing has changed") {
  const Answers known = documented();
  Answers given;
  std::map<std::string, std::size_t> refusers;  // of each fault: nobody would look at it without them
  for (const Call& call : calls()) {
    for (const linnet_refusals::Fault& fault : faults()) {
      if (!concerns(fault, call)) continue;
      CAPTURE(std::string(call.signature));
      CAPTURE(std::string(fault.name));
      const Status status = refused(call, fault);
      const Answer given_here = answer(call.signature, status);
      CAPTURE(given_here.second);
      CHECK((status == Status::ok || status == fault.says || status == fault.also));
      CHECK(known.count(given_here) == 1);
      given.insert(given_here);
      refusers[fault.name] += status == Status::ok ? 0u : 1u;
    }
  }
  for (const linnet_refusals::Fault& fault : faults()) {
    CAPTURE(std::string(fault.name));
    CHECK((refusers[fault.name] > 0 || fault.says == Status::ok ||
           (fault.says == Status::broken_arithmetic && !can_be_broken())));
  }
  for (const Answer& row : known) {
    CAPTURE(row.first);
    CAPTURE(row.second);
    CHECK(given.count(row) == 1);
  }
}
