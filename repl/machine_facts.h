// What can be asked of the machine about running generated code, without running any.

#ifndef PERILUNE_REPL_MACHINE_FACTS_H_
#define PERILUNE_REPL_MACHINE_FACTS_H_

#include <cstdint>
#include <string>
#include <vector>

namespace perilune::vm::repl {

// CTR_EL0 as processors of one kind have it.
struct CacheType {
  uint64_t register_value = 0;
  std::vector<int> cpus;

  uint32_t data_line() const { return LineBytes(16); }        // bytes, the smallest of all data caches
  uint32_t instruction_line() const { return LineBytes(0); }  // the same of instruction caches
  bool idc() const { return (register_value >> 28 & 1) != 0; }
  bool dic() const { return (register_value >> 29 & 1) != 0; }
  // "0-3, 6".
  std::string CpuText() const;

 private:
  uint32_t LineBytes(int shift) const { return uint32_t{4} << (register_value >> shift & 15); }
};

// Something that the system permits, or not.
struct Probe {
  std::string name;
  bool works = false;
  std::string detail;  // what it said; may be empty
};

struct MachineFacts {
  std::string processor;               // "AArch64", "x86-64", "another"
  std::string kernel;                  // name and release
  bool emulated = false;               // as far as the processor's identification tells
  uint64_t page_bytes = 0;
  std::vector<CacheType> cache_types;  // none where there is no CTR_EL0
  std::vector<Probe> probes;
};

// Visits each processor that the process may use, so it takes a while where they are busy.
MachineFacts GatherMachineFacts();

}  // namespace perilune::vm::repl

#endif  // PERILUNE_REPL_MACHINE_FACTS_H_
