#include "js/tls_handle.h"

#include <mutex>
#include <unordered_map>

namespace sluice::js {
namespace {

JSClassRef HandleClass() {
  static JSClassRef made = [] {
    JSClassDefinition definition = kJSClassDefinitionEmpty;
    definition.className = "TlsHandle";
    // The collector may run it on any thread; all that is shared may be let go there.
    definition.finalize = [](JSObjectRef object) {
      delete static_cast<TlsShared*>(JSObjectGetPrivate(object));
    };
    return JSClassCreate(&definition);
  }();
  return made;
}

struct Tokens {
  std::mutex mutex;  // guards the rest
  double last = 0;
  std::unordered_map<double, TlsShared> map;
};
Tokens& AllTokens() {
  static Tokens* tokens = new Tokens;
  return *tokens;
}

}  // namespace

JSObjectRef MakeTlsHandle(JSContextRef context, TlsShared shared) {
  return JSObjectMake(context, HandleClass(), new TlsShared(std::move(shared)));
}

TlsShared* TlsHandleOf(JSContextRef context, JSValueRef value) {
  if (!JSValueIsObjectOfClass(context, value, HandleClass())) return nullptr;
  return static_cast<TlsShared*>(JSObjectGetPrivate(const_cast<JSObjectRef>(value)));
}

double ShareTls(TlsShared shared) {
  Tokens& tokens = AllTokens();
  std::lock_guard lock(tokens.mutex);
  tokens.map.emplace(++tokens.last, std::move(shared));
  return tokens.last;
}

bool TakeTls(double token, TlsShared* shared) {
  Tokens& tokens = AllTokens();
  std::lock_guard lock(tokens.mutex);
  auto found = tokens.map.find(token);
  if (found == tokens.map.end()) return false;
  *shared = found->second;
  return true;
}

void ForgetTls(double token) {
  TlsShared gone;
  Tokens& tokens = AllTokens();
  std::lock_guard lock(tokens.mutex);
  auto entry = tokens.map.extract(token);
  if (!entry.empty()) gone = std::move(entry.mapped());
}

}  // namespace sluice::js
