// Internal. Service: threads that answer clients of a listening descriptor, whatever tasks do.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace sluice::control {

// StartService has a thread accept at fd, which it takes over, and serve() answer each client on a
// thread of its own, at most 16 at a time: more of them wait. serve() closes nothing. Returns
// whether the system gave a thread. Signals are left to the threads of the program. Any thread.
bool StartService(int fd, std::function<void(int client)> serve);

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
