// Internal. ParseJson: reads JSON of few levels, as requests and policies are.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace sluice {

// JsonObject has the members of an object by their names: texts as they mean, numbers, true, false
// and null as they are written. The members of an object within it are named outer.inner, the
// elements of an array outer[0], and an empty one outer[].
using JsonObject = std::map<std::string, std::string, std::less<>>;

// ParseJson returns nothing for what is no such object, or more than deepest levels deep.
std::optional<JsonObject> ParseJson(std::string_view text, int deepest = 1);

}  // namespace sluice
