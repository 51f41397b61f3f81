// Internal. ViewOf: the bytes of a Uint8Array at the cost of a few loads.
#pragma once

#include <JavaScriptCore/JavaScript.h>

#include <cstdint>
#include <optional>
#include <span>

namespace sluice::js {

// The public API takes four calls of some 20 ns each to tell where the bytes of a Uint8Array are,
// and gives a small one an ArrayBuffer that it had not. ViewOf looks at the object itself. Nothing
// if value is no Uint8Array of fixed length, or if the engine's objects are not as expected: the
// API tells then. Unlike the API's answer the bytes are good only until JavaScript runs, which may detach them.
// Thread of the value's engine.
std::optional<std::span<uint8_t>> ViewOf(JSValueRef value);

// LearnViews compares what is read so with what the API says, and turns the path off if they
// differ. Once, before any view is read.
void LearnViews(JSContextRef context);

}  // namespace sluice::js
