-- The cell's chain entry stands inline.
local function method(o, a) return (o:name(a)) end
--[==[ Machine code, written by tests/golden/run.py --bless
; function stdin:2, 7 words of bytecode, 240 bytes of machine code
; exact entry
    stp x30, x10, [x21, #-0x10]
E.1:
    ldr x9, [x20]
    cmp x21, x9
    b.hi C0
; [0] line 2: Self
;     dst=R2 object=R0 key="name" cell=0 | R0 unknown
L0:
    ldp x0, x1, [x21]
    cmp w1, #7
    b.ne C0b
    ldp x11, x12, [x0, #8]
    ldr x13, [x23, #0x18]
    ldr x14, [x23, #0x20]
    cmp x12, x13
    ccmp x11, x14, #0, eq
    b.ne C0b
    ldr x11, [x23, #0x28]
    ldp x14, x15, [x11]
    cbz w15, C0b
    stp x14, x15, [x21, #0x20]
    stp x0, x1, [x21, #0x40]
; [2] line 2: Move
;     dst=R5 src=R1 | R1 unknown
L2:
    ldp x2, x3, [x21, #0x10]
    stp x2, x3, [x21, #0x50]
; [3] line 2: Call
;     func=R2 args=2 results=1 site=0 | R4 unknown in x0, tag in x1
    ldp x9, x8, [x21, #0x20]
    ldr x11, D
    ldp x14, x10, [x11]
    add x21, x21, #0x40
    cmp w8, #8
    b.ne C3
    ldp x23, x13, [x9, #8]
    ldp x14, x15, [x14]
    cmp x13, x14
    b.ne C3
    blr x15
L3.1:
    cbnz w25, L3.2
    stp xzr, xzr, [x21, #-0x20]
L3.2:
    sub x21, x21, #0x40
; [5] line 2: Return1
;     src=R2 | R2 unknown
    ldp x30, x22, [x21, #-0x10]
    ldp x9, x10, [x21, #0x20]
    stp x9, x10, [x21, #-0x20]
    mov w25, #1
    ret
; [6] line 2: Return0
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
; [0] out of line: the semantic function
C0b:
    mov w9, #0
    bl semantic[Self]
    ldr x1, [x21, #0x48]
    ldr x0, [x21, #0x40]
    b L2
; [3] out of line: a callee that the site is not linked to
C3:
    mov w25, #2
    bl call
    b L3.1
D:
    slot of call site 0
]==]
