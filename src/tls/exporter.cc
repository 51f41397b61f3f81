#include "tls/exporter.h"

#include "tls/hkdf.h"

namespace sluice {
namespace {

std::span<const uint8_t> Bytes(std::string_view text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

template <class Hash>
void Digest(std::span<const uint8_t> data, uint8_t (&out)[Hash::kSize]) {
  typename Hash::State state;
  Hash::Init(&state);
  Hash::Update(&state, data);
  Hash::Final(&state, out);
}

template <class Hash>
bool Export(std::span<const uint8_t> secret, std::string_view label,
            std::span<const uint8_t> context, std::span<uint8_t> out) {
  uint8_t of_nothing[Hash::kSize], of_context[Hash::kSize], of_label[Hash::kSize];
  Digest<Hash>({}, of_nothing);
  Digest<Hash>(context, of_context);
  bool ok = ExpandLabel<Hash>(secret, Bytes("tls13 "), Bytes(label), of_nothing, of_label) &&
            ExpandLabel<Hash>(of_label, Bytes("tls13 "), Bytes("exporter"), of_context, out);
  OPENSSL_cleanse(of_label, sizeof of_label);
  return ok;
}

}  // namespace

bool ExportKeyingMaterial(RecordSuite suite, std::span<const uint8_t> secret,
                          std::string_view label, std::span<const uint8_t> context,
                          std::span<uint8_t> out) {
  auto make = RecordDigestSize(suite) == Sha384::kSize ? Export<Sha384> : Export<Sha256>;
  return make(secret, label, context, out);
}

}  // namespace sluice
