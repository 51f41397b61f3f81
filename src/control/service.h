// Internal. Service: threads that answer clients of a listening descriptor, whatever tasks do.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "grant/grant.h"
#include "sluice/address.h"
#include "sluice/error.h"

namespace sluice::control {

// Service is one that was started. It goes on when nobody has this any more. Any thread.
class Service {
 public:
  explicit Service(int fd) : fd_(fd) {}
  // Stop has it accept no more; who is served is served to the end. Again: nothing.
  void Stop();
  bool stopped() const;

 private:
  mutable std::mutex mutex_;  // guards stopped_
  bool stopped_ = false;
  const int fd_;  // the thread closes it, once it is stopped
};

// What is done about one more client than are served at a time.
enum class WhenFull {
  kWait,       // for one that goes by itself
  kCutOldest,  // where none has a reason to stay: who came first is cut off
};

// StartService has a thread accept at fd, which it takes over, and serve() answer each client on a
// thread of its own, at most 16 at a time. serve() closes nothing. Returns null, and leaves fd
// open, where the system gave no thread. Signals are left to the threads of the program. Any
// thread.
std::shared_ptr<Service> StartService(int fd, WhenFull when_full,
                                      std::function<void(int client)> serve);

// ListenAt returns a listening descriptor, and where it is; -1 and *error where there is none.
int ListenAt(const grant::AddressGrant& address, Address* bound, Error* error);

// Send writes all of text to a blocking socket; false: the client is gone, or did not take it in 10
// s.
bool Send(int client, std::string_view text);

// LineReader gives the lines of a blocking socket.
class LineReader {
 public:
  static constexpr uint64_t kForEver = ~uint64_t{0};
  // most: bytes that a line has at most. until_ms: when the last line must have come, by
  // sys::MonotonicMs().
  LineReader(int client, size_t most, uint64_t until_ms = kForEver)
      : client_(client), most_(most), until_ms_(until_ms) {}
  // Next returns false at the end, on a line that is too long, and when it is too late.
  bool Next(std::string* line);

 private:
  bool InTime() const;

  const int client_;
  const size_t most_;
  const uint64_t until_ms_;
  std::string buffer_;
};

}  // namespace sluice::control
