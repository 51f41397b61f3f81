#include "tls/tls_loop.h"

namespace sluice {
namespace {

constexpr uint64_t kLookMs = 10;

std::unique_ptr<uint8_t[]> Obtain(std::vector<std::unique_ptr<uint8_t[]>>& pool, size_t size) {
  if (pool.empty()) return std::make_unique_for_overwrite<uint8_t[]>(size);
  auto memory = std::move(pool.back());
  pool.pop_back();
  return memory;
}

}  // namespace

TlsLoop::~TlsLoop() {
  while (streams_ != nullptr) {
    streams_->Note(CloseReason::Of(CloseCode::kTaskEnd));
    streams_->Close();
  }
}

void TlsLoop::Enter(TlsStream& stream) {
  stream.next_ = streams_;
  if (streams_ != nullptr) streams_->previous_ = &stream;
  streams_ = &stream;
}

void TlsLoop::Leave(TlsStream& stream) {
  (stream.previous_ != nullptr ? stream.previous_->next_ : streams_) = stream.next_;
  if (stream.next_ != nullptr) stream.next_->previous_ = stream.previous_;
}

std::span<uint8_t> TlsLoop::InputSpace() {
  if (!input_) input_ = Obtain(free_input_, kInputSize);
  return {input_.get(), kInputSize};
}

TlsLoop::Slab TlsLoop::TakeInput(const uint8_t* data) {
  if (!input_ || data < input_.get() || data >= input_.get() + kInputSize) return {};
  return {free_input_, std::move(input_)};
}

TlsLoop::Slab TlsLoop::Output() {
  return {free_output_, Obtain(free_output_, kOutputSize)};
}

uint8_t* TlsLoop::gather() {
  if (!gather_) gather_ = std::make_unique_for_overwrite<uint8_t[]>(kRecordSize);
  return gather_.get();
}

TlsLoop::RecordSpace& TlsLoop::records() {
  if (!records_) records_ = std::make_unique_for_overwrite<RecordSpace>();
  return *records_;
}

std::shared_ptr<const TlsLoop::SignatureAlgorithms> TlsLoop::Shared(SignatureAlgorithms list) {
  if (!signature_algorithms_ || *signature_algorithms_ != list)
    signature_algorithms_ = std::make_shared<const SignatureAlgorithms>(std::move(list));
  return signature_algorithms_;
}

bool TlsLoop::Admit(TlsStream& stream) {
  PostTurn();
  if (waiting_.empty() && steps_ < kStepsPerTurn) {
    ++steps_;
    return true;
  }
  stream.waiting_turn_ = true;
  waiting_.emplace_back(&stream);
  return false;
}

void TlsLoop::PostTurn() {
  if (posted_) return;
  posted_ = true;
  loop_.Post([this] { EndTurn(); });
}

void TlsLoop::EndTurn() {
  posted_ = false;
  int budget = kStepsPerTurn - steps_;
  steps_ = 0;
  while (budget > 0 && !waiting_.empty()) {
    Ref<TlsStream> stream = std::move(waiting_.front());
    waiting_.pop_front();
    stream->waiting_turn_ = false;
    if (stream->closed() || stream->secure()) continue;
    --budget;
    stream->Step();
  }
  if (!waiting_.empty()) PostTurn();
}

// ---- Places of a server's admission

void TlsLoop::WaitForPlace(TlsStream& stream) {
  without_place_.emplace_back(&stream);
  if (!look_.active()) look_.SetAfter(kLookMs);
}

void TlsLoop::PlaceLeft() {
  if (!without_place_.empty()) look_.SetAt(0);
}

// In their order: of several servers', each by its own admission.
void TlsLoop::LookForPlaces() {
  for (size_t count = without_place_.size(); count > 0 && !without_place_.empty(); --count) {
    Ref<TlsStream> stream = std::move(without_place_.front());
    without_place_.pop_front();
    stream->AskAgain();
  }
  if (!without_place_.empty() && !look_.active()) look_.SetAfter(kLookMs);
}

}  // namespace sluice
