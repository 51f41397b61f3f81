// Internal. TCP_INFO of a socket.
#pragma once

#include "sluice/connection.h"

namespace sluice::sys {

// GetTcpInfo returns 0, or -errno: -ENOTSOCK, -EOPNOTSUPP for what is no TCP socket.
int GetTcpInfo(int fd, TcpInfo* info);

}  // namespace sluice::sys
