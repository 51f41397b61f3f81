#include <zlib.h>

#include <algorithm>
#include <limits>

#include "bind/zlib/codec.h"

namespace sluice::js {
namespace {

const char* CodeName(int number) {
  switch (number) {
    case Z_NEED_DICT:
      return "Z_NEED_DICT";
    case Z_ERRNO:
      return "Z_ERRNO";
    case Z_DATA_ERROR:
      return "Z_DATA_ERROR";
    case Z_MEM_ERROR:
      return "Z_MEM_ERROR";
    case Z_BUF_ERROR:
      return "Z_BUF_ERROR";
    case Z_VERSION_ERROR:
      return "Z_VERSION_ERROR";
    default:
      return "Z_STREAM_ERROR";
  }
}

// zconf.h, "Memory requirements"; and what it keeps beside its tables.
constexpr size_t kDeflateState = 6 * 1024;
constexpr size_t kInflateState = 10 * 1024;

uInt Part(size_t size) {
  return static_cast<uInt>(std::min<size_t>(size, std::numeric_limits<uInt>::max()));
}

class ZlibCodec final : public Codec {
 public:
  explicit ZlibCodec(ZlibOptions options) : options_(std::move(options)) {}
  ~ZlibCodec() override {
    if (!ready_) return;
    if (compresses())
      deflateEnd(&stream_);
    else
      inflateEnd(&stream_);
  }
  ZlibCodec(const ZlibCodec&) = delete;
  ZlibCodec& operator=(const ZlibCodec&) = delete;

  bool Start() {
    int bits = WindowBits();
    int result = compresses() ? deflateInit2(&stream_, options_.level, Z_DEFLATED, bits,
                                             options_.memory_level, options_.strategy)
                              : inflateInit2(&stream_, bits);
    ready_ = result == Z_OK;
    return ready_ && SetDictionary();
  }

  Step Run(int flush, std::span<const uint8_t> in, std::span<uint8_t> out) override {
    constexpr uint8_t kGzipMagic = 0x1f;  // no zlib header begins so
    if (!begun_ && !in.empty()) {
      begun_ = true;
      members_ =
          !options_.one_member && (options_.mode == ZlibMode::kGunzip ||
                                   (options_.mode == ZlibMode::kUnzip && in[0] == kGzipMagic));
    }
    // zlib counts in 32 bits: what is beyond is for the next call.
    if (in.size() > Part(in.size())) flush = Z_NO_FLUSH;
    in = in.first(Part(in.size()));
    out = out.first(Part(out.size()));
    stream_.next_in = const_cast<Bytef*>(in.data());
    stream_.avail_in = Part(in.size());
    stream_.next_out = out.data();
    stream_.avail_out = Part(out.size());
    int result = compresses() ? deflate(&stream_, flush) : Inflate(flush);
    Step step;
    step.read = in.size() - stream_.avail_in;
    step.written = out.size() - stream_.avail_out;
    Judge(result, flush, &step);
    stream_.next_in = nullptr;
    stream_.next_out = nullptr;
    return step;
  }

  size_t cost() const override {
    size_t window = size_t{1} << (options_.window_bits != 0 ? options_.window_bits : 15);
    if (!compresses()) return window + kInflateState;
    return 4 * window + (size_t{512} << options_.memory_level) + kDeflateState;
  }

  bool Reset() override {
    begun_ = false;
    int result = compresses() ? deflateReset(&stream_) : inflateReset(&stream_);
    return result == Z_OK && SetDictionary();
  }

  bool Params(int level, int strategy) override {
    if (!compresses()) return true;
    stream_.avail_in = 0;
    stream_.avail_out = 0;
    int result = deflateParams(&stream_, level, strategy);
    return result == Z_OK || result == Z_BUF_ERROR;
  }

 private:
  bool compresses() const {
    return options_.mode == ZlibMode::kDeflate || options_.mode == ZlibMode::kGzip ||
           options_.mode == ZlibMode::kDeflateRaw;
  }
  bool raw() const {
    return options_.mode == ZlibMode::kDeflateRaw || options_.mode == ZlibMode::kInflateRaw;
  }

  int WindowBits() const {
    constexpr int kGzip = 16;
    constexpr int kDetect = 32;
    if (raw()) return -options_.window_bits;
    if (options_.mode == ZlibMode::kGzip || options_.mode == ZlibMode::kGunzip)
      return options_.window_bits + kGzip;
    if (options_.mode == ZlibMode::kUnzip) return options_.window_bits + kDetect;
    return options_.window_bits;
  }

  bool SetDictionary() {
    const auto& dictionary = options_.dictionary;
    if (dictionary.empty()) return true;
    if (compresses())
      return options_.mode == ZlibMode::kGzip ||
             deflateSetDictionary(&stream_, dictionary.data(), Part(dictionary.size())) == Z_OK;
    // What has a header says there that it needs one.
    return !raw() ||
           inflateSetDictionary(&stream_, dictionary.data(), Part(dictionary.size())) == Z_OK;
  }

  int Inflate(int flush) {
    int result = inflate(&stream_, flush);
    if (result == Z_NEED_DICT && !options_.dictionary.empty()) {
      result = inflateSetDictionary(&stream_, options_.dictionary.data(),
                                    Part(options_.dictionary.size()));
      // Z_DATA_ERROR: it is another dictionary.
      if (result == Z_DATA_ERROR) return Z_NEED_DICT;
      if (result == Z_OK) result = inflate(&stream_, flush);
    }
    // A file may have many members (RFC 1952, section 2.2); zeros after them are padding.
    while (members_ && result == Z_STREAM_END && stream_.avail_in > 0 && *stream_.next_in != 0) {
      inflateReset(&stream_);
      result = inflate(&stream_, flush);
    }
    return result;
  }

  void Judge(int result, int flush, Step* step) const {
    auto fail = [&](int number, const char* message) {
      step->number = number;
      step->code = CodeName(number);
      step->message = stream_.msg != nullptr ? stream_.msg : message;
    };
    switch (result) {
      case Z_OK:
      case Z_BUF_ERROR:
        if (stream_.avail_out != 0 && flush == Z_FINISH)
          fail(Z_BUF_ERROR, "unexpected end of file");
        break;
      case Z_STREAM_END:
        break;
      case Z_NEED_DICT:
        fail(result, options_.dictionary.empty() ? "Missing dictionary" : "Bad dictionary");
        break;
      default:
        fail(result, "Zlib error");
    }
  }

  ZlibOptions options_;
  z_stream stream_ = {};
  bool ready_ = false;
  bool begun_ = false;    // has seen data
  bool members_ = false;  // the data are gzip's
};

}  // namespace

std::unique_ptr<Codec> MakeZlib(ZlibOptions options) {
  auto codec = std::make_unique<ZlibCodec>(std::move(options));
  if (!codec->Start()) return nullptr;
  return codec;
}

}  // namespace sluice::js
