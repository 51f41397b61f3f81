#include "tls/traffic_secrets.h"

#include <openssl/crypto.h>

#include <cstring>
#include <string_view>
#include <utility>

namespace sluice {
namespace {

thread_local TrafficSecrets* current = nullptr;

}  // namespace

TrafficSecrets::~TrafficSecrets() {
  OPENSSL_cleanse(this, sizeof *this);
}

TrafficSecrets::Listening::Listening(TrafficSecrets* secrets)
    : before_(std::exchange(current, secrets)) {}
TrafficSecrets::Listening::~Listening() {
  current = before_;
}

TrafficSecrets* TrafficSecrets::listener() {
  return current;
}

void TrafficSecrets::Note(std::span<const uint8_t> label, std::span<const uint8_t> secret) {
  const std::string_view name(reinterpret_cast<const char*>(label.data()), label.size());
  if (name == "traffic upd") outdated_ = true;
  struct Place {
    std::string_view label;
    uint8_t* bytes;
    bool* has;
  };
  const Place places[] = {{"c ap traffic", client_, &has_client_},
                          {"s ap traffic", server_, &has_server_},
                          {"exp master", exporter_, &has_exporter_},
                          {"res master", resumption_, &has_resumption_}};
  for (const Place& place : places) {
    if (name != place.label) continue;
    if (size_ == 0 && secret.size() <= kMost) size_ = secret.size();
    if (secret.size() != size_) return;
    std::memcpy(place.bytes, secret.data(), size_);
    *place.has = true;
  }
}

}  // namespace sluice
