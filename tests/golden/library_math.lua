-- Library functions are guessed by name and checked by identity.
local function numbers(x, y) return math.floor(x) + math.max(x, y) + math.sqrt(x) end
local function types(x) return type(x) end
--[==[ Machine code, written by tests/golden/run.py --bless
; function stdin:2, 26 words of bytecode, 1144 bytes of machine code
; exact entry
    stp x30, x10, [x21, #-0x10]
E.1:
    ldr x9, [x20]
    cmp x21, x9
    b.hi C0
; [0] line 2: GetTabUp
;     dst=R2 env=U0 key="math" cell=0
L0:
    ldur x0, [x21, #-0x20]
    ldr x9, [x0, #0x18]
    ldr x9, [x9, #8]
    ldp x9, x10, [x9]
    cmp w10, #7
    b.ne C0b
    ldr x11, [x9, #0x10]
    ldr x13, [x23, #0x40]
    cmp x11, x13
    b.ne C0b
    ldrh w12, [x23, #0x5e]
    ldr x11, [x9, #0x28]
    add x11, x11, x12, lsl #5
    ldp x1, x2, [x11]
    cbz w2, C0b
    stp x1, x2, [x21, #0x20]
; [2] line 2: GetField
;     dst=R2 table=R2 key="floor" cell=1 | R2 unknown in x1, tag in x2
L2:
    cmp w2, #7
    b.ne C2
    ldr x11, [x1, #0x10]
    ldr x13, [x23, #0x60]
    cmp x11, x13
    b.ne C2
    ldrh w12, [x23, #0x7e]
    ldr x11, [x1, #0x28]
    add x11, x11, x12, lsl #5
    ldp x3, x4, [x11]
    cbz w4, C2
    stp x3, x4, [x21, #0x20]
; [4] line 2: Move
;     dst=R4 src=R0 | R0 unknown
L4:
    ldp x5, x6, [x21]
    stp x5, x6, [x21, #0x40]
; [5] line 2: Call
;     func=R2 args=1 results=1 site=0 | R2 unknown in x3, tag in x4; guess: Floor
    ldp x9, x10, [x21, #0x20]
    cmp w10, #9
    b.ne C5
    ldr w10, [x9, #0x28]
    cmp w10, #8
    b.ne C5
    ldp x9, x10, [x21, #0x40]
    cmp w10, #3
    b.eq L5.1
    cmp w10, #4
    b.ne C5
    fmov d0, x9
    fcvtms x9, d0
    frintm d0, d0
    scvtf d1, x9
    fcmp d0, d1
    b.ne C5
    cmn x9, #1
    b.vs C5
    mov w10, #3
L5.1:
    stp x9, x10, [x21, #0x20]
; [7] line 2: GetTabUp
;     dst=R3 env=U0 key="math" cell=2
L7:
    ldur x7, [x21, #-0x20]
    ldr x9, [x7, #0x18]
    ldr x9, [x9, #8]
    ldp x9, x10, [x9]
    cmp w10, #7
    b.ne C7
    ldr x11, [x9, #0x10]
    ldr x13, [x23, #0x80]
    cmp x11, x13
    b.ne C7
    ldrh w12, [x23, #0x9e]
    ldr x11, [x9, #0x28]
    add x11, x11, x12, lsl #5
    ldp x0, x1, [x11]
    cbz w1, C7
    stp x0, x1, [x21, #0x30]
; [9] line 2: GetField
;     dst=R3 table=R3 key="max" cell=3 | R3 unknown in x0, tag in x1
L9:
    cmp w1, #7
    b.ne C9
    ldr x11, [x0, #0x10]
    ldr x13, [x23, #0xa0]
    cmp x11, x13
    b.ne C9
    ldrh w12, [x23, #0xbe]
    ldr x11, [x0, #0x28]
    add x11, x11, x12, lsl #5
    ldp x2, x3, [x11]
    cbz w3, C9
    stp x2, x3, [x21, #0x30]
; [11] line 2: Move
;     dst=R5 src=R0 | R0 unknown
L11:
    ldp x4, x5, [x21]
    stp x4, x5, [x21, #0x50]
; [12] line 2: Move
;     dst=R6 src=R1 | R1 unknown
    ldp x6, x0, [x21, #0x10]
    stp x6, x0, [x21, #0x60]
; [13] line 2: Call
;     func=R3 args=2 results=1 site=1 | R3 unknown in x2, tag in x3; guess: Max
    ldp x9, x10, [x21, #0x30]
    cmp w10, #9
    b.ne C13
    ldr w10, [x9, #0x28]
    cmp w10, #9
    b.ne C13
    ldp x9, x10, [x21, #0x50]
    ldp x11, x12, [x21, #0x60]
    cmp w10, w12
    b.ne C13
    cmp w10, #3
    b.eq L13.1
    cmp w10, #4
    b.ne C13
    fmov d0, x9
    fmov d1, x11
    fcmp d0, d1
    csel x9, x11, x9, mi
    b L13.2
L13.1:
    cmp x11, x9
    csel x9, x11, x9, gt
L13.2:
    stp x9, x10, [x21, #0x30]
; [15] line 2: Add
;     dst=R2 lhs=R2 rhs=R3 | R2 likely integer; R3 unknown
L15:
    ldp x1, x2, [x21, #0x20]
    ldp x3, x4, [x21, #0x30]
    cmp w2, #3
    ccmp w4, #3, #0, eq
    b.ne C15
    add x5, x1, x3
    str x5, [x21, #0x20]
; [16] line 2: GetTabUp
;     dst=R3 env=U0 key="math" cell=4
L16:
    ldur x6, [x21, #-0x20]
    ldr x9, [x6, #0x18]
    ldr x9, [x9, #8]
    ldp x9, x10, [x9]
    cmp w10, #7
    b.ne C16
    ldr x11, [x9, #0x10]
    ldr x13, [x23, #0xc0]
    cmp x11, x13
    b.ne C16
    ldrh w12, [x23, #0xde]
    ldr x11, [x9, #0x28]
    add x11, x11, x12, lsl #5
    ldp x7, x0, [x11]
    cbz w0, C16
    stp x7, x0, [x21, #0x30]
; [18] line 2: GetField
;     dst=R3 table=R3 key="sqrt" cell=5 | R3 unknown in x7, tag in x0
L18:
    cmp w0, #7
    b.ne C18
    ldr x11, [x7, #0x10]
    ldr x13, [x23, #0xe0]
    cmp x11, x13
    b.ne C18
    ldrh w12, [x23, #0xfe]
    ldr x11, [x7, #0x28]
    add x11, x11, x12, lsl #5
    ldp x1, x2, [x11]
    cbz w2, C18
    stp x1, x2, [x21, #0x30]
; [20] line 2: Move
;     dst=R5 src=R0 | R0 unknown
L20:
    ldp x3, x4, [x21]
    stp x3, x4, [x21, #0x50]
; [21] line 2: Call
;     func=R3 args=1 results=1 site=2 | R3 unknown in x1, tag in x2; guess: Sqrt
    ldp x9, x10, [x21, #0x30]
    cmp w10, #9
    b.ne C21
    ldr w10, [x9, #0x28]
    cmp w10, #0xb
    b.ne C21
    ldp x9, x16, [x21, #0x50]
    cmp w16, #4
    b.ne C21
    fmov d0, x9
    fsqrt d0, d0
    fmov x9, d0
    mov w10, #4
    stp x9, x10, [x21, #0x30]
; [23] line 2: Add
;     dst=R2 lhs=R2 rhs=R3 | R2 likely integer; R3 likely float
L23:
    ldr w5, [x21, #0x28]
    ldr w6, [x21, #0x38]
    cmp w5, #4
    ccmp w6, #4, #0, eq
    b.ne C23
    ldr d16, [x21, #0x20]
    ldr d17, [x21, #0x30]
    fadd d18, d16, d17
    str d18, [x21, #0x20]
; [24] line 2: Return1
;     src=R2 | R2 likely float in d18, tag in x5
L24:
    ldp x30, x22, [x21, #-0x10]
    ldp x9, x10, [x21, #0x20]
    stp x9, x10, [x21, #-0x20]
    mov w25, #1
    ret
; [25] line 2: Return0
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
    bl semantic[GetTabUp]
    ldur x0, [x21, #-0x20]
    ldp x1, x2, [x21, #0x20]
    b L2
; [2] out of line: the semantic function
C2:
    mov w9, #2
    bl semantic[GetField]
    ldur x0, [x21, #-0x20]
    ldp x3, x4, [x21, #0x20]
    b L4
; [5] out of line: the ordinary call
C5:
    mov w9, #5
    bl call_op
    cbnz w25, C5.1
    stp xzr, xzr, [x21, #-0x20]
C5.1:
    sub x21, x21, #0x40
    ldur x23, [x21, #-0x20]
    ldr x23, [x23, #8]
    b L7
; [7] out of line: the semantic function
C7:
    mov w9, #7
    bl semantic[GetTabUp]
    ldur x7, [x21, #-0x20]
    ldp x0, x1, [x21, #0x30]
    b L9
; [9] out of line: the semantic function
C9:
    mov w9, #9
    bl semantic[GetField]
    ldur x7, [x21, #-0x20]
    ldp x2, x3, [x21, #0x30]
    b L11
; [13] out of line: the ordinary call
C13:
    mov w9, #0xd
    bl call_op
    cbnz w25, C13.1
    stp xzr, xzr, [x21, #-0x20]
C13.1:
    sub x21, x21, #0x50
    ldur x23, [x21, #-0x20]
    ldr x23, [x23, #8]
    b L15
; [15] out of line: operands of other types, then the semantic function
C15:
    cmp w2, #4
    ccmp w4, #4, #0, eq
    b.ne C15.1
    ldr d0, [x21, #0x20]
    ldr d1, [x21, #0x30]
    fadd d2, d0, d1
    str d2, [x21, #0x20]
    b L16
C15.1:
    ldp x9, x10, [x21, #0x20]
    ldp x11, x12, [x21, #0x30]
    bl to_doubles
    cbz w10, C15.2
    fadd d0, d0, d1
    str d0, [x21, #0x20]
    mov w16, #4
    str x16, [x21, #0x28]
    b L16
C15.2:
    mov w9, #0xf
    bl semantic[Add]
    b L16
; [16] out of line: the semantic function
C16:
    mov w9, #0x10
    bl semantic[GetTabUp]
    ldur x6, [x21, #-0x20]
    ldp x7, x0, [x21, #0x30]
    b L18
; [18] out of line: the semantic function
C18:
    mov w9, #0x12
    bl semantic[GetField]
    ldur x6, [x21, #-0x20]
    ldp x1, x2, [x21, #0x30]
    b L20
; [21] out of line: the ordinary call
C21:
    mov w9, #0x15
    bl call_op
    cbnz w25, C21.1
    stp xzr, xzr, [x21, #-0x20]
C21.1:
    sub x21, x21, #0x50
    ldur x23, [x21, #-0x20]
    ldr x23, [x23, #8]
    b L23
; [23] out of line: operands of other types, then the semantic function
C23:
    cmp w5, #3
    ccmp w6, #3, #0, eq
    b.ne C23.1
    ldr x9, [x21, #0x20]
    ldr x13, [x21, #0x30]
    add x11, x9, x13
    str x11, [x21, #0x20]
    ldr x5, [x21, #0x28]
    ldr d18, [x21, #0x20]
    b L24
C23.1:
    ldp x9, x10, [x21, #0x20]
    ldp x11, x12, [x21, #0x30]
    bl to_doubles
    cbz w10, C23.2
    fadd d0, d0, d1
    str d0, [x21, #0x20]
    mov w16, #4
    str x16, [x21, #0x28]
    ldr x5, [x21, #0x28]
    ldr d18, [x21, #0x20]
    b L24
C23.2:
    mov w9, #0x17
    bl semantic[Add]
    ldr x5, [x21, #0x28]
    ldr d18, [x21, #0x20]
    b L24
    nop

; function stdin:3, 6 words of bytecode, 256 bytes of machine code
; exact entry
    stp x30, x10, [x21, #-0x10]
E.1:
    ldr x9, [x20]
    cmp x21, x9
    b.hi C0
; [0] line 3: GetTabUp
;     dst=R1 env=U0 key="type" cell=0
L0:
    ldur x0, [x21, #-0x20]
    ldr x9, [x0, #0x18]
    ldr x9, [x9, #8]
    ldp x9, x10, [x9]
    cmp w10, #7
    b.ne C0b
    ldr x11, [x9, #0x10]
    ldr x13, [x23, #0x10]
    cmp x11, x13
    b.ne C0b
    ldrh w12, [x23, #0x2e]
    ldr x11, [x9, #0x28]
    add x11, x11, x12, lsl #5
    ldp x1, x2, [x11]
    cbz w2, C0b
    stp x1, x2, [x21, #0x10]
; [2] line 3: Move
;     dst=R3 src=R0 | R0 unknown
L2:
    ldp x3, x4, [x21]
    stp x3, x4, [x21, #0x30]
; [3] line 3: TailCall
;     func=R1 args=1 flags=none site=0 | R1 unknown
    ldp x9, x8, [x21, #0x10]
    cmp w8, #8
    b.ne C3
    ldp x30, x13, [x21, #-0x10]
    orr x13, x13, #0x100000000000000
    stp x9, x8, [x21, #-0x20]
    stp x30, x13, [x21, #-0x10]
    ldp x23, x12, [x9, #8]
    ldp x10, x11, [x21, #0x30]
    stp x10, x11, [x21]
    mov w25, #1
    ldr x12, [x12, #0x28]
    ldr x12, [x12, #8]
    br x12
; [5] line 3: Return0
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
    bl semantic[GetTabUp]
    ldur x0, [x21, #-0x20]
    b L2
; [3] out of line: a callee that is no Lua function
C3:
    cmp w8, #9
    b.ne C3.1
    mov x10, #3
    movk x10, #3, lsl #32
    mov x11, xzr
    add x21, x21, #0x30
    mov w25, #1
    bl call
    sub x14, x21, #0x20
    sub x21, x21, #0x30
    b return_values
C3.1:
    mov w9, #3
    bl semantic[TailCall]
]==]
