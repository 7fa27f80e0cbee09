#include "repl/value_printer.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "lang/diagnostic.h"
#include "repl/lua_names.h"
#include "runtime/handles.h"
#include "runtime/metamethod.h"
#include "runtime/module.h"
#include "runtime/native.h"
#include "runtime/object.h"
#include "runtime/table.h"

namespace perilune::vm::repl {
namespace {

constexpr size_t kIndent = 2;
constexpr std::string_view kMore = "...";

// Length of the UTF-8 sequence at the start of `s`, or 0 if there is none.
size_t Utf8Length(std::string_view s) {
  const auto byte = [s](size_t i) { return static_cast<unsigned char>(s[i]); };
  const unsigned char first = byte(0);
  const size_t length = first < 0x80 ? 1 : first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0;
  if (length == 0 || length > s.size()) return 0;
  for (size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  if (length == 3 && ((first == 0xE0 && byte(1) < 0xA0) || (first == 0xED && byte(1) > 0x9F))) return 0;  // overlong; surrogates
  if (length == 4 && ((first == 0xF0 && byte(1) < 0x90) || (first == 0xF4 && byte(1) > 0x8F))) return 0;
  if (length == 2 && first == 0xC2 && byte(1) < 0xA0) return 0;  // C1 controls, which terminals obey
  return length;
}

std::string EscapeOf(char c) {
  switch (c) {
    case '\n':
      return "\\n";
    case '\r':
      return "\\r";
    case '\t':
      return "\\t";
    case '\a':
      return "\\a";
    case '\b':
      return "\\b";
    case '\f':
      return "\\f";
    case '\v':
      return "\\v";
    default:
      return absl::StrFormat("\\x%02X", static_cast<unsigned char>(c));
  }
}

// Positional entries, then names, then numbers, then the rest as it comes.
int RankOf(const Value& key) { return key.IsNil() ? 0 : key.IsString() ? 1 : key.IsNumber() ? 2 : 3; }

bool ComesBefore(const Value& a, const Value& b) {
  const int rank_a = RankOf(a);
  const int rank_b = RankOf(b);
  if (rank_a != rank_b) return rank_a < rank_b;
  if (rank_a == 1) return a.string()->view() < b.string()->view();
  return rank_a == 2 && a.AsDouble() < b.AsDouble();
}

NativeResult ToDisplay(NativeFrame& f) {
  String* text;
  if (!f.vm.ToDisplayString(f[1], &text)) return kRaised;
  return f.Return(Value::Of(text));
}

// Keeps values alive while Lua code runs that could drop them.
class Roots {
 public:
  explicit Roots(HandleTable& handles) : handles_(handles) {}
  ~Roots() {
    for (const uint32_t index : indices_) handles_.Remove(index);
  }
  Roots(const Roots&) = delete;
  Roots& operator=(const Roots&) = delete;

  void Add(const Value& value) { indices_.push_back(handles_.Add(value)); }

 private:
  HandleTable& handles_;
  std::vector<uint32_t> indices_;
};

std::string_view FirstLine(std::string_view text) { return text.substr(0, text.find('\n')); }

}  // namespace

std::string QuoteString(std::string_view string, size_t max_bytes) {
  std::string out = "\"";
  size_t i = 0;
  while (i < string.size() && i < max_bytes) {
    const char c = string[i];
    const size_t length = Utf8Length(string.substr(i));
    if (c == '"' || c == '\\') {
      absl::StrAppend(&out, "\\", std::string_view(&c, 1));
    } else if (length == 0 || static_cast<unsigned char>(c) < ' ' || c == 0x7F) {
      out += EscapeOf(c);
    } else {
      out += string.substr(i, length);
    }
    i += std::max<size_t>(length, 1);
  }
  out += '"';
  if (i < string.size()) absl::StrAppend(&out, kMore, " (", string.size(), " bytes)");
  return out;
}

std::string ValuePrinter::Print(const Value& value) {
  used_ = 0;
  return PrintValue(value, 0);
}

std::string ValuePrinter::PrintValue(const Value& value, size_t indent) {
  if (IsFull()) return std::string(kMore);
  std::string text;
  if (value.IsString()) {
    text = QuoteString(value.string()->view(), limits_.string_bytes);
  } else if (!vm_.Metamethod(value, Event::kToString).IsNil()) {
    text = PrintByMetamethod(value);
  } else if (value.IsTable()) {
    return PrintTable(value.table(), indent);
  } else if (value.IsFunction()) {
    text = PrintFunction(value);
  } else {
    text = PrintByMetamethod(value);  // which there is none
  }
  used_ += text.size();
  return text;
}

std::string ValuePrinter::PrintByMetamethod(const Value& value) {
  const Value to_display = Value::Of(vm_.NewNative("tostring", ToDisplay));
  uint32_t results;
  if (vm_.CallProtected(to_display, {value}, Value::Nil(), &results)) {
    std::string text(vm_.top[-1].string()->view());
    vm_.top -= results;
    return text;
  }
  const Value error = vm_.error;
  const std::string message = error.IsString() ? std::string(FirstLine(error.string()->view())) : absl::StrCat("a ", TypeName(error.tag), " value");
  return absl::StrCat("<", TypeName(value.tag), ": error in __tostring: ", message, ">");
}

std::string ValuePrinter::PrintFunction(const Value& value) {
  if (!value.IsLuaFunction()) return absl::StrFormat("function: builtin: %p", value.pointer);
  const lang::Proto& proto = *value.lua_function()->slots->proto;
  return absl::StrFormat("function: %p <%s:%d>", value.pointer, lang::ChunkId(*proto.source), proto.line_defined);
}

std::vector<ValuePrinter::Entry> ValuePrinter::EntriesOf(Table* table, size_t* count) {
  std::vector<Entry> entries;
  const int64_t length = table->Length();
  // A border need not be the only one; positional entries are those up to the first hole.
  int64_t positional = 0;
  while (positional < length && !table->GetInteger(positional + 1).IsNil()) ++positional;
  for (int64_t i = 1; i <= positional && entries.size() < limits_.entries; ++i) entries.push_back({Value::Nil(), table->GetInteger(i)});
  *count = static_cast<size_t>(positional);
  // The first of the others, as a heap with the last one on top: a table may have far more than are shown.
  const size_t room = limits_.entries - entries.size();
  std::vector<Entry> keyed;
  const auto before = [](const Entry& a, const Entry& b) { return ComesBefore(a.key, b.key); };
  Value key = Value::Nil();
  for (;;) {
    Value next_key, value;
    bool done;
    if (table->Next(key, &next_key, &value, &done) != KeyError::kNone || done) break;
    key = next_key;
    if (key.IsInteger() && key.integer >= 1 && key.integer <= positional) continue;
    ++*count;
    keyed.push_back({key, value});
    std::push_heap(keyed.begin(), keyed.end(), before);
    if (keyed.size() <= room) continue;
    std::pop_heap(keyed.begin(), keyed.end(), before);
    keyed.pop_back();
  }
  std::sort_heap(keyed.begin(), keyed.end(), before);
  entries.insert(entries.end(), keyed.begin(), keyed.end());
  return entries;
}

std::string ValuePrinter::PrintEntry(const Entry& entry, size_t indent) {
  if (entry.key.IsNil()) return PrintValue(entry.value, indent);
  std::string key;
  if (entry.key.IsString() && IsName(entry.key.string()->view())) {
    key = entry.key.string()->view();
  } else {
    key = absl::StrCat("[", PrintValue(entry.key, indent), "]");
  }
  return absl::StrCat(key, " = ", PrintValue(entry.value, indent));
}

std::string ValuePrinter::PrintTable(Table* table, size_t indent) {
  const Value name = vm_.Metamethod(Value::Of(table), Event::kName);
  const std::string prefix = name.IsString() ? absl::StrCat(name.string()->view(), " ") : "";
  const auto around = std::find(path_.rbegin(), path_.rend(), table);
  if (around != path_.rend()) return absl::StrCat(prefix, "<cycle: ", around - path_.rbegin() + 1, " up>");
  size_t count;
  const std::vector<Entry> entries = EntriesOf(table, &count);
  if (count == 0) return absl::StrCat(prefix, "{}");
  if (path_.size() == limits_.depth) return absl::StrCat(prefix, "{", kMore, "}");
  path_.push_back(table);
  Roots roots(vm_.handles());
  for (const Entry& entry : entries) {
    roots.Add(entry.key);
    roots.Add(entry.value);
  }
  std::vector<std::string> texts;
  for (const Entry& entry : entries) {
    if (IsFull()) break;
    texts.push_back(PrintEntry(entry, indent + kIndent));
  }
  path_.pop_back();
  if (texts.size() < count) texts.push_back(absl::StrCat(kMore, " (", count - texts.size(), " more)"));
  const std::string line = absl::StrCat(prefix, "{", absl::StrJoin(texts, ", "), "}");
  used_ += prefix.size() + 2 + 2 * texts.size();
  if (indent + line.size() <= limits_.width && line.find('\n') == std::string::npos) return line;
  const std::string inner(indent + kIndent, ' ');
  return absl::StrCat(prefix, "{\n", inner, absl::StrJoin(texts, absl::StrCat(",\n", inner)), "\n", std::string(indent, ' '), "}");
}

}  // namespace perilune::vm::repl
