#include "sim/faults.h"

#include <algorithm>
#include <charconv>
#include <cstdio>

#include "sim/world.h"

namespace sluice::sim {
namespace {

enum class Kind : uint8_t { kSetting, kChance, kRate };

struct Row {
  const char* name;
  Kind kind;
  // What a profile draws at most and at least, and which profiles it belongs to.
  double least, most;
  const char* profiles;
};

// By their numbers. c: calm, n: network, h: hosts, a: all.
constexpr Row kRows[kFaults] = {
    {"latency", Kind::kSetting, 0.1, 40, "cnha"},
    {"spread", Kind::kSetting, 0.1, 60, "cnha"},
    {"bandwidth", Kind::kSetting, 20'000, 5'000'000, "cnha"},
    {"loss", Kind::kChance, 0.001, 0.05, "nha"},
    {"split", Kind::kChance, 0.01, 0.8, "cnha"},
    {"short", Kind::kChance, 0.01, 0.8, "cnha"},
    {"fewer", Kind::kChance, 0.01, 0.8, "cnha"},
    {"slow", Kind::kChance, 0.05, 0.8, "cnha"},
    {"queue", Kind::kChance, 0.01, 0.3, "na"},
    {"refused", Kind::kChance, 0.01, 0.4, "na"},
    {"rst", Kind::kRate, 0.02, 8, "na"},
    {"forget", Kind::kRate, 0.01, 2, "na"},
    {"cut", Kind::kRate, 0.01, 1, "na"},
    {"oneway", Kind::kRate, 0.01, 1, "na"},
    {"emfile", Kind::kChance, 0.01, 0.2, "a"},
    {"enobufs", Kind::kChance, 0.0005, 0.01, "a"},
    {"dns", Kind::kChance, 0.01, 0.4, "na"},
    {"dnsdelay", Kind::kSetting, 1, 3000, "na"},
    {"task", Kind::kRate, 0.01, 1, "ha"},
    {"kill", Kind::kRate, 0.005, 0.3, "ha"},
    {"crash", Kind::kRate, 0.005, 0.3, "ha"},
    {"clock", Kind::kRate, 0.005, 0.1, "a"},
    {"fin", Kind::kRate, 0.02, 4, "na"},
};

constexpr struct {
  std::string_view name;
  char letter;
} kProfiles[] = {{"none", 0}, {"calm", 'c'}, {"network", 'n'}, {"hosts", 'h'}, {"all", 'a'}};

// Between the sequences of two seeds: more than there are faults.
constexpr uint64_t kStride = 22 * 7919;

const Row& RowOf(Fault fault) {
  return kRows[static_cast<size_t>(fault)];
}

}  // namespace

const char* NameOf(Fault fault) {
  return RowOf(fault).name;
}
bool IsSetting(Fault fault) {
  return RowOf(fault).kind == Kind::kSetting;
}
bool IsRate(Fault fault) {
  return RowOf(fault).kind == Kind::kRate;
}

std::string ParseLevels(std::string_view text, Levels* levels) {
  while (!text.empty()) {
    size_t comma = text.find(',');
    std::string_view part = text.substr(0, comma);
    text = comma == std::string_view::npos ? "" : text.substr(comma + 1);
    size_t equals = part.find('=');
    std::string_view name = part.substr(0, equals);
    auto row = std::find_if(std::begin(kRows), std::end(kRows),
                            [&](const Row& one) { return name == one.name; });
    if (equals == std::string_view::npos || row == std::end(kRows)) {
      std::string known;
      for (const Row& one : kRows) known += std::string(known.empty() ? "" : ", ") + one.name;
      return "'" + std::string(part) + "' is no fault: " + known + ", each with =number";
    }
    std::string_view number = part.substr(equals + 1);
    double value = 0;
    auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
    if (error != std::errc() || end != number.data() + number.size() || !(value >= 0) ||
        (row->kind == Kind::kChance && value > 1))
      return std::string(part) + ": the value must be a number" +
             (row->kind == Kind::kChance ? " from 0 to 1" : " of at least 0");
    (*levels)[static_cast<size_t>(row - kRows)] = value;
  }
  return {};
}

std::string WriteLevels(const Levels& levels) {
  std::string text;
  for (size_t i = 0; i < kFaults; ++i) {
    if (levels[i] == 0) continue;
    char number[32];
    std::snprintf(number, sizeof number, "%.4g", levels[i]);
    text += std::string(text.empty() ? "" : ",") + kRows[i].name + "=" + number;
  }
  return text;
}

bool Draw(std::string_view profile, uint64_t seed, Levels* levels) {
  *levels = {};
  (*levels)[0] = 1;
  for (auto [name, letter] : kProfiles) {
    if (name != profile) continue;
    Random random(seed * 2 + 1);
    for (size_t i = 0; i < kFaults; ++i) {
      // Each row draws the same numbers, whatever the profile.
      bool in = random.Chance(0.5);
      double at = random.Unit();
      const Row& row = kRows[i];
      if (letter == 0 || !in || std::string_view(row.profiles).find(letter) == std::string::npos)
        continue;
      // Most of them small: the square of an even choice. What is written is what is used.
      double value = row.least + (row.most - row.least) * at * at;
      char number[32];
      std::snprintf(number, sizeof number, "%.4g", value);
      std::from_chars(number, number + sizeof number, (*levels)[i]);
    }
    return true;
  }
  return false;
}

std::string Profiles() {
  std::string text;
  for (auto [name, letter] : kProfiles) text += (text.empty() ? "" : ", ") + std::string(name);
  return text;
}

Faults::Faults(uint64_t seed, const Levels& levels) : levels_(levels) {
  for (size_t i = 0; i < kFaults; ++i) random_[i] = Random(seed * kStride + i);
}

bool Faults::Fires(Fault fault, std::string_view where) {
  return random(fault).Chance(level(fault)) && Note(fault, where);
}

bool Faults::Note(Fault fault, std::string_view where) {
  if (!on) return false;
  uint64_t number = ++next_;
  if (limited_ && std::find(allowed_.begin(), allowed_.end(), number) == allowed_.end())
    return false;
  occurred_.push_back({number, world->now, fault, String(where)});
  world->trace.Add("fault", "%s %.*s", NameOf(fault), static_cast<int>(where.size()), where.data());
  return true;
}

}  // namespace sluice::sim
