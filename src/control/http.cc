#include "control/http.h"

#include <strings.h>

#include <algorithm>
#include <charconv>
#include <chrono>

#include "control/service.h"
#include "sys/sys.h"

namespace sluice::control {
namespace {

constexpr size_t kLongestLine = 8 * 1024;
constexpr int kMostLines = 100;               // of a request's head
constexpr std::chrono::seconds kPatience{5};  // for all of it

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

// Reads a request's head. Returns "", or the status that tells what is wrong with it, or null where
// there is nobody to tell.
const char* ReadHead(int client, std::string* method, HttpRequest* request) {
  constexpr const char* kTooLong = "431 Request Header Fields Too Large";
  LineReader reader(client, kLongestLine, kPatience);
  std::string first, line;
  if (!reader.Next(&first)) return reader.too_long() ? "414 URI Too Long" : nullptr;
  for (int i = 0;; ++i) {
    if (i == kMostLines) return kTooLong;
    if (!reader.Next(&line)) return reader.too_long() ? kTooLong : nullptr;
    if (line.empty() || line == "\r") break;
    size_t colon = line.find(':');
    if (colon != line.npos && strcasecmp(line.substr(0, colon).c_str(), "host") == 0)
      request->host = Trimmed(std::string_view(line).substr(colon + 1));
  }
  std::string_view rest = first;
  *method = rest.substr(0, rest.find(' '));
  rest.remove_prefix(std::min(rest.size(), method->size() + 1));
  std::string_view target = rest.substr(0, rest.find(' '));
  request->path = target.substr(0, target.find('?'));
  return "";
}

}  // namespace

void ServeHttp(int client, const std::function<HttpAnswer(const HttpRequest&)>& answer) {
  std::string method;
  HttpRequest request;
  const char* wrong = ReadHead(client, &method, &request);
  if (wrong == nullptr) return;
  bool head = method == "HEAD";
  if (*wrong != '\0')
    Reply(client, {wrong, kPlainText, std::string(wrong) + "\n"}, true);
  else if (method != "GET" && !head)
    Reply(client, {"405 Method Not Allowed", kPlainText, "GET or HEAD\n"}, true);
  else
    Reply(client, answer(request), !head);
  FinishSending(client);
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
