// A time line of a run: a lane for each host, what happened on it, and the packets between them.
#include <algorithm>
#include <cstdio>
#include <map>
#include <sstream>

#include "cli/simulate.h"

namespace sluice::cli {
namespace {

constexpr size_t kMostLines = 4000;  // of packets and marks; the last ones are shown
constexpr int kWidth = 1400, kLeft = 110, kTop = 60, kLane = 90;

std::string Escape(std::string_view text) {
  std::string escaped;
  for (char c : text) {
    if (c == '<')
      escaped += "&lt;";
    else if (c == '&')
      escaped += "&amp;";
    else if (c == '"')
      escaped += "&quot;";
    else
      escaped += c;
  }
  return escaped;
}

struct Line {
  double time;
  std::string kind, text;
};

std::vector<Line> ReadTrace(const std::string& trace) {
  std::vector<Line> lines;
  std::istringstream stream(trace);
  std::string line;
  while (std::getline(stream, line)) {
    std::istringstream words(line);
    Line one{};
    words >> one.time >> one.kind;
    std::getline(words >> std::ws, one.text);
    if (one.kind != "run" && one.kind != "recv" && one.kind != "send") lines.push_back(one);
  }
  return lines;
}

class Drawing {
 public:
  explicit Drawing(const std::vector<Line>& lines) : lines_(lines) {
    for (const Line& line : lines)
      if (line.kind == "start") lanes_.emplace(line.text, static_cast<int>(lanes_.size()));
    first_ = lines.size() > kMostLines ? lines.size() - kMostLines : 0;
    begin_ = lines.empty() ? 0 : lines[first_].time;
    end_ = lines.empty() ? 1 : std::max(lines.back().time, begin_ + 1e-6);
  }

  std::string Draw() {
    int height = kTop + kLane * static_cast<int>(lanes_.size()) + 30;
    Add("<svg width=\"%d\" height=\"%d\" font-family=\"sans-serif\" font-size=\"11\">\n",
        kLeft + kWidth + 20, height);
    Add("<text x=\"%d\" y=\"16\">%.6f s</text><text x=\"%d\" y=\"16\" text-anchor=\"end\">%.6f "
        "s</text>\n",
        kLeft, begin_, kLeft + kWidth, end_);
    for (auto& [name, lane] : lanes_) {
      int y = Y(lane);
      Add("<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" stroke=\"#bbb\"/>", kLeft, y,
          kLeft + kWidth, y);
      text_ += "<text x=\"4\" y=\"" + std::to_string(y + 4) + "\">" + Escape(name) + "</text>\n";
    }
    for (size_t i = first_; i < lines_.size(); ++i) One(lines_[i]);
    return text_ + "</svg>\n";
  }

 private:
  template <class... Arguments>
  void Add(const char* format, Arguments... arguments) {
    char part[400];
    std::snprintf(part, sizeof part, format, arguments...);
    text_ += part;
  }
  static int Y(int lane) { return kTop + kLane * lane; }
  double X(double time) const { return kLeft + kWidth * (time - begin_) / (end_ - begin_); }

  void One(const Line& line) {
    if (line.kind == "sent" || line.kind == "here" || line.kind == "lost") {
      Packet(line);
      return;
    }
    static const std::map<std::string, const char*> kColors = {
        {"fault", "#d60"}, {"fail", "#c00"}, {"cut", "#d60"},  {"crash", "#d60"},
        {"kill", "#d60"},  {"start", "#080"}, {"exit", "#555"}, {"print", "#36c"},
        {"break", "#c00"}, {"calm", "#080"}};
    auto color = kColors.find(line.kind);
    if (color == kColors.end()) return;
    double x = X(line.time);
    std::string title = Escape(line.kind + " " + line.text);
    int lane = -1;
    for (auto& [name, number] : lanes_)
      if (line.text.starts_with(name) || line.text.ends_with(" " + name)) lane = number;
    if (lane >= 0)
      Add("<circle cx=\"%.1f\" cy=\"%d\" r=\"4\" fill=\"%s\">", x, Y(lane), color->second);
    else
      Add("<rect x=\"%.1f\" y=\"26\" width=\"3\" height=\"%d\" fill=\"%s\" opacity=\".6\">", x,
          Y(static_cast<int>(lanes_.size())) - 60, color->second);
    text_ += "<title>" + title + "</title>" + (lane >= 0 ? "</circle>\n" : "</rect>\n");
  }

  // A packet is drawn when it arrives, from where it was sent: FROM:PORT>TO:PORT …
  void Packet(const Line& line) {
    size_t arrow = line.text.find('>');
    size_t colon = line.text.find(':');
    size_t second = line.text.find(':', arrow);
    if (second == std::string::npos) return;
    auto from = lanes_.find(line.text.substr(0, colon));
    auto to = lanes_.find(line.text.substr(arrow + 1, second - arrow - 1));
    if (from == lanes_.end() || to == lanes_.end() || from == to) return;
    double left = line.time;
    if (line.kind == "sent") {
      flying_[line.text] = line.time;
      return;
    }
    bool lost = line.kind == "lost";
    if (auto sent = flying_.find(line.text); sent != flying_.end()) {
      left = sent->second;
      flying_.erase(sent);
    }
    int y1 = Y(from->second), y2 = Y(to->second);
    if (lost) y2 = (y1 + y2) / 2;
    bool data = line.text.find(" data ") != std::string::npos;
    Add("<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" stroke=\"%s\"%s>", X(left), y1,
        X(line.time), y2, lost ? "#c00" : data ? "#36c" : "#999",
        lost ? " stroke-dasharray=\"3\"" : "");
    text_ += "<title>" + Escape(line.kind + " " + line.text) + "</title></line>\n";
  }

  const std::vector<Line>& lines_;
  std::map<std::string, int> lanes_;
  std::map<std::string, double> flying_;
  size_t first_ = 0;
  double begin_ = 0, end_ = 1;
  std::string text_;
};

}  // namespace

std::string WriteReport(const std::string& file, const std::string& trace, const Outcome& outcome,
                        const std::string& title) {
  std::vector<Line> lines = ReadTrace(trace);
  std::string page = "<!doctype html><meta charset=\"utf-8\"><title>" + title + "</title>\n<h1>" +
                     title + "</h1>\n<p>" +
                     (outcome.failure.empty() ? "No failure." : "Failed: ") +
                     Escape(outcome.failure) + "</p>\n" + Drawing(lines).Draw() + "<ol>\n";
  for (auto& one : outcome.happened)
    page += "<li value=\"" + std::to_string(one.number) + "\">" + Escape(one.fault) + " " +
            Escape(one.where) + " at " + std::to_string(static_cast<double>(one.time) / 1e9) +
            " s</li>\n";
  page += "</ol>\n";
  std::FILE* out = std::fopen(file.c_str(), "w");
  bool ok = out != nullptr && std::fwrite(page.data(), 1, page.size(), out) == page.size();
  if (out != nullptr) ok = std::fclose(out) == 0 && ok;
  return ok ? "" : "cannot write " + file;
}

}  // namespace sluice::cli
