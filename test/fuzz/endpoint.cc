// libFuzzer: patterns of addresses, addresses and their canonical form.
#include <arpa/inet.h>
#include <netinet/in.h>

#include <cstdlib>
#include <cstring>
#include <string>

#include "grant/endpoint.h"

using sluice::Address;
using sluice::grant::Canonical;
using sluice::grant::EndpointPattern;

namespace {

void Must(bool holds) {
  if (!holds) std::abort();
}

// An address of any bytes, as a resolver or a program may give it.
Address AddressOf(const uint8_t* data, size_t size) {
  sockaddr_in6 six{};
  sockaddr_in four{};
  if (size >= 18) {
    six.sin6_family = AF_INET6;
    std::memcpy(&six.sin6_addr, data, 16);
    std::memcpy(&six.sin6_port, data + 16, 2);
    return Address::From(reinterpret_cast<sockaddr*>(&six), sizeof six);
  }
  four.sin_family = AF_INET;
  std::memcpy(&four.sin_addr, data, std::min<size_t>(size, 4));
  if (size >= 6) std::memcpy(&four.sin_port, data + 4, 2);
  return Address::From(reinterpret_cast<sockaddr*>(&four), sizeof four);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  size_t split = std::min<size_t>(data[0], size - 1);
  std::string text(reinterpret_cast<const char*>(data + 1), split);
  Address address = AddressOf(data + 1 + split, size - 1 - split);
  for (bool peer : {false, true}) {
    Address plain = Canonical(address, peer);
    // It is canonical, and so is its text.
    Must(Canonical(plain, peer).text() == plain.text());
    Must(plain.port() == address.port());
    auto again = Address::Ip(plain.host(), plain.port());
    Must(again && Canonical(*again, peer).text() == plain.text());
    auto pattern = EndpointPattern::Parse(plain.text());
    Must(pattern && pattern->Matches(plain) && pattern->Covers(*pattern));
  }
  if (auto literal = Address::Ip(text, 80)) {
    // What inet_pton(3) takes is what the kernel gets.
    Must(sluice::IpFamily(text) != 0);
    Must(Canonical(*literal, false).is_ip());
  }
  auto pattern = EndpointPattern::Parse(text);
  if (!pattern) return 0;
  Must(pattern->Covers(*pattern));
  Address plain = Canonical(address, true);
  if (pattern->Matches(plain)) Must(pattern->Touches(plain));
  if (auto one = pattern->address(); one && one->is_ip())
    Must(pattern->Matches(Canonical(*one, false)));
  return 0;
}
