// An HTTP server for scrapes alone.
#include <cerrno>
#include <utility>

#include "control/http.h"
#include "control/metrics.h"
#include "control/service.h"
#include "sluice/ledger.h"
#include "sys/sys.h"

namespace sluice::control {

Address ServeMetrics(const grant::AddressGrant& address, std::string path, Error* error) {
  Address bound;
  int fd = ListenAt(address, &bound, error);
  if (fd < 0) return {};
  auto answer = [path = std::move(path)](const HttpRequest& request) -> HttpAnswer {
    if (request.path != path)
      return {"404 Not Found", kPlainText, "the metrics are at " + path + "\n"};
    return {"200 OK", Ledger::kMetricsType, MetricsText()};
  };
  if (StartService(fd, Crowd::kDropIdle,
                   [answer = std::move(answer)](int client) { ServeHttp(client, answer); }))
    return bound;
  *error = Error::System("listen", EAGAIN, address.address().text());
  sys::Close(fd);
  return {};
}

}  // namespace sluice::control
