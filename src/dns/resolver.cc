#include "dns/resolver.h"

#define CARES_NO_DEPRECATED  // the functions that c-ares 1.18 has too
#include <ares.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/time.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <utility>

#include "dns/simulated_sockets.h"
#include "sim/calls.h"

namespace sluice::dns {
namespace {

constexpr int kDefaultTimeoutMs = 2000;

// c-ares counts its users in a plain variable.
int StartLibrary() {
  static const int status = ares_library_init(ARES_LIB_INIT_ALL);
  return status;
}

const sockaddr_in& Ip4(const Address& address) {
  return *reinterpret_cast<const sockaddr_in*>(address.data());
}
const sockaddr_in6& Ip6(const Address& address) {
  return *reinterpret_cast<const sockaddr_in6*>(address.data());
}

Address AddressOf(const ares_addr_port_node& node) {
  if (node.family == AF_INET6) {
    sockaddr_in6 ip{};
    ip.sin6_family = AF_INET6;
    std::memcpy(&ip.sin6_addr, &node.addr.addr6, sizeof ip.sin6_addr);
    ip.sin6_port = htons(static_cast<uint16_t>(node.udp_port));
    return Address::From(reinterpret_cast<sockaddr*>(&ip), sizeof ip);
  }
  sockaddr_in ip{};
  ip.sin_family = AF_INET;
  ip.sin_addr = node.addr.addr4;
  ip.sin_port = htons(static_cast<uint16_t>(node.udp_port));
  return Address::From(reinterpret_cast<sockaddr*>(&ip), sizeof ip);
}

ares_addr_port_node NodeOf(const Address& address) {
  ares_addr_port_node node{};
  node.family = address.family();
  node.udp_port = node.tcp_port = address.port();
  if (address.family() == AF_INET6)
    std::memcpy(&node.addr.addr6, &Ip6(address).sin6_addr, sizeof node.addr.addr6);
  else
    node.addr.addr4 = Ip4(address).sin_addr;
  return node;
}

// The name that a host has first is among the aliases if it comes from a server, and is not if it
// comes from /etc/hosts.
std::vector<std::string> NamesOf(const hostent& host) {
  std::vector<std::string> names;
  for (char** alias = host.h_aliases; alias != nullptr && *alias != nullptr; ++alias)
    names.emplace_back(*alias);
  if (host.h_name != nullptr && std::find(names.begin(), names.end(), host.h_name) == names.end())
    names.insert(names.begin(), host.h_name);
  return names;
}

}  // namespace

// Socket watches a descriptor of c-ares, which closes it itself.
class Resolver::Socket final : public RefCounted, private Watcher {
 public:
  explicit Socket(Resolver& resolver) : Watcher(resolver.loop_, *this), resolver_(&resolver) {}

  void Want(int fd, bool readable, bool writable) {
    fd_ = fd;
    Watch(fd, (readable ? kRead : 0) | (writable ? kWrite : 0));
  }
  void Forget() {
    resolver_ = nullptr;
    Unwatch(true);
  }

 private:
  void OnReady(uint32_t events) override {
    if (resolver_ == nullptr) return;
    bool read = (events & ~static_cast<uint32_t>(EPOLLOUT)) != 0;
    bool write = (events & ~static_cast<uint32_t>(EPOLLIN)) != 0;
    resolver_->Process(read ? fd_ : ARES_SOCKET_BAD, write ? fd_ : ARES_SOCKET_BAD);
  }
  void OnLoopEnd() override { Unwatch(); }

  Resolver* resolver_;
  int fd_ = -1;
};

// What c-ares gives back with an answer.
struct Resolver::Question {
  Resolver& resolver;
  Answer answer;

  static void Done(void* argument, int status, int, unsigned char* bytes, int size) {
    std::unique_ptr<Question> question(static_cast<Question*>(argument));
    std::vector<uint8_t> message;
    if (status == ARES_SUCCESS && size > 0) message.assign(bytes, bytes + size);
    question->resolver.Finish(status, [answer = std::move(question->answer), status,
                                       message = std::move(message)] { answer(status, message); });
  }
};

struct Resolver::NameQuestion {
  Resolver& resolver;
  Names answer;

  static void Done(void* argument, int status, int, hostent* host) {
    std::unique_ptr<NameQuestion> question(static_cast<NameQuestion*>(argument));
    std::vector<std::string> names;
    if (status == ARES_SUCCESS) names = NamesOf(*host);
    question->resolver.Finish(status, [answer = std::move(question->answer), status,
                                       names = std::move(names)] { answer(status, names); });
  }
};

Resolver::Resolver(Loop& loop, const ResolverOptions& options)
    : loop_(loop),
      options_(options),
      timer_(loop, [this] { Process(ARES_SOCKET_BAD, ARES_SOCKET_BAD); }) {
  Open();
}

Resolver::~Resolver() {
  Close();
}

void Resolver::Open() {
  sim::LibraryCall call;
  // The library that runs may be newer than its header here was, and read fields behind those.
  struct : ares_options {
    std::byte later[64]{};
  } options{};
  // What a server answers is the answer, also SERVFAIL, NOTIMP and REFUSED, as in Node.
  options.flags = ARES_FLAG_NOCHECKRESP;
  options.timeout = options_.timeout_ms < 0 ? kDefaultTimeoutMs : options_.timeout_ms;
  options.tries = options_.tries;
  options.sock_state_cb = &Resolver::OnSocketState;
  options.sock_state_cb_data = this;
  int mask = ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_SOCK_STATE_CB;
#ifdef ARES_OPT_MAXTIMEOUTMS
  options.maxtimeout = options_.max_timeout_ms;
  if (options_.max_timeout_ms > 0) mask |= ARES_OPT_MAXTIMEOUTMS;
#endif
  // Each question is asked: qcache_max_ttl, from c-ares 1.26 on, is 0. Older ones ignore the bit.
  constexpr int kQueryCache = 1 << 21;  // ARES_OPT_QUERY_CACHE
  mask |= kQueryCache;
  // Neither servers nor names are those of the real machine.
  char nothing[] = "/dev/null", servers_only[] = "b";
  if (sim::Active()) {
    options.resolvconf_path = nothing;
    options.lookups = servers_only;
    mask |= ARES_OPT_RESOLVCONF | ARES_OPT_LOOKUPS;
  }
  open_status_ = StartLibrary();
  if (open_status_ == ARES_SUCCESS) open_status_ = ares_init_options(&channel_, &options, mask);
  if (open_status_ != ARES_SUCCESS) channel_ = nullptr;
  if (sim::Active() && channel_ != nullptr) {
    ares_set_socket_functions(channel_, SimulatedSockets(), nullptr);
    ares_addr_port_node server = NodeOf(sim::NameServerAddress());
    ares_set_servers_ports(channel_, &server);
  }
  ApplyLocalAddresses();
}

void Resolver::Close() {
  if (channel_ == nullptr) return;
  sim::LibraryCall call;
  closing_ = true;
  ares_destroy(std::exchange(channel_, nullptr));
  closing_ = false;
  timer_.Cancel();
}

// Begin returns what the question that begins is to be answered by at once, or 0.
Resolver::Status Resolver::Begin() {
  // A program may start before the network: the file is read again if no server of it was reached.
  if (unreachable_ && !servers_set_ && in_flight_ == 0) {
    unreachable_ = false;
    Close();
    Open();
  }
  ++in_flight_;
  loop_.Hold();
  // c-ares 1.18 would leak memory without servers.
  return channel_ == nullptr ? open_status_ : no_servers_ ? ARES_ESERVFAIL : ARES_SUCCESS;
}

void Resolver::Ask(const std::string& name, int type, Answer answer) {
  auto question = std::make_unique<Question>(Question{*this, std::move(answer)});
  Status refused = Begin();
  // c-ares would see the part of the name before it.
  if (refused == ARES_SUCCESS && name.find('\0') != std::string::npos) refused = ARES_EBADNAME;
  if (refused != ARES_SUCCESS) {
    Question::Done(question.release(), refused, 0, nullptr, 0);
    return;
  }
  sim::LibraryCall call;
  constexpr int kInternet = 1;
  ares_query(channel_, name.c_str(), kInternet, type, &Question::Done, question.release());
  SetTimer();
}

void Resolver::Reverse(const Address& address, Names answer) {
  auto question = std::make_unique<NameQuestion>(NameQuestion{*this, std::move(answer)});
  if (Status refused = Begin(); refused != ARES_SUCCESS) {
    NameQuestion::Done(question.release(), refused, 0, nullptr);
    return;
  }
  sim::LibraryCall call;
  bool six = address.family() == AF_INET6;
  const void* ip = six ? static_cast<const void*>(&Ip6(address).sin6_addr)
                       : static_cast<const void*>(&Ip4(address).sin_addr);
  ares_gethostbyaddr(channel_, ip, six ? sizeof(in6_addr) : sizeof(in_addr), address.family(),
                     &NameQuestion::Done, question.release());
  SetTimer();
}

void Resolver::Finish(Status status, std::function<void()> answer) {
  --in_flight_;
  loop_.Release();
  if (closing_) return;
  unreachable_ = status == ARES_ECONNREFUSED || status == ARES_ETIMEOUT;
  loop_.Post(std::move(answer));
}

void Resolver::Cancel() {
  if (channel_ == nullptr) return;
  sim::LibraryCall call;
  ares_cancel(channel_);
  SetTimer();
}

Resolver::Status Resolver::SetServers(const std::vector<Address>& servers) {
  if (channel_ == nullptr) return open_status_;
  std::vector<ares_addr_port_node> nodes;
  for (const Address& server : servers) nodes.push_back(NodeOf(server));
  for (size_t i = 1; i < nodes.size(); ++i) nodes[i - 1].next = &nodes[i];
  Status status = ares_set_servers_ports(channel_, nodes.empty() ? nullptr : nodes.data());
  if (status == ARES_SUCCESS) {
    servers_set_ = true;
    no_servers_ = servers.empty();
  }
  return status;
}

std::vector<Address> Resolver::Servers() const {
  std::vector<Address> servers;
  ares_addr_port_node* list = nullptr;
  if (channel_ == nullptr || ares_get_servers_ports(channel_, &list) != ARES_SUCCESS)
    return servers;
  for (auto* node = list; node != nullptr; node = node->next) servers.push_back(AddressOf(*node));
  ares_free_data(list);
  return servers;
}

void Resolver::SetLocalAddress(const Address& address) {
  (address.family() == AF_INET6 ? local6_ : local4_) = address;
  ApplyLocalAddresses();
}

void Resolver::ApplyLocalAddresses() {
  if (channel_ == nullptr) return;
  if (local4_.family() == AF_INET)
    ares_set_local_ip4(channel_, ntohl(Ip4(local4_).sin_addr.s_addr));
  if (local6_.family() == AF_INET6) ares_set_local_ip6(channel_, Ip6(local6_).sin6_addr.s6_addr);
}

void Resolver::Process(int read_fd, int write_fd) {
  sim::LibraryCall call;
  ares_process_fd(channel_, read_fd, write_fd);
  SetTimer();
}

void Resolver::SetTimer() {
  sim::LibraryCall call;
  timeval left{};
  if (ares_timeout(channel_, nullptr, &left) == nullptr)
    timer_.Cancel();
  else
    timer_.SetAfter(static_cast<uint64_t>(left.tv_sec) * 1000 +
                    static_cast<uint64_t>(left.tv_usec + 999) / 1000);
}

void Resolver::OnSocketState(void* argument, int fd, int readable, int writable) {
  auto& self = *static_cast<Resolver*>(argument);
  if (readable == 0 && writable == 0) {  // c-ares closes it after this call
    auto found = self.sockets_.find(fd);
    if (found == self.sockets_.end()) return;
    found->second->Forget();
    self.sockets_.erase(found);
    return;
  }
  auto& socket = self.sockets_[fd];
  if (!socket) socket = Ref<Socket>(new Socket(self));
  socket->Want(fd, readable != 0, writable != 0);
}

}  // namespace sluice::dns
