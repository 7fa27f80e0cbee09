#include "lang/binary_chunk.h"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "lang/limits.h"
#include "lang/proto.h"
#include "lang/verifier.h"

namespace perilune::lang {
namespace {

constexpr std::string_view kSignature = "\x1bLua";
constexpr uint8_t kVersion = 0x54, kFormat = 0;
constexpr std::string_view kConversionCheck = "\x19\x93\r\n\x1a\n";  // altered by transfers that change line ends
constexpr int64_t kIntegerCheck = 0x5678;
constexpr double kFloatCheck = 370.5;
constexpr std::string_view kStrippedSource = "=?";

// FNV-1a of the text of the table of operations.
constexpr uint32_t BytecodeFormat() {
  constexpr std::string_view kOps =
#define OP(name, a, b, c, x, traits) #name #a #b #c #x #traits
#include "lang/opcodes.def"
#undef OP
      ;
  uint32_t hash = 2166136261u;
  for (const char c : kOps) hash = (hash ^ static_cast<uint8_t>(c)) * 16777619u;
  return hash;
}

// FNV-1a, of which each step keeps different values different: no change of a single byte goes unseen.
uint64_t Checksum(std::string_view bytes) {
  uint64_t hash = 0xcbf29ce484222325;
  for (const char c : bytes) hash = (hash ^ static_cast<uint8_t>(c)) * 0x100000001b3;
  return hash;
}

enum class ConstantKind : uint8_t { kNil, kFalse, kTrue, kInteger, kFloat, kString };

class Writer {
 public:
  explicit Writer(bool strip) : strip_(strip) {}

  void WriteHeader() {
    out_.append(kSignature);
    WriteByte(kVersion);
    WriteByte(kFormat);
    out_.append(kConversionCheck);
    WriteByte(sizeof(Word));
    WriteByte(sizeof(int64_t));
    WriteByte(sizeof(double));
    WriteRaw(kIntegerCheck);
    WriteRaw(kFloatCheck);
    WriteRaw(BytecodeFormat());
  }

  // `body`: what WriteBody of another writer wrote.
  void WriteChecked(std::string_view body) {
    WriteRaw(Checksum(body));
    out_.append(body);
  }

  void WriteBody(const Proto& p) {
    WriteByte(strip_);
    WriteFunction(p, nullptr);
  }

  void WriteFunction(const Proto& p, const std::string* parent_source) {
    // Nested functions nearly always have their parent's source, which is then not repeated.
    const bool has_source = !strip_ && p.source.get() != parent_source;
    WriteByte(has_source);
    if (has_source) WriteString(*p.source);
    WriteCount(static_cast<uint32_t>(p.line_defined));
    WriteCount(static_cast<uint32_t>(p.last_line_defined));
    WriteCount(p.call_site_count);
    WriteCount(p.loop_count);
    WriteCount(p.cell_count);
    WriteByte(p.num_params);
    WriteByte(p.is_vararg);
    WriteByte(p.max_stack);
    WriteCount(p.code.size());
    for (const Word word : p.code) WriteRaw(word);
    WriteCount(p.constants.size());
    for (const Constant& constant : p.constants) std::visit([this](const auto& v) { WriteConstant(v); }, constant);
    WriteCount(p.upvalues.size());
    for (const UpvalueInfo& upvalue : p.upvalues) {
      WriteByte(upvalue.from_parent_register);
      WriteByte(upvalue.index);
      if (!strip_) WriteString(upvalue.name);
    }
    if (!strip_) {
      for (const int32_t line : p.lines) WriteCount(static_cast<uint32_t>(line));
      WriteCount(p.locals.size());
      for (const LocalInfo& local : p.locals) {
        WriteString(local.name);
        WriteCount(local.start_pc);
        WriteCount(local.end_pc);
        WriteByte(local.reg);
      }
    }
    WriteCount(p.children.size());
    for (const auto& child : p.children) WriteFunction(*child, p.source.get());
  }

  std::string Take() { return std::move(out_); }

 private:
  void WriteByte(uint8_t byte) { out_.push_back(static_cast<char>(byte)); }
  template <typename T>
  void WriteRaw(T value) {
    static_assert(std::is_trivially_copyable_v<T>);
    out_.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  void WriteCount(uint64_t n) {
    for (; n >= 0x80; n >>= 7) WriteByte(static_cast<uint8_t>(n | 0x80));
    WriteByte(static_cast<uint8_t>(n));
  }
  void WriteString(std::string_view s) {
    WriteCount(s.size());
    out_.append(s);
  }
  void WriteKind(ConstantKind kind) { WriteByte(static_cast<uint8_t>(kind)); }
  void WriteConstant(std::monostate) { WriteKind(ConstantKind::kNil); }
  void WriteConstant(bool v) { WriteKind(v ? ConstantKind::kTrue : ConstantKind::kFalse); }
  void WriteConstant(int64_t v) {
    WriteKind(ConstantKind::kInteger);
    WriteRaw(v);
  }
  void WriteConstant(double v) {
    WriteKind(ConstantKind::kFloat);
    WriteRaw(v);
  }
  void WriteConstant(const std::string& v) {
    WriteKind(ConstantKind::kString);
    WriteString(v);
  }

  const bool strip_;
  std::string out_;
};

// The first failure is kept; after it every read gives zeros, and counts are zero, so that reading ends soon.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}

  const char* problem() const { return problem_; }

  void ReadHeader() {
    Expect(kSignature, "not a binary chunk");
    ExpectRaw(kVersion, "version mismatch");
    ExpectRaw(kFormat, "format mismatch");
    Expect(kConversionCheck, "corrupted chunk");
    ExpectRaw(static_cast<uint8_t>(sizeof(Word)), "Instruction size mismatch");
    ExpectRaw(static_cast<uint8_t>(sizeof(int64_t)), "lua_Integer size mismatch");
    ExpectRaw(static_cast<uint8_t>(sizeof(double)), "lua_Number size mismatch");
    ExpectRaw(kIntegerCheck, "integer format mismatch");
    ExpectRaw(kFloatCheck, "float format mismatch");
    ExpectRaw(BytecodeFormat(), "bytecode of another build");
    const auto checksum = ReadRaw<uint64_t>();
    sound_ = checksum == Checksum(bytes_);
    stripped_ = ReadFlag();
  }

  std::unique_ptr<Proto> ReadFunction(const std::shared_ptr<const std::string>& parent_source, int depth) {
    auto p = std::make_unique<Proto>();
    if (depth > kMaxSyntaxNesting) Fail("corrupted chunk");
    p->source = ReadFlag() ? std::make_shared<const std::string>(ReadString()) : parent_source;
    p->line_defined = ReadLine();
    p->last_line_defined = ReadLine();
    p->call_site_count = static_cast<uint32_t>(ReadCount());
    p->loop_count = static_cast<uint32_t>(ReadCount());
    p->cell_count = static_cast<uint32_t>(ReadCount());
    p->num_params = ReadByte();
    p->is_vararg = ReadFlag();
    p->max_stack = ReadByte();
    p->code.resize(ReadCountOf(sizeof(Word)));
    for (Word& word : p->code) word = ReadRaw<Word>();
    // Each is named by an instruction of its own.
    if (p->call_site_count > p->code.size() || p->loop_count > p->code.size() || p->cell_count > p->code.size()) Fail("corrupted chunk");
    p->constants.resize(ReadCountOf(1));
    for (Constant& constant : p->constants) constant = ReadConstant();
    p->upvalues.resize(ReadCountOf(2));
    for (UpvalueInfo& upvalue : p->upvalues) {
      upvalue.from_parent_register = ReadFlag();
      upvalue.index = ReadByte();
      if (!stripped_) upvalue.name = ReadString();
    }
    p->lines.resize(p->code.size(), Proto::kNoLine);
    if (!stripped_) {
      for (int32_t& line : p->lines) line = ReadLine();
      p->locals.resize(ReadCountOf(4));
      for (LocalInfo& local : p->locals) {
        local.name = ReadString();
        local.start_pc = static_cast<uint32_t>(ReadCount());
        local.end_pc = static_cast<uint32_t>(ReadCount());
        local.reg = ReadByte();
      }
    }
    p->children.resize(ReadCountOf(8));
    for (auto& child : p->children) {
      child = ReadFunction(p->source, depth + 1);
      if (problem_ != nullptr) break;
    }
    return p;
  }

  void ExpectEnd() {
    if (!bytes_.empty() || !sound_) Fail("corrupted chunk");
  }

 private:
  void Fail(const char* problem) {
    if (problem_ == nullptr) problem_ = problem;
    bytes_ = {};
  }

  std::string_view ReadBytes(size_t count) {
    if (count > bytes_.size()) {
      Fail("truncated chunk");
      return {};
    }
    const std::string_view read = bytes_.substr(0, count);
    bytes_.remove_prefix(count);
    return read;
  }
  template <typename T>
  T ReadRaw() {
    T value{};
    const std::string_view read = ReadBytes(sizeof value);
    if (!read.empty()) std::memcpy(&value, read.data(), sizeof value);
    return value;
  }
  void Expect(std::string_view expected, const char* problem) {
    if (ReadBytes(expected.size()) != expected) Fail(problem);
  }
  template <typename T>
  void ExpectRaw(T expected, const char* problem) {
    Expect({reinterpret_cast<const char*>(&expected), sizeof expected}, problem);
  }

  uint8_t ReadByte() { return ReadRaw<uint8_t>(); }
  bool ReadFlag() {
    const uint8_t byte = ReadByte();
    if (byte > 1) Fail("corrupted chunk");
    return byte == 1;
  }
  uint64_t ReadCount() {
    uint64_t n = 0;
    for (int shift = 0;; shift += 7) {
      const uint8_t byte = ReadByte();
      n |= uint64_t{byte & 0x7fu} << shift;
      if (n > UINT32_MAX) {
        Fail("corrupted chunk");
        return 0;
      }
      if (byte < 0x80) return n;
      if (shift == 28) {
        Fail("corrupted chunk");
        return 0;
      }
    }
  }
  // A count of things that take at least `size` bytes each, so that none is believed for which there is no room.
  size_t ReadCountOf(size_t size) {
    const uint64_t n = ReadCount();
    if (n <= bytes_.size() / size) return n;
    Fail("truncated chunk");
    return 0;
  }
  int32_t ReadLine() {
    const uint64_t n = ReadCount();
    if (n > INT32_MAX) {
      Fail("corrupted chunk");
      return 0;
    }
    return static_cast<int32_t>(n);
  }
  std::string ReadString() { return std::string(ReadBytes(ReadCountOf(1))); }

  Constant ReadConstant() {
    switch (static_cast<ConstantKind>(ReadByte())) {
      case ConstantKind::kNil: return std::monostate();
      case ConstantKind::kFalse: return false;
      case ConstantKind::kTrue: return true;
      case ConstantKind::kInteger: return ReadRaw<int64_t>();
      case ConstantKind::kFloat: return ReadRaw<double>();
      case ConstantKind::kString: return ReadString();
    }
    Fail("corrupted chunk");
    return std::monostate();
  }

  std::string_view bytes_;
  bool stripped_ = false;
  bool sound_ = true;  // the checksum is right; said last, so that a chunk that was cut off is called truncated
  const char* problem_ = nullptr;
};

}  // namespace

std::string WriteBinaryChunk(const Proto& proto, bool strip) {
  Writer writer(strip);
  writer.WriteHeader();
  Writer body(strip);
  body.WriteBody(proto);
  writer.WriteChecked(body.Take());
  return writer.Take();
}

absl::StatusOr<std::shared_ptr<const Proto>> ReadBinaryChunk(std::string_view bytes, std::string_view chunk_name) {
  Reader reader(bytes);
  reader.ReadHeader();
  std::shared_ptr<const Proto> proto = reader.ReadFunction(std::make_shared<const std::string>(kStrippedSource), 0);
  reader.ExpectEnd();
  const char* problem = reader.problem();
  if (problem == nullptr && !Verify(*proto).ok()) problem = "corrupted chunk";
  if (problem == nullptr) return proto;
  if (chunk_name.starts_with('@') || chunk_name.starts_with('=')) {
    chunk_name.remove_prefix(1);
  } else if (chunk_name.starts_with(kBinaryChunkMark)) {
    chunk_name = "binary string";
  }
  return absl::InvalidArgumentError(absl::StrCat(chunk_name, ": bad binary format (", problem, ")"));
}

}  // namespace perilune::lang
