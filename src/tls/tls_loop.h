// Internal. TlsLoop: the memory that all TLS connections of a loop share, and the turns of their
// handshakes.
#pragma once

#include <deque>
#include <memory>
#include <utility>
#include <vector>

#include "sluice/tls.h"

namespace sluice {

// Loop thread.
class TlsLoop final : public LoopState {
 public:
  static constexpr size_t kInputSize = 128 * 1024;
  static constexpr size_t kRecordSize = 16 * 1024;           // SSL3_RT_MAX_PLAIN_LENGTH
  static constexpr size_t kRecordSpace = kRecordSize + 512;  // header, padding, tag
  static constexpr size_t kOutputSize = 8 * kRecordSpace;
  // A handshake step costs up to a private-key operation (about 1 ms for RSA 2048).
  static constexpr int kStepsPerTurn = 8;

  explicit TlsLoop(Loop& loop) : loop_(loop) {}
  ~TlsLoop() override;  // closes the streams that are open
  static TlsLoop& Of(Loop& loop) { return loop.State<TlsLoop>(); }

  // Slab is memory that its holder has for itself; callbacks that run meanwhile get another.
  class Slab {
   public:
    Slab() = default;
    Slab(std::vector<std::unique_ptr<uint8_t[]>>& pool, std::unique_ptr<uint8_t[]> memory)
        : pool_(&pool), memory_(std::move(memory)) {}
    Slab(Slab&& other) = default;
    Slab& operator=(Slab&&) = delete;
    ~Slab() {
      if (memory_ && pool_->size() < kPooled) pool_->push_back(std::move(memory_));
    }
    uint8_t* data() const { return memory_.get(); }

   private:
    static constexpr size_t kPooled = 2;
    std::vector<std::unique_ptr<uint8_t[]>>* pool_ = nullptr;
    std::unique_ptr<uint8_t[]> memory_;
  };

  // InputSpace is where the next ciphertext is read into, and TakeInput gives it to the one
  // whose bytes are in it; other memory needs no holder.
  std::span<uint8_t> InputSpace();
  Slab TakeInput(const uint8_t* data);
  Slab Output();
  // Gather is kRecordSize bytes for small parts of one record; nothing calls out meanwhile.
  uint8_t* gather();
  // Records are where one is put together that came in parts, and where one is opened for which a
  // handler has no room; nothing calls out meanwhile.
  struct RecordSpace {
    static constexpr size_t kSize = kRecordSize + 2048 + 5;  // the largest that is looked at
    uint8_t sealed[kSize];
    uint8_t opened[kSize];
  };
  RecordSpace& records();
  // Shared returns list, or the same one that another connection has.
  using SignatureAlgorithms = std::vector<std::pair<int, int>>;
  std::shared_ptr<const SignatureAlgorithms> Shared(SignatureAlgorithms list);

  void Enter(TlsStream& stream);
  void Leave(TlsStream& stream);

  // Admit returns whether stream may make a handshake step now; else it is called in a later
  // turn, first come, first served.
  bool Admit(TlsStream& stream);

 private:
  void PostTurn();
  void EndTurn();

  Loop& loop_;
  TlsStream* streams_ = nullptr;
  std::unique_ptr<uint8_t[]> input_;
  std::unique_ptr<uint8_t[]> gather_;
  std::unique_ptr<RecordSpace> records_;
  std::shared_ptr<const SignatureAlgorithms> signature_algorithms_;  // of the last connection
  std::vector<std::unique_ptr<uint8_t[]>> free_input_;
  std::vector<std::unique_ptr<uint8_t[]>> free_output_;
  std::deque<Ref<TlsStream>> waiting_;
  int steps_ = 0;
  bool posted_ = false;
};

}  // namespace sluice
