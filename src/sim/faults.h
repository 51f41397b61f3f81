// Internal. The faults of a simulation: what may go wrong, how much of it, and what did.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "sim/shared.h"

namespace sluice::sim {

enum class Fault : uint8_t {
  kLatency,     // ms that a packet takes
  kSpread,      // ms that it takes longer, at most
  kBandwidth,   // bytes a second of a link, 0: no limit
  kLoss,        // a packet is lost
  kSplit,       // a segment is cut into small ones
  kShort,       // send(2) takes a part
  kFewer,       // recv(2) gives a part
  kSlow,        // a socket has a small receive buffer
  kQueue,       // a connection meets a full accept queue
  kRefused,     // a connection is refused
  kReset,       // a second: some connection is reset
  kForget,      // a second: one end of some connection is forgotten, the other stays half-open
  kCut,         // a second: a link is cut for some seconds, both ways
  kOneWay,      // a second: the same one way
  kDescriptor,  // no descriptor is left (EMFILE)
  kMemory,      // send(2) finds no memory (ENOBUFS)
  kName,        // a name is not found for now (EAI_AGAIN)
  kNameDelay,   // ms that an answer about a name takes longer, at most
  kTask,        // a second: a task that is not the main one of its host ends
  kKill,        // a second: a host's process is killed, and started again
  kCrash,       // a second: a host loses its power, and starts again
  kClock,       // a second: the wall clock of a host jumps
  kEnd,         // a second: some connection ends in its midst, by a FIN both ways
};
inline constexpr size_t kFaults = static_cast<size_t>(Fault::kEnd) + 1;

// A Level is how much of each there is: a probability, a rate a second, or the number that it is.
using Levels = std::array<double, kFaults>;

// NameOf returns the name by which options and reports know a fault.
const char* NameOf(Fault fault);
// IsSetting returns whether a fault is a number of the network, instead of something that happens.
bool IsSetting(Fault fault);
// IsRate returns whether its level is a rate a second.
bool IsRate(Fault fault);

// ParseLevels reads "k=v,…" into levels; returns what is wrong with it, or "".
std::string ParseLevels(std::string_view text, Levels* levels);
// WriteLevels is the opposite, of those that are not 0.
std::string WriteLevels(const Levels& levels);
// Draw returns what a profile has for a seed, or an empty array and false for no profile of the
// name.
bool Draw(std::string_view profile, uint64_t seed, Levels* levels);
// Profiles returns their names, for messages.
std::string Profiles();

// Occurrence is a fault that happened. They are numbered from 1.
struct Occurrence {
  uint64_t number;
  uint64_t time;  // ns
  Fault fault;
  String where;
};

// Faults decides when they happen.
class Faults {
 public:
  Faults(uint64_t seed, const Levels& levels);
  double level(Fault fault) const {
    return on ? levels_[static_cast<size_t>(fault)] : Quiet(fault);
  }
  const Levels& levels() const { return levels_; }
  // Fires returns whether fault happens here and now, and notes that it did. where is only
  // written then.
  bool Fires(Fault fault, std::string_view where);
  // Note is the second half of Fires, for what was decided elsewhere: false if it must not happen.
  bool Note(Fault fault, std::string_view where);
  // random returns the fault's own sequence, so that one fault less changes the others little.
  Random& random(Fault fault) { return random_[static_cast<size_t>(fault)]; }
  // Allow lets only those of the numbers happen; there are no limits before.
  void Allow(uint64_t number) {
    limited_ = true;
    allowed_.push_back(number);
  }
  const Vector<Occurrence>& occurred() const { return occurred_; }

  bool on = true;  // false: from now on the network is quick and nothing happens

 private:
  double Quiet(Fault fault) const { return fault == Fault::kLatency ? levels_[0] : 0; }

  Levels levels_;
  std::array<Random, kFaults> random_;
  uint64_t next_ = 0;
  bool limited_ = false;
  Vector<uint64_t> allowed_;
  Vector<Occurrence> occurred_;
};

}  // namespace sluice::sim
