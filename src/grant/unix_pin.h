// Internal. UnixPin: a Unix socket, or the directory that one shall be made in, held open, so that
// its path leads nowhere else between a check and the call.
#pragma once

#include <string>

#include "sluice/address.h"

namespace sluice::grant {

class UnixPin {
 public:
  UnixPin() = default;
  UnixPin(const UnixPin&) = delete;
  UnixPin& operator=(const UnixPin&) = delete;
  ~UnixPin();

  // ToConnect and ToBind set *address to one that means what is at the path real, which has no
  // symbolic links, while this is there. They return 0 or a negative errno value. Where there is no
  // /proc the address stays.
  int ToConnect(const std::string& real, Address* address);
  int ToBind(const std::string& real, Address* address);

 private:
  int fd_ = -1;
};

// Shown returns the address by which a socket was bound where the kernel has the one of a pin. Any
// thread.
Address Shown(const Address& address);

}  // namespace sluice::grant
