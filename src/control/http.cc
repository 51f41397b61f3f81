#include "control/http.h"

#include <strings.h>
#include <sys/time.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <utility>

#include "control/service.h"
#include "sys/sys.h"

namespace sluice::control {
namespace {

constexpr int kBacklog = 16;
constexpr size_t kLongestLine = 8 * 1024;
constexpr int kMostLines = 100;        // of a request's head
constexpr time_t kRequestSeconds = 5;  // between two pieces of it

std::string_view Trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\r')) text.remove_suffix(1);
  return text;
}

std::optional<HttpRequest> ReadRequest(int client) {
  timeval limit{kRequestSeconds, 0};
  (void)setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  LineReader reader(client, kLongestLine);
  std::string first, line;
  if (!reader.Next(&first)) return std::nullopt;
  HttpRequest request;
  for (int i = 0;; ++i) {
    if (i == kMostLines || !reader.Next(&line)) return std::nullopt;
    if (line.empty() || line == "\r") break;
    size_t colon = line.find(':');
    if (colon != line.npos && strcasecmp(line.substr(0, colon).c_str(), "host") == 0)
      request.host = Trimmed(std::string_view(line).substr(colon + 1));
  }
  std::string_view rest = first;
  request.method = rest.substr(0, rest.find(' '));
  rest.remove_prefix(std::min(rest.size(), request.method.size() + 1));
  std::string_view target = rest.substr(0, rest.find(' '));
  request.path = target.substr(0, target.find('?'));
  return request;
}

}  // namespace

Address ServeHttp(const Address& address,
                  std::function<void(int client, const HttpRequest& request)> serve, Error* error) {
  int fd = sys::Socket(address.family(), SOCK_STREAM);
  int result = fd;
  if (result >= 0) result = sys::SetOption(fd, SOL_SOCKET, SO_REUSEADDR, 1);
  if (result >= 0) result = sys::Bind(fd, address);
  if (result >= 0) result = sys::Listen(fd, kBacklog);
  Address bound;
  if (result >= 0) result = sys::LocalAddress(fd, &bound);
  auto answer = [serve = std::move(serve)](int client) {
    auto request = ReadRequest(client);
    if (!request) return;
    if (request->method == "GET" || request->method == "HEAD")
      serve(client, *request);
    else
      SendReply(client, *request, "405 Method Not Allowed", "text/plain; charset=utf-8",
                "GET or HEAD\n");
    (void)sys::ShutdownWrite(client);
  };
  if (result >= 0 && StartService(fd, std::move(answer))) return bound;
  *error = Error::System("listen", result < 0 ? -result : EAGAIN, address.text());
  if (fd >= 0) sys::Close(fd);
  return {};
}

void SendReply(int client, const HttpRequest& request, std::string_view status,
               std::string_view type, std::string_view body, std::string_view headers) {
  std::string text = "HTTP/1.1 " + std::string(status) + "\r\nContent-Type: " + std::string(type) +
                     "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
                     std::string(headers) + "Connection: close\r\n\r\n";
  if (request.method != "HEAD") text += body;
  Send(client, text);
}

std::optional<Address> ParseEndpoint(std::string_view text) {
  size_t colon = text.rfind(':');
  std::string_view host = colon == text.npos ? "127.0.0.1" : text.substr(0, colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']')
    host = host.substr(1, host.size() - 2);
  std::string_view digits = text.substr(colon == text.npos ? 0 : colon + 1);
  unsigned port = 0;
  auto [end, wrong] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (digits.empty() || wrong != std::errc() || end != digits.data() + digits.size() ||
      port > 65535)
    return std::nullopt;
  return Address::Ip(host, static_cast<uint16_t>(port));
}

}  // namespace sluice::control
