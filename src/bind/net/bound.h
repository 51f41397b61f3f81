// Internal. TCP sockets that are bound and nothing yet: net.BoundSocket has them until a server or
// a connection takes one over.
#pragma once

#include <unordered_set>

#include "engine/value.h"
#include "grant/holdings.h"

namespace sluice::js {

// BoundSockets owns the descriptors that nobody took. Loop thread.
class BoundSockets final : public BindingState, public grant::DescriptorOwner {
 public:
  explicit BoundSockets(Engine&) {}
  ~BoundSockets() override;

  void Add(int fd) { fds_.insert(fd); }
  // Release gives fd to the caller; returns whether it is one.
  bool Release(int fd) { return fds_.erase(fd) > 0; }
  bool Owns(int fd) const override { return fds_.contains(fd); }
  size_t Count() const override { return fds_.size(); }

 private:
  std::unordered_set<int> fds_;
};

// BindBound adds the functions of bound sockets.
void BindBound(Binder& binder);

}  // namespace sluice::js
