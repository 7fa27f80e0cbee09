// Runs the program itself, as a shell would, and looks at what it prints and how it ends. On
// another machine's behalf it runs through tools/run_aarch64.sh, which runs programs of this
// machine as they are.

#include <sys/wait.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <sstream>
#include <string>
#include <string_view>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace perilune::vm::repl {
namespace {

using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

// Scripts are in a folder of their own, and named from there: long paths would be cut in messages.
std::string TempPath(std::string_view name) {
  return absl::StrCat(::testing::TempDir(), "/", name);
}

std::string Quote(std::string_view text) {
  return absl::StrCat("'", absl::StrReplaceAll(text, {{"'", "'\\''"}}), "'");
}

// Returns the name.
std::string WriteTemp(std::string_view name, std::string_view text) {
  std::ofstream(TempPath(name), std::ios::binary) << text;
  return std::string(name);
}

// A shell command that runs the program in that folder; `prefix` stands before the program's name,
// arguments may follow.
std::string Command(std::string_view prefix) {
  const std::string here = std::filesystem::current_path().string();
  return absl::StrCat("cd ", Quote(::testing::TempDir()), " && ", prefix, " ",
                      Quote(absl::StrCat(here, "/tools/run_aarch64.sh")), " ",
                      Quote(absl::StrCat(here, "/repl/perilune")));
}

std::string ReadAndRemove(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  std::remove(path.c_str());
  return text.str();
}

struct Outcome {
  int status = -1;  // of exit; -1: ended by a signal
  std::string out;
  std::string err;
};

// Runs with `prefix` ("NAME=value ...", for the shell), the arguments, and standard input.
Outcome ExecuteIn(std::string_view prefix, std::initializer_list<std::string_view> arguments,
                  std::string_view input = "") {
  WriteTemp("input", input);
  std::string command = Command(prefix);
  for (const std::string_view argument : arguments) absl::StrAppend(&command, " ", Quote(argument));
  absl::StrAppend(&command, " <input 2>errors");
  Outcome outcome;
  std::FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) {
    ADD_FAILURE() << "cannot run " << command;
    return outcome;
  }
  char buffer[4096];
  while (const size_t got = std::fread(buffer, 1, sizeof buffer, pipe))
    outcome.out.append(buffer, got);
  const int status = pclose(pipe);
  if (WIFEXITED(status)) outcome.status = WEXITSTATUS(status);
  outcome.err = ReadAndRemove(TempPath("errors"));
  return outcome;
}

Outcome Execute(std::initializer_list<std::string_view> arguments, std::string_view input = "") {
  return ExecuteIn("", arguments, input);
}

void ExpectPrints(const Outcome& outcome, std::string_view out) {
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.out, out);
  EXPECT_EQ(outcome.err, "");
}

void ExpectFails(const Outcome& outcome, std::string_view message) {
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.err, StartsWith(absl::StrCat("perilune: ", message)));
}

// ---- Scripts.

TEST(PeriluneTest, RunsAScript) {
  ExpectPrints(Execute({WriteTemp("hello.lua", "print('hello')")}), "hello\n");
}

TEST(PeriluneTest, ReadsStandardInput) {
  ExpectPrints(Execute({}, "print('in')"), "in\n");
  ExpectPrints(Execute({"-"}, "print('in')"), "in\n");
  ExpectPrints(Execute({"-", "a", "b"}, "print(...)"), "a\tb\n");
  ExpectFails(Execute({"-"}, "error('x')"), "stdin:1: x\n");
}

TEST(PeriluneTest, SkipsAFirstLineWithHash) {
  ExpectPrints(Execute({WriteTemp("hash.lua", "#!/usr/bin/perilune\nprint('hello')")}), "hello\n");
  ExpectFails(Execute({WriteTemp("hash.lua", "#!\nerror('x')")}), "hash.lua:2: x\n");
  ExpectPrints(Execute({WriteTemp("mark.lua", "\xEF\xBB\xBF#\nprint('hello')")}), "hello\n");
  ExpectPrints(Execute({WriteTemp("only.lua", "# no newline")}), "");
}

TEST(PeriluneTest, PassesArguments) {
  WriteTemp("args.lua",
            "print(select('#', ...), ...)\n"
            "print(arg[0], arg[1], arg[2], arg[3], #arg)\n"
            "print(arg[-1], arg[-2], arg[-3]:match('[^/]*$'), arg[-4])\n");
  ExpectPrints(Execute({"-e", "x = 1", "args.lua", "a", "-b"}),
               "2\ta\t-b\n"
               "args.lua\ta\t-b\tnil\t2\n"
               "x = 1\t-e\tperilune\tnil\n");
}

TEST(PeriluneTest, ArgCanBeChangedBeforeTheScript) {
  const std::string script = WriteTemp("args.lua", "print(...)");
  ExpectPrints(Execute({"-e", "arg = {'x', 'y'}", script, "a"}), "x\ty\n");
  ExpectFails(Execute({"-e", "arg = 1", script}), "'arg' is not a table\n");
}

TEST(PeriluneTest, ArgWithoutScript) {
  ExpectPrints(Execute({"-e", "print(arg[0]:match('[^/]*$'), arg[1], #arg)"}), "perilune\t-e\t2\n");
}

TEST(PeriluneTest, UnreadableScripts) {
  const Outcome missing = Execute({"nosuch.lua"});
  ExpectFails(missing, "cannot open nosuch.lua");
  EXPECT_EQ(missing.out, "");
  ExpectFails(Execute({"--", "-"}), "cannot open -");
  ExpectFails(Execute({"/"}), "cannot read /");
  ExpectFails(Execute({WriteTemp("luac.out", "\x1BLua\x54")}),
              "luac.out: bad binary format (truncated chunk)\n");
}

// ---- Errors.

TEST(PeriluneTest, ErrorsHaveATraceback) {
  const std::string script = WriteTemp("fail.lua", "local function f()\n  error('oops')\nend\nf()");
  const Outcome outcome = Execute({script});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.err, absl::StrReplaceAll("perilune: FILE:2: oops\n"
                                             "stack traceback:\n"
                                             "\t[C]: in function 'error'\n"
                                             "\tFILE:2: in upvalue 'f'\n"
                                             "\tFILE:4: in main chunk\n"
                                             "\t[C]: in ?\n",
                                             {{"upvalue", "local"}, {"FILE", script}}));
}

TEST(PeriluneTest, SyntaxErrors) {
  const std::string script = WriteTemp("syntax.lua", "x = = 1");
  const Outcome outcome = Execute({script});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.err, absl::StrCat("perilune: ", script, ":1: unexpected symbol near '='\n"));
}

TEST(PeriluneTest, ErrorValues) {
  EXPECT_EQ(
      Execute({"-e", "error(setmetatable({}, {__tostring = function() return 'shown' end}))"}).err,
      "perilune: shown\n");
  ExpectFails(Execute({"-e", "error({})"}), "(error object is a table value)\nstack traceback:\n");
  ExpectFails(Execute({"-e", "error()"}), "(error object is a nil value)\nstack traceback:\n");
  ExpectFails(Execute({"-e", "error(12)"}), "12\nstack traceback:\n");
}

TEST(PeriluneTest, OutputComesBeforeTheError) {
  const Outcome outcome = Execute({"-e", "io.write('begun') error('x')"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.out, "begun");
}

TEST(PeriluneTest, ExitStatus) {
  EXPECT_EQ(Execute({"-e", "os.exit(7)"}).status, 7);
  EXPECT_EQ(Execute({"-e", "os.exit(false)"}).status, 1);
  EXPECT_EQ(Execute({"-e", "os.exit(true, true)"}).status, 0);
  ExpectPrints(Execute({"-e", "io.write('kept') os.exit()"}), "kept");
}

TEST(PeriluneTest, FullDisk) {
  const Outcome outcome = ExecuteIn("exec >/dev/full;", {"-e", "print(1)"});
  ExpectFails(outcome, "cannot write to standard output: ");
}

// ---- Options.

TEST(PeriluneTest, ExecutesInOrder) {
  ExpectPrints(Execute({"-e", "x = 1", "-ex = x + 1", "-e", "print(x)"}), "2\n");
  ExpectPrints(Execute({"-e", "x = 1", WriteTemp("x.lua", "print(x)")}), "1\n");
  ExpectFails(Execute({"-e", "x ="}), "(command line):1: unexpected symbol near <eof>\n");
  // What comes after an error is left.
  EXPECT_EQ(Execute({"-e", "error('a')", "-e", "print('b')"}).out, "");
}

TEST(PeriluneTest, Requires) {
  const std::string_view require = "function require(name) return name .. '!' end";
  ExpectPrints(
      Execute({"-e", require, "-l", "mod", "-l", "g=other", "-lm2-v3", "-e", "print(mod, g, m2)"}),
      "mod!\tother!\tm2-v3!\n");
  ExpectFails(Execute({"-e", "require = nil", "-l", "mod"}),
              "cannot load module 'mod': there is no function 'require'\n");
}

TEST(PeriluneTest, Warnings) {
  EXPECT_EQ(Execute({"-e", "warn('x')"}).err, "");
  EXPECT_EQ(Execute({"-W", "-e", "warn('x')"}).err, "Lua warning: x\n");
}

TEST(PeriluneTest, BadOptions) {
  const Outcome outcome = Execute({"--statz", "-e", "print(1)"});
  ExpectFails(outcome, "unrecognized option '--statz' (did you mean '--stats'?)\nusage: perilune ");
  EXPECT_EQ(outcome.out, "");
  ExpectFails(Execute({"-e"}), "'-e' needs argument\nusage: ");
}

TEST(PeriluneTest, Information) {
  EXPECT_THAT(Execute({"--help"}).out, StartsWith("usage: perilune [options] [script [args]]\n"));
  const Outcome version = Execute({"--version"});
  EXPECT_EQ(version.status, 0);
  EXPECT_THAT(version.out, StartsWith("Perilune "));
  EXPECT_EQ(Execute({"-v"}).out, version.out);
  EXPECT_EQ(Execute({"-v", "-e", "print(1)"}).out, version.out + "1\n");
  EXPECT_THAT(Execute({"--version", "--verbose"}).out,
              AllOf(StartsWith(version.out), HasSubstr("  machine code  ")));
}

TEST(PeriluneTest, InitFromTheEnvironment) {
  ExpectPrints(ExecuteIn("LUA_INIT='x = 1'", {"-e", "print(x)"}), "1\n");
  ExpectPrints(ExecuteIn("LUA_INIT='x = 1' LUA_INIT_5_4='x = 2'", {"-e", "print(x)"}), "2\n");
  ExpectPrints(ExecuteIn("LUA_INIT='x = 1'", {"-E", "-e", "print(x)"}), "nil\n");
  const std::string script = WriteTemp("init.lua", "x = 3");
  ExpectPrints(ExecuteIn(absl::StrCat("LUA_INIT=@", script), {"-e", "print(x)"}), "3\n");
  const Outcome failed = ExecuteIn("LUA_INIT='error(1)'", {"-e", "print(x)"});
  ExpectFails(failed, "1\n");
  EXPECT_EQ(failed.out, "");
  ExpectFails(ExecuteIn("LUA_INIT='x ='", {}), "LUA_INIT:1: unexpected symbol near <eof>\n");
}

TEST(PeriluneTest, JitModesGiveTheSameResults) {
  const std::string_view fib =
      "local function fib(n) if n < 2 then return n end return fib(n - 1) + fib(n - 2) end "
      "print(fib(15))";
  for (const std::string_view mode : {"off", "sync", "background", "eager"}) {
    const Outcome outcome = Execute({absl::StrCat("--jit=", mode), "-e", fib});
    EXPECT_EQ(outcome.status, 0) << mode;
    EXPECT_EQ(outcome.out, "610\n") << mode;
#if defined(__aarch64__)
    EXPECT_EQ(outcome.err, "") << mode;
#else
    if (mode != "off") {
      EXPECT_THAT(outcome.err,
                  StartsWith(absl::StrCat("perilune: warning: no machine code for --jit=", mode)));
    }
#endif
  }
}

TEST(PeriluneTest, Dumps) {
  const std::string script =
      WriteTemp("dump.lua", "print('ran') local function f(a) return a + 1 end");
  const Outcome ast = Execute({"--dump=ast", script});
  EXPECT_EQ(ast.status, 0);
  EXPECT_THAT(ast.out, HasSubstr("_ENV^0.print"));
  const Outcome bytecode = Execute({"--dump=bytecode", script});
  EXPECT_EQ(bytecode.status, 0);
  EXPECT_THAT(bytecode.out, AllOf(HasSubstr("GetTabUp"), HasSubstr("Closure"), HasSubstr("AddK")));
  const Outcome assembly = Execute({"--dump=asm", script});
  EXPECT_EQ(assembly.status, 0) << assembly.err;
  EXPECT_THAT(assembly.out, AllOf(HasSubstr("ldr"), HasSubstr("ret")));
  for (const Outcome& outcome : {ast, bytecode, assembly}) {
    EXPECT_THAT(outcome.out, Not(HasSubstr("\nran\n")));
    EXPECT_EQ(outcome.err, "");
  }
  EXPECT_THAT(Execute({"--dump=ast", "-e", "x = 1"}).out, HasSubstr("x = 1"));
  EXPECT_THAT(Execute({"--dump=ast"}, "y = 1").out, HasSubstr("y = 1"));
  ExpectFails(Execute({"--dump=asm", "-e", "x ="}),
              "(command line):1: unexpected symbol near <eof>\n");
  ExpectFails(Execute({"--dump=ast", "nosuch.lua"}), "cannot open nosuch.lua");
}

// ---- Statistics.

TEST(PeriluneTest, Stats) {
  const std::string script =
      WriteTemp("stats.lua", "local function f() end\nfor i = 1, 10 do f() end print('ran')");
  const Outcome outcome = Execute({"--jit=off", "--stats", script});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.out, "ran\n");
  EXPECT_THAT(outcome.err, AllOf(StartsWith("functions\n"), HasSubstr(":1 "), HasSubstr("  10 "),
                                 EndsWith("everything was interpreted\n")));
}

TEST(PeriluneTest, StatsAfterErrorAndExit) {
  EXPECT_THAT(Execute({"--stats", "-e", "error('x')"}).err, HasSubstr("\nengine\n"));
  const Outcome exited = Execute({"--stats", "-e", "os.exit(3)"});
  EXPECT_EQ(exited.status, 3);
  EXPECT_THAT(exited.err, HasSubstr("\nengine\n"));
}

#if defined(__aarch64__)
TEST(PeriluneTest, StatsOfMachineCode) {
  const Outcome outcome = Execute({"--jit=eager", "--stats", "-e", "function f() end f() f()"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("  native  "), HasSubstr("functions compiled  2\n"),
                                 HasSubstr("sync strategy")));
}
#endif

// ---- Threads.

TEST(PeriluneTest, ThreadsRunTheSameScript) {
  const std::string script =
      WriteTemp("threads.lua", "n = (n or 0) + 1 for i = 1, 50 do print(n, ..., i) end");
  const Outcome outcome = Execute({"--threads", "4", script, "argument"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.err, "");
  int lines[51] = {};
  std::istringstream stream(outcome.out);
  for (std::string line; std::getline(stream, line);) {
    int i = 0;
    ASSERT_EQ(std::sscanf(line.c_str(), "1\targument\t%d", &i), 1) << line;
    ASSERT_TRUE(i >= 1 && i <= 50) << line;
    ++lines[i];
  }
  for (int i = 1; i <= 50; ++i) EXPECT_EQ(lines[i], 4) << i;
}

TEST(PeriluneTest, ThreadsFailTogether) {
  const Outcome outcome = Execute({"--threads=3"}, "print('in') error('x')");
  ExpectFails(outcome, "stdin:1: x\n");
  EXPECT_EQ(outcome.out, "in\nin\nin\n");
}

// ---- Memory.

// Fills memory in many ways under a limit; each ends in an error that pcall catches, and the state goes on.
TEST(PeriluneTest, MemoryIsLimited) {
  const std::string script = WriteTemp("memory.lua", R"(
    local floods = {
      function() local t = {} while true do t[#t + 1] = ("x"):rep(1e5) .. #t end end,
      function() local t = {} local i = 0 while true do i = i + 1 t[i] = "s" .. i end end,
      function() local s = "x" while true do s = s .. s end end,
      function() local t = {} while true do t[#t + 1] = {} end end,
      function() local t = {} while true do t = {t} end end,
      function() local t = {} local i = 0 while true do i = i + 1 t["k" .. i] = i end end,
      function() local t = {} while true do t[#t + 1] = coroutine.create(print) end end,
      function() local t = {} while true do t[#t + 1] = function() return t end end end,
      function() local t = {} while true do t[#t + 1] = load("return 1") or error("not enough memory", 0) end end,
      function() return ("x"):rep(1 << 30) end,
      function() return (("x"):rep(1e4):gsub("x", ("y"):rep(1e4))) end,
      function() local s = ("x"):rep(1e6) return ("%s%s%s%s%s%s%s%s%s"):format(s, s, s, s, s, s, s, s, s) end,
      function() local o = setmetatable({}, {__index = function() return ("x"):rep(1e5) end}) return table.concat(o, "", 1, 1e6) end,
      function() local t = {} while true do t[#t + 1] = setmetatable({}, {__gc = function() end}) end end,
      function() return error((select(2, load("return {" .. ("{},"):rep(1e6) .. "}"))), 0) end,
    }
    for i, flood in ipairs(floods) do
      local ok, message = xpcall(flood, function(m) return "handled " .. m end)
      assert(not ok)
      print(i, (message:gsub("handled ", "")))
      collectgarbage()
      collectgarbage()  -- what had a finalizer
      assert(collectgarbage("count") < 1000)
    end)");
  std::string expected;
  for (int i = 1; i <= 15; ++i) absl::StrAppend(&expected, i, "\tnot enough memory\n");
  const Outcome outcome = Execute({"--max-memory=16M", script});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.err, "");
  EXPECT_EQ(outcome.out, expected);
}

TEST(PeriluneTest, UncaughtMemoryErrorEndsTheProgram) {
  ExpectFails(Execute({"--max-memory=16M"}, "local t = {} while true do t[#t + 1] = ('x'):rep(1e6) end"), "not enough memory\n");
}

// ---- Interactive mode.

TEST(PeriluneTest, InteractiveSession) {
  const Outcome outcome = Execute({"-i"},
                                  "x = 20\n"
                                  "x + 1\n"
                                  "return x, 'two'\n"
                                  "for i = 1, 2 do\n"
                                  "io.write(i, ' ')\n"
                                  "end\n"
                                  "\n"
                                  "nil\n"
                                  "error('bad')\n"
                                  "x x\n"
                                  "= x\n"
                                  "x");
  EXPECT_EQ(outcome.status, 0);
  EXPECT_THAT(outcome.out,
              EndsWith("> x = 20\n> x + 1\n21\n> return x, 'two'\n20\ttwo\n> for i = 1, 2 do\n>> io.write(i, ' ')\n>> end\n1 2 > \n"
                       "> nil\nnil\n> error('bad')\n> x x\n> = x\n20\n> x\n20\n> \n"));
  EXPECT_EQ(outcome.err,
            "stdin:1: bad\nstack traceback:\n\t[C]: in function 'error'\n\tstdin:1: in main "
            "chunk\n\t[C]: in ?\n"
            "stdin:1: syntax error near 'x'\n");
}

TEST(PeriluneTest, InteractiveAfterAScript) {
  const std::string script = WriteTemp("first.lua", "y = ...");
  EXPECT_THAT(Execute({"-i", script, "given"}, "y\n").out, EndsWith("> y\ngiven\n> \n"));
  // A script that fails ends it.
  EXPECT_EQ(Execute({"-i", "-e", "error('x')"}, "print('more')\n").status, 1);
}

TEST(PeriluneTest, InteractivePrompts) {
  EXPECT_THAT(Execute({"-i"}, "_PROMPT = '? ' _PROMPT2 = '... '\nreturn (\n1)\n").out,
              EndsWith("? return (\n... 1)\n1\n? \n"));
}

TEST(PeriluneTest, InteractiveInputMayEndTooEarly) {
  const Outcome outcome = Execute({"-i"}, "x = (");
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.err, "stdin:1: unexpected symbol near <eof>\n");
}

TEST(PeriluneTest, InteractivePrintMayFail) {
  EXPECT_THAT(Execute({"-i"}, "print = 1\n2\n").err,
              StartsWith("error calling 'print' (attempt to call"));
}

// ---- Interrupts.

// A program that was started with its output in a pipe, by way of a shell that tells its process
// id.
class Running {
 public:
  explicit Running(std::string_view script) {
    WriteTemp("running.lua", script);
    pipe_ = popen(absl::StrCat(Command("echo $$ && exec"), " running.lua 2>&1").c_str(), "r");
    pid_ = std::atoi(ReadLine().c_str());
  }
  ~Running() {
    if (pipe_ != nullptr) pclose(pipe_);
  }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

  std::string ReadLine() {
    char line[1024];
    return std::fgets(line, sizeof line, pipe_) == nullptr ? "" : line;
  }
  void Interrupt() const { kill(pid_, SIGINT); }
  // As waitpid gives it.
  int Wait() {
    const int status = pclose(pipe_);
    pipe_ = nullptr;
    return status;
  }

 private:
  std::FILE* pipe_;
  pid_t pid_ = 0;
};

TEST(PeriluneTest, CtrlCIsAnError) {
  Running running("print('ready') while true do end");
  EXPECT_EQ(running.ReadLine(), "ready\n");
  running.Interrupt();
  EXPECT_EQ(running.ReadLine(), "perilune: running.lua:1: interrupted!\n");
  EXPECT_EQ(running.ReadLine(), "stack traceback:\n");
  const int status = running.Wait();
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 1) << status;
}

TEST(PeriluneTest, ASecondCtrlCKills) {
  Running running(
      "pcall(function() print('ready') io.stdout:flush() while true do end end)\n"
      "print('again') io.stdout:flush() while true do end");
  EXPECT_EQ(running.ReadLine(), "ready\n");
  running.Interrupt();
  EXPECT_EQ(running.ReadLine(), "again\n");
  running.Interrupt();
  EXPECT_EQ(running.ReadLine(), "");
  const int status = running.Wait();
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGINT) << status;
}

}  // namespace
}  // namespace perilune::vm::repl
