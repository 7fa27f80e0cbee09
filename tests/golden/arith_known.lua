-- Known types need no checks, and what is in a scratch register is not loaded again.
local function integers()
  local a, b = 3, 4
  local c = a + b
  local d = c * c
  return d - c
end
local function floats()
  local a, b = 0.5, 2.25
  local c = a + b
  local d = c * c
  return d / a
end
local function mixed()
  local a, b = 3, 0.5
  return a * b
end
--[==[ Machine code, written by tests/golden/run.py --bless
; function stdin:2, 7 words of bytecode, 104 bytes of machine code
; exact entry
    stp x30, x10, [x21, #-0x10]
    ldr x9, [x20]
    cmp x21, x9
    b.hi C0
; [0] line 3: LoadInt
;     dst=R0 value=3
L0:
    mov w0, #3
    mov w1, #3
    stp x0, x1, [x21]
; [1] line 3: LoadInt
;     dst=R1 value=4
    mov w2, #4
    stp x2, x1, [x21, #0x10]
; [2] line 4: Add
;     dst=R2 lhs=R0 rhs=R1 | R0 integer 3 in x0, tag in x1; R1 integer 4 in x2, tag in x1
    add x3, x0, #4
    stp x3, x1, [x21, #0x20]
; [3] line 5: Mul
;     dst=R3 lhs=R2 rhs=R2 | R2 integer in x3; R2 integer in x3
    mul x4, x3, x3
    stp x4, x1, [x21, #0x30]
; [4] line 6: Sub
;     dst=R4 lhs=R3 rhs=R2 | R3 integer in x4; R2 integer in x3
    sub x5, x4, x3
    stp x5, x1, [x21, #0x40]
; [5] line 6: Return1
;     src=R4 | R4 integer in x5
    ldp x30, x22, [x21, #-0x10]
    ldp x9, x10, [x21, #0x40]
    stp x9, x10, [x21, #-0x20]
    mov w25, #1
    ret
; [6] line 7: Return0
    ldp x30, x22, [x21, #-0x10]
    mov w25, #0
    ret
; [0] out of line: a full stack, a poll; the entry for any number of arguments
C0:
    mov w25, #0
    bl enter_slow
    b L0

; function stdin:8, 7 words of bytecode, 128 bytes of machine code
; exact entry
    stp x30, x10, [x21, #-0x10]
    ldr x9, [x20]
    cmp x21, x9
    b.hi C0
; [0] line 9: LoadK
;     dst=R0 k=0.5
L0:
    ldp x9, x10, [x23]
    stp x9, x10, [x21]
; [1] line 9: LoadK
;     dst=R1 k=2.25
    ldp x9, x10, [x23, #0x10]
    stp x9, x10, [x21, #0x10]
; [2] line 10: Add
;     dst=R2 lhs=R0 rhs=R1 | R0 float; R1 float
    ldr d16, [x21]
    ldr d17, [x21, #0x10]
    fadd d18, d16, d17
    str d18, [x21, #0x20]
    mov w0, #4
    str x0, [x21, #0x28]
; [3] line 11: Mul
;     dst=R3 lhs=R2 rhs=R2 | R2 float in d18; R2 float in d18
    fmul d19, d18, d18
    str d19, [x21, #0x30]
    str x0, [x21, #0x38]
; [4] line 12: Div
;     dst=R4 lhs=R3 rhs=R0 | R3 float in d19; R0 float in d16
    fdiv d20, d19, d16
    str d20, [x21, #0x40]
    str x0, [x21, #0x48]
; [5] line 12: Return1
;     src=R4 | R4 float in d20
    ldp x30, x22, [x21, #-0x10]
    ldp x9, x10, [x21, #0x40]
    stp x9, x10, [x21, #-0x20]
    mov w25, #1
    ret
; [6] line 13: Return0
    ldp x30, x22, [x21, #-0x10]
    mov w25, #0
    ret
; [0] out of line: a full stack, a poll; the entry for any number of arguments
C0:
    mov w25, #0
    bl enter_slow
    b L0
    nop

; function stdin:14, 5 words of bytecode, 104 bytes of machine code
; exact entry
    stp x30, x10, [x21, #-0x10]
    ldr x9, [x20]
    cmp x21, x9
    b.hi C0
; [0] line 15: LoadInt
;     dst=R0 value=3
L0:
    mov w0, #3
    mov w1, #3
    stp x0, x1, [x21]
; [1] line 15: LoadK
;     dst=R1 k=0.5
    ldp x9, x10, [x23]
    stp x9, x10, [x21, #0x10]
; [2] line 16: Mul
;     dst=R2 lhs=R0 rhs=R1 | R0 integer 3 in x0, tag in x1; R1 float
    scvtf d16, x0
    ldr d17, [x21, #0x10]
    fmul d18, d16, d17
    str d18, [x21, #0x20]
    mov w2, #4
    str x2, [x21, #0x28]
; [3] line 16: Return1
;     src=R2 | R2 float in d18
    ldp x30, x22, [x21, #-0x10]
    ldp x9, x10, [x21, #0x20]
    stp x9, x10, [x21, #-0x20]
    mov w25, #1
    ret
; [4] line 17: Return0
    ldp x30, x22, [x21, #-0x10]
    mov w25, #0
    ret
; [0] out of line: a full stack, a poll; the entry for any number of arguments
C0:
    mov w25, #0
    bl enter_slow
    b L0
]==]
