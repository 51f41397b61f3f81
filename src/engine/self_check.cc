#include "engine/self_check.h"

#include <mutex>

#include "engine/buffer_count.h"
#include "engine/jsc_spi.h"
#include "engine/stack_traces.h"
#include "engine/text.h"
#include "engine/value.h"
#include "engine/view.h"

namespace sluice::js {
namespace {

using spi::Fast;

JSValueRef Evaluate(JSContextRef context, const char* code) {
  return JSEvaluateScript(context, String(code).get(), nullptr, nullptr, 1, nullptr);
}

// Small integers, then cells, then what is neither.
constexpr const char* kValues = R"([0, 42, -7, 2147483647, -2147483648,
  {}, [], 'x', Symbol(), 12345678901234567890n, () => {},
  0.5, -0, 4294967296, NaN, true, false, null, undefined])";
constexpr size_t kIntegers = 5;
constexpr size_t kCells = 6;

bool ValuesAreTagged(JSContextRef context) {
  JSValueRef exception = nullptr;
  auto values = Elements(context, Evaluate(context, kValues), &exception);
  if (values.size() < kIntegers + kCells || exception != nullptr) return false;
  for (size_t i = 0; i < values.size(); ++i) {
    auto small = spi::SmallInteger(values[i]);
    bool cell = spi::CellOf(values[i]) != nullptr;
    if (small.has_value() != (i < kIntegers)) return false;
    if (small && *small != JSValueToNumber(context, values[i], nullptr)) return false;
    if (cell != (i >= kIntegers && i < kIntegers + kCells)) return false;
  }
  return true;
}

// What Probe saw: whether its arguments were (42, 'x', undefined).
thread_local bool seen = false;

JSValueRef Probe(JSContextRef context, const JSValueRef* frame) {
  auto arguments = spi::FrameArguments(frame);
  seen = arguments.size() == 3 && JSValueIsNumber(context, arguments[0]) &&
         JSValueToNumber(context, arguments[0], nullptr) == 42 &&
         JSValueIsString(context, arguments[1]) && Text(context, arguments[1]) == "x" &&
         JSValueIsUndefined(context, arguments[2]);
  if (seen) return JSValueMakeNumber(context, 43);
  spi::table.throw_exception(JSContextGetGroup(context), context, JSValueMakeNumber(context, 44));
  return JSValueMakeUndefined(context);
}

bool FunctionsAreCalled(JSContextRef context) {
  JSObjectRef probe = spi::MakeHostFunction(context, "probe", Probe);
  JSValueRef caller = Evaluate(context, R"((probe) => {
    if (probe.name !== 'probe' || probe(42, 'x', undefined) !== 43) return 0;
    try { probe(); } catch (error) { return error; }
  })");
  if (probe == nullptr || caller == nullptr) return false;
  JSValueRef argument = probe;
  JSValueRef answer = JSObjectCallAsFunction(context, const_cast<JSObjectRef>(caller), nullptr, 1,
                                             &argument, nullptr);
  return answer != nullptr && JSValueToNumber(context, answer, nullptr) == 44 && !seen;
}

bool JobsRun(JSContextRef context) {
  JSValueRef list = Evaluate(context,
                             "{ const list = []; Promise.resolve(42).then((n) => list.push(n)); "
                             "list }");
  if (list == nullptr) return false;
  spi::table.drain_microtasks(JSContextGetGroup(context));
  JSValueRef exception = nullptr;
  return Elements(context, list, &exception).size() == 1;
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
    }
    check(Fast::kFunctions, FunctionsAreCalled);
    check(Fast::kMicrotasks, JobsRun);
    check(Fast::kBuffers, BuffersAreCounted);
    LearnStrings(context);
    LearnViews(context);
    LearnTraces(context);
    spi::table.unlock(context);
  });
}

}  // namespace sluice::js
