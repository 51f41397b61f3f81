// An HTTP server for scrapes alone: a request a connection.
#include <sys/time.h>

#include <utility>

#include "control/exposition.h"
#include "control/metrics.h"
#include "control/service.h"
#include "sys/sys.h"

namespace sluice::control {
namespace {

constexpr int kBacklog = 16;
constexpr size_t kLongestLine = 8 * 1024;
constexpr int kMostLines = 100;        // of a request's head
constexpr time_t kRequestSeconds = 5;  // between two pieces of it

std::string Reply(std::string_view status, std::string_view type, std::string_view body,
                  bool with_body) {
  std::string text = "HTTP/1.1 " + std::string(status) + "\r\nContent-Type: " + std::string(type) +
                     "\r\nContent-Length: " + std::to_string(body.size()) +
                     "\r\nConnection: close\r\n\r\n";
  if (with_body) text += body;
  return text;
}

void Serve(int client, const std::string& path) {
  timeval limit{kRequestSeconds, 0};
  (void)setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  LineReader reader(client, kLongestLine);
  std::string request, line;
  if (!reader.Next(&request)) return;
  for (int i = 0; i < kMostLines; ++i) {
    if (!reader.Next(&line)) return;
    if (line.empty() || line == "\r") break;
  }
  std::string_view rest = request;
  std::string_view method = rest.substr(0, rest.find(' '));
  rest.remove_prefix(std::min(rest.size(), method.size() + 1));
  std::string_view target = rest.substr(0, rest.find(' '));
  bool head = method == "HEAD";
  constexpr std::string_view kPlain = "text/plain; charset=utf-8";
  if (method != "GET" && !head)
    Send(client, Reply("405 Method Not Allowed", kPlain, "GET or HEAD\n", true));
  else if (target.substr(0, target.find('?')) != path)
    Send(client, Reply("404 Not Found", kPlain, "the metrics are at " + path + "\n", !head));
  else
    Send(client, Reply("200 OK", kExpositionType, MetricsText(), !head));
  (void)sys::ShutdownWrite(client);
}

}  // namespace

Address ServeMetrics(const Address& address, std::string path, Error* error) {
  int fd = sys::Socket(address.family(), SOCK_STREAM);
  int result = fd;
  if (result >= 0) result = sys::SetOption(fd, SOL_SOCKET, SO_REUSEADDR, 1);
  if (result >= 0) result = sys::Bind(fd, grant::OwnAddress(address));
  if (result >= 0) result = sys::Listen(fd, kBacklog);
  Address bound;
  if (result >= 0) result = sys::LocalAddress(fd, &bound);
  if (result >= 0 &&
      StartService(fd, [path = std::move(path)](int client) { Serve(client, path); }))
    return bound;
  *error = Error::System("listen", result < 0 ? -result : EAGAIN, address.text());
  if (fd >= 0) sys::Close(fd);
  return {};
}

}  // namespace sluice::control
