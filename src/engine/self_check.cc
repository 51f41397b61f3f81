#include "engine/self_check.h"

#include <cmath>
#include <cstdint>
#include <mutex>

#include "engine/buffer_count.h"
#include "engine/bytecode.h"
#include "engine/jsc_spi.h"
#include "engine/stack_traces.h"
#include "engine/text.h"
#include "engine/value.h"
#include "engine/view.h"

namespace sluice::js {
namespace {

using spi::Fast;

// Small integers, then cells, then what is neither.
bool ValuesAreTagged(JSContextRef context) {
  for (int number : {0, 42, -7, INT32_MAX, INT32_MIN}) {
    JSValueRef value = JSValueMakeNumber(context, number);
    if (spi::SmallInteger(value) != number || spi::CellOf(value) != nullptr) return false;
  }
  for (JSValueRef cell :
       {static_cast<JSValueRef>(JSObjectMake(context, nullptr, nullptr)),
        JSValueMakeString(context, String("x").get()), JSValueMakeSymbol(context, nullptr)})
    if (spi::SmallInteger(cell) || spi::CellOf(cell) == nullptr) return false;
  for (JSValueRef other : {JSValueMakeNumber(context, 0.5), JSValueMakeNumber(context, -0.0),
                           JSValueMakeNumber(context, 4294967296), JSValueMakeNumber(context, NAN),
                           JSValueMakeBoolean(context, true), JSValueMakeBoolean(context, false),
                           JSValueMakeNull(context), JSValueMakeUndefined(context)})
    if (spi::SmallInteger(other) || spi::CellOf(other) != nullptr) return false;
  return true;
}

// Answers 43 if its arguments are (42, 'x', undefined), and throws 44 if not.
JSValueRef Probe(JSContextRef context, const JSValueRef* frame) {
  auto arguments = spi::FrameArguments(frame);
  bool expected = arguments.size() == 3 && JSValueIsNumber(context, arguments[0]) &&
                  JSValueToNumber(context, arguments[0], nullptr) == 42 &&
                  JSValueIsString(context, arguments[1]) && Text(context, arguments[1]) == "x" &&
                  JSValueIsUndefined(context, arguments[2]);
  if (expected) return JSValueMakeNumber(context, 43);
  spi::table.throw_exception(JSContextGetGroup(context), context, JSValueMakeNumber(context, 44));
  return JSValueMakeUndefined(context);
}

bool FunctionsAreCalled(JSContextRef context) {
  JSObjectRef probe = spi::MakeHostFunction(context, "probe", Probe);
  if (probe == nullptr || !JSObjectIsFunction(context, probe)) return false;
  JSValueRef arguments[] = {JSValueMakeNumber(context, 42),
                            JSValueMakeString(context, String("x").get()),
                            JSValueMakeUndefined(context)};
  JSValueRef thrown = nullptr;
  JSValueRef answer = JSObjectCallAsFunction(context, probe, nullptr, 3, arguments, &thrown);
  if (thrown != nullptr || answer == nullptr || !JSValueIsNumber(context, answer) ||
      JSValueToNumber(context, answer, nullptr) != 43)
    return false;
  answer = JSObjectCallAsFunction(context, probe, nullptr, 0, nullptr, &thrown);
  return answer == nullptr && thrown != nullptr && JSValueIsNumber(context, thrown) &&
         JSValueToNumber(context, thrown, nullptr) == 44;
}

bool BuffersAreCounted(JSContextRef context) {
  BufferCount* count = BufferCount::For(JSContextGetGlobalContext(context));
  bool known = count->known();
  count->Leave();
  return known;
}

}  // namespace

void SelfCheck(JSContextRef context) {
  static std::once_flag once;
  std::call_once(once, [context] {
    spi::Load();
    auto check = [&](Fast fast, bool (*as_expected)(JSContextRef)) {
      if (spi::On(fast) && !as_expected(context)) spi::TurnOff(fast);
    };
    spi::table.lock(context);
    check(Fast::kIntegers, ValuesAreTagged);
    if (!spi::On(Fast::kIntegers)) {  // these look at cells
      spi::TurnOff(Fast::kStrings);
      spi::TurnOff(Fast::kViews);
      spi::TurnOff(Fast::kTraces);
      spi::TurnOff(Fast::kSharing);
    }
    check(Fast::kFunctions, FunctionsAreCalled);
    check(Fast::kBuffers, BuffersAreCounted);
    LearnStrings(context);
    LearnViews(context);
    LearnTraces(context);
    CheckBytecode();
    spi::table.unlock(context);
  });
}

}  // namespace sluice::js
