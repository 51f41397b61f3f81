#include "control/http.h"

#include <sys/time.h>

#include <algorithm>

#include "control/service.h"
#include "sys/sys.h"

namespace sluice::control {
namespace {

constexpr size_t kLongestLine = 8 * 1024;
constexpr int kMostLines = 100;        // of a request's head
constexpr time_t kRequestSeconds = 5;  // between two pieces of it

void Reply(int client, const HttpAnswer& answer, bool with_body) {
  std::string text = "HTTP/1.1 " + std::string(answer.status) +
                     "\r\nContent-Type: " + std::string(answer.type) +
                     "\r\nContent-Length: " + std::to_string(answer.body.size()) +
                     "\r\nConnection: close\r\n\r\n";
  if (with_body) text += answer.body;
  Send(client, text);
}

}  // namespace

void ServeHttp(int client, const std::function<HttpAnswer(std::string_view path)>& answer) {
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
  if (method != "GET" && !head)
    Reply(client, {"405 Method Not Allowed", kPlainText, "GET or HEAD\n"}, true);
  else
    Reply(client, answer(target.substr(0, target.find('?'))), !head);
  (void)sys::ShutdownWrite(client);
}

}  // namespace sluice::control
