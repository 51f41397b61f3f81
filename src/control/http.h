// Internal. HTTP of what is asked from outside: a request a connection.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace sluice::control {

struct HttpAnswer {
  std::string_view status;  // "200 OK"
  std::string_view type;
  std::string body;
};
inline constexpr std::string_view kPlainText = "text/plain; charset=utf-8";

// ServeHttp reads a request from a blocking socket, and sends what answer() says to its path, that
// of a target without its query. Only GET and HEAD come there.
void ServeHttp(int client, const std::function<HttpAnswer(std::string_view path)>& answer);

}  // namespace sluice::control
