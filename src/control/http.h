// Internal. As much of HTTP as pages for people and scrapers need: a request a connection.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "sluice/address.h"
#include "sluice/error.h"

namespace sluice::control {

struct HttpRequest {
  std::string method;
  std::string path;  // without what follows a ?
  std::string host;  // the header Host, "" for none
};

// ServeHttp has serve() answer each client that connects to address, on a thread of its own.
// Returns the address with its port; none on failure, and sets *error. Any thread.
Address ServeHttp(const Address& address,
                  std::function<void(int client, const HttpRequest& request)> serve, Error* error);

// SendReply answers a request, and ends the connection's side. headers: further ones, each with its
// line end. Answers HEAD without a body.
void SendReply(int client, const HttpRequest& request, std::string_view status,
               std::string_view type, std::string_view body, std::string_view headers = {});

// ParseEndpoint reads "[HOST:]PORT"; without a host it is 127.0.0.1.
std::optional<Address> ParseEndpoint(std::string_view text);

}  // namespace sluice::control
