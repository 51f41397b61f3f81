// Internal. What a service manager such as systemd hands over, and what it wants to hear.
#pragma once

#include <string>

namespace sluice::sys {

// InheritListener makes a listening stream socket that this process was started with ready for use:
// not blocking, and closed in programs that this process runs. Returns its family (AF_INET, AF_INET6,
// AF_UNIX), or a negative errno value: -EBADF if it is not open, -ENOTSOCK, -EPROTOTYPE if it is no
// stream, -EINVAL if it does not listen.
int InheritListener(int fd);

// NotifyService sends state, lines as `READY=1`, to the socket that NOTIFY_SOCKET names
// (sd_notify(3)); a path, or a name of Linux after an '@'. Returns 0, also where there is none, or a
// negative errno value. Does not block. Main thread.
int NotifyService(const std::string& state);

}  // namespace sluice::sys
