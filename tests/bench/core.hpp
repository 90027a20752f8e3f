// The core that the benchmark runs on.
#pragma once

namespace bench {

class Core {
 public:
  // Independent additions in the time of one of a chain, which is a cycle; 0 where time did not pass evenly.
  double adds_per_cycle();
  // Long enough for another program to go on to something else.
  void wait();
  // What `adds_per_cycle` is while nobody else uses the core: the best of many, spread over a second.
  double quiet_level();
};

}  // namespace bench
