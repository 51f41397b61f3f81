#include "bind/net/bound.h"

#include <netinet/in.h>

#include <cerrno>

#include "bind/net/address_value.h"
#include "bind/net/arguments.h"
#include "engine/task.h"
#include "sys/files.h"
#include "sys/sys.h"

namespace sluice::js {

BoundSockets::~BoundSockets() {
  for (int fd : fds_) sys::Close(fd);
}

namespace {

BoundSockets& Sockets(Call& call) {
  return call.engine().State<BoundSockets>();
}

// bindSocket(host, port, ipv6Only, reusePort) → descriptor or -errno; port -1: host is a Unix path
JSValueRef BindSocket(Call& call) {
  auto address = AddressAt(call, 0);
  if (!address) return Number(call, -EINVAL);
  if (!call.engine().task().MayOpen()) return Number(call, -EMFILE);
  int fd = sys::Socket(address->family(), SOCK_STREAM);
  if (fd < 0) return Number(call, fd);
  int result = address->is_ip() ? sys::SetOption(fd, SOL_SOCKET, SO_REUSEADDR, 1) : 0;
  if (result == 0 && call.boolean(3)) result = sys::SetOption(fd, SOL_SOCKET, SO_REUSEPORT, 1);
  if (result == 0 && address->family() == AF_INET6)
    result = sys::SetOption(fd, IPPROTO_IPV6, IPV6_V6ONLY, call.boolean(2) ? 1 : 0);
  if (result == 0) result = sys::Bind(fd, grant::ToBind(*address));
  if (result < 0) {
    sys::Close(fd);
    return Number(call, result);
  }
  Sockets(call).Add(fd);
  return Number(call, fd);
}

// boundAddress(descriptor) → its address as of localAddress(), or -errno
JSValueRef BoundAddress(Call& call) {
  int fd = Int(call, 0);
  Address address;
  int result = Sockets(call).Owns(fd) ? sys::LocalAddress(fd, &address) : -EBADF;
  return result < 0 ? Number(call, result) : AddressValue(call, address);
}

// leaveBound(descriptor, close): it is another's, or nobody's, and so is the file of its path
JSValueRef LeaveBound(Call& call) {
  int fd = Int(call, 0);
  if (!Sockets(call).Release(fd) || !call.boolean(1)) return call.undefined();
  Address address;
  if (sys::LocalAddress(fd, &address) == 0)
    if (auto file = SocketFile(address)) sys::Unlink(*file);
  sys::Close(fd);
  return call.undefined();
}

constexpr FunctionEntry kFunctions[] = {
    {"bindSocket", Guarded<BindSocket>},
    {"boundAddress", Guarded<BoundAddress>},
    {"leaveBound", Guarded<LeaveBound>},
};

}  // namespace

void BindBound(Binder& binder) {
  binder.Functions(kFunctions);
}

}  // namespace sluice::js
