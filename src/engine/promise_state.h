// Internal. PromiseStateOf: what a promise has come to, which no function of the engine's tells.
#pragma once

#include <JavaScriptCore/JavaScript.h>

#include <optional>
#include <utility>

namespace sluice::js {

// PromiseStateOf returns whether a promise of the engine's own is pending (0), fulfilled (1) or
// rejected (2), and what it was settled with; nothing for every other object, and where promises
// that are made to see it do not look as expected. Thread of the object's engine.
std::optional<std::pair<unsigned, JSValueRef>> PromiseStateOf(JSContextRef context,
                                                              JSObjectRef object);

}  // namespace sluice::js
