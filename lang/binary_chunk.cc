#include "lang/binary_chunk.h"

#include <bit>
#include <cstdint>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "lang/bytecode.h"
#include "lang/limits.h"
#include "lang/verifier.h"

namespace perilune::lang {
namespace {

constexpr std::string_view kSignature = "\x1bLua";
constexpr uint8_t kVersion = 0x54;
constexpr uint8_t kFormat = 0x50;  // not 0, which is the reference's own
constexpr std::string_view kText = "\x19\x93\r\n\x1a\n";  // finds conversions of line ends
constexpr size_t kHeaderSize = 4 + 1 + 1 + 6 + 8 + 8;

// FNV-1a: differs whenever one byte does.
constexpr uint64_t kHashStart = 0xcbf29ce484222325;
uint64_t Hash(std::string_view bytes, uint64_t hash = kHashStart) {
  for (const char c : bytes) hash = (hash ^ static_cast<uint8_t>(c)) * 0x100000001b3;
  return hash;
}

// Tells tables of opcodes apart.
uint64_t OpcodeTableHash() {
  uint64_t hash = kHashStart;
  for (size_t op = 0; op < kOpCount; ++op) {
    const OpInfo& info = Info(static_cast<Op>(op));
    hash = Hash(info.name, hash);
    for (size_t i = 0; i < kColumnCount; ++i) {
      const char kind = static_cast<char>(info.kinds[i]);
      hash = Hash(info.operand_names[i], Hash({&kind, 1}, hash));
    }
  }
  return hash;
}

// Function flags.
constexpr uint64_t kIsVararg = 1;
constexpr uint64_t kHasSource = 2;  // else it is that of the function around
constexpr uint64_t kHasLines = 4;

class Writer {
 public:
  explicit Writer(bool strip) : strip_(strip) {}

  void Function(const Proto& p, const std::string* outer_source) {
    const bool has_source = !strip_ && (outer_source == nullptr || *p.source != *outer_source);
    Number((p.is_vararg ? kIsVararg : 0) | (has_source ? kHasSource : 0) | (strip_ ? 0 : kHasLines));
    if (has_source) String(*p.source);
    Number(static_cast<uint64_t>(p.line_defined));
    Number(static_cast<uint64_t>(p.last_line_defined));
    Number(p.num_params);
    Number(p.max_stack);
    Number(p.call_site_count);
    Number(p.loop_count);
    Number(p.code.size());
    for (const Word word : p.code) Fixed(word, sizeof(word));
    Number(p.constants.size());
    for (const Constant& c : p.constants) Write(c);
    Number(p.upvalues.size());
    for (const UpvalueInfo& u : p.upvalues) {
      Number(u.from_parent_register);
      Number(u.index);
      String(strip_ ? std::string_view() : u.name);
    }
    Number(p.children.size());
    for (const auto& child : p.children) Function(*child, p.source.get());
    if (strip_) return;
    int64_t line = p.line_defined;
    for (const int32_t next : p.lines) Signed(next - std::exchange(line, next));
    Number(p.locals.size());
    for (const LocalInfo& local : p.locals) {
      String(local.name);
      Number(local.start_pc);
      Number(local.end_pc);
      Number(local.reg);
    }
  }
  void Fixed(uint64_t value, size_t size) {
    for (size_t i = 0; i < size; ++i) out_.push_back(static_cast<char>(value >> (8 * i)));
  }
  void Append(std::string_view bytes) { out_.append(bytes); }
  std::string Take() { return std::move(out_); }

 private:
  void Number(uint64_t value) {
    for (; value >= 0x80; value >>= 7) out_.push_back(static_cast<char>(value | 0x80));
    out_.push_back(static_cast<char>(value));
  }
  void Signed(int64_t value) { Number((static_cast<uint64_t>(value) << 1) ^ static_cast<uint64_t>(value >> 63)); }
  void String(std::string_view s) {
    Number(s.size());
    Append(s);
  }
  void Write(const Constant& c) {
    Number(c.index());
    if (const auto* b = std::get_if<bool>(&c)) Number(*b);
    if (const auto* i = std::get_if<int64_t>(&c)) Fixed(static_cast<uint64_t>(*i), 8);
    if (const auto* d = std::get_if<double>(&c)) Fixed(std::bit_cast<uint64_t>(*d), 8);
    if (const auto* s = std::get_if<std::string>(&c)) String(*s);
  }

  const bool strip_;
  std::string out_;
};

// Reads what Writer wrote. The first problem is kept; after it everything reads as 0.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  const char* problem() const { return problem_; }
  bool at_end() const { return rest_.empty(); }

  std::unique_ptr<Proto> Function(const std::shared_ptr<const std::string>& outer_source, int depth) {
    auto p = std::make_unique<Proto>();
    if (depth > kMaxSyntaxNesting) Fail(kCorrupted);
    const uint64_t flags = Number(kIsVararg | kHasSource | kHasLines);
    p->is_vararg = (flags & kIsVararg) != 0;
    p->source = flags & kHasSource ? std::make_shared<const std::string>(String()) : outer_source;
    p->line_defined = static_cast<int32_t>(Number(kMaxLine));
    p->last_line_defined = static_cast<int32_t>(Number(kMaxLine));
    p->num_params = static_cast<uint8_t>(Number(255));
    p->max_stack = static_cast<uint8_t>(Number(255));
    p->call_site_count = static_cast<uint32_t>(Count());
    p->loop_count = static_cast<uint32_t>(Count());
    Fill(&p->code, [&] { return static_cast<Word>(Fixed(sizeof(Word))); });
    Fill(&p->constants, [&] { return ReadConstant(); });
    Fill(&p->upvalues, [&] {
      UpvalueInfo u;
      u.from_parent_register = Number(1) != 0;
      u.index = static_cast<uint8_t>(Number(255));
      u.name = String();
      return u;
    });
    Fill(&p->children, [&] { return Function(p->source, depth + 1); });
    if ((flags & kHasLines) == 0) {
      p->lines.assign(p->code.size(), -1);
      return p;
    }
    int64_t line = p->line_defined;
    for (size_t i = 0; i < p->code.size(); ++i) {
      line += Signed();
      if (line < 0 || line > static_cast<int64_t>(kMaxLine)) line = Fail(kCorrupted);
      p->lines.push_back(static_cast<int32_t>(line));
    }
    Fill(&p->locals, [&] {
      LocalInfo local;
      local.name = String();
      local.start_pc = static_cast<uint32_t>(Number(p->code.size()));
      local.end_pc = static_cast<uint32_t>(Number(p->code.size()));
      local.reg = static_cast<uint8_t>(Number(255));
      return local;
    });
    return p;
  }
  uint64_t Fixed(size_t size) {
    const std::string_view bytes = Bytes(size);
    uint64_t value = 0;
    for (size_t i = 0; i < bytes.size(); ++i) value |= uint64_t{static_cast<uint8_t>(bytes[i])} << (8 * i);
    return value;
  }
  std::string_view Bytes(size_t size) {
    if (size > rest_.size()) {
      Fail(kTruncated);
      return {};
    }
    const std::string_view bytes = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return bytes;
  }
  static constexpr const char* kTruncated = "truncated chunk";
  static constexpr const char* kCorrupted = "corrupted chunk";

 private:
  static constexpr uint64_t kMaxLine = 0x7fffffff;

  int Fail(const char* problem) {
    if (problem_ == nullptr) problem_ = problem;
    rest_ = {};
    return 0;
  }
  // A number that is at most `limit`.
  uint64_t Number(uint64_t limit) {
    uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      const std::string_view byte = Bytes(1);
      if (byte.empty()) return 0;
      value |= uint64_t{static_cast<uint8_t>(byte[0] & 0x7f)} << shift;
      if ((byte[0] & 0x80) == 0) return value <= limit ? value : static_cast<uint64_t>(Fail(kCorrupted));
    }
    return static_cast<uint64_t>(Fail(kCorrupted));
  }
  // A number of things that take at least one byte each.
  uint64_t Count() {
    const uint64_t count = Number(UINT64_MAX);
    return count <= rest_.size() ? count : static_cast<uint64_t>(Fail(kTruncated));
  }
  int64_t Signed() {
    const uint64_t value = Number(4 * kMaxLine);
    return static_cast<int64_t>(value >> 1) ^ -static_cast<int64_t>(value & 1);
  }
  std::string String() { return std::string(Bytes(Count())); }
  Constant ReadConstant() {
    switch (Number(std::variant_size_v<Constant> - 1)) {
      case 1: return Number(1) != 0;
      case 2: return static_cast<int64_t>(Fixed(8));
      case 3: return std::bit_cast<double>(Fixed(8));
      case 4: return String();
      default: return std::monostate();
    }
  }
  template <typename T, typename Read>
  void Fill(std::vector<T>* to, Read read) {
    const uint64_t count = Count();
    for (uint64_t i = 0; i < count && problem_ == nullptr; ++i) to->push_back(read());
  }

  std::string_view rest_;
  const char* problem_ = nullptr;
};

// The problem of a chunk's header, or null.
const char* CheckHeader(Reader& in) {
  if (in.Bytes(kSignature.size()) != kSignature) return "not a binary chunk";
  if (in.Fixed(1) != kVersion) return "version mismatch";
  if (in.Fixed(1) != kFormat) return "format mismatch";
  if (in.Bytes(kText.size()) != kText) return Reader::kCorrupted;
  if (in.Fixed(8) != OpcodeTableHash()) return "opcode table mismatch";
  return nullptr;
}

}  // namespace

std::string DumpProto(const Proto& proto, bool strip) {
  Writer body(strip);
  body.Function(proto, nullptr);
  const std::string function = body.Take();
  Writer out(strip);
  out.Append(kSignature);
  out.Fixed(kVersion, 1);
  out.Fixed(kFormat, 1);
  out.Append(kText);
  out.Fixed(OpcodeTableHash(), 8);
  out.Fixed(Hash(function), 8);
  out.Append(function);
  return out.Take();
}

absl::StatusOr<std::shared_ptr<const Proto>> LoadProto(std::string_view bytes, std::string_view chunk_name) {
  std::string_view name = chunk_name;
  if (name.starts_with('@') || name.starts_with('=')) {
    name.remove_prefix(1);
  } else if (name.starts_with(kBinarySignature)) {
    name = "binary string";
  }
  const auto fail = [name](const char* problem) {
    return absl::InvalidArgumentError(absl::StrCat(name, ": bad binary format (", problem, ")"));
  };
  Reader in(bytes);
  const char* problem = CheckHeader(in);
  if (in.problem() != nullptr) return fail(in.problem());
  if (problem != nullptr) return fail(problem);
  const uint64_t checksum = in.Fixed(8);
  static const auto kNoSource = std::make_shared<const std::string>("=?");
  std::shared_ptr<const Proto> proto = in.Function(kNoSource, 0);
  if (in.problem() != nullptr) return fail(in.problem());
  if (Hash(bytes.substr(kHeaderSize)) != checksum || !Verify(*proto).ok()) return fail(Reader::kCorrupted);
  return proto;
}

}  // namespace perilune::lang
