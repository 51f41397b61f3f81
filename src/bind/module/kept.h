// Internal. What is made of the texts of programs' files, kept on the disk so that it is made once:
// what transforms made, and the engine's bytecode. A file of the folder is for one kind and one
// path, and is used for exactly the text it was made of, by the same built-in modules, engine and
// options; one that is damaged is as good as none.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "bind/module/private_folder.h"
#include "engine/text.h"

namespace sluice::js {

// Of what something is made.
struct KeptKey {
  std::string_view kind;   // what is made: a word
  std::string_view path;   // the file's
  const Characters& text;  // the file's, as that which makes it was given it
};

// Kept is what was made once, as a file of the folder holds it. All of it is for the thread of the
// text's engine.
class Kept {
 public:
  struct Made {
    std::string_view bytes;  // begin at a multiple of 16
    uint32_t note = 0;       // what who made it wants to know of it
  };

  // Find returns what was kept in a folder that PrivateFolder::Open gave.
  static std::optional<Kept> Find(const std::string& folder, const KeptKey& key);
  // FindLasting is Find for what is used where it lies: unless it is empty it stays until the
  // process ends, once for all threads.
  static std::optional<Made> FindLasting(const std::string& folder, const KeptKey& key);
  // Keep keeps made in the place of what was kept for key's kind and path. What the system refuses
  // is not kept.
  static void Keep(const std::string& folder, const KeptKey& key, const Made& made);

  // While this is there.
  const Made& made() const { return made_; }

 private:
  explicit Kept(Mapping mapping) : mapping_(std::move(mapping)) {}
  // Read finds the parts; returns false if the file is none of these or is damaged.
  bool Read();
  // Whether all that it was made of is as key says.
  bool IsOf(const KeptKey& key) const;

  Mapping mapping_;
  Made made_;
  bool wide_ = false;  // whether the text has two bytes a character
  std::string_view text_;
  std::string_view maker_;
};

}  // namespace sluice::js
