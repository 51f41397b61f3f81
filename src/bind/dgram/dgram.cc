// Internal. binding('dgram'): UDP sockets.
#include <net/if.h>
#include <netinet/in.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <unordered_map>

#include "engine/task.h"
#include "engine/value.h"
#include "grant/holdings.h"
#include "sluice/address.h"
#include "sys/sys.h"

namespace sluice::js {
namespace {

// How many datagrams one socket reads before the others have their turn.
constexpr int kReadBudget = 64;

// UdpSocket owns its descriptor. It tells listener of what arrives, (bytes, address, port, family),
// of failures, (errno), and of what was sent late, (token, result). It keeps the loop alive while
// it receives, unless SetRef(false), and while something waits to be sent.
class UdpSocket final : public RefCounted, private Watcher {
 public:
  UdpSocket(Engine& engine, int fd, JSObjectRef listener)
      : Watcher(engine.loop(), *this), engine_(engine), fd_(fd), listener_(listener) {
    JSValueProtect(engine.context(), listener);
  }
  ~UdpSocket() override {
    Close();
    JSValueUnprotect(engine_.context(), listener_);
  }

  int fd() const { return fd_; }

  // Adopt takes fd over in the place of the own one.
  void Adopt(int fd) {
    Unwatch(true);
    sys::Close(fd_);
    fd_ = fd;
    Update();
  }

  void Receive() {
    receiving_ = true;
    Update();
  }
  void SetRef(bool on) {
    ref_wanted_ = on;
    Update();
  }
  void Close() {
    if (fd_ < 0) return;
    waiting_.clear();
    receiving_ = false;
    Update();
    Unwatch(true);
    sys::Close(std::exchange(fd_, -1));
  }

  // Send returns the number of bytes sent or a negative errno value; -EAGAIN: token will tell.
  ssize_t Send(std::span<const uint8_t> bytes, const Address& peer, double token) {
    grant::AddressGrant to = grant::ToConnect(peer);
    ssize_t sent = to.error();
    if (sent == 0)
      sent = waiting_.empty() ? sys::SendTo(fd_, bytes.data(), bytes.size(), to) : -EAGAIN;
    if (sent != -EAGAIN) return sent;
    waiting_.push_back({{bytes.begin(), bytes.end()}, to, token});
    Update();
    return sent;
  }
  std::pair<size_t, size_t> Waiting() const {
    size_t bytes = 0;
    for (const Datagram& one : waiting_) bytes += one.bytes.size();
    return {bytes, waiting_.size()};
  }

 private:
  struct Datagram {
    std::vector<uint8_t> bytes;
    grant::AddressGrant peer;
    double token;
  };

  void Update() {
    uint32_t interest =
        (receiving_ ? Watcher::kRead : 0) | (waiting_.empty() ? 0 : Watcher::kWrite);
    if (fd_ >= 0) Watch(fd_, interest);
    bool hold = (receiving_ && ref_wanted_) || !waiting_.empty();
    if (hold == held_) return;
    held_ = hold;
    hold ? engine_.loop().Hold() : engine_.loop().Release();
  }

  void Tell(std::initializer_list<JSValueRef> arguments) {
    engine_.Call(listener_, std::span(arguments.begin(), arguments.size()));
  }
  JSValueRef Number(double value) const { return JSValueMakeNumber(engine_.context(), value); }

  void OnReady(uint32_t) override {
    SendWaiting();
    for (int i = 0; i < kReadBudget; ++i) {
      engine_.DeliverDeferred();
      if (fd_ < 0 || !receiving_) return;
      uint8_t* buffer = engine_.loop().scratch();
      Address peer;
      ssize_t count = sys::ReceiveFrom(fd_, buffer, Loop::kScratchSize, &peer);
      if (count == -EAGAIN) return;
      if (count < 0) {
        Tell({Number(static_cast<double>(count))});
        return;
      }
      JSContextRef context = engine_.context();
      Tell({MakeBytes(context, std::span(buffer, static_cast<size_t>(count))),
            MakeString(context, peer.host()), Number(peer.port()),
            Number(peer.family() == AF_INET6 ? 6 : 4)});
    }
  }

  void SendWaiting() {
    while (fd_ >= 0 && !waiting_.empty()) {
      const Datagram& first = waiting_.front();
      ssize_t sent = sys::SendTo(fd_, first.bytes.data(), first.bytes.size(), first.peer);
      if (sent == -EAGAIN) return;
      double token = first.token;
      waiting_.pop_front();
      Update();
      Tell({Number(token), Number(static_cast<double>(sent))});
    }
  }

  void OnLoopEnd() override { Close(); }

  Engine& engine_;
  int fd_;
  JSObjectRef listener_;
  std::deque<Datagram> waiting_;
  bool receiving_ = false;
  bool ref_wanted_ = true;
  bool held_ = false;
};

struct DgramState final : BindingState, grant::DescriptorOwner {
  explicit DgramState(Engine&) {}
  bool Owns(int fd) const override {
    return std::any_of(sockets.begin(), sockets.end(),
                       [fd](const auto& one) { return one.second->fd() == fd; });
  }
  size_t Count() const override { return sockets.size(); }
  std::unordered_map<int64_t, Ref<UdpSocket>> sockets;
  int64_t next = 1;
};

Ref<UdpSocket> Find(Call& call) {
  auto& sockets = call.engine().State<DgramState>().sockets;
  auto found = sockets.find(call.integer(0));
  return found != sockets.end() ? found->second : nullptr;
}

// The address in arguments i and i + 1; none if the first is undefined.
std::optional<Address> AddressAt(Call& call, size_t i) {
  if (call.is_undefined(i)) return Address();
  return Address::Ip(call.string(i), static_cast<uint16_t>(call.integer(i + 1)));
}

// open(family, reuseAddress, reusePort, ipv6Only, listener): a number for the calls below, or a
// negative errno value.
JSValueRef Open(Call& call) {
  int family = call.integer(0) == 6 ? AF_INET6 : AF_INET;
  JSObjectRef listener = call.object(4);
  if (call.failed()) return call.undefined();
  if (!call.engine().task().MayOpen()) return call.number_value(-EMFILE);
  int fd = sys::Socket(family, SOCK_DGRAM);
  if (fd < 0) return call.number_value(fd);
  if (call.boolean(1)) sys::SetOption(fd, SOL_SOCKET, SO_REUSEADDR, 1);
  if (call.boolean(2)) sys::SetOption(fd, SOL_SOCKET, SO_REUSEPORT, 1);
  if (family == AF_INET6) sys::SetOption(fd, IPPROTO_IPV6, IPV6_V6ONLY, call.boolean(3));
  auto& state = call.engine().State<DgramState>();
  state.sockets.emplace(state.next, Ref<UdpSocket>(new UdpSocket(call.engine(), fd, listener)));
  return call.number_value(static_cast<double>(state.next++));
}

// The calls below return 0 or a negative errno value unless they say otherwise.

// bind(id, address, port)
JSValueRef Bind(Call& call) {
  auto socket = Find(call);
  auto address = AddressAt(call, 1);
  if (!socket || !address) return call.number_value(-EINVAL);
  return call.number_value(sys::Bind(socket->fd(), grant::ToBind(*address)));
}

// adopt(id, fd, family): a bound descriptor of that family, taken over.
JSValueRef Adopt(Call& call) {
  auto socket = Find(call);
  int fd = static_cast<int>(call.integer(1));
  int type = 0;
  Address local;
  if (!socket) return call.number_value(-EBADF);
  int error = grant::ToDescriptor(fd, grant::kUsable).error();
  if (error == 0) error = sys::GetOption(fd, SOL_SOCKET, SO_TYPE, &type);
  if (error == 0) error = sys::LocalAddress(fd, &local);
  if (error == 0) error = grant::ToBind(local).error();
  if (error < 0) return call.number_value(error);
  int family = call.integer(2) == 6 ? AF_INET6 : AF_INET;
  if (type != SOCK_DGRAM || local.family() != family) return call.number_value(-EINVAL);
  sys::SetNonBlocking(fd, true);
  sys::SetCloseOnExec(fd);
  grant::Forget(fd);
  socket->Adopt(fd);
  return call.number_value(0);
}

JSValueRef Descriptor(Call& call) {
  auto socket = Find(call);
  return call.number_value(socket ? socket->fd() : -1);
}

// connect(id, address, port); without an address it ends the connection.
JSValueRef Connect(Call& call) {
  auto socket = Find(call);
  auto address = AddressAt(call, 1);
  if (!socket || !address) return call.number_value(-EINVAL);
  return call.number_value(address->family() == 0
                               ? sys::Disconnect(socket->fd())
                               : sys::Connect(socket->fd(), grant::ToConnect(*address)));
}

// send(id, bytes, token, address, port): the bytes sent; -EAGAIN: the listener will get the token.
JSValueRef Send(Call& call) {
  auto socket = Find(call);
  auto address = AddressAt(call, 3);
  double token = call.number(2);
  std::span<uint8_t> bytes = call.bytes(1);
  if (call.failed()) return call.undefined();
  if (!socket || !address) return call.number_value(-EINVAL);
  return call.number_value(static_cast<double>(socket->Send(bytes, *address, token)));
}

JSValueRef Receive(Call& call) {
  if (auto socket = Find(call)) socket->Receive();
  return call.undefined();
}
JSValueRef SetRef(Call& call) {
  if (auto socket = Find(call)) socket->SetRef(call.boolean(1));
  return call.undefined();
}
JSValueRef Close(Call& call) {
  if (auto socket = Find(call)) socket->Close();
  call.engine().State<DgramState>().sockets.erase(call.integer(0));
  return call.undefined();
}

// waiting(id): [bytes, datagrams] that are not sent yet
JSValueRef Unsent(Call& call) {
  auto socket = Find(call);
  auto [bytes, count] = socket ? socket->Waiting() : std::pair<size_t, size_t>{0, 0};
  JSValueRef values[] = {call.number_value(static_cast<double>(bytes)),
                         call.number_value(static_cast<double>(count))};
  return call.array_value(values);
}

// address(id, ofPeer): [address, port, family], or a negative errno value
JSValueRef AddressOf(Call& call) {
  auto socket = Find(call);
  if (!socket) return call.number_value(-EBADF);
  Address address;
  int error = call.boolean(1) ? sys::PeerAddress(socket->fd(), &address)
                              : sys::LocalAddress(socket->fd(), &address);
  if (error < 0) return call.number_value(error);
  JSValueRef values[] = {call.string_value(address.host()), call.number_value(address.port()),
                         call.number_value(address.family() == AF_INET6 ? 6 : 4)};
  return call.array_value(values);
}

// Options by name: level and number for IPv4 and for IPv6.
struct Option {
  std::string_view name;
  int level4, option4, level6, option6;
};
constexpr Option kOptions[] = {
    {"broadcast", SOL_SOCKET, SO_BROADCAST, SOL_SOCKET, SO_BROADCAST},
    {"receiveBuffer", SOL_SOCKET, SO_RCVBUF, SOL_SOCKET, SO_RCVBUF},
    {"sendBuffer", SOL_SOCKET, SO_SNDBUF, SOL_SOCKET, SO_SNDBUF},
    {"ttl", IPPROTO_IP, IP_TTL, IPPROTO_IPV6, IPV6_UNICAST_HOPS},
    {"multicastTTL", IPPROTO_IP, IP_MULTICAST_TTL, IPPROTO_IPV6, IPV6_MULTICAST_HOPS},
    {"multicastLoopback", IPPROTO_IP, IP_MULTICAST_LOOP, IPPROTO_IPV6, IPV6_MULTICAST_LOOP},
};

// option(id, name, family[, value]): sets an option, or returns its value.
JSValueRef SetOrGetOption(Call& call) {
  auto socket = Find(call);
  std::string name = call.string(1);
  bool six = call.integer(2) == 6;
  if (!socket) return call.number_value(-EBADF);
  for (const Option& option : kOptions) {
    if (option.name != name) continue;
    int level = six ? option.level6 : option.level4;
    int number = six ? option.option6 : option.option4;
    if (call.is_undefined(3)) {
      int value = 0;
      int error = sys::GetOption(socket->fd(), level, number, &value);
      return call.number_value(error < 0 ? error : value);
    }
    int64_t value = call.integer(3);
    if (value < INT_MIN || value > INT_MAX) return call.number_value(-EINVAL);
    return call.number_value(sys::SetOption(socket->fd(), level, number, static_cast<int>(value)));
  }
  return call.number_value(-EINVAL);
}

// The index of the interface that an address or a zone names; 0 for the system's choice.
unsigned InterfaceIndex(const std::string& text) {
  size_t percent = text.find('%');
  if (percent == std::string::npos) return 0;
  std::string zone = text.substr(percent + 1);
  unsigned index = if_nametoindex(zone.c_str());
  return index != 0 ? index : static_cast<unsigned>(std::atoi(zone.c_str()));
}

int Apply(int fd, int level, int option, const void* value, size_t size) {
  return setsockopt(fd, level, option, value, static_cast<socklen_t>(size)) == 0 ? 0 : -errno;
}

const in_addr& Ip4(const Address& address) {
  return reinterpret_cast<const sockaddr_in*>(address.data())->sin_addr;
}

// multicastInterface(id, address)
JSValueRef MulticastInterface(Call& call) {
  auto socket = Find(call);
  std::string text = call.string(1);
  auto address = Address::Ip(text, 0);
  if (!socket || !address) return call.number_value(-EINVAL);
  if (address->family() == AF_INET6) {
    unsigned index = InterfaceIndex(text);
    return call.number_value(
        Apply(socket->fd(), IPPROTO_IPV6, IPV6_MULTICAST_IF, &index, sizeof index));
  }
  const in_addr& ip = Ip4(*address);
  return call.number_value(Apply(socket->fd(), IPPROTO_IP, IP_MULTICAST_IF, &ip, sizeof ip));
}

int Membership4(int fd, bool join, const Address& group, const Address& interface,
                const Address& source) {
  ip_mreq_source request{};
  request.imr_multiaddr = Ip4(group);
  if (interface.family() == AF_INET) request.imr_interface = Ip4(interface);
  if (source.family() == AF_INET) {
    request.imr_sourceaddr = Ip4(source);
    int option = join ? IP_ADD_SOURCE_MEMBERSHIP : IP_DROP_SOURCE_MEMBERSHIP;
    return Apply(fd, IPPROTO_IP, option, &request, sizeof request);
  }
  ip_mreq any{request.imr_multiaddr, request.imr_interface};
  return Apply(fd, IPPROTO_IP, join ? IP_ADD_MEMBERSHIP : IP_DROP_MEMBERSHIP, &any, sizeof any);
}

int Membership6(int fd, bool join, const Address& group, unsigned interface,
                const Address& source) {
  group_source_req request{};
  request.gsr_interface = interface;
  std::memcpy(&request.gsr_group, group.data(), group.size());
  if (source.family() == AF_INET6) {
    std::memcpy(&request.gsr_source, source.data(), source.size());
    int option = join ? MCAST_JOIN_SOURCE_GROUP : MCAST_LEAVE_SOURCE_GROUP;
    return Apply(fd, IPPROTO_IPV6, option, &request, sizeof request);
  }
  ipv6_mreq any{};
  any.ipv6mr_multiaddr = reinterpret_cast<const sockaddr_in6*>(group.data())->sin6_addr;
  any.ipv6mr_interface = interface;
  int option = join ? IPV6_ADD_MEMBERSHIP : IPV6_DROP_MEMBERSHIP;
  return Apply(fd, IPPROTO_IPV6, option, &any, sizeof any);
}

// membership(id, join, group, interface, source): the last two may be undefined
JSValueRef Membership(Call& call) {
  auto socket = Find(call);
  std::string zone = call.is_undefined(3) ? std::string() : call.string(3);
  auto group = Address::Ip(call.string(2), 0);
  auto interface = zone.empty() ? Address() : Address::Ip(zone, 0);
  auto source = call.is_undefined(4) ? Address() : Address::Ip(call.string(4), 0);
  if (!socket || !group || !interface || !source) return call.number_value(-EINVAL);
  bool join = call.boolean(1);
  return call.number_value(
      group->family() == AF_INET6
          ? Membership6(socket->fd(), join, *group, InterfaceIndex(zone), *source)
          : Membership4(socket->fd(), join, *group, *interface, *source));
}

constexpr FunctionEntry kFunctions[] = {
    {"open", Guarded<Open>},
    {"adopt", Guarded<Adopt>},
    {"bind", Guarded<Bind>},
    {"descriptor", Guarded<Descriptor>},
    {"connect", Guarded<Connect>},
    {"send", Guarded<Send>},
    {"receive", Guarded<Receive>},
    {"setRef", Guarded<SetRef>},
    {"close", Guarded<Close>},
    {"waiting", Guarded<Unsent>},
    {"address", Guarded<AddressOf>},
    {"option", Guarded<SetOrGetOption>},
    {"multicastInterface", Guarded<MulticastInterface>},
    {"membership", Guarded<Membership>},
};

}  // namespace

void BindDgram(Binder& binder) {
  binder.Functions(kFunctions);
}

}  // namespace sluice::js
