#include "jit/disassembler.h"

#include <cstdint>
#include <memory>
#include <vector>

#include "gtest/gtest.h"
#include "jit/a64_assembler.h"

namespace perilune::vm::jit {
namespace {

class DisassemblerTest : public testing::Test {
 protected:
  void SetUp() override {
    auto created = Disassembler::Create();
    ASSERT_TRUE(created.ok()) << created.status();
    disassembler_ = *std::move(created);
  }
  std::unique_ptr<Disassembler> disassembler_;
};

TEST_F(DisassemblerTest, InterleavesCommentsAndShowsTargets) {
  Assembler a;
  a.set_comments_enabled(true);
  Label end;
  a.Comment("entry");
  a.add(X(0), X(1), X(2));
  a.cbz(X(0), end);
  a.Comment("data");
  a.Data32(0xffffffff);
  a.Bind(end);
  a.udf(0);
  a.ret();
  a.Comment("end");
  EXPECT_EQ(disassembler_->Disassemble(*a.Finish(), 0, a.comments()),
            "; entry\n"
            "0000  8b020020  add x0, x1, x2\n"
            "0004  b4000040  cbz x0, #0xc\n"
            "; data\n"
            "0008  ffffffff  .word 0xffffffff\n"
            "000c  00000000  udf #0\n"
            "0010  d65f03c0  ret\n"
            "; end\n");
}

TEST_F(DisassemblerTest, AddressesMoveTargets) {
  Assembler a;
  Label self;
  a.Bind(self);
  a.b(self);
  EXPECT_EQ(disassembler_->Disassemble(*a.Finish(), 0x12345678),
            "12345678  14000000  b #0x12345678\n");
  EXPECT_EQ(disassembler_->Instruction(0xd503201f), "nop");
}

TEST_F(DisassemblerTest, NothingGivesNothing) {
  EXPECT_EQ(disassembler_->Disassemble({}), "");
}

}  // namespace
}  // namespace perilune::vm::jit
