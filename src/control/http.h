// Internal. HTTP of what is asked from outside: a request a connection.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "sluice/address.h"

namespace sluice::control {

struct HttpRequest {
  std::string path;  // of the target, without its query
  std::string host;  // the header of that name, "" for none
};
struct HttpAnswer {
  std::string_view status;  // "200 OK"
  std::string_view type;
  std::string body;
  std::string_view headers = {};  // further ones, each with its line end
  // What sends the body instead, without an end of its own.
  std::function<void(int client)> stream = {};
};
inline constexpr std::string_view kPlainText = "text/plain; charset=utf-8";

// ServeHttp reads a request from a blocking socket, and sends what answer() says to it. Only GET
// and HEAD come there.
void ServeHttp(int client, const std::function<HttpAnswer(const HttpRequest&)>& answer);

// ParseEndpoint reads "[HOST:]PORT"; without a host it is 127.0.0.1.
std::optional<Address> ParseEndpoint(std::string_view text);

}  // namespace sluice::control
