// Internal. DuplexStream: a stream whose bytes JavaScript moves, for TLS over any Duplex.
#pragma once

#include <deque>
#include <memory>
#include <vector>

#include "bind/net/state.h"

namespace sluice::js {

// What is written goes to JavaScript as NetEvent::kOutput of the stream's number, never from
// within the call; JavaScript answers with Written(). What JavaScript read comes in by Feed().
// Loop thread.
class DuplexStream final : public Stream {
 public:
  // It keeps itself while open, as a socket does. Made with state as handler; its tag must be
  // the number under which JavaScript knows it.
  static Ref<DuplexStream> Make(NetState& state);

  // Feed and FeedEnd give what arrived; it waits while the stream is paused. Failed tells that
  // the Duplex failed or was destroyed.
  void Feed(std::span<const uint8_t> bytes);
  void FeedEnd();
  void Failed();
  // Written tells that the last kOutput is written.
  void Written();

  void Resume() override;
  void Pause() override;
  size_t TryWrite(std::span<const uint8_t>) override { return 0; }
  bool Write(std::span<const std::span<const uint8_t>> parts, bool copy) override;
  size_t queued() const override { return output_.size() + in_flight_; }
  void Shutdown() override;
  void Close() override;
  void Reset() override { Close(); }
  bool closed() const override { return closed_; }
  int fd() const override { return -1; }
  Address LocalAddress() const override { return {}; }
  Address PeerAddress() const override { return {}; }
  void SetIdleTimeout(uint64_t ms) override;
  void SetRef(bool) override {}  // what JavaScript reads and writes keeps the loop

 private:
  explicit DuplexStream(NetState& state);
  ~DuplexStream() override;
  void Later();
  void Turn();
  void Deliver();
  void Touch();
  void CheckIdle();

  NetState& state_;
  std::vector<uint8_t> input_;
  std::vector<uint8_t> output_;
  size_t in_flight_ = 0;  // bytes of the kOutput that is not answered
  bool closed_ = false;
  bool reading_ = false;
  bool told_reading_ = false;
  bool input_ended_ = false;
  bool end_told_ = false;
  bool shutdown_wanted_ = false;
  bool shutdown_done_ = false;
  bool posted_ = false;
  uint64_t idle_ms_ = 0;
  uint64_t last_activity_ = 0;
  std::unique_ptr<Timer> idle_timer_;
};

}  // namespace sluice::js
