#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#include <algorithm>

#include "bind/zlib/codec.h"

namespace sluice::js {
namespace {

using Parameters = std::vector<std::pair<int, uint32_t>>;

struct Free {
  void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

// The code of a failure is the name of the library's number, as ZSTD_error_<name>.
std::string CodeOf(ZSTD_ErrorCode error) {
  switch (error) {
    case ZSTD_error_prefix_unknown:
      return "ZSTD_error_prefix_unknown";
    case ZSTD_error_version_unsupported:
      return "ZSTD_error_version_unsupported";
    case ZSTD_error_frameParameter_unsupported:
      return "ZSTD_error_frameParameter_unsupported";
    case ZSTD_error_frameParameter_windowTooLarge:
      return "ZSTD_error_frameParameter_windowTooLarge";
    case ZSTD_error_corruption_detected:
      return "ZSTD_error_corruption_detected";
    case ZSTD_error_checksum_wrong:
      return "ZSTD_error_checksum_wrong";
    case ZSTD_error_dictionary_corrupted:
      return "ZSTD_error_dictionary_corrupted";
    case ZSTD_error_dictionary_wrong:
      return "ZSTD_error_dictionary_wrong";
    case ZSTD_error_dictionaryCreation_failed:
      return "ZSTD_error_dictionaryCreation_failed";
    case ZSTD_error_parameter_unsupported:
      return "ZSTD_error_parameter_unsupported";
    case ZSTD_error_parameter_outOfBound:
      return "ZSTD_error_parameter_outOfBound";
    case ZSTD_error_tableLog_tooLarge:
      return "ZSTD_error_tableLog_tooLarge";
    case ZSTD_error_maxSymbolValue_tooLarge:
      return "ZSTD_error_maxSymbolValue_tooLarge";
    case ZSTD_error_maxSymbolValue_tooSmall:
      return "ZSTD_error_maxSymbolValue_tooSmall";
    case ZSTD_error_stage_wrong:
      return "ZSTD_error_stage_wrong";
    case ZSTD_error_init_missing:
      return "ZSTD_error_init_missing";
    case ZSTD_error_memory_allocation:
      return "ZSTD_error_memory_allocation";
    case ZSTD_error_workSpace_tooSmall:
      return "ZSTD_error_workSpace_tooSmall";
    case ZSTD_error_dstSize_tooSmall:
      return "ZSTD_error_dstSize_tooSmall";
    case ZSTD_error_srcSize_wrong:
      return "ZSTD_error_srcSize_wrong";
    case ZSTD_error_dstBuffer_null:
      return "ZSTD_error_dstBuffer_null";
    default:
      return "ZSTD_error_GENERIC";
  }
}

void Fail(Step& step, size_t result) {
  ZSTD_ErrorCode error = ZSTD_getErrorCode(result);
  step.message = ZSTD_getErrorString(error);
  step.number = error;
  step.code = CodeOf(error);
}

class ZstdEncoder final : public Codec {
 public:
  explicit ZstdEncoder(ZstdOptions options) : options_(std::move(options)) {}

  bool Reset() override {
    taken_ = 0;
    context_.reset(ZSTD_createCCtx());
    if (!context_) return false;
    for (auto [number, value] : options_.parameters)
      if (ZSTD_isError(ZSTD_CCtx_setParameter(context_.get(), static_cast<ZSTD_cParameter>(number),
                                              static_cast<int>(value))) != 0)
        return false;
    if (options_.source_size >= 0 &&
        ZSTD_isError(ZSTD_CCtx_setPledgedSrcSize(
            context_.get(), static_cast<unsigned long long>(options_.source_size))) != 0)
      return false;
    return options_.dictionary.empty() ||
           ZSTD_isError(ZSTD_CCtx_loadDictionary(context_.get(), options_.dictionary.data(),
                                                 options_.dictionary.size())) == 0;
  }
  size_t cost() const override { return 1024 * 1024; }  // with the window of the usual level
  bool Params(int, int) override { return true; }

  Step Run(int flush, std::span<const uint8_t> in, std::span<uint8_t> out) override {
    ZSTD_inBuffer source{in.data(), in.size(), 0};
    ZSTD_outBuffer target{out.data(), out.size(), 0};
    size_t result = ZSTD_compressStream2(context_.get(), &target, &source,
                                         static_cast<ZSTD_EndDirective>(flush));
    Step step{source.pos, target.pos, nullptr, 0, {}};
    taken_ += static_cast<int64_t>(source.pos);
    // Given all at once, the library does without the size that it was told.
    bool all = flush == ZSTD_e_end && result == 0;
    if (options_.source_size >= 0 && all && taken_ != options_.source_size)
      result = static_cast<size_t>(-ZSTD_error_srcSize_wrong);
    if (ZSTD_isError(result) != 0) Fail(step, result);
    return step;
  }

 private:
  ZstdOptions options_;
  int64_t taken_ = 0;  // bytes
  std::unique_ptr<ZSTD_CCtx, Free> context_;
};

class ZstdDecoder final : public Codec {
 public:
  explicit ZstdDecoder(ZstdOptions options) : options_(std::move(options)) {}

  bool Reset() override {
    ended_ = true;
    any_ = false;
    context_.reset(ZSTD_createDCtx());
    if (!context_) return false;
    for (auto [number, value] : options_.parameters)
      if (ZSTD_isError(ZSTD_DCtx_setParameter(context_.get(), static_cast<ZSTD_dParameter>(number),
                                              static_cast<int>(value))) != 0)
        return false;
    return options_.dictionary.empty() ||
           ZSTD_isError(ZSTD_DCtx_loadDictionary(context_.get(), options_.dictionary.data(),
                                                 options_.dictionary.size())) == 0;
  }
  size_t cost() const override { return 256 * 1024; }
  bool Params(int, int) override { return true; }

  Step Run(int flush, std::span<const uint8_t> in, std::span<uint8_t> out) override {
    ZSTD_inBuffer source{in.data(), in.size(), 0};
    ZSTD_outBuffer target{out.data(), out.size(), 0};
    Step step;
    // Asked for more after the end of a frame, the library begins another.
    if (in.empty() && ended_ && (any_ || flush != ZSTD_e_end)) return step;
    // One frame may follow another; other bytes after one are passed over.
    do {
      size_t result = ZSTD_decompressStream(context_.get(), &target, &source);
      if (ZSTD_isError(result) != 0) {
        bool trails = any_ && ended_ && ZSTD_getErrorCode(result) == ZSTD_error_prefix_unknown;
        if (trails && options_.rejects_junk) {
          step.message = "Trailing junk found after the end of the compressed stream";
          step.code = "ERR_TRAILING_JUNK_AFTER_STREAM_END";
        } else if (trails) {
          source.pos = source.size;
        } else {
          Fail(step, result);
        }
        break;
      }
      ended_ = result == 0;
      any_ = any_ || ended_;
    } while (source.pos < source.size && target.pos < target.size);
    step.read = source.pos;
    step.written = target.pos;
    if (step.message == nullptr && flush == ZSTD_e_end && (!ended_ || !any_) &&
        target.pos < target.size) {
      step.message = "unexpected end of file";
      step.number = Z_BUF_ERROR;
      step.code = "Z_BUF_ERROR";
    }
    return step;
  }

 private:
  ZstdOptions options_;
  bool ended_ = true;  // no frame is begun
  bool any_ = false;   // a frame has ended
  std::unique_ptr<ZSTD_DCtx, Free> context_;
};

template <class T>
std::unique_ptr<Codec> Make(ZstdOptions options) {
  auto codec = std::make_unique<T>(std::move(options));
  if (!codec->Reset()) return nullptr;
  return codec;
}

}  // namespace

std::unique_ptr<Codec> MakeZstdEncoder(ZstdOptions options) {
  return Make<ZstdEncoder>(std::move(options));
}

std::unique_ptr<Codec> MakeZstdDecoder(ZstdOptions options) {
  return Make<ZstdDecoder>(std::move(options));
}

}  // namespace sluice::js
