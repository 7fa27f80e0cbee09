// An Isolate is one Lua state: heap, globals, stacks. It is used by one thread at a time; only RequestPoll may be called by others.
// Many isolates share an Engine: its modules, its machine code.
//
// The first members are the virtual machine's state; machine code and handlers reach them at the offsets of runtime_offsets.h.
//
// [DOC] Errors. Nothing here throws. A function that can raise a Lua error answers false (natives: kRaised) after storing the error
// value with Raise(); its caller must return at once.
//
// [DOC] Collection. The collector runs at polls (function entries, loop back-edges, CheckPoll in native loops), inside collectgarbage, and, when memory
// is short, inside what can fail for that reason (large allocations, see [DOC] Memory limits in heap.h, and the ends of ops that allocate). So
// native code sees a collection only where it calls Lua, polls, or can get "not enough memory"; then raw Values in its C++ frames stay safe, because
// the native stack is scanned conservatively. What is on the Lua stack must be below FrameEnd (calls.h).

#ifndef PERILUNE_RUNTIME_ISOLATE_H_
#define PERILUNE_RUNTIME_ISOLATE_H_

#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/types/span.h"
#include "runtime/code_thread.h"
#include "runtime/frame_layout.h"
#include "runtime/handler.h"
#include "runtime/handles.h"
#include "runtime/heap.h"
#include "runtime/inline_cache.h"
#include "runtime/metamethod.h"
#include "runtime/object.h"
#include "runtime/string_table.h"
#include "runtime/table.h"
#include "runtime/value.h"

namespace perilune::vm {

class Engine;
class Module;
class NativeTier;
enum class ArithOp : uint8_t;

// Why an isolate polls.
enum PollReason : uint32_t {
  kPollCollect = 1,    // the heap's budget is used up
  kPollFinalize = 2,   // finalizers are due
  kPollInterrupt = 4,  // another thread, or a signal handler, wants the running program to stop
  kPollStress = 8,     // Tuning::collect_every_polls counts polls
  kPollWatch = 16,     // stays set while instructions are looked at (hooks.h)
  kPollStop = 32,      // RequestStop
  kPollCode = 64,      // the native tier publishes or reclaims code
};
// What loops without polls look for: the script is to end.
inline constexpr uint32_t kPollEnd = kPollInterrupt | kPollStop;

// Why the host ends what an isolate runs.
enum class StopReason : uint8_t { kNone, kInterrupt, kDeadline, kInstructions };

class Isolate {
 public:
  explicit Isolate(Engine& engine);
  ~Isolate();
  Isolate(const Isolate&) = delete;
  Isolate& operator=(const Isolate&) = delete;

  // ---- State of the virtual machine, read and written by handlers and machine code.
  std::atomic<Value*> stack_limit;     // entries above it take the slow path; null while a poll is wanted
  std::atomic<uint32_t> poll{0};       // PollReasons
  uint32_t native_depth = 0;           // nested runs of the virtual machine
  Value* base = nullptr;               // of the running frame; up to date whenever C++ code runs for it
  Value* top = nullptr;                // end of a variable number of values; of a native frame, end of its values
  const lang::Word* pc = nullptr;      // of the running Lua function, whenever C++ code runs for it
  const Handler* dispatch;             // the interpreter's handlers by opcode
  void* native_sp = nullptr;           // where the native stack stood when the innermost run began; null outside of runs
  Value* next_k = nullptr;             // with a Transfer: the constants of the frame that goes on
  uint64_t next_word = 0;              // with a Transfer: argument or result count
  const lang::Word* next_pc = nullptr; // with a Transfer: the frame link word or pc
  Value* op_frame = nullptr;           // base of the frame that CallMetamethod pushed last for an op; null once an error unwinds
  Coroutine* coroutine = nullptr;      // the running one
  Value error = Value::Nil();          // the error being raised
  const Shape* empty_shape = nullptr;  // of a table without named fields
  Table* string_methods = nullptr;     // empty; its metatable is that of strings, whose methods are looked up in it (inline_cache.h)
  Table* userdata_methods = nullptr;   // the same with a userdata's metatable, during such a lookup only
 private:
  friend struct Offsets;
  Heap heap_;                          // begins with what machine code allocates from
  String* type_names[16] = {};         // what `type` says, by tag
  String* byte_strings[256] = {};      // the strings of one byte, made at first use
 public:
  const Shape* empty_root;             // the shape of new tables
  ChainCache chain_cache;              // of inline caches
  // ---- end of the fixed part

  Engine& engine() const { return engine_; }
  NativeTier* native_tier() const { return native_tier_; }  // null: everything is interpreted
  HandleTable& handles() const { return *handles_; }
  Heap& heap() { return heap_; }
  InlineCaches& caches() { return caches_; }
  Table* globals() const { return globals_; }
  Table* registry() const { return registry_; }
  Coroutine* main_coroutine() const { return main_coroutine_; }

  // ---- Making values. Those with Try are for sizes that a script can make large: they may collect and are null when there is not enough memory
  // (RaiseMemoryError). The others do neither.
  String* NewString(std::string_view bytes) {
    return bytes.size() <= String::kMaxShortString ? strings_.Intern(heap_, bytes) : NewLongString(bytes);
  }
  String* TryNewString(std::string_view bytes);
  // A string of `length` bytes to be filled by the caller before anything else sees it. Must be longer than kMaxShortString.
  String* TryNewLongString(size_t length);
  Table* NewTable() { return TryNewTable(0, 0); }
  Table* TryNewTable(uint32_t array_size, uint32_t hash_entries);
  NativeFunction* NewNative(const char* name, NativeFn fn, absl::Span<const Value> upvalues = {}, FastNative fast = nullptr);
  // A native function that a handler of the virtual machine implements (pcall, coroutine.resume…).
  NativeFunction* NewHandlerFunction(const char* name, Handler entry, absl::Span<const Value> upvalues = {});
  Userdata* NewUserdata(size_t size, const void* type_id, void (*destroy)(void*));
  Upvalue* NewClosedUpvalue(const Value& v);
  LuaFunction* NewLuaFunction(ProtoInstance* instance, size_t upvalues);  // upvalues are left to the caller
  // A closure over a module's main function with `env` as its first upvalue.
  LuaFunction* NewMainFunction(std::shared_ptr<Module> module, const Value& env);
  // The instance of a nested function, made at first use.
  ProtoInstance* ChildInstance(ProtoInstance* parent, uint32_t child);

  // ---- Metatables.
  Table* MetatableOf(const Value& v) const;
  // Sets the metatable shared by all values of a basic type (string, number, function…).
  void SetTypeMetatable(Tag tag, Table* metatable);
  // Sets a table's or userdata's own metatable and registers the object for __gc and __mode as the manual says.
  void SetMetatable(const Value& object, Table* metatable);
  // The metamethod of `v` for `event`, or nil.
  Value Metamethod(const Value& v, Event event) const;
  Value MetamethodOf(const Table* metatable, Event event) const;
  String* EventName(Event event) const { return event_names_[static_cast<size_t>(event)]; }
  String* TypeNameString(Tag tag) const { return type_names[static_cast<size_t>(tag)]; }
  // The string of this one byte.
  String* ByteString(uint8_t byte) {
    String*& s = byte_strings[byte];
    if (s == nullptr) [[unlikely]] s = NewByteString(byte);
    return s;
  }

  // ---- Operations with metamethods, for native code. False: an error was raised.
  [[nodiscard]] bool Index(const Value& object, const Value& key, Value* out);
  [[nodiscard]] bool SetIndex(const Value& object, const Value& key, const Value& value);
  [[nodiscard]] bool Equals(const Value& a, const Value& b, bool* out);
  [[nodiscard]] bool LessThan(const Value& a, const Value& b, bool* out);
  [[nodiscard]] bool LessEqual(const Value& a, const Value& b, bool* out);
  // Without metamethods.
  [[nodiscard]] bool RawSet(Table* table, const Value& key, const Value& value, KeyOrigin origin = KeyOrigin::kComputed);
  [[nodiscard]] bool Length(const Value& v, Value* out);
  [[nodiscard]] bool Arith(ArithOp op, const Value& a, const Value& b, Value* out);
  // luaL_tolstring: __tostring, __name, or the default form.
  [[nodiscard]] bool ToDisplayString(const Value& v, String** out);

  // ---- Calling from native code: a nested run of the interpreter, across which coroutines cannot yield. False: an error was raised and
  // its value is in `error`; the frames above the caller are gone.
  [[nodiscard]] bool Call(const Value& function, absl::Span<const Value> args, Value* first_result);
  // All results: pushed on the top of the caller's frame; their number in *count.
  [[nodiscard]] bool CallForAll(const Value& function, absl::Span<const Value> args, uint32_t* count);
  // Like CallForAll, but an error calls `handler` (nil: none) with the error value where it happened, as xpcall does.
  [[nodiscard]] bool CallProtected(const Value& function, absl::Span<const Value> args, const Value& handler, uint32_t* count);

  // ---- Errors.
  bool Raise(const Value& error_value);  // always false
  // luaL_error: `message` with the position of the Lua function at `level` (1: the running function's caller, 0: itself).
  bool RaiseError(std::string_view message, int level = 1);
  // luaG_runerror: position of the running frame if it is a Lua function.
  bool RaiseRuntimeError(std::string_view message);
  bool RaiseMemoryError();  // "not enough memory", which no message handler sees
  String* memory_error() const { return memory_error_; }
  bool is_memory_error(const Value& v) const { return v.IsString() && v.string() == memory_error_; }
  // RaiseRuntimeError, because a coroutine's stack is full, or calls are nested too deeply.
  bool RaiseOverflow(std::string_view message);
  // The error that says so is this one.
  void NoteOverflow(const Value& v) { overflow_error_ = v; }
  bool is_overflow(const Value& v) const { return v.IsString() && overflow_error_.IsString() && v.string() == overflow_error_.string(); }
  // "chunk:line:" of the function at `level` followed by a space; empty for natives.
  std::string Where(int level) const;
  // luaL_traceback of `co` from `level` on, beginning with `message` when it is not null.
  std::string Traceback(const Coroutine* co, const std::string_view* message, int level) const;

  // ---- The Lua stack.
  // Makes room for n more values above `top` (native frames may use kMinNativeStack without asking). False, without raising: over the limit.
  [[nodiscard]] bool EnsureStack(size_t n);

  // Makes stack_limit that of the running coroutine, unless a poll is wanted.
  void ResetStackLimit();
  void SetStackLimit(Value* limit) {
    stack_limit.store(limit, std::memory_order_seq_cst);
    if (poll.load(std::memory_order_seq_cst) != 0) stack_limit.store(nullptr, std::memory_order_seq_cst);  // partner: RequestPoll
  }

  // ---- Warnings, as the `warn` function: to standard error while they are on.
  void Warn(std::string_view message);
  bool warnings_on = false;

  // ---- Polling. Any thread, and signal handlers.
  void RequestPoll(PollReason reason);
  // Makes what runs end, or else what runs next: its frames are left without running any more Lua code, so that a script can neither catch nor
  // delay it (to-be-closed variables are not closed). The outermost call from the host fails, and the host ends the stop with TakeStop. The first
  // reason counts. Any thread, and signal handlers.
  void RequestStop(StopReason reason);
  // Stops with kInstructions after that many instructions of Lua functions. While there is a budget everything is interpreted. Outside of runs.
  void LimitInstructions(uint64_t budget);
  void UnlimitInstructions();
  // While there is a budget: one more. False: it is used up, and a stop was raised.
  [[nodiscard]] bool CountInstruction() {
    if (instructions_left == 0) return RequestStop(StopReason::kInstructions), RaiseStop();
    --instructions_left;
    return true;
  }
  // Raises the error that ends what runs; the stop was requested. Always false.
  bool RaiseStop();
  StopReason stop_reason() const { return stop_.load(std::memory_order_relaxed); }
  // The reason, and a stop no more: of the isolate's thread, outside of runs.
  StopReason TakeStop();
  // For the loops of native functions: to be called at least every few milliseconds, and every few allocations. It may collect, and run finalizers.
  // False: an error was raised.
  [[nodiscard]] bool CheckPoll() {
    // relaxed: a poll may be noticed a step later
    return poll.load(std::memory_order_relaxed) == 0 || PollInNative();
  }

  // ---- Collection.
  // A full cycle, then the finalizers that are due (they run Lua code).
  void CollectGarbage();
  // After an allocation for the running frame: if memory is exhausted, collects. False: that did not help; "not enough memory" was raised.
  [[nodiscard]] bool CheckMemory() { return !heap_.exhausted() || RelieveMemory(); }

  // Adds the calls that functions of this isolate have counted to the statistics of their modules, where they otherwise come when the functions end.
  void CountCalls();

  // ---- State shared by the parts of the virtual machine.
  std::vector<Coroutine*> coroutines;      // all that have a stack
  std::vector<Value*> spare_stacks;        // of coroutines that ended since the last collection
  std::deque<Object*> finalizable;         // objects with __gc, in order of marking
  std::deque<Object*> to_finalize;         // unreachable ones whose finalizer is due; the next is the last
  uint32_t nesting = 0;                    // calls counted by EnterNested that have not ended
  uint64_t run_results = 0;                // of the nested run that just ended
  bool run_failed = false;                 // it ended by an error
  bool keep_top = false;                   // the running Lua frame's values in use end at `top`, not with its registers
  Value* refused = nullptr;                // while raising: frame of a call that failed before its callee ran. The error is the caller's, but that call
                                           // may be protected
  bool unhandled = false;                  // message handlers are not to see the error being raised
  bool stopping = false;                   // a stop unwinds: nothing catches the error being raised, and no Lua code runs
  bool finalizing = false;                 // a finalizer runs: no collections, and no other finalizers, until it has ended
  bool stack_refused = false;              // what GrowStack refused last was refused by the host
  bool hooking = false;                    // the running coroutine's hook is to be called (hooks.h)
  bool counting = false;                   // instructions have a budget
  bool watching = false;                   // either: each instruction is looked at, `dispatch` is kWatchedHandlers
  const Handler* plain_dispatch;           // what `dispatch` is while not watching
  uint64_t instructions_left = 0;          // while counting
  uint32_t max_stack = kMaxStack;          // slots that a Lua stack may have; set before anything runs
  bool hook_failed = false;                // while raising: the error is one of the running coroutine's hook
  uint64_t call_mark = 0;                  // FrameLink::kHook or kFinalizer for the frame that CallForAll makes next
  size_t written_frame = 0;                // slot of the base of a frame in machine code whose locals were written (hooks.h); 0: none
  bool closing = false;                    // FinalizeAll was called
  bool gc_stopped = false;                 // collectgarbage("stop")
  void* host = nullptr;                    // the embedder's own
  CodeThread code_thread;                  // the isolate as the native tier sees it
  uint32_t pinning_runs = 0;  // nested runs begun by C++ code that may return into machine code (machine_frames.h)
  uint32_t stress_polls = 0;               // polls so far, where Tuning::collect_every_polls counts them

 private:
  friend class Collector;
  friend class RepeatedCall;

  ProtoInstance* NewInstance(std::shared_ptr<Module> module, ProtoSlots* slots);
  String* NewByteString(uint8_t byte);
  String* NewLongString(std::string_view bytes);
  bool CallOutOfTheOrdinary(const Value& function, absl::Span<const Value> args, Value* first_result);
  bool PollInNative();
  bool RelieveMemory();

  Engine& engine_;
  NativeTier* const native_tier_;
  InlineCaches caches_;
  StringTable strings_;
  Table* globals_ = nullptr;
  Table* registry_ = nullptr;
  Coroutine* main_coroutine_ = nullptr;
  HandleTable* const handles_ = new HandleTable;  // shared with its handles
  std::atomic<StopReason> stop_{StopReason::kNone};
  NativeFunction* pcall_ = nullptr;
  NativeFunction* xpcall_ = nullptr;
  Table* type_metatables_[16] = {};
  String* event_names_[kEventCount] = {};
  String* memory_error_ = nullptr;
  Value overflow_error_ = Value::Nil();  // the last
};

}  // namespace perilune::vm

#endif  // PERILUNE_RUNTIME_ISOLATE_H_
