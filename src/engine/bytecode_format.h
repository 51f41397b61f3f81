// Internal. How the data with the bytecode of the built-in modules lies (bytecode.h): written by
// tools/write_bytecode.cc when sluice is built.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sluice::js::bytecode {

inline constexpr std::string_view kMagic = "sluice bytecode\n";

// The data begins with this, then one Entry for each of BuiltinSources(), then their bytes.
struct Header {
  char magic[16];
  char digest[64];          // BuiltinDigest()
  uint32_t engine_version;  // what the engine calls the version of its bytecode: a hash of its build
  uint32_t source_word;     // which word of a script is the counted block of its text
  uint32_t leaves_word;     // which word of an image is the table of functions that were decoded
  uint32_t count;
};
struct Entry {
  uint32_t offset;  // from the header; a multiple of 16
  uint32_t size;    // 0: there is none
  uint32_t hash;    // Block::hash of the text
  uint32_t unused;
};

// The counted block of a text, as the engine keeps it.
struct Block {
  uint32_t references;
  uint32_t length;
  const void* characters;
  uint32_t hash;  // the low eight bits are no part of it
};

// The engine's object for bytecode. references is a part of the first word. Of the rest sluice only
// knows that zeros stand for no tables, and memory that the engine would free.
struct Image {
  uint32_t references = 1;
  uintptr_t size;
  const void* bytes;
  uintptr_t length;
  uintptr_t rest[12] = {};
};

// What the engine calls SourceCode: a part of a script's text, and where it is in its file.
struct Source {
  void* script;
  int begin, end;
  int line = 0, column = 0;
};

// What stands before the first entry of a table of the engine's, at the begin of its memory.
struct TableHead {
  uint32_t deleted;
  uint32_t used;
  uint32_t mask;
  uint32_t size;
};

}  // namespace sluice::js::bytecode
