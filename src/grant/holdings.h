// Internal. Which descriptors the program of a thread's task may name: those that it opened or was
// given, with the rights that they were opened with. Kept in User Mode only. All of it by thread.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>

#include "grant/grant.h"

namespace sluice::grant {

enum Right : unsigned {
  kReadable = 1,
  kWritable = 2,
  kAttributes = 4,  // mode, owner, times: what was opened by path for writing
  kUsable = 8,      // any use as a socket or pipe
  kAllRights = 15,
};

// Hold notes a descriptor that is the program's now; Forget, that it is not any more.
void Hold(int fd, unsigned rights);
void Forget(int fd);
// OpenCount returns how many there are, with those of owners and those that are on their way.
size_t OpenCount();
// DepartedCount returns how many are on their way to another thread, and nobody's there yet.
size_t DepartedCount();

// Departed counts one descriptor for the thread that made it, until it goes. Any thread.
class Departed {
 public:
  Departed();
  ~Departed();
  Departed(Departed&& other) noexcept = default;
  Departed& operator=(Departed&&) = delete;

 private:
  std::shared_ptr<std::atomic<size_t>> count_;
};

// RightsOf returns what open(2) with these flags gives.
unsigned RightsOf(int flags);

// DescriptorOwner has descriptors of its own that its task may name, as those of sockets.
class DescriptorOwner {
 public:
  DescriptorOwner();
  DescriptorOwner(const DescriptorOwner&) = delete;
  DescriptorOwner& operator=(const DescriptorOwner&) = delete;
  virtual bool Owns(int fd) const = 0;
  // Count returns how many it has.
  virtual size_t Count() const = 0;

 protected:
  ~DescriptorOwner();
};

// ToDescriptor is leave for a use of a descriptor that the program names by its number: held with
// one of the rights, or one of the standard ones (0 to read, 1 and 2 to write), or with kUsable
// that of an owner.
Grant ToDescriptor(int fd, unsigned right);
// ToClose is leave to close one that the program holds.
Grant ToClose(int fd);

}  // namespace sluice::grant
