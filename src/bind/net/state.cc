#include "bind/net/state.h"

#include <cerrno>
#include <utility>

#include "base/check.h"
#include "engine/error_value.h"
#include "engine/task.h"
#include "engine/value.h"
#include "ledger/loop_ledger.h"
#include "sys/sys.h"

namespace sluice::js {
namespace {

// A handle's number: 20 bits of index, 11 of generation, so that it is a small integer in the
// engine and a stale number is refused.
constexpr uint32_t kIndexBits = 20;
constexpr uint32_t kIndexMask = (1u << kIndexBits) - 1;
constexpr uint32_t kGenerationMask = (1u << 11) - 1;

}  // namespace

// Port is what a group knows of a seat. It may outlive the state, and then refuses.
class NetState::Port final : public MemberPort {
 public:
  Port(NetState& state, uint32_t id) : state_(&state), id_(id) {}
  void Forget() { state_ = nullptr; }
  // Retire has it refuse connections, and hear still what the group is told.
  void Retire() { takes_ = false; }

  bool OnHandover(int fd, const Address&, uint64_t id) override {
    return state_ != nullptr && takes_ && state_->TakeConnection(id_, fd, id);
  }
  void OnGroupClosed() override {
    if (state_ != nullptr) state_->Tell(id_, NetEvent::kGroupClosed);
  }
  void OnGroupDrain(const std::string& how) override {
    if (state_ == nullptr) return;
    JSContextRef context = state_->engine_.context();
    state_->Tell(id_, NetEvent::kGroupDrain, MakeString(context, how));
  }
  void OnMemberChanged(int index, Member::State member) override {
    if (state_ != nullptr) state_->Tell(id_, NetEvent::kMember, index, static_cast<double>(member));
  }

 private:
  NetState* state_;  // the member's own thread alone
  bool takes_ = true;
  const uint32_t id_;
};

NetState::NetState(Engine& engine) : engine_(engine), slab_(engine) {
  handles_.emplace_back();  // number 0 is no handle
}

NetState::~NetState() {
  for (Handle& handle : handles_) {
    if (Seat* seat = handle.seat()) {
      if (handle.listener() != nullptr) seat->group->Close();
      seat->port->Forget();
      LeaveGroup(*seat, false);
    }
    if (handle.stream) {
      handle.stream->Note(EndReason());
      handle.stream->Close();
    }
    if (Listener* listener = handle.listener()) listener->Close();
  }
  engine_.Defer(nullptr);
  for (JSObjectRef object : {dispatch_, deliver_, batch_slab_})
    if (object != nullptr) JSValueUnprotect(engine_.context(), object);
}

void NetState::set_functions(JSObjectRef dispatch, JSObjectRef deliver) {
  dispatch_ = dispatch;
  deliver_ = deliver;
  JSValueProtect(engine_.context(), dispatch);
  JSValueProtect(engine_.context(), deliver);
}

// Why what is still open ends with the task.
CloseReason NetState::EndReason() const {
  const Task& task = engine_.task();
  if (task.is_main()) return CloseReason::Of(CloseCode::kProcessExit);
  bool killed = task.end_requested() || !task.failure().error.empty();
  return CloseReason::Of(killed ? CloseCode::kTaskKilled : CloseCode::kTaskEnd);
}

// ---- Numbers

bool NetState::full() const {
  size_t most = engine_.task().options().quota.connections;
  if (most > 0 && Count() + grant::DepartedCount() >= most) return true;
  return !engine_.task().MayOpen() || (handles_.size() > kIndexMask && free_.empty());
}

size_t NetState::Count() const {
  return handles_.size() - 1 - free_.size();  // number 0 is no handle
}

uint32_t NetState::NewId() {
  if (free_.empty()) {
    SLUICE_CHECK(handles_.size() <= kIndexMask);
    free_.push_back(static_cast<uint32_t>(handles_.size()));
    handles_.emplace_back();
  }
  uint32_t index = free_.back();
  free_.pop_back();
  return (handles_[index].generation << kIndexBits) | index;
}

NetState::Handle* NetState::Find(uint32_t id) {
  uint32_t index = id & kIndexMask;
  if (index == 0 || index >= handles_.size()) return nullptr;
  Handle& handle = handles_[index];
  return handle.generation == id >> kIndexBits ? &handle : nullptr;
}

uint32_t NetState::Add(Ref<Stream> stream) {
  uint32_t id = NewId();
  stream->tag = id;
  handles_[id & kIndexMask].stream = std::move(stream);
  return id;
}

uint32_t NetState::Add(Ref<Listener> listener) {
  uint32_t id = NewId();
  listener->tag = id;
  handles_[id & kIndexMask].own().listener = std::move(listener);
  return id;
}

void NetState::Replace(uint32_t id, Ref<Stream> stream) {
  Handle* handle = Find(id);
  SLUICE_CHECK(handle != nullptr && handle->stream);
  stream->tag = id;
  handle->stream = std::move(stream);
}

Stream* NetState::stream(uint32_t id) {
  Handle* handle = Find(id);
  return handle != nullptr ? handle->stream.get() : nullptr;
}

Listener* NetState::listener(uint32_t id) {
  Handle* handle = Find(id);
  return handle != nullptr ? handle->listener() : nullptr;
}

void NetState::Borrow(uint32_t id, std::span<const JSValueRef> views) {
  Handle* handle = Find(id);
  if (handle == nullptr) return;
  auto& borrowed = handle->own().borrowed;
  if (!borrowed) borrowed = std::make_unique<Borrowed>(engine_.context());
  for (JSValueRef view : views) borrowed->Add(view);
}

void NetState::Remove(uint32_t id) {
  Handle* handle = Find(id);
  if (handle == nullptr) return;
  Handle gone = std::exchange(*handle, Handle{});
  handle->generation = (gone.generation + 1) & kGenerationMask;
  free_.push_back(id & kIndexMask);
  if (Seat* seat = gone.seat()) {
    seat->port->Forget();
    LeaveGroup(*seat, true);
  }
}

// ---- Groups

NetState::Seat* NetState::SeatOf(uint32_t id) {
  Handle* handle = Find(id);
  return handle != nullptr ? handle->seat() : nullptr;
}

Group* NetState::group(uint32_t id) {
  Seat* seat = SeatOf(id);
  return seat != nullptr ? seat->group.get() : nullptr;
}

int NetState::member_index(uint32_t id) {
  Seat* seat = SeatOf(id);
  return seat != nullptr ? seat->member->index() : -1;
}

Group* NetState::Lead(uint32_t listener, std::string_view name, int subs, Transport transport) {
  Handle* handle = Find(listener);
  SLUICE_CHECK(handle != nullptr && handle->listener() != nullptr && handle->seat() == nullptr);
  auto group = Group::Create(name, subs);
  if (!group) return nullptr;
  auto port = std::make_shared<Port>(*this, listener);
  handle->extra->seat = std::make_unique<Seat>(Seat{group, group->member(0), port});
  group->set_transport(transport);
  handle->extra->listener->SetGroup(name);
  handle->extra->listener->set_account(nullptr);  // connections are counted where they arrive
  group->OpenMaster(engine_.loop(), port);
  handle->extra->listener->set_refusals(group->account(0));
  return group.get();
}

uint32_t NetState::Join() {
  const TaskOptions& task = engine_.task().options();
  if (!task.group || full()) return 0;
  uint32_t id = NewId();
  auto port = std::make_shared<Port>(*this, id);
  handles_[id & kIndexMask].own().seat =
      std::make_unique<Seat>(Seat{task.group, task.group->member(task.member), port});
  if (!task.group->Join(task.member, engine_.loop(), port)) {
    Remove(id);
    return 0;
  }
  SetSeatRef(id, true);
  return id;
}

void NetState::Retire(uint32_t id) {
  Seat* seat = SeatOf(id);
  if (seat == nullptr) return;
  seat->port->Retire();
  LeaveGroup(*seat, true);
}

void NetState::LeaveGroup(Seat& seat, bool tell) {
  seat.group->Leave(seat.member->index(), tell);
  if (std::exchange(seat.held, false)) engine_.loop().Release();
}

void NetState::SetSeatRef(uint32_t id, bool on) {
  Seat* seat = SeatOf(id);
  if (seat == nullptr || seat->member->index() == 0 || seat->held == on) return;
  seat->held = on;
  on ? engine_.loop().Hold() : engine_.loop().Release();
}

void NetState::set_picks(uint32_t listener, bool on) {
  if (Seat* seat = SeatOf(listener)) seat->picks = on;
}

// A connection came to this member.
bool NetState::TakeConnection(uint32_t seat_id, int fd, uint64_t connection) {
  if (!DeliverFirst(seat_id)) return false;
  Seat* seat = SeatOf(seat_id);
  if (seat == nullptr || engine_.ending() || full()) return false;
  Address peer;
  (void)sys::PeerAddress(fd, &peer);
  uint32_t id = Add(Ref<Stream>(Socket::Adopt(engine_.loop(), fd, this, &peer).get()));
  Tell(seat_id, NetEvent::kAccept, id, static_cast<double>(connection));
  return true;
}

void NetState::OnAccept(Listener& listener, int fd, const Address& peer) {
  auto id = static_cast<uint32_t>(listener.tag);
  ConnectionOrigin origin = LoopLedger::Of(engine_.loop()).Arrived(fd);
  // What waits is delivered first, and may close the server.
  bool listens = DeliverFirst(id);
  Seat* seat = listens ? SeatOf(id) : nullptr;
  if (seat == nullptr) {
    auto socket = Socket::Adopt(engine_.loop(), fd, this, &peer, origin);
    if (!listens || full()) {
      if (listens && origin.account != nullptr) origin.account->Refuse(Refusal::kDescriptors);
      socket->Note(CloseReason::Of(listens ? CloseCode::kLimitFds : CloseCode::kLocalDestroy));
      socket->Close();
      return;
    }
    uint32_t stream = Add(Ref<Stream>(socket.get()));
    Tell(id, NetEvent::kAccept, stream, static_cast<double>(origin.id));
    return;
  }
  auto group = seat->group;
  if (!seat->picks) {
    group->Handover(fd, peer, origin);
    return;
  }
  double chosen = -1;
  JSContextRef context = engine_.context();
  if (peer.is_ip()) {
    JSValueRef arguments[] = {JSValueMakeNumber(context, id),
                              JSValueMakeNumber(context, static_cast<double>(NetEvent::kPick)),
                              MakeString(context, peer.host()),
                              JSValueMakeNumber(context, peer.port())};
    JSValueRef result = engine_.Call(dispatch_, arguments);
    if (JSValueIsNumber(context, result)) chosen = JSValueToNumber(context, result, nullptr);
  }
  // Any number that is no member's leaves the choice to the rule.
  group->HandoverTo(chosen >= 0 && chosen <= group->subs() ? static_cast<int>(chosen) : -1, fd,
                    peer, origin);
}

void NetState::OnStarved(Listener& listener, const Error& error) {
  Tell(listener.tag, NetEvent::kStarved, static_cast<double>(error.number));
}

// ---- What streams report

void NetState::OnConnect(Stream& stream, const Error& error) {
  auto* tls = dynamic_cast<TlsStream*>(&stream);
  JSContextRef context = engine_.context();
  if (tls == nullptr) {
    Tell(stream.tag, NetEvent::kConnect, static_cast<double>(error.number));
  } else if (error) {
    Tell(stream.tag, NetEvent::kTlsError, ErrorFields(context, error));
  } else {
    auto text = [&](const std::string& value) {
      return value.empty() ? JSValueMakeUndefined(context) : MakeName(context, value);
    };
    Tell(stream.tag, NetEvent::kSecure, text(tls->alpn()), text(tls->server_name()));
  }
}

std::span<uint8_t> NetState::OnBuffer(Stream& stream, size_t wanted) {
  auto id = static_cast<uint32_t>(stream.tag);
  Handle* handle = Find(id);
  own_memory_ = nullptr;
  if (handle != nullptr && handle->target() != nullptr) {
    std::span<uint8_t> own = OwnMemory(id, wanted);
    if (!own.empty()) return own;
    handle = Find(id);
  }
  // Before anything is read: a listener of what waits may pause the stream or close it, or turn the
  // loop, which would read this stream's next bytes and tell them first.
  bool waits = handle != nullptr && handle->round == batch_round_;
  if (batch_.count > 0 && (waits || batch_.count == Batch::kEntries || slab_.turns(wanted)))
    Deliver();
  return slab_.Space(wanted);
}

void NetState::OnData(Stream& stream, std::span<uint8_t> data) {
  const bool own = data.data() == own_memory_;
  JSObjectRef array = slab_.array();
  const int32_t offset = own ? Batch::kOwn : static_cast<int32_t>(slab_.Take(data.size()));
  Handle* handle = Find(static_cast<uint32_t>(stream.tag));
  if (handle == nullptr) return;
  handle->round = batch_round_;
  if (!own && array != batch_slab_) {
    SLUICE_CHECK(batch_.count == 0);
    JSContextRef context = engine_.context();
    JSValueProtect(context, array);
    if (batch_slab_ != nullptr) JSValueUnprotect(context, batch_slab_);
    batch_slab_ = array;
    batch_.slab = batch_.slab == INT32_MAX ? 0 : batch_.slab + 1;
  }
  SLUICE_CHECK(batch_.count < Batch::kEntries);
  auto& entry = batch_.entries[static_cast<size_t>(batch_.count++)];
  entry = {static_cast<int32_t>(stream.tag), offset, static_cast<int32_t>(data.size())};
  engine_.loop().MarkWork();
  engine_.Defer(this);
  // What else arrived with it, its end or an error, an encrypted stream would tell although a
  // listener paused it.
  if (own || stream.knows_more()) Deliver();
}

void NetState::Deliver() {
  while (batch_.told < batch_.count && !engine_.ending()) {
    int32_t before = batch_.told;
    engine_.CallNow(deliver_, {});
    if (batch_.count > 0 && batch_.told == before) return;  // no stack left to enter; later then
  }
  batch_.told = batch_.count = 0;
  ++batch_round_;
  engine_.Defer(nullptr);
}

bool NetState::DeliverFirst(uint64_t id) {
  if (batch_.count > 0) Deliver();
  return Find(static_cast<uint32_t>(id)) != nullptr;
}

void NetState::OnDrain(Stream& stream) {
  if (Handle* handle = Find(static_cast<uint32_t>(stream.tag))) {
    if (handle->extra) handle->extra->borrowed.reset();
  }
  Tell(stream.tag, NetEvent::kDrain);
}

void NetState::OnError(Stream& stream, const Error& error) {
  if (error.domain != ErrorDomain::kSystem) {
    Tell(stream.tag, NetEvent::kTlsError, ErrorFields(engine_.context(), error));
    return;
  }
  const ConnectionRecord* record = stream.record();
  // The close reason tells: the program hears of the end alone, but where a limit lost what it
  // wrote.
  bool asked = record != nullptr && error.number == ECONNABORTED && record->given_up();
  bool writing =
      asked ? record->reason().code == CloseCode::kWriteLimit : error.operation[0] == 'w';
  Tell(stream.tag, NetEvent::kError, asked ? 0 : static_cast<double>(error.number),
       writing ? 1 : 0);
}

Socket* NetState::OnCarry(Socket& socket) {
  JSContextRef context = engine_.context();
  JSValueRef to = Tell(socket.tag, NetEvent::kCarry);
  if (!JSValueIsNumber(context, to)) return nullptr;
  auto id = static_cast<uint32_t>(JSValueToNumber(context, to, nullptr));
  return dynamic_cast<Socket*>(stream(id));
}

Stream* BottomOf(Stream* stream) {
  while (auto* tls = dynamic_cast<TlsStream*>(stream)) stream = &tls->lower();
  return stream;
}

JSValueRef NetState::Tell(uint64_t id, NetEvent event, JSValueRef a, JSValueRef b) {
  JSContextRef context = engine_.context();
  if (!DeliverFirst(id)) return JSValueMakeUndefined(context);
  JSValueRef arguments[] = {JSValueMakeNumber(context, static_cast<double>(id)),
                            JSValueMakeNumber(context, static_cast<double>(event)), a, b};
  return engine_.Call(dispatch_, std::span(arguments).first(b != nullptr ? 4 : 3));
}

JSValueRef NetState::Tell(uint64_t id, NetEvent event, double a, double b) {
  JSContextRef context = engine_.context();
  return Tell(id, event, JSValueMakeNumber(context, a), JSValueMakeNumber(context, b));
}

}  // namespace sluice::js
