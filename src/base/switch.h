// Internal. What the environment turns off.
#pragma once

#include <cstdlib>
#include <string_view>

namespace sluice {

// TurnedOff returns whether the environment has the variable with the value "0". Where it is asked
// often, the caller keeps the answer.
inline bool TurnedOff(const char* variable) {
  const char* choice = std::getenv(variable);
  return choice != nullptr && std::string_view(choice) == "0";
}

}  // namespace sluice
