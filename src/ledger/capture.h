// Internal. Capture: what connections carry, written to a pcapng file while they go on.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>

#include "sluice/connection.h"
#include "sluice/error.h"

namespace sluice {

// What a capture has so far.
struct CaptureNumbers {
  uint64_t connections = 0;
  uint64_t packets = 0;
  uint64_t dropped = 0;  // packets that no room was left for
  uint64_t bytes = 0;    // of the file
  int error = 0;         // errno value of the file's failure, which ended it
};

// What is captured, and how much of it.
struct CaptureOptions {
  static constexpr uint32_t kMostSnap = 65535;

  std::string file;      // made, mode 0600; nothing may be there
  bool records = false;  // TLS records and their secrets, of connections that open from now on;
                         // else the bytes that programs read and write
  // Whether a connection is one of them. Called on the connection's thread, with a lock held.
  std::function<bool(const ConnectionInfo&)> wants;
  uint32_t snap = kMostSnap;              // bytes of a packet
  uint64_t max_bytes = 64 * 1024 * 1024;  // of the file, about
  uint64_t max_ms = 60'000;
  // Called once at the end, on a thread of its own.
  std::function<void(const CaptureNumbers&)> ended;
};

// Where on its way a connection's bytes are.
enum class CaptureLevel : uint8_t {
  kWire,     // as the kernel has them, below TLS
  kProgram,  // as the program has them, above TLS
  kBoth,     // without TLS
};

// Capture writes on a thread of its own. What loops give it waits in memory, 4 MiB at most: beyond
// that whole packets are dropped, and counted. There are at most two of them. Any thread.
class Capture : public std::enable_shared_from_this<Capture> {
 public:
  static constexpr size_t kMost = 2;
  static constexpr size_t kMostWaiting = 4 * 1024 * 1024;

  // Start makes the file; null on failure, and sets *error: EBUSY if there are two captures.
  static std::shared_ptr<Capture> Start(CaptureOptions options, Error* error);
  // Active returns how many there are.
  static size_t Active();
  // Finish ends all, as the process ends, and returns when their files are written, or after two
  // seconds.
  static void Finish();
  ~Capture();

  // Stop has it end; ended() follows.
  void Stop();
  CaptureNumbers numbers() const;
  bool records() const { return options_.records; }
  bool over() const { return over_.load(std::memory_order_acquire); }

  // What the functions below tell of a connection. Take returns whether it is one of them.
  bool Take(ConnectionRecord& record);
  void Bytes(uint64_t id, bool in, std::span<const uint8_t> data, bool secure);
  void Secret(uint64_t id, std::string_view line);
  void Release(uint64_t id);
  void Close(const ConnectionInfo& info);

 private:
  struct Flow;

  explicit Capture(CaptureOptions options);
  void Run(int fd);
  Flow* Find(uint64_t id);
  void Add(Flow& flow, bool from_client, uint8_t flags, std::span<const uint8_t> data,
           std::string_view comment = {});
  void Append(std::string&& packets);
  void ReleaseLocked(Flow& flow);

  const CaptureOptions options_;
  uint64_t started_ms_ = 0;  // of the loops
  std::atomic<bool> over_{false};
  mutable std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  std::map<uint64_t, std::unique_ptr<Flow>> flows_;
  std::string waiting_;
  size_t held_ = 0;  // bytes that flows hold back
  bool stopping_ = false;
  CaptureNumbers numbers_;
};

// Whether anything is captured; what follows is called only then.
extern std::atomic<uint16_t> capture_epoch;  // changes with each start and end; 0: nothing is
inline bool Capturing() {
  return capture_epoch.load(std::memory_order_relaxed) != 0;
}
// CaptureBytes tells of bytes that a connection read (in) or wrote. secure: TLS is not between, or
// its handshake was done. The connection's thread, as all that follows.
void CaptureBytes(ConnectionRecord& record, CaptureLevel level, bool in,
                  std::span<const uint8_t> data, bool secure = true);
// CapturesSecrets returns whether CaptureSecret shall be told of the connection.
bool CapturesSecrets(ConnectionRecord& record);
// CaptureSecret tells a line of the key log, CaptureSecure that the handshake is done or failed.
void CaptureSecret(ConnectionRecord& record, std::string_view line);
void CaptureSecure(ConnectionRecord& record);
// CaptureClosed tells of the end.
void CaptureClosed(ConnectionRecord& record, const ConnectionInfo& info);

}  // namespace sluice
