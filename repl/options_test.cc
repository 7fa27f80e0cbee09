#include "repl/options.h"

#include <cerrno>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "jit/code_memory.h"
#include "jit/code_sync.h"

namespace perilune::vm::repl {
namespace {

using ::testing::ElementsAre;

absl::StatusOr<Options> Parse(std::initializer_list<const char*> arguments) {
  std::vector<const char*> all = {"perilune"};
  all.insert(all.end(), arguments);
  return ParseOptions(all);
}

Options Parsed(std::initializer_list<const char*> arguments) {
  absl::StatusOr<Options> options = Parse(arguments);
  if (options.ok()) return *std::move(options);
  ADD_FAILURE() << options.status();
  return {};
}

std::string Error(std::initializer_list<const char*> arguments) {
  return std::string(Parse(arguments).status().message());
}

Action Execute(std::string_view text) { return {Action::Kind::kExecute, text}; }
Action Require(std::string_view text) { return {Action::Kind::kRequire, text}; }
Action Warnings() { return {Action::Kind::kWarnings, ""}; }

TEST(OptionsTest, NothingReadsStandardInput) {
  const Options options = Parsed({});
  EXPECT_EQ(options.script, 0);
  EXPECT_TRUE(options.reads_stdin());
  EXPECT_FALSE(options.jit.has_value());
  EXPECT_EQ(options.threads, 1);
}

TEST(OptionsTest, NoArgumentsAtAll) {
  const absl::StatusOr<Options> options = ParseOptions({});
  ASSERT_TRUE(options.ok());
  EXPECT_TRUE(options->reads_stdin());
}

TEST(OptionsTest, OptionsStopAtTheScript) {
  const Options options = Parsed({"-E", "x.lua", "-v", "--nonsense"});
  EXPECT_EQ(options.script, 2);
  EXPECT_TRUE(options.ignore_environment);
  EXPECT_FALSE(options.print_version);
  EXPECT_FALSE(options.script_is_stdin);
  EXPECT_FALSE(options.reads_stdin());
}

TEST(OptionsTest, DashIsStandardInput) {
  const Options options = Parsed({"-", "a"});
  EXPECT_EQ(options.script, 1);
  EXPECT_TRUE(options.script_is_stdin);
}

TEST(OptionsTest, TwoDashesEndOptions) {
  const Options options = Parsed({"-W", "--", "-"});
  EXPECT_EQ(options.script, 3);
  EXPECT_FALSE(options.script_is_stdin);
  EXPECT_EQ(Parsed({"--", "-e"}).script, 2);
}

TEST(OptionsTest, TwoDashesWithoutScript) {
  const Options options = Parsed({"--"});
  EXPECT_EQ(options.script, 0);
  EXPECT_TRUE(options.reads_stdin());
}

TEST(OptionsTest, ActionsKeepTheirOrder) {
  const Options options = Parsed({"-e", "x=1", "-lm", "-W", "-ey=2", "-l", "g=mod", "x.lua"});
  EXPECT_THAT(options.actions, ElementsAre(Execute("x=1"), Require("m"), Warnings(), Execute("y=2"),
                                           Require("g=mod")));
  EXPECT_EQ(options.script, 8);
}

TEST(OptionsTest, ExecutingLeavesStandardInputAlone) {
  EXPECT_FALSE(Parsed({"-e", ""}).reads_stdin());
  EXPECT_FALSE(Parsed({"-v"}).reads_stdin());
  EXPECT_TRUE(Parsed({"-l", "m"}).reads_stdin());
  EXPECT_TRUE(Parsed({"-W"}).reads_stdin());
  EXPECT_TRUE(Parsed({"--stats"}).reads_stdin());
}

TEST(OptionsTest, InteractiveImpliesVersion) {
  const Options options = Parsed({"-i"});
  EXPECT_TRUE(options.interactive);
  EXPECT_TRUE(options.print_version);
}

TEST(OptionsTest, CodeSynchronisationAndMemory) {
  EXPECT_EQ(Parsed({"-v"}).code_sync, jit::CodeSyncKind::kAuto);
  EXPECT_EQ(Parsed({"--code-sync=epoch"}).code_sync, jit::CodeSyncKind::kEpoch);
  EXPECT_EQ(Parsed({"--code-memory", "mprotect"}).code_memory, jit::CodeMemoryPolicy::kMprotect);
  EXPECT_EQ(Parsed({"--code-cache=1M"}).code_cache, uint64_t{1} << 20);
  EXPECT_EQ(Parsed({"--code-faults=memfd=EPERM"}).code_faults->memfd, EPERM);
  EXPECT_EQ(Error({"--code-sync=fast"}),
            "'--code-sync' cannot be 'fast': it takes auto, membarrier, epoch, signal, private or none");
  EXPECT_EQ(Error({"--code-memory=rwx"}), "'--code-memory' cannot be 'rwx': it takes dual or mprotect");
  EXPECT_EQ(Error({"--code-cache=1K"}),
            "'--code-cache' cannot be '1K': it takes a number of bytes from 32K to 64M, with K or M for multiples of 1024");
}

TEST(OptionsTest, NeedsArgument) {
  EXPECT_EQ(Error({"-e"}), "'-e' needs argument");
  EXPECT_EQ(Error({"-l", "-v"}), "'-l' needs argument");
  EXPECT_EQ(Error({"--jit"}), "'--jit' needs argument");
  EXPECT_EQ(Error({"--threads", "--stats"}), "'--threads' needs argument");
}

TEST(OptionsTest, Unrecognized) {
  EXPECT_EQ(Error({"-x"}), "unrecognized option '-x'");
  EXPECT_EQ(Error({"-vE"}), "unrecognized option '-vE'");
  EXPECT_EQ(Error({"--x"}), "unrecognized option '--x'");
  EXPECT_EQ(Error({"--bananas"}), "unrecognized option '--bananas'");
  EXPECT_EQ(Error({"---"}), "unrecognized option '---'");
}

TEST(OptionsTest, NearMissesGetASuggestion) {
  EXPECT_EQ(Error({"--stat"}), "unrecognized option '--stat' (did you mean '--stats'?)");
  EXPECT_EQ(Error({"-stats"}), "unrecognized option '-stats' (did you mean '--stats'?)");
  EXPECT_EQ(Error({"--jti=off"}), "unrecognized option '--jti=off' (did you mean '--jit'?)");
  EXPECT_EQ(Error({"--thread=4"}), "unrecognized option '--thread=4' (did you mean '--threads'?)");
  EXPECT_EQ(Error({"--vers"}), "unrecognized option '--vers' (did you mean '--version'?)");
}

TEST(OptionsTest, JitModes) {
  EXPECT_EQ(Parsed({"--jit=off"}).jit, JitMode::kOff);
  EXPECT_EQ(Parsed({"--jit=sync"}).jit, JitMode::kSync);
  EXPECT_EQ(Parsed({"--jit=background"}).jit, JitMode::kBackground);
  EXPECT_EQ(Parsed({"--jit", "eager", "x.lua"}).jit, JitMode::kEager);
  EXPECT_EQ(Error({"--jit=on"}), "'--jit' cannot be 'on': it takes off, sync, background or eager");
  EXPECT_EQ(JitModeName(JitMode::kBackground), "background");
}

TEST(OptionsTest, Dumps) {
  EXPECT_EQ(Parsed({"--dump=ast"}).dump, Dump::kAst);
  EXPECT_EQ(Parsed({"--dump=bytecode"}).dump, Dump::kBytecode);
  EXPECT_EQ(Parsed({"--dump", "asm"}).dump, Dump::kAssembly);
  EXPECT_EQ(Parsed({}).stress, Stress::kNone);
  EXPECT_EQ(Parsed({"--stress=gc"}).stress, Stress::kGc);
  EXPECT_EQ(Parsed({"--stress=generic"}).stress, Stress::kGeneric);
  EXPECT_EQ(Parsed({"--stress=facts"}).stress, Stress::kFacts);
  EXPECT_EQ(Error({"--stress=x"}), "'--stress' cannot be 'x': it takes gc, generic or facts");
  EXPECT_EQ(Error({"--dump="}), "'--dump' cannot be '': it takes ast, bytecode or asm");
}

TEST(OptionsTest, Threads) {
  EXPECT_EQ(Parsed({"--threads", "4", "x.lua"}).threads, 4);
  EXPECT_EQ(Parsed({"--threads=1024"}).threads, kMaxThreads);
  for (const char* number : {"0", "1025", "x", "", "4x", "99999999999"}) {
    EXPECT_EQ(
        Error({absl::StrCat("--threads=", number).c_str()}),
        absl::StrCat("'--threads' cannot be '", number, "': it takes a number from 1 to 1024"));
  }
}

TEST(OptionsTest, MaxMemory) {
  EXPECT_EQ(Parsed({"x.lua"}).max_memory, 0u);
  EXPECT_EQ(Parsed({"--max-memory=1048576"}).max_memory, 1u << 20);
  EXPECT_EQ(Parsed({"--max-memory", "2048K"}).max_memory, 2u << 20);
  EXPECT_EQ(Parsed({"--max-memory=64M"}).max_memory, 64u << 20);
  EXPECT_EQ(Parsed({"--max-memory=3G"}).max_memory, uint64_t{3} << 30);
  for (const char* size : {"", "K", "1", "1023K", "64m", "x", "-1", "1.5G", "64 M", "99999999999G", "18446744073709551616"}) {
    EXPECT_TRUE(absl::StartsWith(Error({absl::StrCat("--max-memory=", size).c_str()}),
                                 absl::StrCat("'--max-memory' cannot be '", size, "': it takes ")));
  }
}

TEST(OptionsTest, FlagsTakeNoValue) {
  EXPECT_TRUE(Parsed({"--stats"}).stats);
  EXPECT_TRUE(Parsed({"--help"}).help);
  EXPECT_EQ(Error({"--stats=yes"}), "'--stats' takes no value");
}

TEST(OptionsTest, WhatDoesNotGoTogether) {
  EXPECT_TRUE(Parsed({"--verbose", "--version"}).verbose);
  EXPECT_EQ(Error({"--verbose", "x.lua"}), "'--verbose' needs '--version'");
  EXPECT_EQ(Error({"-i", "--threads=2"}), "'-i' needs a single thread");
}

TEST(OptionsTest, HelpNamesEveryOption) {
  for (const char* option :
       {"-e", "-l", "-i", "-v", "-E", "-W", "--", "-", "--jit=", "--code-sync=", "--max-memory=", "--threads=", "--stats",
        "--dump=", "--stress=", "--version", "--verbose", "--help"}) {
    EXPECT_TRUE(absl::StrContains(HelpText(), option)) << option;
  }
  EXPECT_TRUE(absl::StartsWith(HelpText(), UsageText().substr(0, UsageText().find('\n'))));
  for (const std::string_view line : absl::StrSplit(HelpText(), '\n')) EXPECT_LT(line.size(), 80u);
}

}  // namespace
}  // namespace perilune::vm::repl
