// Internal. The text of programs: from bytes to the engine's strings.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/value.h"

namespace sluice::js {

// DecodeSource decodes UTF-8: a leading byte-order mark goes, what is not UTF-8 becomes U+FFFD,
// NUL bytes stay. ASCII text takes one byte a character in the engine. Any thread.
String DecodeSource(std::string_view bytes);
// MakeSourceStrings returns an array of what DecodeSource makes of each.
JSObjectRef MakeSourceStrings(JSContextRef context, const std::vector<std::string>& list);

// UnbalancedLine looks for a } that closes more than the source opened, counted both with and
// without the braces in strings and comments. It returns the 1-based line, or 0 if there is none.
// Regular expressions and nested templates can deceive it, so that a line is a reason to parse
// the source on its own, not an error.
int UnbalancedLine(JSStringRef source);

}  // namespace sluice::js
