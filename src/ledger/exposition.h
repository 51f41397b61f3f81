// Internal. Text of the Prometheus exposition format, version 0.0.4
// (https://prometheus.io/docs/instrumenting/exposition_formats).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sluice {

// AppendHead appends the lines HELP and TYPE.
void AppendHead(std::string* out, std::string_view name, std::string_view type,
                std::string_view help);
// AppendSample appends a line. labels: as they are written, without their braces.
void AppendSample(std::string* out, std::string_view name, std::string_view labels, double value);
// AppendHistogram appends the lines of one; counts: of values up to each bound and above the one
// before, and of those above all.
void AppendHistogram(std::string* out, std::string_view name, std::string_view labels,
                     std::span<const double> bounds, std::span<const uint64_t> counts, double sum);
// AppendLedgerMetrics appends what was counted of connections, groups, certificates and admissions,
// and what the system says of the process. Any thread; it waits for none.
void AppendLedgerMetrics(std::string* out);
// Label returns name="value".
std::string Label(std::string_view name, std::string_view value);

}  // namespace sluice
