// Internal. ProxyGate: accepted descriptors whose PROXY header is awaited.
#pragma once

#include <list>

#include "sluice/connection.h"
#include "sluice/loop.h"
#include "sluice/proxy.h"

namespace sluice {

class Listener;

// ProxyGate reads the header of each descriptor that its listener accepts, and gives those back
// whose header is well: peer is then the client. Others are closed, and counted as refused. Loop
// thread.
class ProxyGate {
 public:
  // The listener owns the gate.
  ProxyGate(Listener& listener, ProxyRule rule);
  ~ProxyGate();
  ProxyGate(const ProxyGate&) = delete;
  ProxyGate& operator=(const ProxyGate&) = delete;

  // Take takes an accepted descriptor over. It may give it back at once.
  void Take(int fd, const Address& peer, const ConnectionOrigin& origin);
  // waiting returns how many headers are awaited.
  size_t waiting() const { return waiting_.size(); }

 private:
  class Waiting;
  void Refuse(int fd, const Address& peer, const ConnectionOrigin& origin);

  Listener& listener_;
  const ProxyRule rule_;
  std::list<Ref<Waiting>> waiting_;
};

}  // namespace sluice
