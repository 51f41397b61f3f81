// A libFuzzer target: ranges of addresses, as `exempt` of server.admission has them.
// targets.py builds and runs it.
#include "sluice/address_range.h"

#include <cstdlib>
#include <string_view>

namespace {

using sluice::AddressRange;

void Expect(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  auto range = AddressRange::Parse(text);
  if (!range) return 0;
  // Its own form reads as the same range, and it contains the address that it was made of.
  std::string own = range->text();
  auto again = AddressRange::Parse(own);
  Expect(again && again->text() == own);
  auto address = sluice::Address::Ip(text.substr(0, text.find('/')), 0);
  Expect(address.has_value());
  Expect(range->Contains(*address) && again->Contains(*address));
  // A mapped address is the IPv4 one in every range.
  auto bytes = *sluice::IpBytesOf(*address);
  if (sluice::IsV4(bytes)) {
    auto mapped = sluice::Address::Ip("::ffff:" + own.substr(0, own.find('/')), 0);
    Expect(!mapped || range->Contains(*mapped));
  }
  return 0;
}
