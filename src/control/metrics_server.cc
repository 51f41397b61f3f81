// The page for Prometheus.
#include <utility>

#include "control/exposition.h"
#include "control/http.h"
#include "control/metrics.h"

namespace sluice::control {

Address ServeMetrics(const Address& address, std::string path, Error* error) {
  auto serve = [path = std::move(path)](int client, const HttpRequest& request) {
    if (request.path != path)
      SendReply(client, request, "404 Not Found", "text/plain; charset=utf-8",
                "the metrics are at " + path + "\n");
    else
      SendReply(client, request, "200 OK", kExpositionType, MetricsText());
  };
  return ServeHttp(address, std::move(serve), error);
}

}  // namespace sluice::control
