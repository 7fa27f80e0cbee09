-- Operands of unknown types. One case stands inline, by a guess; the other numbers are out of line.
local function add(a, b) return a + b end
local function sub_in_place(a, b) a = a - b; return a end
local function mul(a, b) return a * b end
local function mod(a, b) return a % b end
local function div(a, b) return a / b end
local function idiv(a, b) return a // b end
local function pow(a, b) return a ^ b end
--[==[ Machine code, written by tests/golden/run.py --bless
; function stdin:2, 3 words of bytecode, 216 bytes of machine code
; exact entry
    stp x30, x10, [x21, #-0x10]
E.1:
    ldr x9, [x20]
    cmp x21, x9
    b.hi C0
; [0] line 2: Add
;     dst=R2 lhs=R0 rhs=R1 | R0 unknown; R1 unknown
L0:
    ldp x0, x1, [x21]
    ldp x2, x3, [x21, #0x10]
    cmp w1, #3
    ccmp w3, #3, #0, eq
    b.ne C0b
    add x4, x0, x2
    stp x4, x1, [x21, #0x20]
; [1] line 2: Return1
;     src=R2 | R2 likely integer in x4, tag in x1
L1:
    ldp x30, x22, [x21, #-0x10]
    stp x4, x1, [x21, #-0x20]
    mov w25, #1
    ret
; [2] line 2: Return0
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
; [0] out of line: operands of other types, then the semantic function
C0b:
    cmp w1, #4
    ccmp w3, #4, #0, eq
    b.ne C0b.1
    ldr d0, [x21]
    ldr d1, [x21, #0x10]
    fadd d2, d0, d1
    str d2, [x21, #0x20]
    str x1, [x21, #0x28]
    ldr x1, [x21, #0x28]
    ldr x4, [x21, #0x20]
    b L1
C0b.1:
    ldp x9, x10, [x21]
    ldp x11, x12, [x21, #0x10]
    bl to_doubles
    cbz w10, C0b.2
    fadd d0, d0, d1
    str d0, [x21, #0x20]
    mov w16, #4
    str x16, [x21, #0x28]
    ldr x1, [x21, #0x28]
    ldr x4, [x21, #0x20]
    b L1
C0b.2:
    mov w9, #0
    bl semantic[Add]
    ldr x1, [x21, #0x28]
    ldr x4, [x21, #0x20]
    b L1
    nop

; function stdin:3, 3 words of bytecode, 200 bytes of machine code
; exact entry
    stp x30, x10, [x21, #-0x10]
E.1:
    ldr x9, [x20]
    cmp x21, x9
    b.hi C0
; [0] line 3: Sub
;     dst=R0 lhs=R0 rhs=R1 | R0 unknown; R1 unknown
L0:
    ldp x0, x1, [x21]
    ldp x2, x3, [x21, #0x10]
    cmp w1, #3
    ccmp w3, #3, #0, eq
    b.ne C0b
    sub x4, x0, x2
    str x4, [x21]
; [1] line 3: Return1
;     src=R0 | R0 likely integer in x4, tag in x1
L1:
    ldp x30, x22, [x21, #-0x10]
    stp x4, x1, [x21, #-0x20]
    mov w25, #1
    ret
; [2] line 3: Return0
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
; [0] out of line: operands of other types, then the semantic function
C0b:
    cmp w1, #4
    ccmp w3, #4, #0, eq
    b.ne C0b.1
    ldr d0, [x21]
    ldr d1, [x21, #0x10]
    fsub d2, d0, d1
    str d2, [x21]
    ldp x4, x1, [x21]
    b L1
C0b.1:
    ldp x9, x10, [x21]
    ldp x11, x12, [x21, #0x10]
    bl to_doubles
    cbz w10, C0b.2
    fsub d0, d0, d1
    str d0, [x21]
    mov w16, #4
    str x16, [x21, #8]
    ldp x4, x1, [x21]
    b L1
C0b.2:
    mov w9, #0
    bl semantic[Sub]
    ldp x4, x1, [x21]
    b L1
    nop

; function stdin:4, 3 words of bytecode, 216 bytes of machine code
; exact entry
    stp x30, x10, [x21, #-0x10]
E.1:
    ldr x9, [x20]
    cmp x21, x9
    b.hi C0
; [0] line 4: Mul
;     dst=R2 lhs=R0 rhs=R1 | R0 unknown; R1 unknown
L0:
    ldp x0, x1, [x21]
    ldp x2, x3, [x21, #0x10]
    cmp w1, #3
    ccmp w3, #3, #0, eq
    b.ne C0b
    mul x4, x0, x2
    stp x4, x1, [x21, #0x20]
; [1] line 4: Return1
;     src=R2 | R2 likely integer in x4, tag in x1
L1:
    ldp x30, x22, [x21, #-0x10]
    stp x4, x1, [x21, #-0x20]
    mov w25, #1
    ret
; [2] line 4: Return0
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
; [0] out of line: operands of other types, then the semantic function
C0b:
    cmp w1, #4
    ccmp w3, #4, #0, eq
    b.ne C0b.1
    ldr d0, [x21]
    ldr d1, [x21, #0x10]
    fmul d2, d0, d1
    str d2, [x21, #0x20]
    str x1, [x21, #0x28]
    ldr x1, [x21, #0x28]
    ldr x4, [x21, #0x20]
    b L1
C0b.1:
    ldp x9, x10, [x21]
    ldp x11, x12, [x21, #0x10]
    bl to_doubles
    cbz w10, C0b.2
    fmul d0, d0, d1
    str d0, [x21, #0x20]
    mov w16, #4
    str x16, [x21, #0x28]
    ldr x1, [x21, #0x28]
    ldr x4, [x21, #0x20]
    b L1
C0b.2:
    mov w9, #0
    bl semantic[Mul]
    ldr x1, [x21, #0x28]
    ldr x4, [x21, #0x20]
    b L1
    nop

; function stdin:5, 3 words of bytecode, 152 bytes of machine code
; exact entry
    stp x30, x10, [x21, #-0x10]
E.1:
    ldr x9, [x20]
    cmp x21, x9
    b.hi C0
; [0] line 5: Mod
;     dst=R2 lhs=R0 rhs=R1 | R0 unknown; R1 unknown
L0:
    ldp x0, x1, [x21]
    ldp x2, x3, [x21, #0x10]
    cmp w1, #3
    ccmp w3, #3, #0, eq
    b.ne C0b
    cbz x2, C0b
    sdiv x14, x0, x2
    msub x15, x14, x2, x0
    eor x16, x15, x2
    cbz x15, L0.1
    tbz x16, #0x3f, L0.1
    add x15, x15, x2
L0.1:
    mov x4, x15
    stp x4, x1, [x21, #0x20]
; [1] line 5: Return1
;     src=R2 | R2 likely integer in x4, tag in x1
L1:
    ldp x30, x22, [x21, #-0x10]
    stp x4, x1, [x21, #-0x20]
    mov w25, #1
    ret
; [2] line 5: Return0
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
; [0] out of line: operands of other types, then the semantic function
C0b:
    mov w9, #0
    bl semantic[Mod]
    ldr x1, [x21, #0x28]
    ldr x4, [x21, #0x20]
    b L1

; function stdin:6, 3 words of bytecode, 184 bytes of machine code
; exact entry
    stp x30, x10, [x21, #-0x10]
E.1:
    ldr x9, [x20]
    cmp x21, x9
    b.hi C0
; [0] line 6: Div
;     dst=R2 lhs=R0 rhs=R1 | R0 unknown; R1 unknown
L0:
    ldr w0, [x21, #8]
    ldr w1, [x21, #0x18]
    cmp w0, #4
    ccmp w1, #4, #0, eq
    b.ne C0b
    ldr d16, [x21]
    ldr d17, [x21, #0x10]
    fdiv d18, d16, d17
    str d18, [x21, #0x20]
    str x0, [x21, #0x28]
; [1] line 6: Return1
;     src=R2 | R2 likely float in d18, tag in x0
L1:
    ldp x30, x22, [x21, #-0x10]
    ldp x9, x10, [x21, #0x20]
    stp x9, x10, [x21, #-0x20]
    mov w25, #1
    ret
; [2] line 6: Return0
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
; [0] out of line: operands of other types, then the semantic function
C0b:
    ldp x9, x10, [x21]
    ldp x11, x12, [x21, #0x10]
    bl to_doubles
    cbz w10, C0b.1
    fdiv d0, d0, d1
    str d0, [x21, #0x20]
    mov w16, #4
    str x16, [x21, #0x28]
    ldr d18, [x21, #0x20]
    ldr x0, [x21, #0x28]
    b L1
C0b.1:
    mov w9, #0
    bl semantic[Div]
    ldr d18, [x21, #0x20]
    ldr x0, [x21, #0x28]
    b L1

; function stdin:7, 3 words of bytecode, 248 bytes of machine code
; exact entry
    stp x30, x10, [x21, #-0x10]
E.1:
    ldr x9, [x20]
    cmp x21, x9
    b.hi C0
; [0] line 7: IDiv
;     dst=R2 lhs=R0 rhs=R1 | R0 unknown; R1 unknown
L0:
    ldp x0, x1, [x21]
    ldp x2, x3, [x21, #0x10]
    cmp w1, #3
    ccmp w3, #3, #0, eq
    b.ne C0b
    cbz x2, C0b.2
    sdiv x14, x0, x2
    msub x15, x14, x2, x0
    eor x16, x15, x2
    cbz x15, L0.1
    tbz x16, #0x3f, L0.1
    sub x14, x14, #1
L0.1:
    mov x4, x14
    stp x4, x1, [x21, #0x20]
; [1] line 7: Return1
;     src=R2 | R2 likely integer in x4, tag in x1
L1:
    ldp x30, x22, [x21, #-0x10]
    stp x4, x1, [x21, #-0x20]
    mov w25, #1
    ret
; [2] line 7: Return0
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
; [0] out of line: operands of other types, then the semantic function
C0b:
    cmp w1, #4
    ccmp w3, #4, #0, eq
    b.ne C0b.1
    ldr d0, [x21]
    ldr d1, [x21, #0x10]
    fdiv d2, d0, d1
    frintm d2, d2
    str d2, [x21, #0x20]
    str x1, [x21, #0x28]
    ldr x1, [x21, #0x28]
    ldr x4, [x21, #0x20]
    b L1
C0b.1:
    ldp x9, x10, [x21]
    ldp x11, x12, [x21, #0x10]
    bl to_doubles
    cbz w10, C0b.2
    fdiv d0, d0, d1
    frintm d0, d0
    str d0, [x21, #0x20]
    mov w16, #4
    str x16, [x21, #0x28]
    ldr x1, [x21, #0x28]
    ldr x4, [x21, #0x20]
    b L1
C0b.2:
    mov w9, #0
    bl semantic[IDiv]
    ldr x1, [x21, #0x28]
    ldr x4, [x21, #0x20]
    b L1

; function stdin:8, 3 words of bytecode, 88 bytes of machine code
; exact entry
    stp x30, x10, [x21, #-0x10]
E.1:
    ldr x9, [x20]
    cmp x21, x9
    b.hi C0
; [0] line 8: Pow
;     dst=R2 lhs=R0 rhs=R1 | R0 unknown; R1 unknown
L0:
    mov w9, #0
    bl semantic[Pow]
; [1] line 8: Return1
;     src=R2 | R2 unknown
    ldp x30, x22, [x21, #-0x10]
    ldp x9, x10, [x21, #0x20]
    stp x9, x10, [x21, #-0x20]
    mov w25, #1
    ret
; [2] line 8: Return0
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
]==]
