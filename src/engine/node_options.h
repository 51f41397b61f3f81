// Internal. The options of the command that JavaScript reads.
#pragma once

#include <string_view>

namespace sluice::js {

// Options that JavaScript reads: those of Node that scripts and packages pass, and sluice's.
// lib/internal/process/flags.js gives those that mean something here their effect; the others ask
// for what is so anyway, or for less memory or more checks of another engine.
struct NodeOption {
  std::string_view name;
  enum { kFlag, kValue, kAttached } kind;  // kAttached: the value only after a =
};
inline constexpr NodeOption kNodeOptions[] = {
    {"-C", NodeOption::kValue},
    {"--abort-on-uncaught-exception", NodeOption::kFlag},
    {"--activated", NodeOption::kFlag},  // sluice's own (lib/internal/net/service.js)
    {"--conditions", NodeOption::kValue},
    {"--disable-proto", NodeOption::kAttached},
    {"--disable-warning", NodeOption::kValue},
    {"--dns-result-order", NodeOption::kValue},
    {"--drain", NodeOption::kAttached},        // sluice's own (lib/internal/net/terminate.js)
    {"--drain-grace", NodeOption::kAttached},  // likewise
    {"--enable-source-maps", NodeOption::kFlag},
    {"--expose-gc", NodeOption::kFlag},
    {"--force-node-api-uncaught-exceptions-policy", NodeOption::kFlag},
    {"--import", NodeOption::kValue},
    {"--insecure-http-parser", NodeOption::kFlag},
    {"--jitless", NodeOption::kFlag},
    {"--max-http-header-size", NodeOption::kValue},
    {"--max-old-space-size", NodeOption::kAttached},
    {"--max-semi-space-size", NodeOption::kAttached},
    {"--network-family-autoselection-attempt-timeout", NodeOption::kValue},
    {"--no-addons", NodeOption::kFlag},
    {"--no-deprecation", NodeOption::kFlag},
    {"--no-global-search-paths", NodeOption::kFlag},
    {"--no-network-family-autoselection", NodeOption::kFlag},
    {"--no-warnings", NodeOption::kFlag},
    {"--node-memory-debug", NodeOption::kFlag},
    {"--openssl-legacy-provider", NodeOption::kFlag},
    {"--optimize-for-size", NodeOption::kFlag},
    {"--pending-deprecation", NodeOption::kFlag},
    {"--preserve-symlinks", NodeOption::kFlag},
    {"--preserve-symlinks-main", NodeOption::kFlag},
    {"--redirect-warnings", NodeOption::kValue},
    {"--report-compact", NodeOption::kFlag},
    {"--report-dir", NodeOption::kValue},
    {"--report-directory", NodeOption::kValue},
    {"--report-exclude-env", NodeOption::kFlag},
    {"--report-exclude-network", NodeOption::kFlag},
    {"--report-filename", NodeOption::kValue},
    {"--report-on-fatalerror", NodeOption::kFlag},
    {"--report-on-signal", NodeOption::kFlag},
    {"--report-signal", NodeOption::kValue},
    {"--report-uncaught-exception", NodeOption::kFlag},
    {"--secure-heap", NodeOption::kValue},
    {"--stack-size", NodeOption::kAttached},
    {"--stack-trace-limit", NodeOption::kAttached},
    {"--test-concurrency", NodeOption::kValue},
    {"--test-force-exit", NodeOption::kFlag},
    {"--test-isolation", NodeOption::kValue},
    {"--test-name-pattern", NodeOption::kValue},
    {"--test-only", NodeOption::kFlag},
    {"--test-reporter", NodeOption::kValue},
    {"--test-reporter-destination", NodeOption::kValue},
    {"--test-shard", NodeOption::kValue},
    {"--test-skip-pattern", NodeOption::kValue},
    {"--test-timeout", NodeOption::kValue},
    {"--test-update-snapshots", NodeOption::kFlag},
    {"--throw-deprecation", NodeOption::kFlag},
    {"--title", NodeOption::kValue},
    {"--tls-cipher-list", NodeOption::kValue},
    {"--tls-keylog", NodeOption::kValue},
    {"--tls-max-v1.2", NodeOption::kFlag},
    {"--tls-max-v1.3", NodeOption::kFlag},
    {"--tls-min-v1.0", NodeOption::kFlag},
    {"--tls-min-v1.1", NodeOption::kFlag},
    {"--tls-min-v1.2", NodeOption::kFlag},
    {"--tls-min-v1.3", NodeOption::kFlag},
    {"--trace-deprecation", NodeOption::kFlag},
    {"--trace-exit", NodeOption::kFlag},
    {"--trace-sigint", NodeOption::kFlag},
    {"--trace-sync-io", NodeOption::kFlag},
    {"--trace-uncaught", NodeOption::kFlag},
    {"--trace-warnings", NodeOption::kFlag},
    {"--unhandled-rejections", NodeOption::kValue},
    {"--use-bundled-ca", NodeOption::kFlag},
    {"--use-env-proxy", NodeOption::kFlag},
    {"--use-openssl-ca", NodeOption::kFlag},
    {"--use-system-ca", NodeOption::kFlag},
    {"--verify-base-objects", NodeOption::kFlag},
    {"--zero-fill-buffers", NodeOption::kFlag},
};

}  // namespace sluice::js
