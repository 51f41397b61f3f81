// Internal. Bytecode of scripts: what the engine's parser and compiler make of their texts, made
// once; functions are decoded when they are called first. That of the built-in modules is made when
// sluice is built, and lies in the binary. It is of one build of the engine, which tells whether it
// is its own; any other engine reads the texts.
//
// The engine keeps such caches for its own embedders, as objects of C++. How those lie in memory is
// found out when the bytecode is made, by the engine that made it, and is part of the data.
#pragma once

#include <JavaScriptCore/JavaScript.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace sluice::js {

namespace bytecode {
struct Image;
struct Script;
}  // namespace bytecode

class Characters;

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
  friend class ProgramScript;
  // Keep makes the engine's object for bytecode that stays where it is.
  bytecode::Image* Keep(std::string_view bytes);

  // The engine's objects. It destroys none of them: one of the references is ours.
  std::vector<std::unique_ptr<bytecode::Image>> images_;
  int taken_ = 0;
};

// ProgramScript is the text of a program's file, as a script of the engine's that may have
// bytecode. All of it with the API lock held.
class ProgramScript {
 public:
  // Whether this engine makes and takes bytecode of programs.
  static bool Possible();
  // What the engine calls the version of its bytecode.
  static uint32_t Version();

  // bytecode is that of the context's VM. text is not empty, url what stacks name the file by.
  ProgramScript(JSContextRef context, Bytecode& bytecode, const Characters& text, JSStringRef url);
  ~ProgramScript();
  ProgramScript(const ProgramScript&) = delete;
  ProgramScript& operator=(const ProgramScript&) = delete;

  struct Made {
    std::string_view bytes;  // begin at a multiple of 16
    uint32_t hash;           // the engine's, of the text
  };
  // Compile makes bytecode of the whole text, for Run; what it returns is there until Run. Nothing
  // if the text does not parse.
  std::optional<Made> Compile();
  // Take has Run use what Compile made of the same text by the same engine. The bytes stay where
  // they are until the VM's end.
  void Take(const Made& made);
  // Run runs the script; returns null with an exception. Once.
  JSValueRef Run(JSValueRef* exception);

 private:
  JSContextRef context_;
  Bytecode& bytecode_;
  int length_;
  bytecode::Script* script_;
  bytecode::Image* image_ = nullptr;  // one reference to it
};

namespace bytecode {
// Compile makes bytecode of a script with that many characters; returns the engine's object, of
// which the caller has one reference, or null. The functions of the engine that it takes must be
// there.
Image* Compile(JSContextGroupRef group, void* script, int length);
}  // namespace bytecode

// CheckBytecode turns Fast::kBytecode off where the data is not of the engine that runs. Once, before
// the first Run.
void CheckBytecode();

// UseBytecode has CheckBytecode look at other data than what the binary has; it stays. For the build,
// which tries what it made.
void UseBytecode(std::string_view data);

}  // namespace sluice::js
