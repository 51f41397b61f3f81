// Internal. Deliberate faults, to show that simulations find them (test/sim/mutants.py). A build
// with the option SLUICE_MUTANTS has all of them, and the environment variable SLUICE_MUTANT switches
// one on; no other build has any.
#pragma once

#ifdef SLUICE_MUTANTS
#include <cstdlib>
#endif

namespace sluice {

#ifdef SLUICE_MUTANTS
// Mutant returns whether the fault of that number is on.
inline bool Mutant(int number) {
  static const int on = std::getenv("SLUICE_MUTANT") ? std::atoi(std::getenv("SLUICE_MUTANT")) : 0;
  return on == number;
}
#else
constexpr bool Mutant(int) {
  return false;
}
#endif

}  // namespace sluice
