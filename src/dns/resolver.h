// Internal. Resolver: questions to DNS servers, by c-ares (https://c-ares.org).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "sluice/address.h"
#include "sluice/loop.h"
#include "sluice/ref.h"

struct ares_channeldata;

namespace sluice::dns {

// How long one question may take.
struct ResolverOptions {
  int timeout_ms = -1;     // of the first try at each server; -1: 2000. Each round doubles it
  int tries = 4;           // at each server
  int max_timeout_ms = 0;  // limit of the doubled time, 0: none; needs c-ares 1.22 or later
};

// Resolver asks the servers of /etc/resolv.conf, or those of SetServers, by UDP, and by TCP if an
// answer does not fit. Every answer comes in a task of the loop, so that it may do anything,
// destroying the resolver too; a question keeps the loop alive until then. Destroying the resolver
// drops the questions that are not answered; it must not outlive the loop. Loop thread.
class Resolver {
 public:
  // Status is 0 or one of c-ares' codes: ARES_ENODATA (1), ARES_EFORMERR (2), …
  using Status = int;
  // The answer of a server as it came (RFC 1035 section 4); empty unless the status is 0.
  using Answer = std::function<void(Status status, const std::vector<uint8_t>& message)>;
  using Names = std::function<void(Status status, const std::vector<std::string>& names)>;

  // If c-ares cannot start, every question is answered by that status.
  Resolver(Loop& loop, const ResolverOptions& options);
  ~Resolver();
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;

  // Ask asks for the records of a type of that very name; no domain is appended.
  void Ask(const std::string& name, int type, Answer answer);
  // Reverse asks for the names of an IP address: /etc/hosts, then the servers.
  void Reverse(const Address& address, Names answer);
  // Cancel answers all questions in flight by ARES_ECANCELLED.
  void Cancel();
  int in_flight() const { return in_flight_; }

  // SetServers replaces the servers, in the order in which they are asked; port 0 is 53. There must
  // be no question in flight.
  Status SetServers(const std::vector<Address>& servers);
  std::vector<Address> Servers() const;

  // SetLocalAddress sets the address that later questions of its family are sent from.
  void SetLocalAddress(const Address& address);

 private:
  class Socket;
  struct Question;
  struct NameQuestion;

  void Open();
  void Close();
  Status Begin();
  void Finish(Status status, std::function<void()> answer);
  void Process(int read_fd, int write_fd);
  void SetTimer();
  void ApplyLocalAddresses();
  static void OnSocketState(void* resolver, int fd, int readable, int writable);

  Loop& loop_;
  ResolverOptions options_;
  ares_channeldata* channel_ = nullptr;
  Status open_status_ = 0;
  Timer timer_;
  std::unordered_map<int, Ref<Socket>> sockets_;  // the descriptors are those of c-ares
  int in_flight_ = 0;
  bool closing_ = false;
  bool servers_set_ = false;
  bool no_servers_ = false;
  bool unreachable_ = false;  // the last question reached no server
  Address local4_, local6_;
};

}  // namespace sluice::dns
