#include "runtime/collector.h"

#include <pthread.h>

#include <algorithm>
#include <deque>
#include <cstdlib>
#include <cstring>
#include <utility>
#include <vector>

#include "runtime/calls.h"
#include "runtime/coroutine.h"
#include "runtime/frame_layout.h"
#include "runtime/hooks.h"

namespace perilune::vm {
namespace {

// The end of the calling thread's stack, where the oldest frames are. Native code must not run Lua on a stack of its own making.
const void* NativeStackEnd() {
  thread_local const void* end = nullptr;  // asking is slow
  if (end == nullptr) {
    pthread_attr_t attributes;
    void* address = nullptr;
    size_t size = 0;
    if (pthread_getattr_np(pthread_self(), &attributes) == 0) {
      pthread_attr_getstack(&attributes, &address, &size);
      pthread_attr_destroy(&attributes);
    }
    end = static_cast<char*>(address) + size;
  }
  return end;
}

}  // namespace

// Objects that are marked but not scanned. When the host refuses memory for it, it forgets some, and says so.
class MarkStack {
 public:
  MarkStack() = default;
  ~MarkStack() { std::free(objects_); }
  MarkStack(const MarkStack&) = delete;
  MarkStack& operator=(const MarkStack&) = delete;

  void Push(Object* o) {
    if (size_ == capacity_ && !Grow()) [[unlikely]] {
      overflow_ = true;
      return;
    }
    objects_[size_++] = o;
  }
  Object* Pop() { return size_ == 0 ? nullptr : objects_[--size_]; }
  // Whether it forgot anything since the last time it was asked.
  bool TakeOverflow() { return std::exchange(overflow_, false); }

 private:
  bool Grow() {
    const size_t capacity = std::max<size_t>(1024, capacity_ * 2);
    void* grown = std::realloc(objects_, capacity * sizeof(Object*));
    if (grown == nullptr) return false;
    objects_ = static_cast<Object**>(grown);
    capacity_ = capacity;
    return true;
  }

  Object** objects_ = nullptr;
  size_t size_ = 0;
  size_t capacity_ = 0;
  bool overflow_ = false;
};

class Collector {
 public:
  Collector(Isolate& vm, NativeRoots roots) : vm_(vm), heap_(vm.heap()), roots_(roots) {}

  void Run(bool trim) {
    heap_.BeginMarking();
    MarkRoots();
    Propagate();
    ConvergeEphemerons();
    // Values of weak tables go before finalizable objects come back; their keys stay for the finalizers to see.
    ClearValues(weak_values_, 0);
    ClearValues(all_weak_, 0);
    const size_t old_values = weak_values_.size(), old_all = all_weak_.size();
    SeparateFinalizable();
    for (Object* o : vm_.to_finalize) MarkObject(o);
    Propagate();
    ConvergeEphemerons();
    ClearKeys(ephemerons_);
    ClearKeys(all_weak_);
    ClearValues(weak_values_, old_values);
    ClearValues(all_weak_, old_all);
    vm_.caches().MarkBoilerplates(heap_, [this](Shape* s) { MarkObject(s); });
    Propagate();
    vm_.caches().Purge(heap_);
    vm_.strings_.Purge(heap_);
    EndCoroutines();
    heap_.EndMarking(trim);
  }

 private:
  [[gnu::always_inline]] void MarkValue(const Value& v) {
    if (v.IsCollectable()) Mark(v.object);
  }
  [[gnu::always_inline]] void MarkValues(const Value* from, const Value* to) {
    for (; from < to; ++from) MarkValue(*from);
  }
  void MarkObject(Object* o) {
    if (o != nullptr) Mark(o);
  }
  [[gnu::always_inline]] void Mark(Object* o) {
    if (heap_.Mark(o) && o->type != ObjectType::kString && o->type != ObjectType::kStorage) gray_.Push(o);
  }

  void MarkRoots() {
    MarkObject(vm_.main_coroutine_);
    MarkObject(vm_.coroutine);
    MarkObject(vm_.globals_);
    MarkObject(vm_.registry_);
    for (Table* t : vm_.type_metatables_) MarkObject(t);
    MarkObject(vm_.string_methods);
    MarkObject(vm_.userdata_methods);
    for (String* s : vm_.event_names_) MarkObject(s);
    vm_.caches().shapes().MarkRoots([this](Shape* s) { MarkObject(s); });
    for (String* s : vm_.type_names) MarkObject(s);
    for (String* s : vm_.byte_strings) MarkObject(s);
    MarkObject(vm_.memory_error_);
    MarkObject(vm_.pcall_);
    MarkObject(vm_.xpcall_);
    MarkValue(vm_.error);
    MarkValue(vm_.overflow_error_);
    vm_.handles().ForEach([this](const Value& v) { MarkValue(v); });
    for (Object* o : vm_.to_finalize) MarkObject(o);
    MarkNativeStack();
  }

  // Everything on the native stack that looks like the address of an object. Words that other threads write may stand there (an isolate is one of the host's
  // local variables); they are no references, so it does not matter what is read.
  __attribute__((noinline, no_sanitize("address", "thread"))) void MarkNativeStack() {
    __builtin_unwind_init();  // spills the callee-saved registers into this frame, above its variables
    uintptr_t here = 0;
    const uintptr_t* p = &here;
    if (roots_ == NativeRoots::kOutsideRun && vm_.native_sp != nullptr) p = static_cast<const uintptr_t*>(vm_.native_sp);
    for (auto* end = static_cast<const uintptr_t*>(NativeStackEnd()); p < end; ++p) {
      Object* o = heap_.FindObject(*p);
      if (o != nullptr) MarkObject(o);
    }
  }

  void Propagate() {
    for (;;) {
      while (Object* o = gray_.Pop()) Scan(o);
      if (!gray_.TakeOverflow()) return;
      // Objects were marked that could not be remembered: they are among all that are.
      heap_.ForEachMarked([this](Object* o) {
        Scan(o);
        while (Object* gray = gray_.Pop()) Scan(gray);
      });
    }
  }

  void Scan(Object* o) {
    switch (o->type) {
      case ObjectType::kTable:
        ScanTable(static_cast<Table*>(o));
        break;
      case ObjectType::kLuaFunction: {
        auto* f = static_cast<LuaFunction*>(o);
        MarkObject(InstanceOf(f));
        for (uint32_t i = 0; i < f->aux; ++i) MarkObject(f->upvalues[i]);
        break;
      }
      case ObjectType::kNativeFunction: {
        auto* f = static_cast<NativeFunction*>(o);
        MarkValues(f->upvalues, f->upvalues + f->aux);
        break;
      }
      case ObjectType::kUserdata:
        MarkObject(static_cast<Userdata*>(o)->metatable);
        MarkValue(static_cast<Userdata*>(o)->user_value);
        break;
      case ObjectType::kUpvalue:
        MarkValue(*static_cast<Upvalue*>(o)->location);
        break;
      case ObjectType::kProtoInstance: {
        auto* p = static_cast<ProtoInstance*>(o);
        MarkValues(p->k, p->k + p->proto->constants.size());
        for (size_t i = 0; i < p->proto->children.size(); ++i) MarkObject(p->children[i]);
        break;
      }
      case ObjectType::kShape: {
        auto* s = static_cast<Shape*>(o);
        MarkObject(s->parent);
        MarkObject(const_cast<String*>(s->key));
        if (s->boilerplate != nullptr) MarkObject(StorageOf(s->boilerplate));
        break;
      }
      case ObjectType::kCoroutine:
        ScanCoroutine(static_cast<Coroutine*>(o));
        break;
      default:
        break;
    }
  }

  // Marks the stack up to the end of its topmost frame and clears the rest, so that no slot ever holds an object that is gone.
  void ScanCoroutine(Coroutine* co) {
    if (co->stack == nullptr) return;
    const bool running = co == vm_.coroutine;
    Value* base = running ? vm_.base : co->base;
    Value* top = running ? vm_.top : co->top;
    if (running) {
      top = FrameEnd(&vm_);
    } else if (IsLuaFrame(base)) {
      top = base + InstanceAt(base)->max_stack;
    }
    Value* end = co->stack + co->stack_size;
    Value* p = co->stack;
    MarkValues(p, top);
    p = std::max(p, top);
    std::memset(static_cast<void*>(p), 0, static_cast<size_t>(end - p) * sizeof(Value));  // nils
    MarkValue(co->error);
    if (co->hooks != nullptr) {
      MarkValue(co->hooks->function);
      for (const HookedFrame& frame : co->hooks->frames) MarkValue(frame.function);
    }
    MarkObject(co->resumer);
  }

  void ScanTable(Table* t) {
    MarkObject(t->metatable);
    MarkObject(const_cast<Shape*>(t->shape));
    if (t->array != nullptr) MarkObject(StorageOf(t->array));
    if (t->has_nodes()) MarkObject(StorageOf(t->nodes));
    bool weak_keys = false, weak_values = false;
    if (t->metatable != nullptr) {
      const Value mode = vm_.MetamethodOf(t->metatable, Event::kMode);
      if (mode.IsString()) {
        weak_keys = mode.string()->view().find('k') != std::string_view::npos;
        weak_values = mode.string()->view().find('v') != std::string_view::npos;
      }
    }
    if (weak_keys && weak_values) {
      all_weak_.push_back(t);
      return;
    }
    if (weak_keys) {
      MarkValues(t->array, t->array + t->array_size);
      ephemerons_.push_back(t);
      ScanEphemeron(t);
      return;
    }
    if (!weak_values) {
      MarkValues(t->array, t->array + t->array_size);
    } else {
      weak_values_.push_back(t);
    }
    for (uint32_t i = 0; i < t->node_count(); ++i) {
      Node& n = t->nodes[i];
      if (n.value.IsNil()) {
        ForgetKey(t, n);
        continue;
      }
      MarkValue(n.key());
      if (!weak_values) MarkValue(n.value);
    }
  }

  static Object* StorageOf(void* payload) { return reinterpret_cast<Object*>(static_cast<char*>(payload) - 16); }

  // The key of a removed entry does not keep its object alive, but the traversal that removed it may still ask for it. A name keeps its node where there
  // is a shape.
  void ForgetKey(const Table* t, Node& n) {
    const Value key = n.key();
    if (!key.IsCollectable()) return;
    if (t->shape != nullptr && key.IsString()) return MarkObject(key.object);
    n.key_tag = static_cast<uint32_t>(Tag::kDeadKey);
  }

  // Strings are values, never removed from weak tables.
  bool IsDead(const Value& v) {
    if (!v.IsCollectable()) return false;
    if (v.IsString()) return MarkObject(v.object), false;
    return !heap_.IsMarked(v.object);
  }

  // Marks the values of reachable keys; true if that marked anything.
  bool ScanEphemeron(Table* t) {
    bool marked = false;
    for (uint32_t i = 0; i < t->node_count(); ++i) {
      Node& n = t->nodes[i];
      if (n.value.IsNil()) {
        ForgetKey(t, n);
      } else if (!IsDead(n.key()) && n.value.IsCollectable() && !heap_.IsMarked(n.value.object)) {
        MarkValue(n.value);
        marked = true;
      }
    }
    return marked;
  }

  void ConvergeEphemerons() {
    for (bool changed = true; changed;) {
      changed = false;
      for (size_t i = 0; i < ephemerons_.size(); ++i) {
        if (ScanEphemeron(ephemerons_[i])) changed = true;
      }
      Propagate();
    }
  }

  void ClearValues(const std::vector<Table*>& tables, size_t from) {
    for (size_t j = from; j < tables.size(); ++j) {
      Table* t = tables[j];
      for (uint32_t i = 0; i < t->array_size; ++i) {
        if (IsDead(t->array[i])) t->array[i] = Value::Nil();
      }
      for (uint32_t i = 0; i < t->node_count(); ++i) {
        Node& n = t->nodes[i];
        if (IsDead(n.value)) {
          n.value = Value::Nil();
          if ((t->aux & Table::kInCachedChain) != 0) vm_.caches().Flush();
        }
        if (n.value.IsNil()) ForgetKey(t, n);
      }
    }
  }

  void ClearKeys(const std::vector<Table*>& tables) {
    for (Table* t : tables) {
      for (uint32_t i = 0; i < t->node_count(); ++i) {
        Node& n = t->nodes[i];
        if (IsDead(n.key())) n.value = Value::Nil();
        if (n.value.IsNil()) ForgetKey(t, n);
      }
    }
  }

  void SeparateFinalizable() {
    std::deque<Object*> due;
    std::erase_if(vm_.finalizable, [&](Object* o) {
      if (heap_.IsMarked(o)) return false;
      due.push_back(o);
      return true;
    });
    // Finalizers run in reverse order of marking; to_finalize is run from its end.
    vm_.to_finalize.insert(vm_.to_finalize.begin(), due.begin(), due.end());
  }

  // Unreachable coroutines: their live upvalues are closed, their stacks freed.
  void EndCoroutines() {
    size_t kept = 0;
    for (Coroutine* co : vm_.coroutines) {
      if (heap_.IsMarked(co)) {
        co->index = static_cast<uint32_t>(kept);
        vm_.coroutines[kept++] = co;
        continue;
      }
      for (Upvalue* u = co->open_upvalues; u != nullptr;) {
        Upvalue* next = u->next_open;
        if (heap_.IsMarked(u)) {
          u->closed = *u->location;
          u->location = &u->closed;
        }
        u = next;
      }
      FreeCoroutineStack(heap_, co);
    }
    vm_.coroutines.resize(kept);
    FreeSpareStacks(vm_);
    // A live coroutine's list of open upvalues must not lead through dead ones.
    for (Coroutine* co : vm_.coroutines) {
      for (Upvalue** link = &co->open_upvalues; *link != nullptr;) {
        if (heap_.IsMarked(*link)) {
          link = &(*link)->next_open;
        } else {
          *link = (*link)->next_open;
        }
      }
    }
  }

  Isolate& vm_;
  Heap& heap_;
  const NativeRoots roots_;
  MarkStack gray_;
  std::vector<Table*> weak_values_, ephemerons_, all_weak_;
};

void Collect(Isolate& vm, NativeRoots roots, bool trim) { Collector(vm, roots).Run(trim); }

void RunFinalizers(Isolate& vm) {
  if (vm.finalizing) return;
  vm.finalizing = true;
  UpdateHooking(&vm);  // hooks do not see finalizers
  while (!vm.to_finalize.empty() && !vm.stopping) {
    Object* o = vm.to_finalize.back();
    vm.to_finalize.pop_back();
    const Value object = o->type == ObjectType::kTable ? Value::Of(static_cast<Table*>(o)) : Value::Of(static_cast<Userdata*>(o));
    o->gc_flags &= static_cast<uint8_t>(~kHasFinalizer);
    const Value method = vm.Metamethod(object, Event::kGc);
    if (!method.IsFunction()) continue;
    const Value saved_error = vm.error;
    Value ignored;
    vm.call_mark = FrameLink::kFinalizer;
    if (!vm.Call(method, {object}, &ignored)) {
      vm.Warn("error in __gc (" + std::string(vm.error.IsString() ? vm.error.string()->view() : "error object is not a string") + ")");
      vm.unhandled = false;
    }
    vm.error = saved_error;
  }
  vm.finalizing = false;
  UpdateHooking(&vm);
}

void FinalizeAll(Isolate& vm) {
  vm.closing = true;
  vm.to_finalize.insert(vm.to_finalize.begin(), vm.finalizable.begin(), vm.finalizable.end());
  vm.finalizable.clear();
  vm.finalizing = false;  // one that closes the isolate is not come back to
  RunFinalizers(vm);
}

}  // namespace perilune::vm
