#include "ledger/json.h"

#include <ctime>

#include "sys/sys.h"

namespace sluice {
namespace {

constexpr double kMicrosecondsPerMs = 1000;

double Ms(uint64_t microseconds) {
  return static_cast<double>(microseconds) / kMicrosecondsPerMs;
}

// The kernel's names (net/tcp_states.h), as ss(8) writes them.
const char* StateName(uint8_t state) {
  constexpr const char* kNames[] = {"",           "established", "syn-sent",  "syn-recv",
                                    "fin-wait-1", "fin-wait-2",  "time-wait", "close",
                                    "close-wait", "last-ack",    "listen",    "closing"};
  return state < std::size(kNames) ? kNames[state] : "";
}

void Put(JsonWriter& json, std::string_view key, const Address& address) {
  if (address.family() == 0) return;
  json.Key(key).Open('{');
  if (address.is_ip()) {
    json.Member("address", address.host()).Member("port", address.port());
  } else {
    json.Member("path", address.text());
  }
  json.Close('}');
}

void Put(JsonWriter& json, const TlsFacts& tls) {
  json.Open('{').Member("version", tls.version).Member("cipher", tls.cipher);
  json.Member("group", tls.group).Member("resumed", tls.resumed);
  json.Member("sni", tls.server_name).Member("alpn", tls.alpn).Member("peer", tls.peer);
  json.Close('}');
}

void Put(JsonWriter& json, const TcpInfo& tcp) {
  json.Open('{').Member("state", StateName(tcp.state));
  json.Member("rtt", Ms(tcp.rtt))
      .Member("rttVar", Ms(tcp.rtt_var))
      .Member("minRtt", Ms(tcp.min_rtt));
  json.Member("retransmits", tcp.retransmits).Member("bytesRetrans", tcp.bytes_retransmitted);
  json.Member("cwnd", tcp.congestion_window)
      .Member("unacked", tcp.unacked)
      .Member("lost", tcp.lost);
  json.Member("notSent", tcp.not_sent_bytes).Member("deliveryRate", tcp.delivery_rate);
  json.Member("busy", Ms(tcp.busy)).Member("rwndLimited", Ms(tcp.receive_window_limited));
  json.Member("sndbufLimited", Ms(tcp.send_buffer_limited)).Member("rcvOoo", tcp.out_of_order);
  json.Member("lastRecv", tcp.last_received_ms);
  json.Close('}');
}

}  // namespace

WallClock::WallClock() {
  timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  offset_ = static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec / 1'000'000) -
            static_cast<double>(sys::MonotonicMs());
}

uint64_t WallClock::Now() {
  return sys::MonotonicMs();
}

uint64_t WallClock::LoopTime(double wall_ms) const {
  double time = wall_ms - offset_;
  return time > 0 ? static_cast<uint64_t>(time) : 0;
}

std::string_view Name(Side side) {
  return side == Side::kAccepted ? "accepted" : "made";
}

std::string_view Name(Transport transport) {
  constexpr std::string_view kNames[] = {"tcp", "tls", "unix"};
  return kNames[static_cast<size_t>(transport)];
}

void Put(JsonWriter& json, CloseReason reason) {
  if (!reason) {
    json.Null();
    return;
  }
  json.Open('{').Member("by", Name(reason.by)).Member("code", Name(reason.code)).Close('}');
}

void Put(JsonWriter& json, const ConnectionInfo& info, const WallClock& clock) {
  json.Open('{').Member("id", info.id).Member("task", info.task);
  json.Member("group", info.group).Member("member", info.member);
  json.Member("side", Name(info.side)).Member("transport", Name(info.transport));
  Put(json, "local", info.local);
  Put(json, "peer", info.peer);
  json.Key("times").Open('{');
  const std::pair<const char*, uint64_t> times[] = {{"opened", info.opened_ms},
                                                    {"connected", info.connected_ms},
                                                    {"handshake", info.handshake_started_ms},
                                                    {"secure", info.secure_ms},
                                                    {"firstIn", info.first_in_ms},
                                                    {"firstOut", info.first_out_ms},
                                                    {"lastIn", info.last_in_ms},
                                                    {"lastOut", info.last_out_ms},
                                                    {"closed", info.closed_ms}};
  for (const auto& [name, time] : times)
    if (time != 0) json.Key(name).Value(static_cast<int64_t>(clock.At(time)));
  json.Close('}');
  json.Key("bytes").Open('{').Member("in", info.bytes_in).Member("out", info.bytes_out);
  json.Member("wireIn", info.wire_bytes_in).Member("wireOut", info.wire_bytes_out);
  json.Member("queued", info.queued).Close('}');
  json.Key("closeReason");
  Put(json, info.reason);
  json.Key("tls");
  info.tls ? Put(json, *info.tls) : static_cast<void>(json.Null());
  json.Key("tcp");
  info.tcp ? Put(json, *info.tcp) : static_cast<void>(json.Null());
  json.Close('}');
}

void PutMembers(JsonWriter& json, const AccountLine& line) {
  const AccountKey& key = line.key;
  const AccountNumbers& numbers = line.numbers;
  json.Member("group", key.group).Member("member", key.member).Member("task", key.task);
  json.Member("side", Name(key.side)).Member("transport", Name(key.transport));
  json.Member("opened", numbers.opened).Member("open", numbers.open);
  json.Key("closed").Open('{');
  for (size_t i = 1; i < kCloseCodes; ++i)
    if (numbers.closed[i] != 0) json.Member(Name(static_cast<CloseCode>(i)), numbers.closed[i]);
  json.Close('}').Key("refused").Open('{');
  for (size_t i = 0; i < kRefusals; ++i)
    if (numbers.refused[i] != 0) json.Member(Name(static_cast<Refusal>(i)), numbers.refused[i]);
  json.Close('}');
  json.Member("bytesIn", numbers.bytes_in).Member("bytesOut", numbers.bytes_out);
  json.Member("writeQueue", numbers.write_queue);
  auto handshakes = [&](HandshakeKind kind) {
    return numbers.handshakes[static_cast<size_t>(kind)];
  };
  uint64_t failed = 0;
  for (uint64_t one : numbers.handshake_failures) failed += one;
  json.Key("handshakes").Open('{');
  json.Member("full", handshakes(HandshakeKind::kFull12) + handshakes(HandshakeKind::kFull13));
  json.Member("resumed",
              handshakes(HandshakeKind::kResumed12) + handshakes(HandshakeKind::kResumed13));
  json.Member("failed", failed);
  json.Member("notResumed", numbers.sessions_not_resumed).Close('}');
  json.Member("retransmits", numbers.retransmits);
}

}  // namespace sluice
