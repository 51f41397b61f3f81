// Of NetState, whose descriptors a program may name.
#include <algorithm>

#include "bind/net/state.h"

namespace sluice::js {

bool NetState::Owns(int fd) const {
  return std::any_of(handles_.begin(), handles_.end(), [fd](const Handle& one) {
    const Listener* listener = one.listener();
    return (one.stream && one.stream->fd() == fd) || (listener != nullptr && listener->fd() == fd);
  });
}

}  // namespace sluice::js
