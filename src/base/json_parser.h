// Internal. ParseJson: reads JSON of one level, as requests are.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace sluice {

// JsonObject has the members of an object by their names: texts as they mean, numbers, true, false
// and null as they are written. The members of an object within it are named outer.inner.
using JsonObject = std::map<std::string, std::string, std::less<>>;

// ParseJson returns nothing for what is no such object: arrays, or objects more than one level
// deep.
std::optional<JsonObject> ParseJson(std::string_view text);

}  // namespace sluice
