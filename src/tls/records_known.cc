// Whether TlsRecords makes, opens and refuses records as it should, before it is trusted with any.
#include <cstring>
#include <numeric>
#include <string_view>

#include "base/switch.h"
#include "tls/records.h"

namespace sluice {
namespace {

constexpr char kSwitch[] = "SLUICE_TLS_RECORDS";

// Of the bytes 0, 1, 2 … as the secret; computed by other code than OpenSSL's.
constexpr uint64_t kSequence = 0x0102030405060708;
constexpr std::string_view kText = "a record of known bytes";
constexpr size_t kSize = kText.size() + RecordCipher::kOverhead;

constexpr uint8_t kAes128[kSize] = {
    0x17, 0x03, 0x03, 0x00, 0x28, 0xc4, 0x91, 0xb2, 0x9d, 0x02, 0x0c, 0xf5, 0x53, 0xf9, 0xdd,
    0x7b, 0xf8, 0x13, 0x57, 0x14, 0xdc, 0x11, 0x32, 0x7b, 0xaf, 0xbf, 0xf5, 0x37, 0x32, 0xb8,
    0x1e, 0xcc, 0xc0, 0x14, 0xf5, 0xf8, 0x42, 0x37, 0x34, 0x1c, 0xf4, 0x02, 0x95, 0xba, 0xd6};
constexpr uint8_t kAes256[kSize] = {
    0x17, 0x03, 0x03, 0x00, 0x28, 0xd8, 0xa9, 0x22, 0xdf, 0xbf, 0x2f, 0x0c, 0xa8, 0xf7, 0x60,
    0x48, 0xb0, 0xb8, 0xdd, 0xad, 0xab, 0x5e, 0x08, 0x43, 0x85, 0x45, 0x54, 0xff, 0x6b, 0xb8,
    0x64, 0x98, 0xb9, 0xec, 0x43, 0x75, 0x7f, 0x16, 0x1c, 0x6a, 0x8c, 0xf6, 0x8c, 0xd8, 0x89};
constexpr uint8_t kChaCha20[kSize] = {
    0x17, 0x03, 0x03, 0x00, 0x28, 0xeb, 0x8d, 0xc1, 0x85, 0x8c, 0x84, 0xc0, 0x10, 0xde, 0xcb,
    0x8e, 0xe4, 0x61, 0xd3, 0x50, 0xf5, 0xca, 0xb2, 0x97, 0x67, 0x21, 0x30, 0x11, 0x4e, 0xb3,
    0x04, 0x38, 0x56, 0xc8, 0xa3, 0x26, 0x4e, 0xa2, 0xa8, 0xf3, 0xd7, 0x0a, 0xe9, 0xce, 0xb5};

bool AsKnown(RecordSuite suite, const uint8_t (&known)[kSize]) {
  TlsRecords::State state;
  state.suite = suite;
  std::iota(state.read.secret.begin(), state.read.secret.end(), uint8_t{0});
  state.write = state.read;
  state.read.sequence = state.write.sequence = kSequence;
  TlsRecords records(state);

  uint8_t sealed[kSize], opened[kSize];
  const std::span<const uint8_t> text(reinterpret_cast<const uint8_t*>(kText.data()), kText.size());
  if (!records.Seal(TlsRecords::kData, text, sealed) || std::memcmp(sealed, known, kSize) != 0)
    return false;
  sealed[kSize / 2] ^= 1;
  if (records.Open(sealed, opened).kind != TlsRecords::Opened::kFailure) return false;
  TlsRecords::Opened answer = records.Open(known, opened);
  return answer.kind == TlsRecords::Opened::kBytes && answer.size == kText.size() &&
         std::memcmp(opened, kText.data(), kText.size()) == 0;
}

}  // namespace

bool TlsRecords::Usable(uint32_t suite) {
  static const bool off = TurnedOff(kSwitch);
  if (off) return false;
  switch (static_cast<RecordSuite>(suite)) {
    case RecordSuite::kAes128Gcm: {
      static const bool usable = AsKnown(RecordSuite::kAes128Gcm, kAes128);
      return usable;
    }
    case RecordSuite::kAes256Gcm: {
      static const bool usable = AsKnown(RecordSuite::kAes256Gcm, kAes256);
      return usable;
    }
    case RecordSuite::kChaCha20: {
      static const bool usable = AsKnown(RecordSuite::kChaCha20, kChaCha20);
      return usable;
    }
  }
  return false;
}

}  // namespace sluice
