// The offsets at which handlers' assembly and machine code reach into runtime structures. Each is checked against the structure.

#ifndef PERILUNE_RUNTIME_RUNTIME_OFFSETS_H_
#define PERILUNE_RUNTIME_RUNTIME_OFFSETS_H_

#include <cstddef>

#include "lang/proto.h"
#include "runtime/coroutine.h"
#include "runtime/isolate.h"
#include "runtime/module.h"
#include "runtime/object.h"
#include "runtime/table.h"

#define PERILUNE_STRINGIZE_(x) #x
#define PERILUNE_STRINGIZE(x) PERILUNE_STRINGIZE_(x)

// For inline assembly, which wants a literal.
#define PERILUNE_NATIVE_SP_OFFSET 48

namespace perilune::vm {

// Our structures are single-inheritance and have no virtual members, for which the offsets are well defined with every compiler we support.
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Winvalid-offsetof"

struct Offsets {
  static constexpr int kStackLimit = offsetof(Isolate, stack_limit);
  static constexpr int kPoll = offsetof(Isolate, poll);
  static constexpr int kBase = offsetof(Isolate, base);
  static constexpr int kTop = offsetof(Isolate, top);
  static constexpr int kPc = offsetof(Isolate, pc);
  static constexpr int kDispatch = offsetof(Isolate, dispatch);
  static constexpr int kNativeSp = offsetof(Isolate, native_sp);
  static constexpr int kNextK = offsetof(Isolate, next_k);
  static constexpr int kNextWord = offsetof(Isolate, next_word);
  static constexpr int kNextPc = offsetof(Isolate, next_pc);
  static constexpr int kTypeNames = offsetof(Isolate, type_names);
  static constexpr int kByteStrings = offsetof(Isolate, byte_strings);
  static constexpr int kOpFrame = offsetof(Isolate, op_frame);

  static constexpr int kCoroutine = offsetof(Isolate, coroutine);
  static constexpr int kEmptyShape = offsetof(Isolate, empty_shape);
  static constexpr int kStringMethods = offsetof(Isolate, string_methods);

  // The area of objects of this size, {next, end}, and the header of new objects.
  static constexpr int Area(size_t size) {
    return static_cast<int>(offsetof(Isolate, heap_) + offsetof(Heap, areas_) + Heap::ClassOf(size) * sizeof(Heap::Area));
  }
  static constexpr int kHeader = offsetof(Isolate, heap_) + offsetof(Heap, header_);

  static constexpr int kOpenUpvalues = offsetof(Coroutine, open_upvalues);
  static constexpr int kPendingSize = offsetof(Coroutine, to_be_closed) + offsetof(PendingSlots, size);

  static constexpr int kJumps = offsetof(Isolate, code_thread) + offsetof(CodeThread, jumps);

  static constexpr int kFunctionK = offsetof(LuaFunction, k);
  static constexpr int kFunctionSlots = offsetof(LuaFunction, slots);
  static constexpr int kFunctionUpvalues = offsetof(LuaFunction, upvalues);
  static constexpr int kUpvalueLocation = offsetof(Upvalue, location);
  static constexpr int kUpvalueClosed = offsetof(Upvalue, closed);
  static constexpr int kUpvalueNext = offsetof(Upvalue, next_open);
  static constexpr int kInstanceSlots = offsetof(ProtoInstance, slots);

  // Of a ProtoInstance's fields, from its constants.
  static constexpr int kCodeFromK = static_cast<int>(offsetof(ProtoInstance, code)) - static_cast<int>(offsetof(ProtoInstance, k));
  static constexpr int kCellsFromK = static_cast<int>(offsetof(ProtoInstance, cells)) - static_cast<int>(offsetof(ProtoInstance, k));
  static constexpr int kProtoFromK = static_cast<int>(offsetof(ProtoInstance, proto)) - static_cast<int>(offsetof(ProtoInstance, k));
  static constexpr int kSlotsFromK = static_cast<int>(offsetof(ProtoInstance, slots)) - static_cast<int>(offsetof(ProtoInstance, k));
  static constexpr int kNumParamsFromK = static_cast<int>(offsetof(ProtoInstance, num_params)) - static_cast<int>(offsetof(ProtoInstance, k));
  static constexpr int kChildrenFromK = static_cast<int>(offsetof(ProtoInstance, children)) - static_cast<int>(offsetof(ProtoInstance, k));
  static constexpr int kNativeCallsFromK =
      static_cast<int>(offsetof(ProtoInstance, native_calls)) - static_cast<int>(offsetof(ProtoInstance, k));

  static constexpr int kProtoCellCount = offsetof(lang::Proto, cell_count);

  static constexpr int kNativeEntry = offsetof(NativeFunction, entry);
  static constexpr int kNativeIntrinsic = offsetof(NativeFunction, intrinsic);
  static constexpr int kNativeFast = offsetof(NativeFunction, fast);

  static constexpr int kTargetSlots = offsetof(CallTarget, slots);
  static constexpr int kSlotsTarget = offsetof(ProtoSlots, target);
  static constexpr int kTargetEntry = offsetof(CallTarget, entry);
  static constexpr int kTargetExact = offsetof(CallTarget, exact);
  static constexpr int kSlotsModule = offsetof(ProtoSlots, module);

  static constexpr int kTableMetatable = offsetof(Table, metatable);
  static constexpr int kTableArray = offsetof(Table, array);
  static constexpr int kTableLengthHint = offsetof(Table, length_hint);
  static constexpr int kTableArraySize = offsetof(Table, array_size);
  static constexpr int kTableNodes = offsetof(Table, nodes);
  static constexpr int kTableNodeMask = offsetof(Table, node_mask);
  static constexpr int kTableShape = offsetof(Table, shape);
  static constexpr int kObjectFlags = offsetof(Object, flags);
  static constexpr int kTableAux = offsetof(Table, aux);
  static constexpr int kSiteLike = offsetof(SiteCell, like);
  static constexpr int kSiteCountdown = offsetof(SiteCell, countdown);
  static constexpr int kShapeNodeCount = offsetof(Shape, node_count);
  static constexpr int kShapeBoilerplate = offsetof(Shape, boilerplate);
  static constexpr int kShapeLastFree = offsetof(Shape, last_free);
  static constexpr int kEmptyRoot = offsetof(Isolate, empty_root);
  static constexpr int kChainCache = offsetof(Isolate, chain_cache);
  static constexpr int kChainEntryShape = offsetof(ChainEntry, shape);
  static constexpr int kChainEntryKey = offsetof(ChainEntry, key);
  static constexpr int kCellOwn = offsetof(Cell, own);
  static constexpr int kCellChain = offsetof(Cell, chain);
  static constexpr int kCellMetatable = offsetof(Cell, metatable);
  static constexpr int kCellWhere = offsetof(Cell, where);
  static constexpr int kCellIndex = kCellWhere + Cell::kAddressBits / 8;
  static constexpr int kStringLength = offsetof(String, length);
  static constexpr int kStringData = offsetof(String, data);
  static constexpr int kStringHash = offsetof(String, aux);
  static constexpr int kNodeValue = offsetof(Node, value);
  static constexpr int kNodeKey = offsetof(Node, key_bits);
  static constexpr int kNodeNext = offsetof(Node, next);
};

static_assert(Offsets::kNativeSp == PERILUNE_NATIVE_SP_OFFSET);
static_assert(sizeof(CodeThread::jumps) == sizeof(void*));
static_assert(offsetof(ProtoInstance, k) == ProtoInstance::kConstantsOffset);
static_assert(Offsets::kFunctionSlots == Offsets::kFunctionK + 8, "loaded by one ldp");
static_assert(Offsets::kNativeFast == Offsets::kNativeEntry + 8, "loaded by one ldp");
static_assert(Offsets::kTargetEntry == Offsets::kTargetSlots + 8, "loaded by one ldp");
static_assert(offsetof(CallSite, target) == 0 && offsetof(CallSite, position) == 8, "loaded by one ldp");

static_assert(offsetof(Node, key_tag) == Offsets::kNodeKey + 8, "loaded by one ldp");
static_assert(offsetof(ChainEntry, metatable) == Offsets::kChainEntryShape + 8 && offsetof(ChainEntry, value) == Offsets::kChainEntryKey + 8,
              "loaded by one ldp");
static_assert(Offsets::kCellChain == Offsets::kCellOwn + 8, "loaded by one ldp");
static_assert(offsetof(Table, length_hint) == offsetof(Table, array_size) + 4 && Offsets::kTableNodeMask == Offsets::kTableNodes + 8 &&
                  offsetof(Table, last_free) == Offsets::kTableNodeMask + 4, "stored by one stp");
static_assert(Offsets::kCellMetatable == Offsets::kCellChain + 8, "loaded by one ldp");
static_assert(Offsets::kNodeValue == 0 && sizeof(Node) == 32, "an address of a node is that of its value");
static_assert(Offsets::kTableShape == Offsets::kTableMetatable + 8, "loaded by one ldp");
static_assert(Offsets::kTableArraySize == Offsets::kTableArray + 8, "loaded by one ldp");
static_assert(Offsets::kTableShape == Offsets::kTableMetatable + 8 && Offsets::kTableArray == Offsets::kTableShape + 8 &&
                  Offsets::kTableNodes == Offsets::kTableArraySize + 8 && offsetof(Table, node_mask) == Offsets::kTableNodes + 8,
              "a new table is stored by pairs");
static_assert(Offsets::kTableLengthHint == Offsets::kTableArraySize + 4, "in the same word");

#pragma clang diagnostic pop

}  // namespace perilune::vm

#endif  // PERILUNE_RUNTIME_RUNTIME_OFFSETS_H_
