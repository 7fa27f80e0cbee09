// Compares each row of a64_rows.def with the words of an independent assembler.
//
// The rows themselves say what to test: for each, one operand at a time runs
// through the edge values of its field (below), which gives assembly text and
// our word. testdata/a64_reference.txt holds the word that LLVM's assembler
// gives for the same text; testdata/update_a64_reference.sh writes it anew
// after rows or samples were added. A text that is missing there fails.
//
// Each field also lists operands without encoding, which must be refused.

#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <map>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "gtest/gtest.h"
#include "jit/a64_encoder.h"
#include "jit/a64_fields.h"
#include "jit/a64_operands.h"

namespace perilune::vm::jit {
namespace {

using namespace a64;  // NOLINT: the field names are this test's vocabulary.

constexpr char kReferencePath[] = "jit/testdata/a64_reference.txt";

// Assembly text of operands.

std::string Register(char prefix, uint32_t code) {
  if (code == 31 && (prefix == 'x' || prefix == 'w')) {
    return absl::StrCat(std::string(1, prefix), "zr");
  }
  return absl::StrCat(std::string(1, prefix), code);
}
std::string ToText(X r) { return Register('x', r.code); }
std::string ToText(W r) { return Register('w', r.code); }
std::string ToText(D r) { return Register('d', r.code); }
std::string ToText(S r) { return Register('s', r.code); }
std::string ToText(Q r) { return Register('q', r.code); }
std::string ToText(XOrSp r) {
  return r.code == 31 ? "sp" : Register('x', r.code);
}
std::string ToText(int64_t v) { return absl::StrCat("#", v); }
std::string ToText(uint64_t v) { return absl::StrFormat("#0x%x", v); }
std::string ToText(uint32_t v) { return absl::StrCat("#", v); }
std::string ToText(double v) {
  return v == 0 ? "#0.0" : absl::StrFormat("#%.8f", v);
}
std::string ToText(Cond c) {
  static constexpr const char* kNames[] = {"eq", "ne", "hs", "lo", "mi",
                                           "pl", "vs", "vc", "hi", "ls",
                                           "ge", "lt", "gt", "le", "al"};
  return kNames[static_cast<int>(c)];
}
std::string ShiftText(ShiftKind kind, uint32_t amount) {
  static constexpr const char* kNames[] = {"lsl", "lsr", "asr", "ror"};
  if (kind == ShiftKind::kLsl && amount == 0) return "";
  return absl::StrCat(", ", kNames[static_cast<int>(kind)], " #", amount);
}
std::string ToText(XShift s) {
  return Register('x', s.code) + ShiftText(s.kind, s.amount);
}
std::string ToText(WShift s) {
  return Register('w', s.code) + ShiftText(s.kind, s.amount);
}
std::string ToText(Extend e) {
  static constexpr const char* kNames[] = {"uxtb", "uxth", "uxtw", "uxtx",
                                           "sxtb", "sxth", "sxtw", "sxtx"};
  const int kind = static_cast<int>(e.kind);
  return absl::StrCat(Register(kind % 4 == 3 ? 'x' : 'w', e.code), ", ",
                      kNames[kind],
                      e.amount != 0 ? absl::StrCat(" #", e.amount) : "");
}
std::string ToText(MemImm m) {
  return m.offset == 0
             ? absl::StrCat("[", ToText(m.base), "]")
             : absl::StrCat("[", ToText(m.base), ", #", m.offset, "]");
}
std::string ToText(MemPre m) {
  return absl::StrCat("[", ToText(m.base), ", #", m.offset, "]!");
}
std::string ToText(MemPost m) {
  return absl::StrCat("[", ToText(m.base), "], #", m.offset);
}
std::string ToText(MemReg m) {
  const std::string amount = m.amount != 0 ? absl::StrCat(" #", m.amount) : "";
  std::string tail;
  switch (m.kind) {
    case ExtendKind::kUxtw:
      tail = Register('w', m.index) + ", uxtw" + amount;
      break;
    case ExtendKind::kSxtw:
      tail = Register('w', m.index) + ", sxtw" + amount;
      break;
    default:
      tail = Register('x', m.index) + (amount.empty() ? "" : ", lsl" + amount);
  }
  return absl::StrCat("[", ToText(m.base), ", ", tail, "]");
}

template <typename F>
std::string FieldText(typename F::Arg a) {
  if constexpr (std::is_same_v<F, XHalf> || std::is_same_v<F, WHalf>) {
    return absl::StrCat("lsl #", a);
  } else {
    return ToText(a);
  }
}

// Operands to try: `good` begins with the one used while others vary.

template <typename Arg>
struct Operands {
  std::vector<Arg> good;
  std::vector<Arg> bad;
};

template <typename F>
struct SamplesOf;

template <typename R, uint32_t kAt>
struct SamplesOf<RegisterField<R, kAt>> {
  static Operands<R> Get() {
    // Different for each position, so that swapped fields cannot cancel out.
    constexpr uint32_t kFirst = kAt == 0 ? 0 : kAt == 5 ? 1 : kAt == 16 ? 2 : 3;
    return {{R(kFirst), R(kFirst + 8), R(28 + kFirst)}, {}};
  }
};
template <typename R>
struct SamplesOf<TwiceField<R>> {
  static Operands<R> Get() { return {{R(1), R(30), R(31)}, {}}; }
};
template <uint32_t kAt>
struct SamplesOf<PointerField<kAt>> {
  static Operands<XOrSp> Get() {
    return {{X(kAt == 0 ? 4 : 5), X(30), sp}, {xzr}};
  }
};
template <uint32_t kAt>
struct SamplesOf<NonzeroField<kAt>> {
  static Operands<W> Get() { return {{W(kAt == 0 ? 4 : 5), W(30)}, {wzr}}; }
};
template <typename R, uint32_t kLimit, bool kRor>
struct SamplesOf<ShiftField<R, kLimit, kRor>> {
  static Operands<R> Get() {
    using Reg = std::conditional_t<kLimit == 64, X, W>;
    Operands<R> o = {{Reg(2), Reg(31), Lsl(Reg(2), 1), Lsl(Reg(3), kLimit - 1),
                      Lsr(Reg(4), 7), Asr(Reg(5), kLimit - 1)},
                     {Lsl(Reg(2), kLimit)}};
    (kRor ? o.good : o.bad).push_back(Ror(Reg(6), 5));
    return o;
  }
};
template <>
struct SamplesOf<Extended> {
  static Operands<Extend> Get() {
    return {{Sxtw(W(2)), Uxtw(W(3), 4), Uxtx(X(4), 3), Sxtb(W(5), 1),
             Sxth(W(6)), Uxtb(W(7)), Uxth(W(8), 2), Sxtw(wzr, 3)},
            {Sxtw(W(2), 5)}};
  }
};
template <>
struct SamplesOf<AddImm> {
  static Operands<int64_t> Get() {
    return {{1, 0, 4095, 4096, 0xfff000},
            {-1, 4097, 0xfff001, 0x1000000, INT64_MIN, INT64_MAX}};
  }
};
template <>
struct SamplesOf<XBitmask> {
  static Operands<uint64_t> Get() {
    return {{1, 0xff, 0x8000000000000001, 0x5555555555555555,
             0xfffffffffffffffe, 0x7fffffffffffffff, 0x0000ffff0000ffff,
             0xe0000000e0000000, 0x00ff00ff00ff00ff, 0xfffe0000000007ff},
            {0, ~uint64_t{0}, 5, 0x1234, 0x00ff00ff00ff00fe}};
  }
};
template <>
struct SamplesOf<WBitmask> {
  static Operands<uint64_t> Get() {
    return {{1, 0xff, 0x80000001, 0x55555555, 0xfffffffe, 0x00ff00ff},
            {0, 0xffffffff, 5, 0x1'0000'0001, 0x5555555555555555}};
  }
};
template <uint32_t kAt, uint32_t kBits, uint64_t kLimit>
struct SamplesOf<NumberField<kAt, kBits, kLimit>> {
  static Operands<uint32_t> Get() {
    return {{1, 0, uint32_t{kLimit} - 1}, {uint32_t{kLimit}, ~0u}};
  }
};
template <uint32_t kWidth>
struct SamplesOf<HalfField<kWidth>> {
  static Operands<uint32_t> Get() {
    return {{16, 0, kWidth - 16}, {1, 8, kWidth, kWidth + 16}};
  }
};
template <uint32_t kWidth>
struct SamplesOf<LslField<kWidth>> {
  static Operands<uint32_t> Get() { return {{1, 0, kWidth - 1}, {kWidth}}; }
};
template <uint32_t kAt>
struct SamplesOf<CondField<kAt>> {
  static Operands<Cond> Get() {
    return {{Cond::kNe, Cond::kEq, Cond::kHs, Cond::kLo, Cond::kMi, Cond::kPl,
             Cond::kVs, Cond::kVc, Cond::kHi, Cond::kLs, Cond::kGe, Cond::kLt,
             Cond::kGt, Cond::kLe, Cond::kAl},
            {}};
  }
};
template <>
struct SamplesOf<NotCond12> {
  static Operands<Cond> Get() {
    return {{Cond::kNe, Cond::kEq, Cond::kHs, Cond::kLe}, {Cond::kAl}};
  }
};
template <>
struct SamplesOf<Float8> {
  static Operands<double> Get() {
    return {{1.0, 2.0, -1.0, 0.5, 31.0, -31.0, 0.125, 1.9375, -0.1328125},
            {0.0, -0.0, 0.1, 32.0, 0.0625, 1.03125, 1e300}};
  }
};
template <>
struct SamplesOf<FloatZero> {
  static Operands<double> Get() { return {{0.0}, {-0.0, 1.0}}; }
};
template <uint32_t kWidth>
struct SamplesOf<BitField<kWidth>> {
  static Operands<uint32_t> Get() { return {{3, 0, kWidth - 1}, {kWidth}}; }
};
template <uint32_t kAt, uint32_t kBits>
struct SamplesOf<RelativeField<kAt, kBits>> {
  static Operands<int64_t> Get() {
    constexpr int64_t kReach = RelativeField<kAt, kBits>::kReach;
    return {{8, 0, -4, kReach - 4, -kReach},
            {2, kReach, -kReach - 4, int64_t{1} << 40}};
  }
};
template <int64_t kPage>
struct SamplesOf<AdrField<kPage>> {
  static Operands<int64_t> Get() {
    constexpr int64_t kReach = AdrField<kPage>::kReach;
    return {{8 * kPage, 0, -kPage, 3 * kPage, kReach - kPage, -kReach},
            {kReach, -kReach - kPage}};
  }
};
template <>
struct SamplesOf<MemBase> {
  static Operands<MemImm> Get() {
    return {{Mem(X(1)), Mem(sp)}, {Mem(X(1), 8), Mem(xzr)}};
  }
};
template <uint32_t kLog2>
struct SamplesOf<MemU<kLog2>> {
  static Operands<MemImm> Get() {
    constexpr int64_t kSize = 1 << kLog2;
    Operands<MemImm> o = {
        {Mem(X(1), kSize), Mem(sp), Mem(X(30), 4095 * kSize)},
        {Mem(X(1), 4096 * kSize), Mem(X(1), -kSize), Mem(xzr)}};
    if (kLog2 > 0) o.bad.push_back(Mem(X(1), kSize + 1));
    return o;
  }
};
template <typename M>
struct SamplesOf<MemS9<M>> {
  static Operands<M> Get() {
    return {{{X(1), 1}, {sp, -16}, {X(29), 255}, {X(27), -256}},
            {{X(1), 256}, {X(1), -257}, {xzr, 0}}};
  }
};
template <uint32_t kLog2>
struct SamplesOf<MemR<kLog2>> {
  static Operands<MemReg> Get() {
    Operands<MemReg> o = {
        {Mem(X(1), X(2)), Mem(sp, X(30)), Mem(X(1), Sxtw(W(2))),
         Mem(X(29), Uxtw(W(17)))},
        {Mem(X(1), Lsl(X(2), kLog2 + 1)), Mem(X(1), Lsr(X(2), kLog2)),
         Mem(X(1), Sxth(W(2))), Mem(xzr, X(2))}};
    if (kLog2 > 0) {
      o.good.push_back(Mem(X(1), Lsl(X(2), kLog2)));
      o.good.push_back(Mem(X(1), Sxtw(W(2), kLog2)));
      o.good.push_back(Mem(X(1), Uxtw(W(2), kLog2)));
    }
    return o;
  }
};
template <typename M, uint32_t kLog2>
struct SamplesOf<MemPair<M, kLog2>> {
  static Operands<M> Get() {
    constexpr int64_t kSize = 1 << kLog2;
    return {{{X(1), kSize},
             {sp, -2 * kSize},
             {X(27), 63 * kSize},
             {X(26), -64 * kSize}},
            {{X(1), 64 * kSize}, {X(1), -65 * kSize}, {X(1), 1}, {xzr, 0}}};
  }
};

// One case: what the row encodes, and the text that means the same.
struct Case {
  std::string text;
  Encoding encoding;
};

std::string Join(const char* mnemonic, std::vector<std::string> operands) {
  std::string text = mnemonic;
  if (operands.empty()) return text;
  if (text.back() == '.') {  // "b." takes its condition as suffix
    text += operands.front();
    operands.erase(operands.begin());
  }
  return absl::StrCat(text, " ", absl::StrJoin(operands, ", "));
}

template <typename... F>
class RowCases {
 public:
  using Encode = Encoding (*)(typename F::Arg...);

  RowCases(const char* mnemonic, Encode encode)
      : mnemonic_(mnemonic), encode_(encode), samples_(SamplesOf<F>::Get()...) {
    AddAll(std::index_sequence_for<F...>());
  }
  const std::vector<Case>& good() const { return good_; }
  const std::vector<Case>& bad() const { return bad_; }

 private:
  template <size_t... kI>
  void AddAll(std::index_sequence<kI...> all) {
    if constexpr (sizeof...(F) == 0) {
      good_.push_back({Join(mnemonic_, {}), encode_()});
    } else {
      (Vary<kI>(all), ...);
    }
  }

  // Runs field kVaried through its samples, others at their first.
  template <size_t kVaried, size_t... kI>
  void Vary(std::index_sequence<kI...>) {
    const auto& varied = std::get<kVaried>(samples_);
    auto add = [&](std::vector<Case>& cases, const auto& list) {
      for (size_t i = 0; i < list.size(); ++i) {
        auto pick = [&](auto index, const auto& samples) {
          if constexpr (index == kVaried) {
            return list[i];
          } else {
            return samples.good[0];
          }
        };
        std::tuple<typename F::Arg...> args{pick(
            std::integral_constant<size_t, kI>(), std::get<kI>(samples_))...};
        cases.push_back({Join(mnemonic_, {FieldText<F>(std::get<kI>(args))...}),
                         std::apply(encode_, args)});
      }
    };
    add(good_, varied.good);
    add(bad_, varied.bad);
  }

  const char* mnemonic_;
  Encode encode_;
  std::tuple<Operands<typename F::Arg>...> samples_;
  std::vector<Case> good_;
  std::vector<Case> bad_;
};

void Append(std::vector<Case>& to, const std::vector<Case>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

struct AllCases {
  std::vector<Case> good;
  std::vector<Case> bad;
  template <typename... F>
  void Add(const RowCases<F...>& row) {
    Append(good, row.good());
    Append(bad, row.bad());
  }
};

AllCases MakeAllCases() {
  AllCases all;
#define A64_ROW0(name, text, base) all.Add(RowCases<>(text, &EncodeRow<base>));
#define A64_ROW1(name, text, base, f0) \
  all.Add(RowCases<f0>(text, &EncodeRow<base, f0>));
#define A64_ROW2(name, text, base, f0, f1) \
  all.Add(RowCases<f0, f1>(text, &EncodeRow<base, f0, f1>));
#define A64_ROW3(name, text, base, f0, f1, f2) \
  all.Add(RowCases<f0, f1, f2>(text, &EncodeRow<base, f0, f1, f2>));
#define A64_ROW4(name, text, base, f0, f1, f2, f3) \
  all.Add(RowCases<f0, f1, f2, f3>(text, &EncodeRow<base, f0, f1, f2, f3>));
#include "jit/a64_rows.def"
  return all;
}

std::map<std::string, uint32_t> ReadReference() {
  std::map<std::string, uint32_t> reference;
  std::ifstream in(kReferencePath);
  std::string line;
  while (std::getline(in, line)) {
    if (line.empty() || line[0] == '#') continue;
    reference[line.substr(9)] =
        static_cast<uint32_t>(std::stoul(line.substr(0, 8), nullptr, 16));
  }
  return reference;
}

TEST(A64RowsTest, EachRowAgreesWithReferenceAssembler) {
  const AllCases all = MakeAllCases();
  if (const char* path = std::getenv("PERILUNE_A64_CASES")) {
    std::ofstream out(path);
    for (const Case& c : all.good) out << c.text << "\n";
    GTEST_SKIP() << "wrote the cases to " << path;
  }
  const std::map<std::string, uint32_t> reference = ReadReference();
  ASSERT_FALSE(reference.empty()) << "cannot read " << kReferencePath;
  for (const Case& c : all.good) {
    const auto it = reference.find(c.text);
    if (it == reference.end()) {
      ADD_FAILURE() << "no reference word for: " << c.text;
      continue;
    }
    EXPECT_TRUE(c.encoding.ok) << c.text;
    EXPECT_EQ(absl::StrFormat("%08x", c.encoding.word),
              absl::StrFormat("%08x", it->second))
        << c.text;
  }
  EXPECT_GT(all.good.size(), 2000u);
}

TEST(A64RowsTest, OperandsWithoutEncodingAreRefused) {
  const AllCases all = MakeAllCases();
  for (const Case& c : all.bad) EXPECT_FALSE(c.encoding.ok) << c.text;
  EXPECT_GT(all.bad.size(), 500u);
}

TEST(A64RowsTest, UnpredictableTransfersAreRefused) {
  EXPECT_FALSE(Encoder::ldr(X(1), PreIndex(X(1), 8)).ok);
  EXPECT_FALSE(Encoder::str(W(1), PostIndex(X(1), 8)).ok);
  EXPECT_FALSE(Encoder::ldp(X(1), X(1), Mem(X(2))).ok);
  EXPECT_FALSE(Encoder::ldp(D(1), D(1), Mem(X(2))).ok);
  EXPECT_FALSE(Encoder::stp(X(1), X(2), PreIndex(X(2), 16)).ok);
  // The same numbers in another register file, or as a source, are fine.
  EXPECT_TRUE(Encoder::ldr(D(1), PreIndex(X(1), 8)).ok);
  EXPECT_TRUE(Encoder::stp(X(1), X(1), Mem(X(1))).ok);
  EXPECT_TRUE(Encoder::stp(xzr, xzr, PreIndex(sp, -16)).ok);
}

// The decoder of the architecture manual, for all its inputs: each value a
// logical immediate can have must be found, and nothing else.
uint64_t DecodeBitmask(uint32_t n, uint32_t immr, uint32_t imms,
                       uint32_t width) {
  uint32_t size = 64;
  if (n == 0) {
    size = 32;
    while (size > 1 && (imms & size) != 0) size /= 2;
  }
  if (size < 2 || size > width) return 0;
  const uint32_t s = imms & (size - 1);
  const uint32_t r = immr & (size - 1);
  if (s == size - 1) return 0;
  uint64_t result = 0;
  for (uint32_t i = 0; i < width; ++i) {
    const uint32_t source = (i % size + r) % size;
    if (source <= s) result |= uint64_t{1} << i;
  }
  return result;
}

TEST(A64RowsTest, BitmaskImmediatesRoundTripExhaustively) {
  for (uint32_t width : {32u, 64u}) {
    std::map<uint64_t, bool> values;
    for (uint32_t bits = 0; bits < 1u << 13; ++bits) {
      const uint64_t value =
          DecodeBitmask(bits >> 12, (bits >> 6) & 63, bits & 63, width);
      if (value != 0) values[value] = true;
    }
    EXPECT_EQ(values.size(), width == 64 ? 5334u : 1302u);
    for (const auto& [value, unused] : values) {
      const Encoding e = EncodeBitmask(value, width);
      ASSERT_TRUE(e.ok) << std::hex << value;
      EXPECT_EQ(DecodeBitmask((e.word >> 22) & 1, (e.word >> 16) & 63,
                              (e.word >> 10) & 63, width),
                value);
      for (uint64_t other : {value ^ 1, value + 2, value ^ (value << 3)}) {
        if (width == 32) other &= 0xffffffff;
        EXPECT_EQ(EncodeBitmask(other, width).ok, values.contains(other))
            << std::hex << other;
      }
    }
  }
}

}  // namespace
}  // namespace perilune::vm::jit
