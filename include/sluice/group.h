// Public. ServerGroup: one address that several threads serve, each with a loop of its own.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sluice/server.h"

namespace sluice {

class Group;
class ServerDrain;
class ServerGroup;

// Balance says which thread of a group gets the next connection.
enum class Balance : uint8_t {
  kRoundRobin,        // one after the other
  kLeastConnections,  // the one that has the fewest; among equals, round-robin
};

// GroupThread is the place of a handler in its group. Loop thread, where nothing else is said.
class GroupThread {
 public:
  GroupThread(const GroupThread&) = delete;
  GroupThread& operator=(const GroupThread&) = delete;

  // loop returns the loop of this thread.
  Loop& loop() const { return loop_; }
  // index is 0 for the thread that opened the group, and counts from 1 for the others.
  int index() const { return index_; }

 private:
  friend class ServerGroup;
  GroupThread(Loop& loop, int index) : loop_(loop), index_(index) {}
  Loop& loop_;
  int index_;
};

// GroupHandler is one thread's part of a group. It is made, called and destroyed on its thread, so
// what it holds needs no lock; it outlives the connections of its thread.
class GroupHandler {
 public:
  virtual ~GroupHandler() = default;
  // A connection was accepted for this thread, and nothing was read from it. The handler owns the
  // descriptor now: Socket::Adopt it on thread.loop(), from when on it counts for
  // Balance::kLeastConnections and ServerGroup::Stats() until its end, or close it.
  virtual void OnConnection(GroupThread& thread, int fd, const Address& peer) = 0;
  // The group was closed: no more connections come. Those that are open go on; the thread ends with
  // the last of them.
  virtual void OnClose() {}
  // Accepting rests, as ListenHandler::OnStarved tells. Only thread 0.
  virtual void OnStarved(const Error& error) { (void)error; }
  // Connections were refused, as ListenHandler::OnRefused tells. Only thread 0.
  virtual void OnRefused(const RefusedConnections& refused) { (void)refused; }
};

// What a group is opened with.
struct GroupOptions {
  int threads = 0;                                 // with the caller's; 0: one for each processor
  Balance balance = Balance::kRoundRobin;          // which of them gets the next connection
  ListenOptions listen;                            // of the one listener
  std::shared_ptr<Admission> admission;            // decides for all threads; null: all are taken
  std::shared_ptr<const ConnectionLimits> limits;  // of each connection; null: none
  std::optional<ProxyRule> proxy;  // who sends PROXY headers (Listener::ExpectProxyHeaders)
  uint64_t write_limit = 0;  // bytes that may wait to be written by all threads; 0: any number
  std::string name;          // AccountKey::group of its connections; "": none
};

// What one thread of a group has done.
struct GroupStats {
  int index = 0;                   // GroupThread::index()
  uint64_t connections = 0;        // open now
  uint64_t connections_total = 0;  // handed to it so far
};

// ServerGroup accepts connections on the thread that opened it and hands each to one of its
// threads, that one among them, by Balance. Connections stay with their thread. A connection
// that is under way to a thread that ends goes to another thread. Loop thread, where nothing else
// is said.
class ServerGroup final : private ListenHandler {
 public:
  // Factory makes the handler of a thread, on that thread: several may call it at once. Null: it
  // cannot, and Open fails.
  using Factory = std::function<std::unique_ptr<GroupHandler>(GroupThread& thread)>;

  // Open listens at address, starts the threads and returns when all of them are ready. On failure
  // returns null and sets *error: that of Listener::Listen, EINVAL for options.threads below 0 or
  // above kMaxThreads, EAGAIN if the system gives no thread, EMFILE or ENFILE if it gives no
  // descriptors for one, ECANCELED if factory returned null.
  static std::unique_ptr<ServerGroup> Open(Loop& loop, const Address& address,
                                           const GroupOptions& options, Factory factory,
                                           Error* error);
  // Ends the group at once: closes what threads other than this one still have open, without
  // callbacks, and waits for those threads. The connections of thread 0 end too: each that is open
  // tells its handler of a failure (ECONNABORTED, CloseCode::kTaskEnd). What else the handler of
  // thread 0 opened is for that handler to close. It may outlive the loop.
  ~ServerGroup();
  ServerGroup(const ServerGroup&) = delete;
  ServerGroup& operator=(const ServerGroup&) = delete;

  // The most threads that a group has.
  static constexpr int kMaxThreads = 1024;

  // Close stops listening and tells every handler, that of thread 0 before it returns; open
  // connections go on.
  void Close();
  // Drain does as Listener::Drain, with the connections of all threads: Close() follows
  // options.grace, and done comes on this thread. A thread that does not return to its loop in a
  // second after the deadline is not waited for: DrainResult::left counts what it has open. The end
  // of the group forgets done.
  bool Drain(const DrainOptions& options, DrainDone done, Error* error);
  // draining returns whether it leaves, and is not done.
  bool draining() const;
  // Wait closes the group, if nobody did, and blocks until the threads other than this one have no
  // connections any more.
  void Wait();

  // LocalAddress tells the port if 0 was asked for.
  Address LocalAddress() const { return listener_->LocalAddress(); }
  // SetRef says whether the open group keeps Loop::Run of this thread going; it does at first.
  void SetRef(bool on) { listener_->SetRef(on); }
  // Stats returns a line for each thread, by its index. Any thread.
  std::vector<GroupStats> Stats() const;

 private:
  class Port;
  class Thread;

  ServerGroup(Loop& loop, const GroupOptions& options, Factory factory);
  void OnAccept(Listener& listener, int fd, const Address& peer) override;
  void OnStarved(Listener& listener, const Error& error) override;
  void OnRefused(Listener& listener, const RefusedConnections& refused) override;
  bool Start(int threads, Error* error);
  uint64_t OpenConnections() const;

  Loop& loop_;
  Factory factory_;  // constant
  std::shared_ptr<Group> group_;
  Ref<Listener> listener_;
  std::unique_ptr<GroupHandler> handler_;  // of thread 0
  std::unique_ptr<GroupThread> place_;     // likewise
  std::vector<std::unique_ptr<Thread>> threads_;
  std::weak_ptr<ServerDrain> drain_;
};

}  // namespace sluice
