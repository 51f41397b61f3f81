// Internal. Fields: a plain object of options that JavaScript passes.
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "engine/value.h"
#include "sluice/tls.h"

namespace sluice::js {

// Fields reads a plain object of options, each property once.
class Fields {
 public:
  Fields(Call& call, size_t i) : call_(call), object_(call.object(i)) {}
  explicit operator bool() const { return object_ != nullptr; }

  JSValueRef value(const char* name) const {
    return object_ != nullptr ? Get(call_.context(), object_, name) : call_.undefined();
  }
  bool has(const char* name) const {
    JSValueRef found = value(name);
    return !JSValueIsUndefined(call_.context(), found) && !JSValueIsNull(call_.context(), found);
  }
  std::string text(const char* name) const { return has(name) ? Content(value(name)) : ""; }
  bool flag(const char* name, bool otherwise) const {
    return has(name) ? JSValueToBoolean(call_.context(), value(name)) : otherwise;
  }
  double number(const char* name, double otherwise) const {
    if (!has(name)) return otherwise;
    double found = JSValueToNumber(call_.context(), value(name), call_.exception());
    return std::isfinite(found) && found >= 0 ? found : otherwise;
  }
  std::vector<std::string> list(const char* name) const {
    std::vector<std::string> all;
    for (JSValueRef one : Elements(call_.context(), value(name), call_.exception()))
      all.push_back(Content(one));
    return all;
  }
  // Each a string, bytes, or [data, passphrase].
  std::vector<TlsSecret> secrets(const char* name) const {
    std::vector<TlsSecret> all;
    for (JSValueRef one : Elements(call_.context(), value(name), call_.exception())) {
      auto pair = Elements(call_.context(), one, call_.exception());
      if (pair.size() == 2) {
        all.push_back({Content(pair[0]), Content(pair[1])});
      } else {
        all.push_back({Content(one), ""});
      }
    }
    return all;
  }

 private:
  // A string as UTF-8, or the bytes of a Buffer; nothing else is converted.
  std::string Content(JSValueRef value) const {
    if (call_.failed() || JSValueIsUndefined(call_.context(), value)) return {};
    Call one(call_.context(), 1, &value, call_.exception());
    if (one.is_string(0)) return one.string(0);
    auto bytes = one.bytes(0);
    return call_.failed() ? std::string()
                          : std::string(reinterpret_cast<char*>(bytes.data()), bytes.size());
  }

  Call& call_;
  JSObjectRef object_;
};

}  // namespace sluice::js
