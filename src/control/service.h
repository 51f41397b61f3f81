// Internal. Service: threads that answer clients of a listening descriptor, whatever tasks do.
#pragma once

#include <chrono>
#include <cstdint>
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

// What becomes of a client where 16 are served already: it waits for one of them to leave, or the
// one that came first is cut off. Where anybody may connect, who waits would wait for strangers.
enum class Crowd : uint8_t { kWait, kDropOldest };

// StartService has a thread accept at fd, which it takes over, and serve() answer each client on a
// thread of its own, at most 16 at a time. serve() closes nothing. Returns null, and leaves fd
// open, where the system gave no thread. Signals are left to the threads of the program. Any
// thread.
std::shared_ptr<Service> StartService(int fd, Crowd crowd, std::function<void(int client)> serve);

// ListenAt returns a listening descriptor, and where it is; -1 and *error where there is none.
int ListenAt(const grant::AddressGrant& address, Address* bound, Error* error);

// Send writes all of text to a blocking socket; false: the client is gone, or did not take it in 10
// s.
bool Send(int client, std::string_view text);

// FinishSending ends the own side of a blocking socket, and reads for a moment what the peer sends
// still: closing before that would be a reset, which may take back what was sent.
void FinishSending(int client);

// LineReader gives the lines of a blocking socket.
class LineReader {
 public:
  // most: bytes that a line has at most. patience: how long all lines together may take, 0 for any
  // time.
  LineReader(int client, size_t most, std::chrono::milliseconds patience = {});
  // Next returns false at the end, when the time is over, and on a line that is too long.
  bool Next(std::string* line);
  // Whether a line was too long.
  bool too_long() const { return too_long_; }

 private:
  bool MayRead() const;

  const int client_;
  const size_t most_;
  const std::chrono::milliseconds patience_;
  const std::chrono::steady_clock::time_point began_;
  std::string buffer_;
  bool too_long_ = false;
};

}  // namespace sluice::control
