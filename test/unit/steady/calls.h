// How many system calls and allocations a program made since somebody set them to zero.
#pragma once

#include <sys/types.h>

#include <cstddef>

namespace sluice::test {

struct Calls {
  int waits = 0, controls = 0, reads = 0, writes = 0, others = 0, allocations = 0;
};
extern Calls calls;

}  // namespace sluice::test

// NOLINTBEGIN: the names are the linker's. For a peer's own calls, which do not count.
extern "C" {
ssize_t __real_send(int, const void*, size_t, int);
ssize_t __real_recv(int, void*, size_t, int);
int __real_close(int);
}
// NOLINTEND
