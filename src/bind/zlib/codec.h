// Internal. Codec: a compression or its reverse, step by step, by zlib, Brotli or Zstandard.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace sluice::js {

// The numbers are those that Node has (lib/internal/zlib/constants.js).
enum class ZlibMode { kNone, kDeflate, kInflate, kGzip, kGunzip, kDeflateRaw, kInflateRaw, kUnzip };

struct ZlibOptions {
  ZlibMode mode = ZlibMode::kNone;
  int level = -1;
  int window_bits = 15;
  int memory_level = 8;
  int strategy = 0;
  std::vector<uint8_t> dictionary;
  bool one_member = false;  // of a gzip file: what follows the first is not read
};

struct ZstdOptions {
  std::vector<std::pair<int, uint32_t>> parameters;  // number and value
  int64_t source_size = -1;                          // of what will be compressed; -1: not told
  std::vector<uint8_t> dictionary;
  bool rejects_junk = false;  // other bytes after a frame are an error
};

// Step is what one call did.
struct Step {
  size_t read = 0;
  size_t written = 0;
  const char* message = nullptr;  // of a failure; static storage or the codec's
  int number = 0;                 // zlib's number of the failure
  std::string code;               // its name
};

// A Codec is used by one thread at a time.
class Codec {
 public:
  virtual ~Codec() = default;
  // Run reads in and writes out until one of them is at its end, or the data are. Call it again
  // while it fills out. flush is the library's number.
  virtual Step Run(int flush, std::span<const uint8_t> in, std::span<uint8_t> out) = 0;
  // cost returns how many bytes the library allocates for it, about and at most.
  virtual size_t cost() const = 0;
  // Reset makes the codec as new; false if it cannot.
  virtual bool Reset() = 0;
  // Params sets level and strategy of a compression by zlib.
  virtual bool Params(int level, int strategy) = 0;
};

// They return null if options are not such that the library takes them.
std::unique_ptr<Codec> MakeZlib(ZlibOptions options);
// parameters are pairs of number and value.
std::unique_ptr<Codec> MakeBrotliEncoder(std::vector<std::pair<int, uint32_t>> parameters);
std::unique_ptr<Codec> MakeBrotliDecoder(std::vector<std::pair<int, uint32_t>> parameters);

std::unique_ptr<Codec> MakeZstdEncoder(ZstdOptions options);
std::unique_ptr<Codec> MakeZstdDecoder(ZstdOptions options);

}  // namespace sluice::js
