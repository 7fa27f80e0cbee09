-- A constant on the right.
local function add(a) return a + 1 end
local function sub(a) return a - 5000 end
local function mul(a) return a * 2.5 end
local function mod(a) return a % 7 end
local function div(a) return a / 2 end
local function idiv(a) return a // 3 end
local function square(a) return a ^ 2 end
--[==[ Machine code, written by tests/golden/run.py --bless
; function stdin:2, 3 words of bytecode, 208 bytes of machine code
; exact entry
    stp x30, x10, [x21, #-0x10]
E.1:
    ldr x9, [x20]
    cmp x21, x9
    b.hi C0
; [0] line 2: AddK
;     dst=R1 lhs=R0 rhs=1 | R0 unknown
L0:
    ldp x0, x1, [x21]
    cmp w1, #3
    b.ne C0b
    add x2, x0, #1
    stp x2, x1, [x21, #0x10]
; [1] line 2: Return1
;     src=R1 | R1 likely integer in x2, tag in x1
L1:
    ldp x30, x22, [x21, #-0x10]
    stp x2, x1, [x21, #-0x20]
    mov w25, #1
    ret
; [2] line 2: Return0
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
; [0] out of line: operands of other types, then the semantic function
C0b:
    cmp w1, #4
    b.ne C0b.1
    ldr d0, [x21]
    fmov d1, #1.00000000
    fadd d2, d0, d1
    str d2, [x21, #0x10]
    str x1, [x21, #0x18]
    ldr x1, [x21, #0x18]
    ldr x2, [x21, #0x10]
    b L1
C0b.1:
    ldp x9, x10, [x21]
    mov w11, #1
    mov w12, #3
    bl to_doubles
    cbz w10, C0b.2
    fadd d0, d0, d1
    str d0, [x21, #0x10]
    mov w16, #4
    str x16, [x21, #0x18]
    ldr x1, [x21, #0x18]
    ldr x2, [x21, #0x10]
    b L1
C0b.2:
    mov w9, #0
    bl semantic[AddK]
    ldr x1, [x21, #0x18]
    ldr x2, [x21, #0x10]
    b L1
    nop

; function stdin:3, 3 words of bytecode, 216 bytes of machine code
; exact entry
    stp x30, x10, [x21, #-0x10]
E.1:
    ldr x9, [x20]
    cmp x21, x9
    b.hi C0
; [0] line 3: SubK
;     dst=R1 lhs=R0 rhs=5000 | R0 unknown
L0:
    ldp x0, x1, [x21]
    cmp w1, #3
    b.ne C0b
    mov w3, #0x1388
    sub x2, x0, x3
    stp x2, x1, [x21, #0x10]
; [1] line 3: Return1
;     src=R1 | R1 likely integer in x2, tag in x1
L1:
    ldp x30, x22, [x21, #-0x10]
    stp x2, x1, [x21, #-0x20]
    mov w25, #1
    ret
; [2] line 3: Return0
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
; [0] out of line: operands of other types, then the semantic function
C0b:
    cmp w1, #4
    b.ne C0b.1
    ldr d0, [x21]
    mov x16, #0x880000000000
    movk x16, #0x40b3, lsl #48
    fmov d1, x16
    fsub d2, d0, d1
    str d2, [x21, #0x10]
    str x1, [x21, #0x18]
    ldr x1, [x21, #0x18]
    ldr x2, [x21, #0x10]
    b L1
C0b.1:
    ldp x9, x10, [x21]
    mov w11, #0x1388
    mov w12, #3
    bl to_doubles
    cbz w10, C0b.2
    fsub d0, d0, d1
    str d0, [x21, #0x10]
    mov w16, #4
    str x16, [x21, #0x18]
    ldr x1, [x21, #0x18]
    ldr x2, [x21, #0x10]
    b L1
C0b.2:
    mov w9, #0
    bl semantic[SubK]
    ldr x1, [x21, #0x18]
    ldr x2, [x21, #0x10]
    b L1

; function stdin:4, 3 words of bytecode, 184 bytes of machine code
; exact entry
    stp x30, x10, [x21, #-0x10]
E.1:
    ldr x9, [x20]
    cmp x21, x9
    b.hi C0
; [0] line 4: MulK
;     dst=R1 lhs=R0 rhs=2.5 | R0 unknown
L0:
    ldr w0, [x21, #8]
    cmp w0, #4
    b.ne C0b
    ldr d16, [x21]
    fmov d17, #2.50000000
    fmul d18, d16, d17
    str d18, [x21, #0x10]
    str x0, [x21, #0x18]
; [1] line 4: Return1
;     src=R1 | R1 likely float in d18, tag in x0
L1:
    ldp x30, x22, [x21, #-0x10]
    ldp x9, x10, [x21, #0x10]
    stp x9, x10, [x21, #-0x20]
    mov w25, #1
    ret
; [2] line 4: Return0
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
; [0] out of line: operands of other types, then the semantic function
C0b:
    ldp x9, x10, [x21]
    mov x11, #0x4004000000000000
    mov w12, #4
    bl to_doubles
    cbz w10, C0b.1
    fmul d0, d0, d1
    str d0, [x21, #0x10]
    mov w16, #4
    str x16, [x21, #0x18]
    ldr d18, [x21, #0x10]
    ldr x0, [x21, #0x18]
    b L1
C0b.1:
    mov w9, #0
    bl semantic[MulK]
    ldr d18, [x21, #0x10]
    ldr x0, [x21, #0x18]
    b L1
    nop

; function stdin:5, 3 words of bytecode, 136 bytes of machine code
; exact entry
    stp x30, x10, [x21, #-0x10]
E.1:
    ldr x9, [x20]
    cmp x21, x9
    b.hi C0
; [0] line 5: ModK
;     dst=R1 lhs=R0 rhs=7 | R0 unknown
L0:
    ldp x0, x1, [x21]
    cmp w1, #3
    b.ne C0b
    mov w16, #7
    sdiv x14, x0, x16
    msub x15, x14, x16, x0
    and x16, x16, x15, asr #63
    add x2, x15, x16
    stp x2, x1, [x21, #0x10]
; [1] line 5: Return1
;     src=R1 | R1 likely integer in x2, tag in x1
L1:
    ldp x30, x22, [x21, #-0x10]
    stp x2, x1, [x21, #-0x20]
    mov w25, #1
    ret
; [2] line 5: Return0
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
; [0] out of line: operands of other types, then the semantic function
C0b:
    mov w9, #0
    bl semantic[ModK]
    ldr x1, [x21, #0x18]
    ldr x2, [x21, #0x10]
    b L1
    nop

; function stdin:6, 3 words of bytecode, 224 bytes of machine code
; exact entry
    stp x30, x10, [x21, #-0x10]
E.1:
    ldr x9, [x20]
    cmp x21, x9
    b.hi C0
; [0] line 6: DivK
;     dst=R1 lhs=R0 rhs=2 | R0 unknown
L0:
    ldp x0, x1, [x21]
    cmp w1, #3
    b.ne C0b
    scvtf d16, x0
    fmov d17, #2.00000000
    fdiv d18, d16, d17
    str d18, [x21, #0x10]
    mov w2, #4
    str x2, [x21, #0x18]
; [1] line 6: Return1
;     src=R1 | R1 likely float in d18
L1:
    ldp x30, x22, [x21, #-0x10]
    ldp x9, x10, [x21, #0x10]
    stp x9, x10, [x21, #-0x20]
    mov w25, #1
    ret
; [2] line 6: Return0
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
; [0] out of line: operands of other types, then the semantic function
C0b:
    cmp w1, #4
    b.ne C0b.1
    ldr d0, [x21]
    fmov d1, #2.00000000
    fdiv d2, d0, d1
    str d2, [x21, #0x10]
    str x1, [x21, #0x18]
    ldr d18, [x21, #0x10]
    mov w2, #4
    b L1
C0b.1:
    ldp x9, x10, [x21]
    mov w11, #2
    mov w12, #3
    bl to_doubles
    cbz w10, C0b.2
    fdiv d0, d0, d1
    str d0, [x21, #0x10]
    mov w16, #4
    str x16, [x21, #0x18]
    ldr d18, [x21, #0x10]
    mov w2, #4
    b L1
C0b.2:
    mov w9, #0
    bl semantic[DivK]
    ldr d18, [x21, #0x10]
    mov w2, #4
    b L1

; function stdin:7, 3 words of bytecode, 224 bytes of machine code
; exact entry
    stp x30, x10, [x21, #-0x10]
E.1:
    ldr x9, [x20]
    cmp x21, x9
    b.hi C0
; [0] line 7: IDivK
;     dst=R1 lhs=R0 rhs=3 | R0 unknown
L0:
    ldp x0, x1, [x21]
    cmp w1, #3
    b.ne C0b
    mov w16, #3
    sdiv x14, x0, x16
    msub x15, x14, x16, x0
    add x2, x14, x15, asr #63
    stp x2, x1, [x21, #0x10]
; [1] line 7: Return1
;     src=R1 | R1 likely integer in x2, tag in x1
L1:
    ldp x30, x22, [x21, #-0x10]
    stp x2, x1, [x21, #-0x20]
    mov w25, #1
    ret
; [2] line 7: Return0
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
; [0] out of line: operands of other types, then the semantic function
C0b:
    cmp w1, #4
    b.ne C0b.1
    ldr d0, [x21]
    fmov d1, #3.00000000
    fdiv d2, d0, d1
    frintm d2, d2
    str d2, [x21, #0x10]
    str x1, [x21, #0x18]
    ldr x1, [x21, #0x18]
    ldr x2, [x21, #0x10]
    b L1
C0b.1:
    ldp x9, x10, [x21]
    mov w11, #3
    mov w12, #3
    bl to_doubles
    cbz w10, C0b.2
    fdiv d0, d0, d1
    frintm d0, d0
    str d0, [x21, #0x10]
    mov w16, #4
    str x16, [x21, #0x18]
    ldr x1, [x21, #0x18]
    ldr x2, [x21, #0x10]
    b L1
C0b.2:
    mov w9, #0
    bl semantic[IDivK]
    ldr x1, [x21, #0x18]
    ldr x2, [x21, #0x10]
    b L1

; function stdin:8, 3 words of bytecode, 176 bytes of machine code
; exact entry
    stp x30, x10, [x21, #-0x10]
E.1:
    ldr x9, [x20]
    cmp x21, x9
    b.hi C0
; [0] line 8: PowK
;     dst=R1 lhs=R0 rhs=2 | R0 unknown
L0:
    ldr w0, [x21, #8]
    cmp w0, #4
    b.ne C0b
    ldr d16, [x21]
    fmul d17, d16, d16
    str d17, [x21, #0x10]
    str x0, [x21, #0x18]
; [1] line 8: Return1
;     src=R1 | R1 likely float in d17, tag in x0
L1:
    ldp x30, x22, [x21, #-0x10]
    ldp x9, x10, [x21, #0x10]
    stp x9, x10, [x21, #-0x20]
    mov w25, #1
    ret
; [2] line 8: Return0
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
; [0] out of line: operands of other types, then the semantic function
C0b:
    ldp x9, x10, [x21]
    mov w11, #2
    mov w12, #3
    bl to_doubles
    cbz w10, C0b.1
    fmul d0, d0, d0
    str d0, [x21, #0x10]
    mov w16, #4
    str x16, [x21, #0x18]
    ldr d17, [x21, #0x10]
    ldr x0, [x21, #0x18]
    b L1
C0b.1:
    mov w9, #0
    bl semantic[PowK]
    ldr d17, [x21, #0x10]
    ldr x0, [x21, #0x18]
    b L1
]==]
