// Internal. Service: threads that answer clients of a listening descriptor, whatever tasks do.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

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

// StartService has a thread accept at fd, which it takes over, and serve() answer each client on a
// thread of its own, at most 16 at a time: more of them wait. serve() closes nothing. Returns
// null, and leaves fd open, where the system gave no thread. Signals are left to the threads of the
// program. Any thread.
std::shared_ptr<Service> StartService(int fd, std::function<void(int client)> serve);

// ListenAt returns a listening descriptor, and where it is; -1 and *error where there is none.
int ListenAt(const Address& address, Address* bound, Error* error);

// Send writes all of text to a blocking socket; false: the client is gone.
bool Send(int client, std::string_view text);

// LineReader gives the lines of a blocking socket.
class LineReader {
 public:
  // most: bytes that a line has at most.
  LineReader(int client, size_t most) : client_(client), most_(most) {}
  // Next returns false at the end, and on a line that is too long.
  bool Next(std::string* line);

 private:
  const int client_;
  const size_t most_;
  std::string buffer_;
};

}  // namespace sluice::control
