// Internal. Memory of a simulation: one arena that its processes have in common, at one address, and
// containers in it. Only who holds the simulation's token touches it, so that nothing here locks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <new>
#include <string>
#include <utility>
#include <vector>

namespace sluice::sim {

// Arena gives memory out in classes of sizes, and takes it back.
class Arena {
 public:
  // Open makes an empty arena, in place of one that there was. Before anything is forked.
  static void Open();
  static void* Take(size_t size);
  static void Give(void* memory, size_t size);
};

template <class T>
struct Shared {
  using value_type = T;
  Shared() = default;
  template <class U>
  Shared(const Shared<U>&) {}  // NOLINT(google-explicit-constructor): as allocators are
  T* allocate(size_t count) { return static_cast<T*>(Arena::Take(count * sizeof(T))); }
  void deallocate(T* memory, size_t count) { Arena::Give(memory, count * sizeof(T)); }
  template <class U>
  bool operator==(const Shared<U>&) const {
    return true;
  }
};

using String = std::basic_string<char, std::char_traits<char>, Shared<char>>;
template <class T>
using Vector = std::vector<T, Shared<T>>;
template <class T>
using Deque = std::deque<T, Shared<T>>;
template <class K, class V>
using Map = std::map<K, V, std::less<>, Shared<std::pair<const K, V>>>;

template <class T, class... Arguments>
T* Make(Arguments&&... arguments) {
  return new (Arena::Take(sizeof(T))) T(std::forward<Arguments>(arguments)...);
}
template <class T>
void Destroy(T* object) {
  object->~T();
  Arena::Give(object, sizeof(T));
}

// Random is a sequence of numbers that its seed decides (the generator SplitMix64).
class Random {
 public:
  explicit Random(uint64_t seed = 0) : state_(seed) {}
  uint64_t Next() {
    uint64_t z = (state_ += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }
  // Below returns a number less than limit, which is not 0.
  uint64_t Below(uint64_t limit) { return Next() % limit; }
  // Unit returns a number of [0, 1).
  double Unit() { return static_cast<double>(Next() >> 11) * 0x1p-53; }
  bool Chance(double probability) { return probability > 0 && Unit() < probability; }

 private:
  uint64_t state_;
};

}  // namespace sluice::sim
