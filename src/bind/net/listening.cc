// Internal. Of binding('net') what listens.
#include <sys/stat.h>

#include <cerrno>
#include <optional>
#include <string>

#include "bind/net/address_value.h"
#include "bind/net/arguments.h"
#include "bind/net/state.h"
#include "engine/value.h"
#include "grant/holdings.h"
#include "ledger/loop_ledger.h"
#include "sluice/server.h"
#include "sys/files.h"
#include "sys/service.h"
#include "sys/sys.h"

namespace sluice::js {
namespace {

// The account of a server that listens at a host, or at a path if the port is below 0.
std::shared_ptr<Account> ServerAccount(Call& call, bool path, bool encrypted) {
  Transport transport = encrypted ? Transport::kTls : path ? Transport::kUnix : Transport::kTcp;
  return LoopLedger::Of(call.engine().loop()).NewAccount({{}, 0, 0, Side::kAccepted, transport});
}

// listen(host, port, backlog, ipv6Only, reusePort, whether it encrypts) → id or -errno; port -1:
// host is a Unix path
JSValueRef Listen(Call& call) {
  auto address = AddressAt(call, 0);
  if (!address) return Number(call, -EINVAL);
  ListenOptions options;
  options.backlog = Int(call, 2);
  options.ipv6_only = call.boolean(3);
  options.reuse_port = call.boolean(4);
  Error error;
  NetState& state = State(call);
  if (state.full()) return Number(call, -EMFILE);
  auto listener = Listener::Listen(call.engine().loop(), *address, options, &state, &error);
  if (!listener) return Failure(call, error);
  listener->set_account(ServerAccount(call, !address->is_ip(), call.boolean(5)));
  return Number(call, state.Add(std::move(listener)));
}

// A descriptor that the program names, and whose address it may listen at.
int MayListen(int fd) {
  Address local;
  int result = grant::ToDescriptor(fd, grant::kUsable).error();
  if (result == 0 && grant::Restricted()) {
    result = sys::LocalAddress(fd, &local);
    if (result == 0) result = grant::ToBind(local).error();
  }
  return result;
}

// listenDescriptor(fd, backlog, whether it encrypts) → id or -errno
JSValueRef ListenDescriptor(Call& call) {
  int fd = static_cast<int>(call.integer(0));
  NetState& state = State(call);
  int result = fd < 0 ? -EBADF : state.full() ? -EMFILE : MayListen(fd);
  if (result == 0) result = sys::Listen(fd, Int(call, 1));
  if (result < 0) return Number(call, result);
  grant::Forget(fd);
  auto listener = Listener::Adopt(call.engine().loop(), fd, &state);
  listener->set_account(ServerAccount(call, !listener->LocalAddress().is_ip(), call.boolean(2)));
  return Number(call, state.Add(std::move(listener)));
}

// socketMode(id of a listener at a path, mode), removeSocket(id): of the path that it listens at →
// 0 or -errno
std::optional<grant::PathGrant> SocketPath(Call& call) {
  Listener* listener = State(call).listener(Id(call));
  if (listener == nullptr || listener->closed()) return std::nullopt;
  return SocketFile(listener->LocalAddress());
}

JSValueRef SocketMode(Call& call) {
  auto path = SocketPath(call);
  return Number(call, path ? sys::ChangeMode(*path, static_cast<mode_t>(Int(call, 1))) : -ENOENT);
}

JSValueRef RemoveSocket(Call& call) {
  auto path = SocketPath(call);
  return Number(call, path ? sys::Unlink(*path) : -ENOENT);
}

// account(id of a listener or seat) → number of the account of its connections here, 0 for none
JSValueRef AccountNumber(Call& call) {
  NetState& state = State(call);
  std::shared_ptr<const Account> account;
  if (Listener* listener = state.listener(Id(call))) account = listener->account();
  if (Group* group = state.group(Id(call))) account = group->account(state.member_index(Id(call)));
  return call.number_value(account ? static_cast<double>(account->number()) : 0);
}

// countAs(id of a listener, name): its connections are counted as those of a group of that name
JSValueRef CountAs(Call& call) {
  Listener* listener = State(call).listener(Id(call));
  if (listener == nullptr) return call.undefined();
  AccountKey key = listener->account()->key();
  key.group = call.string(1);
  listener->SetGroup(key.group);
  listener->set_account(LoopLedger::Of(call.engine().loop()).NewAccount(std::move(key)));
  return call.undefined();
}

// take(id of a listener, fd): a connection that another process accepted for it → 0 or -errno
JSValueRef Take(Call& call) {
  Ref<Listener> listener(State(call).listener(Id(call)));
  int fd = static_cast<int>(call.integer(1));
  if (!listener || listener->closed()) return Number(call, -EBADF);
  if (int error = grant::ToDescriptor(fd, grant::kUsable).error()) return Number(call, error);
  grant::Forget(fd);
  listener->Take(fd);
  return Number(call, 0);
}

// inheritListener(fd) → its address as of localAddress(), or -errno
JSValueRef InheritListener(Call& call) {
  int fd = static_cast<int>(call.integer(0));
  Address address;
  // What a service manager gave is the program's if it may listen there.
  if (grant::Restricted() && sys::LocalAddress(fd, &address) == 0) {
    if (int error = grant::ToBind(address).error()) return Number(call, error);
  }
  int family = sys::InheritListener(fd);
  if (family < 0) return Number(call, family);
  grant::Hold(fd, grant::kUsable);
  int result = sys::LocalAddress(fd, &address);
  return result < 0 ? Number(call, result) : AddressValue(call, address);
}

// notifyService(state) → 0 or -errno
JSValueRef NotifyService(Call& call) {
  return Number(call, sys::NotifyService(call.string(0)));
}

constexpr FunctionEntry kFunctions[] = {
    {"listen", Guarded<Listen>},
    {"listenDescriptor", Guarded<ListenDescriptor>},
    {"socketMode", Guarded<SocketMode>},
    {"removeSocket", Guarded<RemoveSocket>},
    {"account", Guarded<AccountNumber>},
    {"countAs", Guarded<CountAs>},
    {"take", Guarded<Take>},
    {"inheritListener", Guarded<InheritListener>},
    {"notifyService", Guarded<NotifyService>},
};

}  // namespace

std::optional<grant::PathGrant> SocketFile(const Address& address) {
  std::string path = address.is_ip() ? "" : address.host();
  if (path.empty() || path[0] == '\0') return std::nullopt;
  grant::PathGrant grant = grant::ToSocketPath(address);
  struct statx status;
  if (sys::GetStatus(grant, &status) != 0 || !S_ISSOCK(status.stx_mode)) return std::nullopt;
  return grant;
}

void BindListening(Binder& binder) {
  binder.Functions(kFunctions);
}

}  // namespace sluice::js
