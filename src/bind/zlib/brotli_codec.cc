#include <brotli/decode.h>
#include <brotli/encode.h>
#include <zlib.h>

#include <algorithm>

#include "bind/zlib/codec.h"

namespace sluice::js {
namespace {

// What one has about when it has seen some data.
constexpr size_t kEncoderBytes = 1024 * 1024;
constexpr size_t kDecoderBytes = 64 * 1024;

using Parameters = std::vector<std::pair<int, uint32_t>>;

template <auto function>
struct Destroy {
  template <class T>
  void operator()(T* state) const {
    function(state);
  }
};

// Tune sets parameters by the library's function; false if it refuses one.
template <class State, class Parameter>
bool Tune(State* state, BROTLI_BOOL (*set)(State*, Parameter, uint32_t),
          const Parameters& parameters) {
  return std::all_of(parameters.begin(), parameters.end(), [&](const auto& one) {
    return set(state, static_cast<Parameter>(one.first), one.second) != BROTLI_FALSE;
  });
}

class BrotliEncoder final : public Codec {
 public:
  explicit BrotliEncoder(Parameters parameters) : parameters_(std::move(parameters)) {}

  bool Reset() override {
    state_.reset(BrotliEncoderCreateInstance(nullptr, nullptr, nullptr));
    return state_ && Tune(state_.get(), BrotliEncoderSetParameter, parameters_);
  }
  size_t cost() const override { return kEncoderBytes; }
  bool Params(int, int) override { return true; }

  Step Run(int flush, std::span<const uint8_t> in, std::span<uint8_t> out) override {
    size_t in_left = in.size(), out_left = out.size();
    const uint8_t* next_in = in.data();
    uint8_t* next_out = out.data();
    bool done =
        BrotliEncoderCompressStream(state_.get(), static_cast<BrotliEncoderOperation>(flush),
                                    &in_left, &next_in, &out_left, &next_out, nullptr);
    Step step{in.size() - in_left, out.size() - out_left, nullptr, 0, {}};
    if (!done) {
      step.message = "Compression failed";
      step.number = -1;
      step.code = "ERR_BROTLI_COMPRESSION_FAILED";
    }
    return step;
  }

 private:
  Parameters parameters_;
  std::unique_ptr<BrotliEncoderState, Destroy<BrotliEncoderDestroyInstance>> state_;
};

class BrotliDecoder final : public Codec {
 public:
  explicit BrotliDecoder(Parameters parameters) : parameters_(std::move(parameters)) {}

  bool Reset() override {
    state_.reset(BrotliDecoderCreateInstance(nullptr, nullptr, nullptr));
    return state_ && Tune(state_.get(), BrotliDecoderSetParameter, parameters_);
  }
  size_t cost() const override { return kDecoderBytes; }
  bool Params(int, int) override { return true; }

  Step Run(int flush, std::span<const uint8_t> in, std::span<uint8_t> out) override {
    size_t in_left = in.size(), out_left = out.size();
    const uint8_t* next_in = in.data();
    uint8_t* next_out = out.data();
    BrotliDecoderResult result = BrotliDecoderDecompressStream(state_.get(), &in_left, &next_in,
                                                               &out_left, &next_out, nullptr);
    Step step{in.size() - in_left, out.size() - out_left, nullptr, 0, {}};
    if (result == BROTLI_DECODER_RESULT_ERROR) {
      BrotliDecoderErrorCode error = BrotliDecoderGetErrorCode(state_.get());
      step.message = "Decompression failed";
      step.number = error;
      step.code = std::string("ERR_") + BrotliDecoderErrorString(error);
    } else if (flush == BROTLI_OPERATION_FINISH &&
               result == BROTLI_DECODER_RESULT_NEEDS_MORE_INPUT) {
      step.message = "unexpected end of file";
      step.number = Z_BUF_ERROR;
      step.code = "Z_BUF_ERROR";
    }
    return step;
  }

 private:
  Parameters parameters_;
  std::unique_ptr<BrotliDecoderState, Destroy<BrotliDecoderDestroyInstance>> state_;
};

template <class T>
std::unique_ptr<Codec> Make(Parameters parameters) {
  auto codec = std::make_unique<T>(std::move(parameters));
  if (!codec->Reset()) return nullptr;
  return codec;
}

}  // namespace

std::unique_ptr<Codec> MakeBrotliEncoder(Parameters parameters) {
  return Make<BrotliEncoder>(std::move(parameters));
}

std::unique_ptr<Codec> MakeBrotliDecoder(Parameters parameters) {
  return Make<BrotliDecoder>(std::move(parameters));
}

}  // namespace sluice::js
