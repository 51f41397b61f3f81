// Internal. Bytecode of the built-in modules: what the engine's parser and compiler make of their
// texts is made once, when sluice is built, and lies in the binary; functions are decoded when they
// are called first. It is of one build of the engine, which tells whether it is its own; any other
// engine reads the texts.
//
// The engine keeps such caches for its own embedders, as objects of C++. How those lie in memory is
// found out when the bytecode is made, by the engine that made it, and is part of the data.
#pragma once

#include <JavaScriptCore/JavaScript.h>

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace sluice::js {

namespace bytecode {
struct Image;
}

// Bytecode is what one VM has of it; it outlives the VM.
class Bytecode {
 public:
  Bytecode();
  ~Bytecode();
  Bytecode(const Bytecode&) = delete;
  Bytecode& operator=(const Bytecode&) = delete;

  // Has returns whether there is bytecode of BuiltinSources()[index], and Fast::kBytecode is on.
  bool Has(size_t index) const;
  // Run runs that module with self as its `this`; returns null with an exception. Has(index).
  JSValueRef Run(JSContextRef context, size_t index, JSStringRef url, JSObjectRef self,
                 JSValueRef* exception);
  // How many modules ran whose bytecode the engine took.
  int taken() const { return taken_; }

 private:
  // The engine's objects. It destroys none of them: one of the references is ours.
  std::vector<std::unique_ptr<bytecode::Image>> images_;
  int taken_ = 0;
};

// CheckBytecode turns Fast::kBytecode off where the data is not of the engine that runs. Once, before
// the first Run.
void CheckBytecode();

// UseBytecode has CheckBytecode look at other data than what the binary has; it stays. For the build,
// which tries what it made.
void UseBytecode(std::string_view data);

}  // namespace sluice::js
