-- The cell's own entry stands inline.
local function get(t) return t.x end
local function set(t, v) t.x = v end
local function both(t) t.x = t.y end
--[==[ Machine code, written by tests/golden/run.py --bless
; function stdin:2, 4 words of bytecode, 152 bytes of machine code
; exact entry
    stp x30, x10, [x21, #-0x10]
E.1:
    ldr x9, [x20]
    cmp x21, x9
    b.hi C0
; [0] line 2: GetField
;     dst=R1 table=R0 key="x" cell=0 | R0 unknown
L0:
    ldp x0, x1, [x21]
    cmp w1, #7
    b.ne C0b
    ldr x11, [x0, #0x10]
    ldr x13, [x23, #0x10]
    cmp x11, x13
    b.ne C0b
    ldrh w12, [x23, #0x2e]
    ldr x11, [x0, #0x28]
    add x11, x11, x12, lsl #5
    ldp x2, x3, [x11]
    cbz w3, C0b
    stp x2, x3, [x21, #0x10]
; [2] line 2: Return1
;     src=R1 | R1 unknown in x2, tag in x3
L2:
    ldp x30, x22, [x21, #-0x10]
    stp x2, x3, [x21, #-0x20]
    mov w25, #1
    ret
; [3] line 2: Return0
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
; [0] out of line: the semantic function
C0b:
    mov w9, #0
    bl semantic[GetField]
    ldr x3, [x21, #0x18]
    ldr x2, [x21, #0x10]
    b L2
    nop

; function stdin:3, 3 words of bytecode, 144 bytes of machine code
; exact entry
    stp x30, x10, [x21, #-0x10]
E.1:
    ldr x9, [x20]
    cmp x21, x9
    b.hi C0
; [0] line 3: SetField
;     table=R0 key="x" value=R1 cell=0 | R0 unknown; R1 unknown
L0:
    ldp x0, x1, [x21]
    cmp w1, #7
    b.ne C0b.1
    ldr x11, [x0, #0x10]
    ldr x13, [x23, #0x10]
    cmp x11, x13
    b.ne C0b.1
    ldrh w12, [x23, #0x2e]
    ldr x11, [x0, #0x28]
    add x11, x11, x12, lsl #5
    ldr w15, [x11, #8]
    cbz w15, C0b
L0.1:
    ldp x2, x3, [x21, #0x10]
    stp x2, x3, [x11]
; [2] line 3: Return0
L2:
    ldp x30, x22, [x21, #-0x10]
    mov w25, #0
    ret
; [0] out of line: a full stack, a poll; the entry for any number of arguments
C0:
    mov w25, #2
    bl enter_slow
    b L0
; entry: link stored, any number of arguments
    cmp w25, #2
    b.eq E.1
    mov w9, #2
    bl fill_params
    b E.1
; [0] out of line: over a nil; what the cache's own entry does not know
C0b:
    mov x10, x0
    bl may_set_nil
    cbnz x10, L0.1
C0b.1:
    mov w9, #0
    bl semantic[SetField]
    b L2
    nop

; function stdin:4, 5 words of bytecode, 216 bytes of machine code
; exact entry
    stp x30, x10, [x21, #-0x10]
E.1:
    ldr x9, [x20]
    cmp x21, x9
    b.hi C0
; [0] line 4: GetField
;     dst=R1 table=R0 key="y" cell=0 | R0 unknown
L0:
    ldp x0, x1, [x21]
    cmp w1, #7
    b.ne C0b
    ldr x11, [x0, #0x10]
    ldr x13, [x23, #0x20]
    cmp x11, x13
    b.ne C0b
    ldrh w12, [x23, #0x3e]
    ldr x11, [x0, #0x28]
    add x11, x11, x12, lsl #5
    ldp x2, x3, [x11]
    cbz w3, C0b
    stp x2, x3, [x21, #0x10]
; [2] line 4: SetField
;     table=R0 key="x" value=R1 cell=1 | R0 unknown in x0, tag in x1; R1 unknown in x2, tag in x3
L2:
    cmp w1, #7
    b.ne C2.1
    ldr x11, [x0, #0x10]
    ldr x13, [x23, #0x40]
    cmp x11, x13
    b.ne C2.1
    ldrh w12, [x23, #0x5e]
    ldr x11, [x0, #0x28]
    add x11, x11, x12, lsl #5
    ldr w15, [x11, #8]
    cbz w15, C2
L2.1:
    stp x2, x3, [x11]
; [4] line 4: Return0
L4:
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
; [0] out of line: the semantic function
C0b:
    mov w9, #0
    bl semantic[GetField]
    ldp x0, x1, [x21]
    ldp x2, x3, [x21, #0x10]
    cbz w8, L2
    ldp x0, x1, [x21]
    ldp x2, x3, [x21, #0x10]
    b L2
; [2] out of line: over a nil; what the cache's own entry does not know
C2:
    mov x10, x0
    bl may_set_nil
    cbnz x10, L2.1
C2.1:
    mov w9, #2
    bl semantic[SetField]
    b L4
]==]
