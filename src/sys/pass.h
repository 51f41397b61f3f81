// Internal. Descriptors over a Unix stream socket (SCM_RIGHTS, unix(7)).
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <vector>

namespace sluice::sys {

// SendWith sends bytes and, unless it is -1, a copy of descriptor with the first of them. Returns
// the number of bytes taken, or -errno; -EAGAIN, never waiting. Any thread.
ssize_t SendWith(int fd, const void* data, size_t size, int descriptor);

// ReceiveWith receives bytes and appends the descriptors that came with them, which are the
// caller's and close-on-exec. Returns the number of bytes, 0 at the end, or -errno. Any thread.
ssize_t ReceiveWith(int fd, void* buffer, size_t size, std::vector<int>* descriptors);

}  // namespace sluice::sys
