// The heap objects behind collectable values. All start with an Object header of 8 bytes; see heap.h for where they live and
// collector.h for how they are marked. Fields that machine code reads have their offsets in runtime_offsets.h.

#ifndef PERILUNE_RUNTIME_OBJECT_H_
#define PERILUNE_RUNTIME_OBJECT_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "lang/proto.h"
#include "runtime/intrinsic.h"
#include "runtime/value.h"

namespace perilune::vm {

class Isolate;
class Module;
struct NativeFrame;
struct ProtoSlots;

enum class ObjectType : uint8_t {
  kFree = 0,  // an unallocated cell; the memory of a fresh block
  kString,
  kTable,
  kLuaFunction,
  kNativeFunction,
  kUserdata,
  kCoroutine,
  kUpvalue,
  kProtoInstance,
  kShape,
  kStorage,  // array or hash part of a table; reached only through its table
};

struct Object {
  ObjectType type;
  uint8_t mark;    // equals the heap's current mark when reached (or allocated) in this cycle
  uint8_t flags;   // per type
  uint8_t gc_flags;  // kHasFinalizer, and the heap's own
  uint32_t aux;    // per type
};
inline constexpr uint8_t kHasFinalizer = 1;  // gc_flags: registered for __gc
static_assert(sizeof(Object) == 8);

// An immutable byte string, NUL-terminated for the C library's sake. Short strings (<= kMaxShortString) are interned: equal ones
// are the same object. Long ones are not; their hash is computed at first use.
struct String : Object {
  static constexpr size_t kMaxShortString = 40;
  static constexpr uint8_t kLong = 1;     // flags
  static constexpr uint8_t kHashed = 2;   // flags, long strings: `aux` holds the hash
  static constexpr uint8_t kEventName = 4;  // flags: the name of a metamethod (metamethod.h)

  uint64_t length;
  char data[];  // length bytes and a NUL

  bool is_short() const { return (flags & kLong) == 0; }
  bool is_event_name() const { return (flags & kEventName) != 0; }
  uint32_t hash() const { return aux; }  // short strings only; Table code uses StringHash()
  std::string_view view() const { return {data, length}; }
};

// A closure over a Proto. `k` is the address of the instance's constants (see ProtoInstance); `k` and `slots` are adjacent so that
// a call site loads both with one ldp.
struct LuaFunction : Object {
  Value* k;
  ProtoSlots* slots;
  struct Upvalue* upvalues[];  // aux of the header: their number
};

// A variable that closures share. Open: `location` points into a Lua stack. Closed: it points to `closed`.
struct Upvalue : Object {
  Value* location;
  Value closed;
  Upvalue* next_open;  // the coroutine's open upvalues, by descending location

  bool is_open() const { return location != &closed; }
};

// What a native function gives back: the number of results, which are the topmost values of its frame; or kRaised; or a call to make
// (NativeFrame::Call) whose results are to be its own.
struct NativeResult {
  int32_t count;
  uint16_t args = 0;     // of a call: topmost values are the callee and these
  uint16_t results = 0;  // of a call: their number, or 0 for all

  bool raised() const { return count == -1; }
  bool calls() const { return count == -2; }
};
inline constexpr NativeResult kRaised{-1};

using NativeFn = NativeResult (*)(NativeFrame& frame);

// [DOC] Fast natives. The common case of a library function as a plain C++ leaf, which is called without a frame of its own. The arguments stand
// at `args`; it writes its results from args[-2] on, where the callee stands (args[-1] is free), and answers their number, at most
// kMaxFastResults or what the arguments took up. Or it answers kDeclined, having changed nothing: then the ordinary call is made, with its
// checks and messages. It must not raise, call, yield, collect, or use vm->base, top and pc. It is called only while no poll is wanted, so that
// hooks and limits see ordinary calls, and what it allocates is answered for at the next call.
using FastNative = int32_t (*)(Isolate* vm, Value* args, uint64_t count);
inline constexpr int32_t kDeclined = -1;
inline constexpr int32_t kMaxFastResults = 20;

struct NativeFunction : Object {
  static constexpr uint8_t kInternal = 1;  // flags: its frames are no levels of the stack (frame_layout.h)

  const void* entry;  // the handler that calls it (interpreter.h); for most the one that calls `fn`
  FastNative fast;    // or null
  NativeFn fn;
  const char* name;   // static; for diagnostics
  Intrinsic intrinsic;
  uint32_t reserved;  // 0
  Value upvalues[];   // aux of the header: their number
};

// A block of host memory with a metatable. `destroy`, when set, runs once before the memory is freed, after any __gc.
struct Userdata : Object {
  Table* metatable;
  void (*destroy)(void* payload);
  const void* type_id;  // identifies the host type; compared by address
  uint64_t size;
  Value user_value;
  alignas(16) char payload[];
};

struct Cell;
struct CellState;

// A Proto as one isolate sees it: the isolate's private half. Constants follow the header so that `k - 1 header` reaches it, and cells follow them
// (inline_cache.h), so that machine code finds both at known distances from k.
//
//   | header | k: Value[constants] | cells: Cell[cell_count] | CellState[cell_count] |
struct ProtoInstance : Object {
  const lang::Proto* proto;
  ProtoSlots* slots;
  const lang::Word* code;
  Cell* cells;
  ProtoInstance** children;  // filled at first CLOSURE; owned
  // Holds the module, and so proto and slots, for as long as this instance lives.
  std::shared_ptr<Module> module;
  size_t charged;        // to the heap, for the module
  uint64_t calls;        // entries into the interpreter
  uint64_t native_calls; // entries into machine code that counts them
  int32_t hotness;       // counts down to a tier-up request
  uint8_t num_params;
  bool is_vararg;
  uint8_t max_stack;
  bool locals_written;   // by debug.setlocal: no frame of it is entered at a loop any more, since machine code relies on what was assigned
  Value k[];

  CellState* states() { return reinterpret_cast<CellState*>(reinterpret_cast<char*>(cells) + proto->cell_count * size_t{32}); }

  static ProtoInstance* FromConstants(Value* k) {
    return reinterpret_cast<ProtoInstance*>(reinterpret_cast<char*>(k) - kConstantsOffset);
  }
  static constexpr size_t kConstantsOffset = 96;
};

}  // namespace perilune::vm

#endif  // PERILUNE_RUNTIME_OBJECT_H_
