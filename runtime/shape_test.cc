#include "runtime/shape.h"

#include <string>

#include "gtest/gtest.h"
#include "runtime/engine.h"
#include "runtime/isolate.h"

namespace perilune::vm {
namespace {

class ShapeTest : public testing::Test {
 protected:
  String* Name(const std::string& s) { return vm_.NewString(s); }
  void Set(Table* t, const std::string& name, KeyOrigin origin = KeyOrigin::kConstant, Value value = Value::Integer(1)) {
    ASSERT_EQ(t->Set(vm_.heap(), Value::Of(Name(name)), value, origin), KeyError::kNone);
  }

  Engine engine_;
  Isolate vm_{engine_};
};

TEST_F(ShapeTest, SameInsertionsSameShape) {
  Table* a = vm_.NewTable();
  Table* b = vm_.NewTable();
  Table* c = vm_.NewTable();
  EXPECT_EQ(a->shape, vm_.caches().shapes().empty_root());
  for (const char* name : {"x", "y", "z"}) {
    Set(a, name);
    Set(b, name);
    EXPECT_NE(a->shape, nullptr);
    EXPECT_EQ(a->shape, b->shape);
    for (uint32_t i = 0; i < a->node_count(); ++i) EXPECT_EQ(a->nodes[i].key_bits, b->nodes[i].key_bits);
  }
  for (const char* name : {"y", "x", "z"}) Set(c, name);
  EXPECT_NE(c->shape, a->shape);
  EXPECT_EQ(a->shape->node_count, a->node_count());
  EXPECT_EQ(a->shape->key_count, 3u);
  EXPECT_TRUE(a->shape->DescendsFrom(a->shape->parent));
  EXPECT_FALSE(a->shape->parent->DescendsFrom(a->shape));
}

TEST_F(ShapeTest, OtherInsertionsEndIt) {
  Table* t = vm_.NewTable();
  Set(t, "x");
  Set(t, "x", KeyOrigin::kComputed);  // not new
  EXPECT_NE(t->shape, nullptr);
  Set(t, "y", KeyOrigin::kComputed);
  EXPECT_EQ(t->shape, nullptr);
  t = vm_.NewTable();
  ASSERT_EQ(t->Set(vm_.heap(), Value::Float(0.5), Value::Integer(1)), KeyError::kNone);
  EXPECT_EQ(t->shape, nullptr);
  t = vm_.NewTable();
  for (uint32_t i = 0; i <= Shapes::kMaxKeys; ++i) Set(t, "k" + std::to_string(i));
  EXPECT_EQ(t->shape, nullptr);
}

TEST_F(ShapeTest, RemovedKeysKeepTheirNodes) {
  Table* t = vm_.NewTable();
  vm_.globals()->SetString(vm_.heap(), Name("held"), Value::Of(t));
  for (const char* name : {"a", "b", "c"}) Set(t, name);
  const Shape* shape = t->shape;
  const Value* place = t->FindShortString(Name("b"));
  Set(t, "b", KeyOrigin::kConstant, Value::Nil());
  vm_.CollectGarbage();
  EXPECT_EQ(t->shape, shape);
  Set(t, "d");
  EXPECT_EQ(t->FindShortString(Name("b")), place);
  EXPECT_NE(t->FindShortString(Name("d")), place);
  EXPECT_EQ(t->shape->parent, shape);
}

TEST_F(ShapeTest, ShapesDieWithTheirTables) {
  Table* t = vm_.NewTable();
  vm_.globals()->SetString(vm_.heap(), Name("held"), Value::Of(t));
  Set(t, "x");
  const Shape* shape = t->shape;
  for (int i = 0; i < 200; ++i) {
    Table* u = vm_.NewTable();
    Set(u, "x");
    Set(u, "y" + std::to_string(i));
  }
  vm_.CollectGarbage();
  EXPECT_EQ(t->shape, shape);
  Table* u = vm_.NewTable();
  Set(u, "x");
  EXPECT_EQ(u->shape, shape);
}

TEST_F(ShapeTest, TablesLikeOthers) {
  Table* t = vm_.NewTable();
  for (const char* name : {"a", "b", "c"}) Set(t, name);
  auto* shape = const_cast<Shape*>(t->shape);
  shape->boilerplate = t->TryCopyNodes(vm_.heap());
  shape->last_free = t->last_free;
  Table* like = Table::TryNew(vm_.heap(), 2, 0, shape);
  EXPECT_EQ(like->shape, shape);
  EXPECT_EQ(like->array_size, 2u);
  Value key, value;
  bool done = false;
  EXPECT_EQ(like->Next(Value::Nil(), &key, &value, &done), KeyError::kNone);
  EXPECT_TRUE(done);
  Set(like, "b");
  EXPECT_EQ(like->shape, shape);
  EXPECT_EQ(like->FindShortString(Name("b")) - &like->nodes[0].value, t->FindShortString(Name("b")) - &t->nodes[0].value);
  Set(like, "d");
  EXPECT_EQ(like->GetShortString(Name("b")).integer, 1);
  EXPECT_EQ(like->GetShortString(Name("d")).integer, 1);
}

}  // namespace
}  // namespace perilune::vm
