#include "control/http.h"

#include <strings.h>

#include <algorithm>
#include <charconv>

#include "control/service.h"
#include "sys/sys.h"

namespace sluice::control {
namespace {

constexpr size_t kLongestLine = 8 * 1024;
constexpr int kMostLines = 100;        // of a request's head
constexpr uint64_t kRequestMs = 5000;  // for all of it

void Reply(int client, const HttpAnswer& answer, bool with_body) {
  std::string text = "HTTP/1.1 " + std::string(answer.status) +
                     "\r\nContent-Type: " + std::string(answer.type) + "\r\n";
  if (!answer.stream) text += "Content-Length: " + std::to_string(answer.body.size()) + "\r\n";
  text.append(answer.headers).append("Connection: close\r\n\r\n");
  if (with_body) text += answer.body;
  if (Send(client, text) && with_body && answer.stream) answer.stream(client);
}

std::string_view Trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\r')) text.remove_suffix(1);
  return text;
}

}  // namespace

void ServeHttp(int client, const std::function<HttpAnswer(const HttpRequest&)>& answer) {
  LineReader reader(client, kLongestLine, sys::MonotonicMs() + kRequestMs);
  std::string first, line;
  HttpRequest request;
  if (!reader.Next(&first)) return;
  for (int i = 0; i < kMostLines; ++i) {
    if (!reader.Next(&line)) return;
    if (line.empty() || line == "\r") break;
    size_t colon = line.find(':');
    if (colon != line.npos && strcasecmp(line.substr(0, colon).c_str(), "host") == 0)
      request.host = Trimmed(std::string_view(line).substr(colon + 1));
  }
  std::string_view rest = first;
  std::string_view method = rest.substr(0, rest.find(' '));
  rest.remove_prefix(std::min(rest.size(), method.size() + 1));
  std::string_view target = rest.substr(0, rest.find(' '));
  request.path = target.substr(0, target.find('?'));
  bool head = method == "HEAD";
  if (method != "GET" && !head)
    Reply(client, {"405 Method Not Allowed", kPlainText, "GET or HEAD\n"}, true);
  else
    Reply(client, answer(request), !head);
  (void)sys::ShutdownWrite(client);
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
