-- Fields of the table in an upvalue; the cell's own entry stands inline.
local function globals(a)
  x = a
  return x
end
--[==[ Machine code, written by tests/golden/run.py --bless
; function stdin:2, 6 words of bytecode, 256 bytes of machine code
; exact entry
    stp x30, x10, [x21, #-0x10]
E.1:
    ldr x9, [x20]
    cmp x21, x9
    b.hi C0
; [0] line 3: SetTabUp
;     value=R0 env=U0 key="x" cell=0 | R0 unknown
L0:
    ldur x0, [x21, #-0x20]
    ldr x9, [x0, #0x18]
    ldr x9, [x9, #8]
    ldp x9, x10, [x9]
    cmp w10, #7
    b.ne C0b.1
    ldr x11, [x9, #0x10]
    ldr x13, [x23, #0x10]
    cmp x11, x13
    b.ne C0b.1
    ldrh w12, [x23, #0x2e]
    ldr x11, [x9, #0x28]
    add x11, x11, x12, lsl #5
    ldr w15, [x11, #8]
    cbz w15, C0b
L0.1:
    ldp x1, x2, [x21]
    stp x1, x2, [x11]
; [2] line 4: GetTabUp
;     dst=R1 env=U0 key="x" cell=1
L2:
    ldr x9, [x0, #0x18]
    ldr x9, [x9, #8]
    ldp x9, x10, [x9]
    cmp w10, #7
    b.ne C2
    ldr x11, [x9, #0x10]
    ldr x13, [x23, #0x30]
    cmp x11, x13
    b.ne C2
    ldrh w12, [x23, #0x4e]
    ldr x11, [x9, #0x28]
    add x11, x11, x12, lsl #5
    ldp x3, x4, [x11]
    cbz w4, C2
    stp x3, x4, [x21, #0x10]
; [4] line 4: Return1
;     src=R1 | R1 unknown in x3, tag in x4
L4:
    ldp x30, x22, [x21, #-0x10]
    stp x3, x4, [x21, #-0x20]
    mov w25, #1
    ret
; [5] line 5: Return0
    ldp x30, x22, [x21, #-0x10]
    mov w25, #0
    ret
; [0] out of line: a full stack, a poll; the entry for any number of arguments
C0:
    mov w25, #1
    bl enter_slow
    b L0
; entry: link stored, any number of arguments
    cmp w25, #1
    b.eq E.1
    mov w9, #1
    bl fill_params
    b E.1
; [0] out of line: over a nil; what the cache's own entry does not know
C0b:
    mov x10, x9
    bl may_set_nil
    cbnz x10, L0.1
C0b.1:
    mov w9, #0
    bl semantic[SetTabUp]
    ldur x0, [x21, #-0x20]
    b L2
; [2] out of line: the semantic function
C2:
    mov w9, #2
    bl semantic[GetTabUp]
    ldur x0, [x21, #-0x20]
    ldp x3, x4, [x21, #0x10]
    b L4
    nop
]==]
