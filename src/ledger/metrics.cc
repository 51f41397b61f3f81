// What the ledger counted, as metrics. docs/observe.md names them.
#include <algorithm>
#include <cstring>
#include <map>
#include <set>

#include "ledger/capture.h"
#include "ledger/exposition.h"
#include "ledger/process_numbers.h"
#include "ledger/registry.h"
#include "sluice/admission.h"
#include "sluice/version.h"

namespace sluice {
namespace {

// The accounts, summed by the labels that a metric has.
class Accounts {
 public:
  explicit Accounts(std::string* out) : lines_(Ledger::Accounts()), out_(out) {}

  using Labels = std::string (*)(const AccountKey&);
  using Value = double (*)(const AccountNumbers&);

  void Put(const char* name, const char* type, const char* help, Labels labels, Value value) {
    std::map<std::string, double> sums;
    for (const AccountLine& line : lines_) sums[labels(line.key)] += value(line.numbers);
    AppendHead(out_, name, type, help);
    for (const auto& [text, sum] : sums) AppendSample(out_, name, text, sum);
  }

  // One series a name of an enum, where something was counted.
  template <class Enum, size_t count>
  void PutBy(const char* name, const char* help, Labels labels, const char* label,
             std::array<uint64_t, count> AccountNumbers::*counts) {
    std::map<std::string, double> sums;
    for (const AccountLine& line : lines_) {
      for (size_t i = 0; i < count; ++i) {
        uint64_t value = (line.numbers.*counts)[i];
        if (value != 0)
          sums[labels(line.key) + "," + Label(label, Name(static_cast<Enum>(i)))] +=
              static_cast<double>(value);
      }
    }
    AppendHead(out_, name, "counter", help);
    for (const auto& [text, sum] : sums) AppendSample(out_, name, text, sum);
  }

  void PutHistogram(const char* name, const char* help, HistogramNumbers AccountNumbers::*numbers) {
    std::map<std::string, HistogramNumbers> sums;
    for (const AccountLine& line : lines_) sums[Group(line.key)] += line.numbers.*numbers;
    AppendHead(out_, name, "histogram", help);
    for (const auto& [text, sum] : sums)
      if (!sum.counts.empty()) AppendHistogram(out_, name, text, sum.bounds, sum.counts, sum.sum);
  }

  void PutHandshakes() {
    constexpr const char* kKinds[] = {
        "result=\"full\",version=\"TLSv1.2\"", "result=\"resumed\",version=\"TLSv1.2\"",
        "result=\"full\",version=\"TLSv1.3\"", "result=\"resumed\",version=\"TLSv1.3\""};
    std::map<std::string, double> sums;
    for (const AccountLine& line : lines_) {
      for (size_t i = 0; i < kHandshakeKinds; ++i)
        if (uint64_t count = line.numbers.handshakes[i])
          sums[Group(line.key) + "," + kKinds[i]] += static_cast<double>(count);
      for (uint64_t count : line.numbers.handshake_failures)
        if (count != 0)
          sums[Group(line.key) + ",result=\"failed\",version=\"\""] += static_cast<double>(count);
    }
    AppendHead(out_, "sluice_tls_handshakes_total", "counter", "TLS handshakes that ended.");
    for (const auto& [text, sum] : sums)
      AppendSample(out_, "sluice_tls_handshakes_total", text, sum);
  }

  // Those that have an account, and others.
  std::set<std::string> Groups(std::set<std::string> groups) const {
    for (const AccountLine& line : lines_) groups.insert(line.key.group);
    return groups;
  }

  static std::string Group(const AccountKey& key) {
    return Label("group", key.group) + "," + Label("side", Name(key.side));
  }
  static std::string Member(const AccountKey& key) {
    return Group(key) + "," + Label("member", std::to_string(key.member));
  }
  static std::string Over(const AccountKey& key) {
    return Member(key) + "," + Label("transport", Name(key.transport));
  }

 private:
  const std::vector<AccountLine> lines_;
  std::string* out_;
};

void AppendConnections(std::string* out) {
  Accounts accounts(out);
  std::set<std::string> draining = Ledger::Draining();
  AppendHead(out, "sluice_draining", "gauge", "Whether servers leave.");
  for (const std::string& group : accounts.Groups(draining))
    AppendSample(out, "sluice_draining", Label("group", group), draining.contains(group) ? 1 : 0);
  using Numbers = const AccountNumbers&;
  accounts.Put("sluice_connections", "gauge", "Connections that are open.", Accounts::Over,
               [](Numbers n) { return static_cast<double>(n.open); });
  accounts.Put("sluice_connections_opened_total", "counter", "Connections accepted or made.",
               Accounts::Over, [](Numbers n) { return static_cast<double>(n.opened); });
  accounts.PutBy<CloseCode>("sluice_connections_closed_total", "Connections that ended, by cause.",
                            Accounts::Member, "reason", &AccountNumbers::closed);
  accounts.PutBy<Refusal>("sluice_connections_refused_total",
                          "Accepted connections that no program saw.", Accounts::Group, "reason",
                          &AccountNumbers::refused);
  accounts.PutHistogram("sluice_connection_duration_seconds",
                        "How long connections were open that ended.", &AccountNumbers::durations);
  accounts.Put("sluice_received_bytes_total", "counter", "Bytes that programs received.",
               Accounts::Member, [](Numbers n) { return static_cast<double>(n.bytes_in); });
  accounts.Put("sluice_sent_bytes_total", "counter", "Bytes of programs that the kernel took.",
               Accounts::Member, [](Numbers n) { return static_cast<double>(n.bytes_out); });
  accounts.Put("sluice_write_queue_bytes", "gauge", "Bytes that wait to be written.",
               Accounts::Member, [](Numbers n) { return static_cast<double>(n.write_queue); });
  AppendHead(out, "sluice_write_queue_limit_bytes", "gauge",
             "How many bytes may wait to be written, of the process and of groups with a limit.");
  auto put_limit = [&](std::string_view level, std::string_view group, uint64_t bytes) {
    AppendSample(out, "sluice_write_queue_limit_bytes",
                 Label("level", level) + "," + Label("group", group), static_cast<double>(bytes));
  };
  if (uint64_t bytes = ProcessWriteLimit(); bytes > 0) put_limit("process", "", bytes);
  for (const auto& [group, bytes] : Ledger::GroupWriteLimits()) put_limit("group", group, bytes);
  accounts.PutBy<WriteLimit>("sluice_write_limit_exceeded_total",
                             "Connections that ended, and writes that were refused, because too "
                             "many bytes waited.",
                             Accounts::Group, "level", &AccountNumbers::exceeded);
  accounts.PutHandshakes();
  accounts.Put("sluice_tls_sessions_not_resumed_total", "counter",
               "Sessions that clients offered and servers did not resume.", Accounts::Group,
               [](Numbers n) { return static_cast<double>(n.sessions_not_resumed); });
  accounts.PutHistogram("sluice_tls_handshake_duration_seconds",
                        "How long TLS handshakes took that were done.",
                        &AccountNumbers::handshake_durations);
  accounts.PutBy<HandshakeFailure>("sluice_tls_handshake_failures_total",
                                   "TLS handshakes that failed, by cause.", Accounts::Group,
                                   "reason", &AccountNumbers::handshake_failures);
  accounts.Put("sluice_tcp_retransmitted_segments_total", "counter",
               "Segments sent again on TCP connections, as far as they were looked at.",
               Accounts::Group, [](Numbers n) { return static_cast<double>(n.retransmits); });
  accounts.PutHistogram("sluice_tcp_rtt_seconds",
                        "Round trips of TCP connections, at their end and of samples before.",
                        &AccountNumbers::round_trips);
}

// Servers that have certificates of one name are as good as the first of them to expire.
void AppendCertificates(std::string* out) {
  constexpr const char* kName = "sluice_tls_certificate_expiry_timestamp_seconds";
  std::map<std::string, double> expiries;
  for (const auto& one : Ledger::CertificateExpiries()) {
    auto expires = static_cast<double>(one.expires);
    auto [found, added] =
        expiries.emplace(Label("group", one.group) + "," + Label("name", one.name), expires);
    if (!added) found->second = std::min(found->second, expires);
  }
  AppendHead(out, kName, "gauge", "When certificates of servers expire, in seconds since 1970.");
  for (const auto& [label, expires] : expiries) AppendSample(out, kName, label, expires);
}

void AppendGroups(std::string* out) {
  AppendHead(out, "sluice_capture_active", "gauge", "Captures that go on.");
  AppendSample(out, "sluice_capture_active", "", static_cast<double>(Capture::Active()));
  AppendHead(out, "sluice_task_restarts_total", "counter",
             "Members started again, by what ended them.");
  for (const auto& one : Ledger::RestartCounts())
    AppendSample(out, "sluice_task_restarts_total",
                 Label("group", one.group) + "," + Label("member", std::to_string(one.member)) +
                     "," + Label("reason", one.reason),
                 static_cast<double>(one.count));
  AppendHead(out, "sluice_accept_errors_total", "counter",
             "Failures of accept(2), by their names in errno(3).");
  for (const auto& one : Ledger::AcceptErrorCounts()) {
    const char* name = strerrorname_np(one.error);
    AppendSample(out, "sluice_accept_errors_total",
                 Label("group", one.group) + "," + Label("reason", name != nullptr ? name : ""),
                 static_cast<double>(one.count));
  }
  std::map<std::string, std::pair<double, double>> queues;
  for (const auto& one : Ledger::AcceptQueues()) {
    auto& [length, limit] = queues[Label("group", one.group)];
    length += one.length;
    limit += one.limit;
  }
  AppendHead(out, "sluice_accept_queue_length", "gauge", "Connections that wait to be accepted.");
  for (const auto& [label, queue] : queues)
    AppendSample(out, "sluice_accept_queue_length", label, queue.first);
  AppendHead(out, "sluice_accept_queue_limit", "gauge", "How many of them there is room for.");
  for (const auto& [label, queue] : queues)
    AppendSample(out, "sluice_accept_queue_limit", label, queue.second);
}

void AppendAdmissions(std::string* out) {
  std::map<std::string, AdmissionNumbers> sums;
  for (const auto& [group, numbers] : Admission::All()) {
    AdmissionNumbers& sum = sums[Label("group", group)];
    sum.open += numbers.open;
    sum.addresses += numbers.addresses;
    sum.table_full += numbers.table_full;
    sum.handshakes += numbers.handshakes;
    sum.waiting += numbers.waiting;
  }
  auto put = [&](const char* name, const char* type, const char* help, auto member) {
    AppendHead(out, name, type, help);
    for (const auto& [label, sum] : sums)
      AppendSample(out, name, label, static_cast<double>(sum.*member));
  };
  put("sluice_admission_connections", "gauge", "Connections that admission let in, and are open.",
      &AdmissionNumbers::open);
  put("sluice_admission_handshakes", "gauge", "TLS handshakes that have a place.",
      &AdmissionNumbers::handshakes);
  put("sluice_admission_handshakes_waiting", "gauge", "TLS handshakes that wait for a place.",
      &AdmissionNumbers::waiting);
  put("sluice_admission_table_entries", "gauge", "Addresses that admission knows.",
      &AdmissionNumbers::addresses);
  put("sluice_admission_table_full_total", "counter",
      "Connections whose address found no place in the table.", &AdmissionNumbers::table_full);
}

void AppendProcess(std::string* out) {
  ProcessNumbers process = ReadProcess();
  auto put = [&](const char* name, const char* type, const char* help, double value) {
    AppendHead(out, name, type, help);
    AppendSample(out, name, "", value);
  };
  put("process_open_fds", "gauge", "Open descriptors.", static_cast<double>(process.fds));
  put("process_max_fds", "gauge", "The most descriptors there may be.",
      static_cast<double>(process.max_fds));
  put("process_cpu_seconds_total", "counter", "Processor time, of user and system.",
      process.cpu_seconds);
  put("process_resident_memory_bytes", "gauge", "Resident memory.",
      static_cast<double>(process.resident));
  put("process_start_time_seconds", "gauge", "When the process started, since 1970.",
      process.started_seconds);
}

}  // namespace

void AppendLedgerMetrics(std::string* out) {
  Registry::Instance().Sample();
  AppendConnections(out);
  AppendGroups(out);
  AppendCertificates(out);
  AppendAdmissions(out);
  AppendProcess(out);
}

std::string Ledger::MetricsText() {
  std::string out;
  AppendHead(&out, "sluice_build_info", "gauge", "The versions that run.");
  AppendSample(&out, "sluice_build_info", Label("version", LibraryVersion()), 1);
  AppendLedgerMetrics(&out);
  return out;
}

}  // namespace sluice
