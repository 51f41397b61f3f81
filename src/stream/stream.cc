#include "sluice/stream.h"

namespace sluice {

void StreamHandler::OnConnect(Stream&, const Error&) {}
std::span<uint8_t> StreamHandler::OnBuffer(Stream& stream, size_t) {
  return {stream.loop().scratch(), Loop::kScratchSize};
}
void StreamHandler::OnDrain(Stream&) {}
void StreamHandler::OnShutdown(Stream&) {}
void StreamHandler::OnIdle(Stream&) {}
bool StreamHandler::OnGoAway(Stream&, uint64_t) {
  return false;
}
Socket* StreamHandler::OnCarry(Socket&) {
  return nullptr;
}

}  // namespace sluice
