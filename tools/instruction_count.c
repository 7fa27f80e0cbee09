// A plugin for QEMU's user mode: counts the instructions that the emulated program executes, over all of its threads.
//
//   qemu-aarch64 -plugin instruction_count.so,to=COUNT PROGRAM       writes the number to COUNT when PROGRAM ends
//
// Each block that QEMU translates carries a call that adds its length to the running thread's counter. A block that an exception leaves early counts as
// a whole. Needs nothing but QEMU's plugin interface (version 1, of QEMU 7 and 8), whose declarations stand here because distributions
// do not package qemu-plugin.h. tools/bench builds and uses it.

#include <inttypes.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

typedef uint64_t PluginId;
struct qemu_plugin_tb;
typedef void (*TranslationCallback)(PluginId, struct qemu_plugin_tb *);
typedef void (*ExecutionCallback)(unsigned cpu, void *data);
typedef void (*EndCallback)(PluginId, void *data);

enum { kNoRegisters = 0 };  // QEMU_PLUGIN_CB_NO_REGS: the callback looks at none

void qemu_plugin_register_vcpu_tb_trans_cb(PluginId, TranslationCallback);
void qemu_plugin_register_vcpu_tb_exec_cb(struct qemu_plugin_tb *, ExecutionCallback, int registers, void *data);
void qemu_plugin_register_atexit_cb(PluginId, EndCallback, void *data);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *);

#define EXPORTED __attribute__((visibility("default")))
EXPORTED int qemu_plugin_version = 1;

// A counter per emulated processor, that is per thread, on a cache line of its own. Threads beyond the last share by turns, and could lose counts.
enum { kCounters = 4096 };
static struct {
  _Alignas(64) uint64_t executed;
} counters[kCounters];
static char file_name[4096];

static void OnExecution(unsigned cpu, void *length) { counters[cpu % kCounters].executed += (uintptr_t)length; }

static void OnTranslation(PluginId id, struct qemu_plugin_tb *block) {
  (void)id;
  qemu_plugin_register_vcpu_tb_exec_cb(block, OnExecution, kNoRegisters, (void *)(uintptr_t)qemu_plugin_tb_n_insns(block));
}

static void OnEnd(PluginId id, void *data) {
  (void)id;
  (void)data;
  uint64_t sum = 0;
  for (size_t i = 0; i < kCounters; ++i) sum += counters[i].executed;
  FILE *file = fopen(file_name, "w");
  if (file == NULL || fprintf(file, "%" PRIu64 "\n", sum) < 0 || fclose(file) != 0) perror(file_name);
}

EXPORTED int qemu_plugin_install(PluginId id, const void *info, int argc, char **argv) {
  static const char kTo[] = "to=";
  (void)info;
  for (int i = 0; i < argc; ++i) {
    if (strncmp(argv[i], kTo, strlen(kTo)) == 0) snprintf(file_name, sizeof file_name, "%s", argv[i] + strlen(kTo));
  }
  if (file_name[0] == '\0') {
    fprintf(stderr, "instruction_count: which file? Say to=COUNT\n");
    return 1;
  }
  qemu_plugin_register_vcpu_tb_trans_cb(id, OnTranslation);
  qemu_plugin_register_atexit_cb(id, OnEnd, NULL);
  return 0;
}
