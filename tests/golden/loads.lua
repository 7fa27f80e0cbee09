-- Tags that are in place already are not stored again.
local function loads()
  local n, m
  local f, t = false, true
  local i, d, s = 7, 3.0, "text"
  local large, fraction = 1 << 40, 0.1
  local copy = i
  i = copy
  return copy
end
--[==[ Machine code, written by tests/golden/run.py --bless
; function stdin:2, 12 words of bytecode, 136 bytes of machine code
; exact entry
    stp x30, x10, [x21, #-0x10]
    ldr x9, [x20]
    cmp x21, x9
    b.hi C0
; [0] line 3: LoadNil
;     first=R0 count=2
L0:
    stp xzr, xzr, [x21]
    stp xzr, xzr, [x21, #0x10]
; [1] line 4: LoadFalse
;     dst=R2
    mov w0, #1
    stp xzr, x0, [x21, #0x20]
; [2] line 4: LoadTrue
;     dst=R3
    mov w1, #2
    stp xzr, x1, [x21, #0x30]
; [3] line 5: LoadInt
;     dst=R4 value=7
    mov w2, #7
    mov w3, #3
    stp x2, x3, [x21, #0x40]
; [4] line 5: LoadFloat
;     dst=R5 value=3
    mov x9, #0x4008000000000000
    mov w4, #4
    stp x9, x4, [x21, #0x50]
; [5] line 5: LoadK
;     dst=R6 k="text"
    ldp x9, x10, [x23]
    stp x9, x10, [x21, #0x60]
; [6] line 6: LoadK
;     dst=R7 k=1099511627776
    mov x5, #0x10000000000
    stp x5, x3, [x21, #0x70]
; [7] line 6: LoadK
;     dst=R8 k=0.1
    ldp x9, x10, [x23, #0x20]
    stp x9, x10, [x21, #0x80]
; [8] line 7: Move
;     dst=R9 src=R4 | R4 integer 7 in x2, tag in x3
    stp x2, x3, [x21, #0x90]
; [9] line 8: Move
;     dst=R4 src=R9 | over R4, whose tag is integer; R9 integer 7 in x2, tag in x3
    str x2, [x21, #0x40]
; [10] line 9: Return1
;     src=R9 | R9 integer 7 in x2, tag in x3
    ldp x30, x22, [x21, #-0x10]
    stp x2, x3, [x21, #-0x20]
    mov w25, #1
    ret
; [11] line 10: Return0
    ldp x30, x22, [x21, #-0x10]
    mov w25, #0
    ret
; [0] out of line: a full stack, a poll; the entry for any number of arguments
C0:
    mov w25, #0
    bl enter_slow
    b L0
]==]
