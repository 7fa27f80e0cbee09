#include "runtime/host/value.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "runtime/number_text.h"
#include "runtime/object.h"

namespace perilune {

Value::Value(vm::Isolate* isolate, const vm::Value& raw) : raw_(raw) {
  if (!raw.IsCollectable()) return;
  vm_ = isolate;
  handles_ = &isolate->handles();
  handles_->Ref();
  index_ = handles_->Add(raw);
}

Value::Value(const Value& other) : raw_(other.raw_), vm_(other.vm_), handles_(other.handles_) {
  if (handles_ == nullptr) return;
  handles_->Ref();
  index_ = handles_->Add(raw_);
}

Value::~Value() {
  if (handles_ == nullptr) return;
  handles_->Remove(index_);
  handles_->Unref();
}

Type Value::type() const {
  switch (raw_.tag) {
    case vm::Tag::kFalse:
    case vm::Tag::kTrue: return Type::kBoolean;
    case vm::Tag::kInteger: return Type::kInteger;
    case vm::Tag::kFloat: return Type::kFloat;
    case vm::Tag::kString: return Type::kString;
    case vm::Tag::kTable: return Type::kTable;
    case vm::Tag::kLuaFunction:
    case vm::Tag::kNativeFunction: return Type::kFunction;
    case vm::Tag::kLightUserdata:
    case vm::Tag::kUserdata: return Type::kUserdata;
    case vm::Tag::kCoroutine: return Type::kThread;
    default: return Type::kNil;
  }
}

std::string_view Value::string_view() const { return raw_.string()->view(); }

std::string Value::DebugString() const {
  switch (type()) {
    case Type::kNil: return "nil";
    case Type::kBoolean: return raw_.IsTruthy() ? "true" : "false";
    case Type::kInteger:
    case Type::kFloat: {
      char buffer[lang::kNumberBufferSize];
      return std::string(vm::NumberText(raw_, buffer));
    }
    case Type::kString: return absl::StrCat("\"", absl::CHexEscape(string_view()), "\"");
    default: return absl::StrFormat("%s: %p", type_name(), raw_.pointer);
  }
}

}  // namespace perilune
