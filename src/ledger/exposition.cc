#include "ledger/exposition.h"

#include <charconv>
#include <cmath>
#include <iterator>

#include "base/check.h"

namespace sluice {
namespace {

std::string Digits(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  // All digits that tell it from other numbers; whole ones without an exponent, for people.
  constexpr double kMostWhole = 1e15;
  bool plain = std::floor(value) == value && std::fabs(value) < kMostWhole;
  char text[32];
  auto [end, error] = std::to_chars(text, std::end(text), value,
                                    plain ? std::chars_format::fixed : std::chars_format::general);
  SLUICE_CHECK(error == std::errc());
  return {text, end};
}

std::string Escaped(std::string_view text, bool quotes) {
  std::string out;
  for (char c : text) {
    if (c == '\n') {
      out += "\\n";
      continue;
    }
    if (c == '\\' || (quotes && c == '"')) out += '\\';
    out += c;
  }
  return out;
}

}  // namespace

void AppendHead(std::string* out, std::string_view name, std::string_view type,
                std::string_view help) {
  out->append("# HELP ").append(name).append(" ").append(Escaped(help, false));
  out->append("\n# TYPE ").append(name).append(" ").append(type).append("\n");
}

void AppendSample(std::string* out, std::string_view name, std::string_view labels, double value) {
  out->append(name);
  if (!labels.empty()) out->append("{").append(labels).append("}");
  out->append(" ").append(Digits(value)).append("\n");
}

void AppendHistogram(std::string* out, std::string_view name, std::string_view labels,
                     std::span<const double> bounds, std::span<const uint64_t> counts, double sum) {
  std::string bucket = std::string(name) + "_bucket";
  std::string before = labels.empty() ? "" : std::string(labels) + ",";
  uint64_t all = 0;
  for (size_t i = 0; i < counts.size(); ++i) {
    all += counts[i];
    std::string bound = i < bounds.size() ? Digits(bounds[i]) : "+Inf";
    AppendSample(out, bucket, before + "le=\"" + bound + "\"", static_cast<double>(all));
  }
  AppendSample(out, std::string(name) + "_sum", labels, sum);
  AppendSample(out, std::string(name) + "_count", labels, static_cast<double>(all));
}

std::string Label(std::string_view name, std::string_view value) {
  return std::string(name) + "=\"" + Escaped(value, true) + "\"";
}

}  // namespace sluice
