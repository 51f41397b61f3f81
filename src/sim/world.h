// Internal. The simulated machines: hosts, what their descriptors stand for, links, packets,
// threads and the clock. All of it lies in the arena. Whoever holds the token may touch it, and
// nobody else.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <cstdint>
#include <string_view>
#include <utility>

#include "sim/faults.h"
#include "sim/shared.h"
#include "sim/trace.h"

namespace sluice {
class Address;
}

namespace sluice::sim {

struct Host;
struct Epoll;
struct Socket;

constexpr uint64_t kUs = 1'000, kMs = 1'000'000, kSecond = 1'000'000'000;

// The lowest number of a simulated descriptor; the kernel has none that high.
constexpr int kFirstDescriptor = 1 << 30;

// Point is an address and port in host order.
struct Point {
  uint32_t ip = 0;
  uint16_t port = 0;
  auto operator<=>(const Point&) const = default;
};
constexpr uint32_t kLoopback4 = 0x7f000001;
constexpr uint32_t kLoopback6 = 1;  // ::1; no host has 0.0.0.1
constexpr bool IsLoopback(uint32_t ip) {
  return ip >> 24 == 127 || ip == kLoopback6;
}

// ---- Descriptors

enum class FileKind : uint8_t { kEpoll, kEvent, kSocket };

// File is what descriptors stand for; it ends with the last of them.
struct File {
  File(FileKind what, Host* owner) : kind(what), host(owner) {}
  const FileKind kind;
  Host* host;
  int refs = 0;
  Vector<Epoll*> watchers;  // once for each registration
};

struct Registration {
  File* file;
  uint32_t events;
  uint64_t data;
};

struct Epoll : File {
  explicit Epoll(Host* owner) : File(FileKind::kEpoll, owner) {}
  Map<int, Registration> registrations;  // by descriptor
  bool stale = true;                     // something may be ready
};

struct EventCounter : File {
  explicit EventCounter(Host* owner) : File(FileKind::kEvent, owner) {}
  uint64_t count = 0;
};

enum class State : uint8_t { kFresh, kListening, kConnecting, kConnected, kClosed };

struct Datagram {
  Point from;
  String data;
};

struct Packet {
  enum Flags : uint8_t { kSyn = 1, kAck = 2, kFin = 4, kReset = 8, kDatagram = 16 };
  Host* from = nullptr;
  Point source, target;
  uint8_t flags = 0;
  uint64_t sequence = 0;  // of the first byte; the end counts as one
  uint64_t acknowledged = 0;
  uint64_t edge = 0;  // the sequence up to which there is room
  String data;
};

using Key = std::pair<uint64_t, uint64_t>;  // time in ns, order

struct Socket : File {
  Socket(Host* owner, int what, int of) : File(FileKind::kSocket, owner), type(what), family(of) {}
  uint32_t id = 0;
  const int type;    // SOCK_STREAM, SOCK_DGRAM
  const int family;  // AF_INET, AF_INET6, AF_UNIX
  State state = State::kFresh;
  Point local, remote;
  String path;             // of a Unix socket: where it is bound
  Socket* peer = nullptr;  // of a Unix socket: the other end, while both are open
  bool bound = false, only_v6 = false, reuse_port = false, linger_zero = false;
  bool wants_broadcast = false;
  int error = 0;  // SO_ERROR
  // Sending: bytes from una on, and whether an end follows them.
  String out;
  size_t out_limit = 0;
  uint64_t una = 0, next = 0, window_edge = 0;
  bool shut = false, end_sent = false, end_known = false;
  // Receiving
  String in;
  size_t in_limit = 0;
  uint64_t expected = 0;    // the sequence that comes next
  uint64_t advertised = 0;  // the edge that the peer was told last
  bool ended = false;       // the peer's end was received
  bool orphan = false;      // no descriptor is left
  bool severing = false;    // a fault ends the connection in the midst of what it sends next
  // Listening
  Deque<Socket*> queue;
  size_t backlog = 0;
  Deque<Datagram> datagrams;
  // Retransmission
  Key timer{};
  uint64_t timeout = 0;  // ns
  int retries = 0;
  Map<int, int> options;
};

// ---- Hosts and threads

struct Thread {
  Host* host = nullptr;
  uint32_t id = 0;
  std::atomic<uint32_t> turn{0};  // a futex: 1 when the thread may go on
  enum class Where : uint8_t { kReady, kRunning, kWaiting, kGone } where = Where::kReady;
  Epoll* epoll = nullptr;
  uint64_t deadline = UINT64_MAX;  // ns
  bool main = false;
  bool doomed = false;  // a fault ends its task
  bool woken = false;   // from Park()
};

enum class HostState : uint8_t { kDown, kUp, kEnded };

// The name server answers without a program; it is none of World::hosts.
constexpr uint32_t kNameServerIp = 0x0a00ff35;  // 10.0.255.53
constexpr std::string_view kNameServerName = "nameserver";

using Flow = std::pair<Point, Point>;  // local, remote

struct Host {
  String name;
  Vector<String> arguments;  // of the command: the program and what follows
  Vector<std::pair<String, String>> environment;
  bool must_end = false;  // it fails if its program has not ended when the simulation does
  int index = 0;
  uint32_t ip = 0;
  HostState state = HostState::kDown;
  int process = 0;        // as the program sees it
  pid_t real = 0;         // the process that stands for it, 0 while there is none
  int runs = 0;           // how often it was started
  int code = 0;           // the exit code, 128 + signal for one that a signal ended
  bool expected = false;  // its end was a fault, or asked for
  bool restarts = true;   // whether it starts again after one
  uint64_t limit = 1024;  // of descriptors
  Vector<File*> files;
  uint16_t next_port = 32768;
  Map<Flow, Socket*> flows;
  Map<uint16_t, Vector<Socket*>> listeners, receivers;
  Map<String, Socket*> paths;
  int64_t clock_offset = 0;  // ms of the wall clock
  uint64_t restart_at = 0;
};

// Path is the way from one host to another.
struct Path {
  bool cut = false;
  uint64_t last_arrival = 0, busy_until = 0;
  double latency = -1, bandwidth = -1, loss = -1;  // -1: as all
};

enum class EventKind : uint8_t { kArrival, kDeparture, kTimer, kOccasion, kHeal, kStart };

struct Event {
  EventKind kind;
  Packet* packet = nullptr;
  uint32_t socket = 0;
  Host *host = nullptr, *other = nullptr;
  Fault fault{};
};

// Check is what a program claims by require('sim').
struct Check {
  uint64_t reached = 0, held = 0;
  enum class Kind : uint8_t { kAlways, kSometimes, kReachable } kind = Kind::kAlways;
};

// What somebody asks of the process that started all others.
struct Wish {
  enum class Kind : uint8_t { kKill, kStart } kind;
  Host* host;
};

struct World {
  World(uint64_t seed_number, const Levels& levels, uint64_t limit_ns)
      : seed(seed_number), end(limit_ns), random(seed_number), faults(seed_number, levels) {}

  const uint64_t seed;
  uint64_t now = 0;  // ns
  const uint64_t end;
  Random random;
  Random secrets{};  // crypto
  Faults faults;
  Trace trace;
  Vector<Host*> hosts;
  Vector<Thread*> threads;
  Map<uint32_t, Socket*> sockets;
  Map<Key, Event> events;     // of the network; the simulation goes on for them
  Map<Key, Event> occasions;  // of faults; it does not
  Map<std::pair<int, int>, Path> paths;
  Map<String, Check> checks;
  Map<String, Vector<Host*>> names;  // in lower case, beside those of the hosts
  Host* name_server = nullptr;       // once it was asked
  Deque<Wish> wishes;
  Thread* running = nullptr;
  uint64_t order = 0;
  uint32_t last_socket = 0, last_thread = 0;
  uint64_t turns = 0;
  bool over = false;
  String failure;           // what failed, "" while nothing did
  double date = 0;          // ms since 1970 when it began
  uint64_t name_delay = 0;  // ms that the next answer of a worker takes longer
  String scratch;           // the folder where files may be written
  int wake_fd = -1;         // wakes the process that started all
  int output_fd = 1;        // where the hosts' output goes
  bool names_output = true;
  Host* line = nullptr;  // whose line of output is not at its end
};

extern World* world;
extern thread_local Thread* self;

// ---- schedule.cc

uint64_t AddEvent(Map<Key, Event>& events, uint64_t time, Event event, Key* key = nullptr);
// Occasion puts down when a fault of a rate happens next.
void Occasion(Fault fault);
// Pass gives the token to who is next; returns at once if that is the caller, and otherwise when it
// has it again, or never. A thread that leaves does not wait for it.
// Returns whether somebody got it, which the process that started all must know.
bool Pass(bool leaves = false);
// Fail notes what failed, and ends the simulation.
void Fail(std::string_view what);

// ---- host.cc

Host* FindHost(std::string_view name);
// NewHost makes a host that is not started yet; a name that is taken gets a number.
Host* NewHost(std::string_view name);
Host* HostOf(uint32_t ip);
// Stop takes away what a host's program had: silently if power is lost, else as the kernel does at
// the end of a process.
void Stop(Host* host, bool power);
// Kill is a fault or a wish: the program ends at once, and starts again after a while where
// it may.
void Kill(Host* host, bool power, uint64_t restart_after);
void SetCut(Host* a, Host* b, bool cut);
void RunOccasion(const Event& event);
void RunHeal(const Event& event);

// ---- names.cc

Host* NameServer();
// A datagram came to the name server, bytes or an end to one of its connections.
void AnswerDatagram(const Packet& packet);
void AnswerStream(Socket* socket);

// ---- file.cc

File* Find(int fd);
int Open(File* file);
// Changed tells those who watch file that it may be ready.
void Changed(File* file);
uint32_t ReadyEvents(const File* file);
bool IsReady(Epoll* epoll);
void LetGo(File* file);

// ---- paths.cc, of Unix sockets: 0 or -errno

int BindPath(Socket* socket, const Address& address);
int ConnectUnix(Socket* socket, const Address& address);

// ---- tcp.cc, network.cc

void Arrive(Packet* packet);
// ArriveAt gives a packet to the socket that it is for.
void ArriveAt(Host* host, Packet* packet);
// AnswerReset answers a packet that belongs to nobody.
void AnswerReset(Host* host, const Packet& packet);
void OnTimer(Socket* socket);
void Transmit(Packet packet);
void Pump(Socket* socket);
void AfterRead(Socket* socket);
void CloseStream(Socket* socket);
// EndOrphan frees a socket that no descriptor has, once both ends are known.
void EndOrphan(Socket* socket);
void Break(Socket* socket, int error);
// Sever ends a connection as something in between does that closes both its halves: what is not on
// its way yet is lost from some byte on, and each end finds the other's end there.
void Sever(Socket* socket, Random& random);
void Forget(Socket* socket);
void SendReset(Socket* socket);
void SendSyn(Socket* socket);
Socket* NewSocket(Host* host, int type, int family);
void ReceiveDatagram(Host* host, const Packet& packet);

}  // namespace sluice::sim
