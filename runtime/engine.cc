#include "runtime/engine.h"

#include <algorithm>

#include "lang/binary_chunk.h"
#include "lang/bytecode.h"
#include "lang/compile.h"
#include "runtime/frame_layout.h"
#include "runtime/return_handlers.h"

namespace perilune::vm {

const CallTarget kUnlinked{};

ProtoSlots::ProtoSlots(const lang::Proto* p, Module* m)
    : proto(p),
      module(m),
      target(&interpreter),
      call_sites(new CallSite[p->call_site_count]),
      loops(new std::atomic<const void*>[p->loop_count]()),
      interpreter{.slots = this,
                  .entry = reinterpret_cast<const void*>(&EnterInterpreter),
                  .direct = reinterpret_cast<const void*>(&EnterInterpreter)} {
  // relaxed: the module is not shared yet
  for (uint32_t i = 0; i < p->call_site_count; ++i) call_sites[i].target.store(&kUnlinked, std::memory_order_relaxed);
  if (p->call_site_count == 0) return;
  const lang::Word* const code = p->code.data();
  for (uint32_t pc = 0; pc < p->code.size(); pc += static_cast<uint32_t>(lang::InstructionWords(lang::OpOf(code[pc])))) {
    if (lang::OpOf(code[pc]) != lang::Op::kCall) continue;
    const auto o = lang::CallOperands::Decode(code + pc);
    call_sites[o.site].position = FrameLink::Position(pc, uint64_t{o.func} + kFrameHeader);
  }
}

Module::Module(Engine& engine, std::shared_ptr<const lang::Proto> main) : engine_(engine), proto_(std::move(main)) {
  Add(proto_.get());
}

Module::~Module() = default;

size_t Module::MemoryBytes() const {
  size_t bytes = sizeof(Module);
  for (const auto& slots : slots_) bytes += sizeof(ProtoSlots) + slots->proto->MemoryBytes() + sizeof(CallSite) * slots->proto->call_site_count;
  return bytes;
}

ProtoSlots* Module::Add(const lang::Proto* proto) {
  slots_.push_back(std::make_unique<ProtoSlots>(proto, this));
  ProtoSlots* slots = slots_.back().get();
  for (const auto& child : proto->children) slots->children.push_back(Add(child.get()));
  return slots;
}

Engine::~Engine() = default;

absl::StatusOr<std::shared_ptr<Module>> Engine::Load(std::string_view source, std::string_view chunk_name, lang::StopFlag stop) {
  absl::StatusOr<std::shared_ptr<const lang::Proto>> proto = source.starts_with(lang::kBinaryChunkMark)
                                                                 ? lang::ReadBinaryChunk(source, chunk_name)
                                                                 : lang::Compile(source, chunk_name, stop);
  if (!proto.ok()) return proto.status();
  return Add(*std::move(proto));
}

std::shared_ptr<Module> Engine::Add(std::shared_ptr<const lang::Proto> main) {
  auto module = std::make_shared<Module>(*this, std::move(main));
  absl::MutexLock lock(&mutex_);
  // Forget modules that have ended, now and then, so that loading many does not grow the list for ever.
  if (modules_.size() == modules_.capacity()) {
    std::erase_if(modules_, [](const std::weak_ptr<Module>& m) { return m.expired(); });
  }
  modules_.push_back(module);
  return module;
}

std::vector<std::shared_ptr<Module>> Engine::Modules() const {
  std::vector<std::shared_ptr<Module>> alive;
  absl::MutexLock lock(&mutex_);
  for (const std::weak_ptr<Module>& m : modules_) {
    if (std::shared_ptr<Module> module = m.lock()) alive.push_back(std::move(module));
  }
  return alive;
}

}  // namespace perilune::vm
