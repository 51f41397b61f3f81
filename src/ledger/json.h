// Internal. What the ledger knows, as JSON: the form that programs, the control socket and the
// recorder share. docs/observe.md names the members.
#pragma once

#include "base/json.h"
#include "sluice/ledger.h"

namespace sluice {

// WallClock turns times of Loop::now() into ms since 1970, by the difference of the clocks when it
// was made.
class WallClock {
 public:
  WallClock();
  // Now returns the present time of Loop::now().
  static uint64_t Now();
  double At(uint64_t loop_ms) const { return static_cast<double>(loop_ms) + offset_; }
  // LoopTime is the way back; 0 for what was before the machine started.
  uint64_t LoopTime(double wall_ms) const;

 private:
  double offset_;
};

// Put writes a snapshot as an object.
void Put(JsonWriter& json, const ConnectionInfo& info, const WallClock& clock);
// Put writes {by, code}, null for none.
void Put(JsonWriter& json, CloseReason reason);
// Put writes the numbers of an account as members of the object that is open.
void PutMembers(JsonWriter& json, const AccountLine& line);

// Names of enums, as they are written.
std::string_view Name(Side side);
std::string_view Name(Transport transport);

}  // namespace sluice
