// Internal. Files that are embedded in the command; tools/embed.mjs makes the table.
#pragma once

#include <span>
#include <string_view>

namespace sluice::cli {

struct Text {
  std::string_view name;  // "licenses", "service/server.js"
  std::string_view text;
};

// Texts returns all of them. Static storage.
std::span<const Text> Texts();

}  // namespace sluice::cli
