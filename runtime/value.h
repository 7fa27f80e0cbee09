// A Lua value: 16 bytes, 8 of payload and 8 of tag.
//
//        0                8               16
//        | payload        | tag            |
//
// The payload is an int64, a double or a pointer; the tag is a whole word so that one ldp/stp moves a value and a known tag need be
// neither loaded nor stored. Frame links (frame_layout.h) also live in value slots; their tag word is at least 2^32, so that no
// reader of tags, the collector above all, can take one for a value.

#ifndef PERILUNE_RUNTIME_VALUE_H_
#define PERILUNE_RUNTIME_VALUE_H_

#include <cstdint>
#include <cstring>

namespace perilune::vm {

struct Object;
struct String;
struct Table;
struct LuaFunction;
struct NativeFunction;
struct Userdata;
struct Coroutine;

// Order matters: false values are <= kFalse, collectable ones >= kString, functions are adjacent.
enum class Tag : uint64_t {
  kNil = 0,
  kFalse = 1,
  kTrue = 2,
  kInteger = 3,
  kFloat = 4,
  kLightUserdata = 5,
  kString = 6,
  kTable = 7,
  kLuaFunction = 8,
  kNativeFunction = 9,
  kUserdata = 10,
  kCoroutine = 11,
  kDeadKey = 12,  // only in hash nodes: the key of a removed entry whose object was collected
};

struct Value {
  union {
    int64_t integer;
    double number;
    void* pointer;
    Object* object;
    uint64_t bits;
  };
  Tag tag;

  static Value Nil() { return Make(0, Tag::kNil); }
  static Value Boolean(bool b) { return Make(0, b ? Tag::kTrue : Tag::kFalse); }
  static Value Integer(int64_t i) { return Make(static_cast<uint64_t>(i), Tag::kInteger); }
  static Value Float(double d) {
    Value v;
    v.number = d;
    v.tag = Tag::kFloat;
    return v;
  }
  static Value LightUserdata(void* p) { return Make(reinterpret_cast<uint64_t>(p), Tag::kLightUserdata); }
  static Value Of(const String* s) { return Make(reinterpret_cast<uint64_t>(s), Tag::kString); }
  static Value Of(const Table* t) { return Make(reinterpret_cast<uint64_t>(t), Tag::kTable); }
  static Value Of(const LuaFunction* f) { return Make(reinterpret_cast<uint64_t>(f), Tag::kLuaFunction); }
  static Value Of(const NativeFunction* f) { return Make(reinterpret_cast<uint64_t>(f), Tag::kNativeFunction); }
  static Value Of(const Userdata* u) { return Make(reinterpret_cast<uint64_t>(u), Tag::kUserdata); }
  static Value Of(const Coroutine* c) { return Make(reinterpret_cast<uint64_t>(c), Tag::kCoroutine); }

  bool IsNil() const { return tag == Tag::kNil; }
  bool IsBoolean() const { return tag == Tag::kFalse || tag == Tag::kTrue; }
  bool IsTruthy() const { return tag > Tag::kFalse; }
  bool IsInteger() const { return tag == Tag::kInteger; }
  bool IsFloat() const { return tag == Tag::kFloat; }
  bool IsNumber() const { return tag == Tag::kInteger || tag == Tag::kFloat; }
  bool IsString() const { return tag == Tag::kString; }
  bool IsTable() const { return tag == Tag::kTable; }
  bool IsLuaFunction() const { return tag == Tag::kLuaFunction; }
  bool IsNativeFunction() const { return tag == Tag::kNativeFunction; }
  bool IsFunction() const { return tag == Tag::kLuaFunction || tag == Tag::kNativeFunction; }
  bool IsUserdata() const { return tag == Tag::kUserdata; }
  bool IsCoroutine() const { return tag == Tag::kCoroutine; }
  bool IsCollectable() const { return tag >= Tag::kString && tag <= Tag::kCoroutine; }

  // Each requires the tag to fit.
  String* string() const { return static_cast<String*>(pointer); }
  Table* table() const { return static_cast<Table*>(pointer); }
  LuaFunction* lua_function() const { return static_cast<LuaFunction*>(pointer); }
  NativeFunction* native_function() const { return static_cast<NativeFunction*>(pointer); }
  Userdata* userdata() const { return static_cast<Userdata*>(pointer); }
  Coroutine* coroutine() const { return static_cast<Coroutine*>(pointer); }
  // The number as a double. Requires IsNumber().
  double AsDouble() const { return IsInteger() ? static_cast<double>(integer) : number; }

 private:
  static Value Make(uint64_t bits, Tag tag) {
    Value v;
    v.bits = bits;
    v.tag = tag;
    return v;
  }
};
static_assert(sizeof(Value) == 16);

// Primitive (raw) equality, `rawequal`: integers equal floats of the same mathematical value; strings compare by content.
bool RawEquals(const Value& a, const Value& b);

// "nil", "boolean", "number", "string", "table", "function", "userdata", "thread".
const char* TypeName(Tag tag);

}  // namespace perilune::vm

#endif  // PERILUNE_RUNTIME_VALUE_H_
