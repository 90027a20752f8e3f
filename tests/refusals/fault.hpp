// One change of a world, and what the calls say whose business it is.
#pragma once

#include "refusals/world.hpp"

namespace linnet_refusals {

struct Fault {
  const char* name;
  Status says;  // or ok, where the call does not look at it
  void (*make)(World& at);
  const char* only = "";     // for calls whose signature begins so
  Status also = Status::ok;  // what calls say that another effect of it concerns first
};

}  // namespace linnet_refusals
