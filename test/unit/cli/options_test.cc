#include "cli/options.h"

#include <gmock/gmock.h>

namespace sluice::cli {
namespace {

using js::ProgramMode;
using testing::ElementsAre;

Options Parse(std::vector<std::string> arguments, bool terminal = false) {
  std::vector<char*> pointers;
  for (std::string& argument : arguments) pointers.push_back(argument.data());
  return ParseOptions(pointers, "/bin/sluice", terminal);
}

TEST(Options, WhatFollowsTheProgramIsItsOwn) {
  Options options = Parse({"-r", "x", "app.js", "-e", "--", "-"});
  EXPECT_EQ(options.engine.mode, ProgramMode::kFile);
  EXPECT_EQ(options.engine.entry, "app.js");
  EXPECT_THAT(options.engine.preload, ElementsAre("x"));
  EXPECT_THAT(options.engine.arguments, ElementsAre("/bin/sluice", "app.js", "-e", "--", "-"));
  EXPECT_THAT(options.engine.exec_arguments, ElementsAre("-r", "x"));
}

TEST(Options, CodeLeavesAllArgumentsToTheProgram) {
  Options options = Parse({"-e", "1", "a", "b"});
  EXPECT_EQ(options.engine.mode, ProgramMode::kEval);
  EXPECT_EQ(options.engine.code, "1");
  EXPECT_THAT(options.engine.arguments, ElementsAre("/bin/sluice", "a", "b"));
  EXPECT_EQ(Parse({"--print=a=b"}).engine.code, "a=b");
}

TEST(Options, EmptyCodeIsCode) {
  EXPECT_EQ(Parse({"-e", ""}, true).action, Options::Action::kRun);
}

TEST(Options, NoProgramIsStandardInputUnlessItIsATerminal) {
  EXPECT_EQ(Parse({}).engine.mode, ProgramMode::kStdin);
  EXPECT_EQ(Parse({"-", "x"}, true).engine.mode, ProgramMode::kStdin);
  EXPECT_EQ(Parse({}, true).action, Options::Action::kUsage);
  EXPECT_EQ(Parse({"--"}, true).action, Options::Action::kUsage);
}

TEST(Options, TheControlSocketIsOnUnlessToldOff) {
  EXPECT_TRUE(Parse({"x.js"}).control.on);
  EXPECT_EQ(Parse({"x.js"}).control.path, "");
  EXPECT_EQ(Parse({"--control=/a/b", "x.js"}).control.path, "/a/b");
  EXPECT_FALSE(Parse({"--control=off", "x.js"}).control.on);
  EXPECT_EQ(Parse({"--control=", "x.js"}).error, "--control= needs the path of the socket, or off");
  EXPECT_EQ(Parse({"--metrics=9464", "x.js"}).control.metrics.value().text(), "127.0.0.1:9464");
}

TEST(Options, WhereSomethingIsServedIsAPortOrAnAddressAndAPort) {
  for (const std::string name : {"--metrics", "--dashboard"}) {
    EXPECT_EQ(Parse({name + "=[::1]:9464", "x.js"}).error, "");
    for (const std::string where : {"", "70000", "localhost:1", ":"})
      EXPECT_EQ(Parse({name + "=" + where, "x.js"}).error,
                name + " must be a port, or an IP address and a port, not '" + where + "'");
  }
  EXPECT_EQ(Parse({"--dashboard", "x.js"}).control.dashboard.value().text(), "127.0.0.1:9465");
}

TEST(Options, ToolsHaveTheirArgumentsAndNoControlSocket) {
  Options options = Parse({"sess", "12", "--json"});
  EXPECT_EQ(options.engine.mode, ProgramMode::kTool);
  EXPECT_FALSE(options.control.on);
  EXPECT_THAT(options.engine.arguments, ElementsAre("/bin/sluice", "sess", "12", "--json"));
  EXPECT_EQ(Parse({"./ps"}).engine.mode, ProgramMode::kFile);
}

TEST(Options, MistakesAreNamed) {
  EXPECT_EQ(Parse({"--nope", "x"}).error, "unknown option '--nope' (see sluice --help)");
  EXPECT_EQ(Parse({"--help=x"}).error, "unknown option '--help=x' (see sluice --help)");
  EXPECT_EQ(Parse({"-p"}).error, "-p needs the code to run after it");
  EXPECT_EQ(Parse({"-c"}).error, "--check needs the name of a file");
}

}  // namespace
}  // namespace sluice::cli
