// Internal. The system calls of a simulation, in the forms of sys/sys.h, which says what each does;
// and what else the layers above ask of it.
#pragma once

#include <sys/uio.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sluice/address.h"

struct epoll_event;

namespace sluice::sim {

struct World;
struct Thread;
extern World* world;

// Active returns whether this process is part of a simulation.
inline bool Active() {
  return __builtin_expect(world != nullptr, 0);
}
// Owns returns whether a descriptor is a simulated one: the kernel gives none so high.
inline bool Owns(int fd) {
  return __builtin_expect(fd >= 1 << 30, 0);
}

int Close(int fd);
ssize_t Read(int fd, void* buffer, size_t size);
ssize_t Write(int fd, const void* data, size_t size);
int Duplicate(int fd);
int OpenSocket(int family, int type);
int SocketPair(int fds[2]);
int Bind(int fd, const Address& address);
int Listen(int fd, int backlog);
int Accept(int fd, Address* peer);
int Connect(int fd, const Address& address);
int Disconnect(int fd);
ssize_t Receive(int fd, void* buffer, size_t size, bool peek);
ssize_t Send(int fd, const void* data, size_t size);
ssize_t SendVector(int fd, const iovec* parts, int count);
ssize_t ReceiveFrom(int fd, void* buffer, size_t size, Address* peer);
ssize_t SendTo(int fd, const void* data, size_t size, const Address& peer);
int ShutdownWrite(int fd);
int LocalAddress(int fd, Address* out);
int PeerAddress(int fd, Address* out);
int SocketError(int fd);
int SetOption(int fd, int level, int option, int value);
int GetOption(int fd, int level, int option, int* value);
int SetLingerZero(int fd);
uint64_t Unacknowledged(int fd);
uint64_t Unread(int fd);
int EpollCreate();
int EventFd();
int EpollSet(int epoll_fd, int fd, uint32_t events, uint32_t registered, uint64_t data);
void EpollDelete(int epoll_fd, int fd);
int EpollWait(int epoll_fd, epoll_event* events, int capacity, int64_t timeout_ms);
uint64_t MonotonicNs();

// IsProgram returns whether the calling thread runs a program, instead of something of a library,
// which needs the real clocks to wait by them.
bool IsProgram();
// LibraryCall is a scope of calls of a library that reads the monotonic clock and random numbers by
// functions of the C library: those of the simulation are told there.
class LibraryCall {
 public:
  LibraryCall() : before_(active_) { active_ = sim::Active(); }
  ~LibraryCall() { active_ = before_; }
  LibraryCall(const LibraryCall&) = delete;
  LibraryCall& operator=(const LibraryCall&) = delete;
  static bool Active() { return active_; }

 private:
  static thread_local bool active_;
  bool before_;
};

// WallMs returns the wall clock of the host: ms since 1970, with a fraction.
double WallMs();
// Output writes what a host prints to its descriptor 1 or 2, each line with the time and its name.
ssize_t Output(int fd, const void* data, size_t size);
// Park lets others run until somebody wakes the calling thread, or timeout_ms have passed (< 0:
// never); returns whether it was woken.
bool Park(int64_t timeout_ms);
void Wake(Thread* parked);
// Running returns the calling thread.
Thread* Running();

// ---- Threads of a host

// NewThread is called by who starts a thread, which calls EnterThread first and LeaveThread last.
Thread* NewThread();
void EnterThread(Thread* thread);
void LeaveThread();

// ---- The host

std::string HostName();
Address HostAddress();
int ProcessId();
double RandomUnit();
void RandomBytes(void* buffer, size_t size);
// Lookup finds the addresses of a host's name: an EAI_* value, or 0. family 0 is any.
int Lookup(const std::string& name, int family, std::vector<Address>* addresses);
// NameOfAddress returns the name of a host by its address, "" where there is none.
std::string NameOfAddress(const Address& address);
// NameServerAddress returns where questions are answered, by UDP and TCP.
Address NameServerAddress();
// WorkDelay returns how many ms the job that was just done for a worker takes.
uint64_t WorkDelay();
// MayWrite returns whether a path may be written to: those that lead into the scratch folder.
// follow: what is written is what a link refers to, and not the link.
bool MayWrite(std::string_view path, bool follow = true);

// ---- require('sim')

// Claim notes that a claim was reached, and whether it held; an `always` that did not hold ends the
// simulation. kind is 0 for always, 1 for sometimes, 2 for reachable.
void Claim(int kind, std::string_view name, bool held);
// Calm ends the faults: links are whole, hosts start again, nothing more is drawn.
void Calm();
// KillHost, CutLink: false if there is no such host.
bool KillHost(std::string_view name, bool power, int64_t restart_after_ms);
bool CutLink(std::string_view a, std::string_view b, bool cut, bool both);
bool SetLink(std::string_view a, std::string_view b, double latency, double bandwidth, double loss);
uint64_t Seed();
// FaultLevels returns what the faults are now, as --faults takes them.
std::string FaultLevels();
// AddHost starts a host whose command has those arguments; false if there is one of the name.
bool AddHost(std::string_view name, const std::vector<std::string>& arguments,
             const std::vector<std::pair<std::string, std::string>>& environment, bool restarts,
             bool must_end);
// AddName makes name one of a host's too; false if there is no such host. A name may be of several.
bool AddName(std::string_view name, std::string_view host);
// OpenDescriptors returns how many the host's program has, those of its loops included.
uint64_t OpenDescriptors();
// TakeDoom returns whether a fault ends the calling thread's task now.
bool TakeDoom();

}  // namespace sluice::sim
