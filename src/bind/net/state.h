// Internal. NetState: the streams and listeners of one engine, and their places in server groups.
#pragma once

#include <memory>
#include <vector>

#include "bind/net/read_slab.h"
#include "engine/value.h"
#include "grant/holdings.h"
#include "group/group.h"
#include "sluice/server.h"
#include "sluice/socket.h"
#include "sluice/tls.h"

namespace sluice::js {

// What NetState tells JavaScript; the numbers are those of lib/internal/net/handles.js.
enum class NetEvent {
  kConnect = 1,  // a: errno or 0
  kEnd,
  kDrain,
  kShutdown,
  kError,  // a: errno, 0 if it was closed from outside or by a limit; b: 0 reading, 1 writing
  kIdle,
  kAccept,   // a: number of the new stream, b: the connection's id
  kStarved,  // a: errno
  kPick,     // a: number of a paused stream to look at → index of the member that shall have it
  kMember,   // a: index of a sub, b: its Member::State
  kGroupClosed,
  kSecure,     // a TLS handshake is done: the protocol chosen, the server name asked for
  kTlsError,   // a: {code, message, reason, library}; the stream is closed
  kKeylog,     // a: a line of an NSS key log
  kSession,    // a: Uint8Array, a session to resume
  kHello,      // a: the server name a client asked for, ""; the handshake waits for choose()
  kOutput,     // of a DuplexStream, a: Uint8Array to write; answer with written()
  kOutputEnd,  // of a DuplexStream: end the writing side
  kReading,    // of a DuplexStream, a: whether to read
  kProtocols,  // a: the server name, b: Uint8Array of ALPN; the handshake waits for
               // chooseProtocol()
  kPsk,  // a: the identity or the hint, or undefined; its answer is [key, identity] or undefined
  kGroupDrain,     // of a sub's seat, a: what drainGroup() was given
  kRefused,        // a: the name of a Refusal, b: [how many, address, …]
  kServerSession,  // a: Uint8Array, a session's identifier, b: Uint8Array, the session
  kLookup,         // a: Uint8Array, the identifier; the handshake waits for giveSession()
  kLeave,          // a: options of drain() as JSON: it shall leave; answered by left()
  kCarry,  // bytes wait to be read → number of the socket that shall have them as they are, or 0
};

// What sockets read in one turn of the loop waits in a Batch, which JavaScript sees as an array of
// numbers (lib/internal/net/handles.js, lib/internal/net/read_target.js): one call tells all of it.
// Every other event, and every further read of the same socket, comes after what waits was told.
// What lies in memory of the program's own is told at once. The numbers are small integers in the
// engine, which it compares and indexes with faster than with others.
struct Batch {
  static constexpr int32_t kEntries = 128;
  static constexpr int32_t kOwn = -1;  // an offset: in the memory that ReadInto() was given
  int32_t told = 0;   // how many entries JavaScript took
  int32_t count = 0;  // how many there are
  int32_t slab = 0;   // changes with the ArrayBuffer that the entries are in
  int32_t giving = 0;  // callbacks that look at memory of their own, which nothing is read into now
  struct Entry {
    int32_t stream;
    int32_t offset;
    int32_t length;
  } entries[kEntries];
};

// What JavaScript keeps of a stream that it is about to close, as an array of numbers
// (lib/internal/net/socket_properties.js).
struct LastNumbers {
  double read = 0;     // bytes
  double written = 0;  // bytes, those that are queued among them
  double peer = -1;    // an IPv4 address, then 16 bits of port; -1: peerAddress() tells it
  double proxied = 0;  // 1: it began with a PROXY header
};

// Values that are kept from the collector as long as this lives.
class Borrowed {
 public:
  explicit Borrowed(JSContextRef context) : context_(context) {}
  ~Borrowed() {
    for (JSValueRef value : values_) JSValueUnprotect(context_, value);
  }
  Borrowed(const Borrowed&) = delete;
  Borrowed& operator=(const Borrowed&) = delete;
  void Add(JSValueRef value) {
    JSValueProtect(context_, value);
    values_.push_back(value);
  }
  // Change has it keep value in the place of all the others.
  void Change(JSValueRef value) {
    JSValueProtect(context_, value);
    for (JSValueRef old : values_) JSValueUnprotect(context_, old);
    values_.assign(1, value);
  }
  std::span<const JSValueRef> all() const { return values_; }

 private:
  JSContextRef context_;
  std::vector<JSValueRef> values_;
};

// NetState names streams, listeners and seats by numbers that JavaScript keeps; everything they
// report goes through one function, dispatch(number, event, a, b). A seat is a sub's place in its
// group; a master's is its listener. Loop thread.
class NetState final : public BindingState,
                       public grant::DescriptorOwner,
                       public StreamHandler,
                       public ListenHandler,
                       public TlsHandler,
                       private Deferred {
 public:
  explicit NetState(Engine& engine);
  ~NetState() override;

  // deliver tells all of batch() that is not told.
  void set_functions(JSObjectRef dispatch, JSObjectRef deliver);
  Batch& batch() { return batch_; }
  LastNumbers& last() { return last_; }
  JSObjectRef batch_slab() const { return batch_slab_; }

  bool Owns(int fd) const override;
  size_t Count() const override;

  // full returns whether there is no number left for Add.
  bool full() const;
  uint32_t Add(Ref<Stream> stream);
  uint32_t Add(Ref<Listener> listener);
  Stream* stream(uint32_t id);
  Listener* listener(uint32_t id);
  // Replace puts stream in the place of the one that id names, which it is made over.
  void Replace(uint32_t id, Ref<Stream> stream);
  // Borrow keeps the views whose bytes a stream has queued until they are written or it is removed.
  void Borrow(uint32_t id, std::span<const JSValueRef> views);
  // ReadInto has a stream read into the memory of view, a Uint8Array, from the next read on that
  // it can be used for; JavaScript copies what the others read. undefined: none.
  void ReadInto(uint32_t id, JSValueRef view);
  // Remove forgets what id names; the number is refused from then on.
  void Remove(uint32_t id);

  // Lead makes the listener of that number the master of a new group. Null if the name is taken.
  Group* Lead(uint32_t listener, std::string_view name, int subs, Transport transport);
  // Join takes this task's place in its group; returns its number, 0 if the master is gone.
  uint32_t Join();
  // Retire has a sub's seat take no more connections; what the group is told it still hears.
  void Retire(uint32_t id);
  // group returns the group that a listener leads or a seat is in, or null.
  Group* group(uint32_t id);
  // member_index returns the index of the member whose place id names, -1 if it names none.
  int member_index(uint32_t id);
  // SetAdmission gives a listener of that number limits, or others.
  void SetAdmission(uint32_t listener, AdmissionOptions options);
  void set_picks(uint32_t listener, bool on);
  void SetSeatRef(uint32_t seat, bool on);
  // Leave tells all listeners to leave, as how says; until is kept until they have. Left takes note
  // that one has.
  void Leave(const std::string& how, const std::shared_ptr<void>& until);
  void Left();

  void OnConnect(Stream& stream, const Error& error) override;
  std::span<uint8_t> OnBuffer(Stream& stream, size_t wanted) override;
  void OnData(Stream& stream, std::span<uint8_t> data) override;
  void OnEnd(Stream& stream) override { Tell(stream.tag, NetEvent::kEnd); }
  void OnDrain(Stream& stream) override;
  void OnShutdown(Stream& stream) override { Tell(stream.tag, NetEvent::kShutdown); }
  void OnError(Stream& stream, const Error& error) override;
  Socket* OnCarry(Socket& socket) override;
  void OnIdle(Stream& stream) override { Tell(stream.tag, NetEvent::kIdle); }
  void OnAccept(Listener& listener, int fd, const Address& peer) override;
  void OnStarved(Listener& listener, const Error& error) override;
  void OnRefused(Listener& listener, const RefusedConnections& refused) override;
  void OnKeylog(TlsStream& stream, std::string_view line) override;
  void OnSession(TlsStream& stream, std::span<const uint8_t> session) override;
  void OnHello(TlsStream& stream, const std::string& server_name) override;
  void OnProtocols(TlsStream& stream, const std::string& server_name,
                   std::span<const uint8_t> offer) override;
  bool OnPsk(TlsStream& stream, const char* text, PreSharedKey* key) override;
  void OnServerSession(TlsStream& stream, std::span<const uint8_t> id,
                       std::span<const uint8_t> session) override;
  void OnLookup(TlsStream& stream, std::span<const uint8_t> id) override {
    Tell(stream.tag, NetEvent::kLookup, MakeBytes(engine_.context(), id));
  }

  Engine& engine() const { return engine_; }
  // Tell does nothing and returns undefined where id names nothing any more.
  JSValueRef Tell(uint64_t id, NetEvent event, JSValueRef a, JSValueRef b = nullptr);

 private:
  class Port;
  // A place in a group: the master's with its listener, or a sub's.
  struct Seat {
    std::shared_ptr<Group> group;
    std::shared_ptr<Member> member;
    std::shared_ptr<Port> port;
    bool picks = false;  // JavaScript chooses the member
    bool held = false;   // a sub's seat keeps the loop
  };
  // What few handles have: those of listeners and groups, and streams that have something queued or
  // read into memory of the program's own.
  struct Extra {
    Ref<Listener> listener;
    std::unique_ptr<Seat> seat;
    std::unique_ptr<Borrowed> borrowed;
    std::unique_ptr<Borrowed> target;  // the one view that it reads into
  };
  struct Handle {
    Ref<Stream> stream;
    std::unique_ptr<Extra> extra;
    // The batch in which something of this stream waits; one that was long ago may have the number
    // of this one, which costs a call.
    uint32_t round = 0;
    uint32_t generation = 0;

    Extra& own() {
      if (!extra) extra = std::make_unique<Extra>();
      return *extra;
    }
    Listener* listener() const { return extra ? extra->listener.get() : nullptr; }
    Seat* seat() const { return extra ? extra->seat.get() : nullptr; }
    Borrowed* target() const { return extra ? extra->target.get() : nullptr; }
  };

  void Deliver() override;
  // DeliverFirst delivers what waits; returns whether what id names is still there.
  bool DeliverFirst(uint64_t id);
  uint32_t NewId();
  Handle* Find(uint32_t id);
  Seat* SeatOf(uint32_t id);
  std::span<uint8_t> OwnMemory(uint32_t id, size_t wanted);
  CloseReason EndReason() const;
  void LeaveGroup(Seat& seat, bool tell);
  bool TakeConnection(uint32_t seat, int fd, uint64_t id);
  JSValueRef Tell(uint64_t id, NetEvent event, double a = 0, double b = 0);

  Engine& engine_;
  ReadSlab slab_;
  Batch batch_;
  LastNumbers last_;
  uint32_t batch_round_ = 1;
  const uint8_t* own_memory_ = nullptr;  // what OnBuffer() gave, if it was a program's
  JSObjectRef batch_slab_ = nullptr;  // the ArrayBuffer of the batch's entries, protected
  JSObjectRef dispatch_ = nullptr;
  JSObjectRef deliver_ = nullptr;
  std::vector<Handle> handles_;
  std::vector<uint32_t> free_;
  std::vector<std::shared_ptr<void>> leaving_;  // one for each listener that leaves
};

// The state of a call's engine; the number of a stream or listener in its first argument; the
// stream of that number, or null.
inline NetState& State(Call& call) {
  return call.engine().State<NetState>();
}
inline uint32_t Id(Call& call) {
  return static_cast<uint32_t>(call.integer(0));
}
inline Stream* StreamOf(Call& call) {
  return State(call).stream(Id(call));
}
// BottomOf returns what the TLS streams over it end in.
Stream* BottomOf(Stream* stream);

}  // namespace sluice::js
