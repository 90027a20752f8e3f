// What the archive must not have: an object that is constructed before main(). targets.sh puts it into a copy.
namespace linnet {
struct Counter {
  Counter();
  int count;
};
Counter::Counter() : count(*reinterpret_cast<volatile int*>(this)) {}
Counter counter;
}  // namespace linnet
