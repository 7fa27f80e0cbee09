-- Integers only; shifts by constants and by what is in a register.
local function registers(a, b) return a & b, a | b, a ~ b, a << b, a >> b end
local function constants(a) return a & 255, a | 256, a ~ 1, a << 3, a >> 3 end
--[==[ Machine code, written by tests/golden/run.py --bless
; function stdin:2, 7 words of bytecode, 312 bytes of machine code
; exact entry
    stp x30, x10, [x21, #-0x10]
E.1:
    ldr x9, [x20]
    cmp x21, x9
    b.hi C0
; [0] line 2: BAnd
;     dst=R2 lhs=R0 rhs=R1 | R0 unknown; R1 unknown
L0:
    ldp x0, x1, [x21]
    ldp x2, x3, [x21, #0x10]
    cmp w1, #3
    ccmp w3, #3, #0, eq
    b.ne C0b
    and x4, x0, x2
    mov w5, #3
    stp x4, x5, [x21, #0x20]
; [1] line 2: BOr
;     dst=R3 lhs=R0 rhs=R1 | R0 unknown in x0, tag in x1; R1 unknown in x2, tag in x3
L1:
    cmp w1, #3
    ccmp w3, #3, #0, eq
    b.ne C1
    orr x6, x0, x2
    stp x6, x5, [x21, #0x30]
; [2] line 2: BXor
;     dst=R4 lhs=R0 rhs=R1 | R0 unknown in x0, tag in x1; R1 unknown in x2, tag in x3
L2:
    cmp w1, #3
    ccmp w3, #3, #0, eq
    b.ne C2
    eor x7, x0, x2
    stp x7, x5, [x21, #0x40]
; [3] line 2: Shl
;     dst=R5 lhs=R0 rhs=R1 | R0 unknown in x0, tag in x1; R1 unknown in x2, tag in x3
L3:
    cmp w1, #3
    ccmp w3, #3, #0, eq
    b.ne C3
    cmp x2, #0x3f
    b.hi C3
    lsl x4, x0, x2
    stp x4, x5, [x21, #0x50]
; [4] line 2: Shr
;     dst=R6 lhs=R0 rhs=R1 | R0 unknown in x0, tag in x1; R1 unknown in x2, tag in x3
L4:
    cmp w1, #3
    ccmp w3, #3, #0, eq
    b.ne C4
    cmp x2, #0x3f
    b.hi C4
    lsr x6, x0, x2
    stp x6, x5, [x21, #0x60]
; [5] line 2: Return
;     first=R2 count=5 flags=none | R2 likely integer
L5:
    add x14, x21, #0x20
    mov w25, #5
    b return_values
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
    bl semantic[BAnd]
    ldp x0, x1, [x21]
    ldp x2, x3, [x21, #0x10]
    mov w5, #3
    b L1
; [1] out of line: the semantic function
C1:
    mov w9, #1
    bl semantic[BOr]
    ldp x0, x1, [x21]
    ldp x2, x3, [x21, #0x10]
    mov w5, #3
    b L2
; [2] out of line: the semantic function
C2:
    mov w9, #2
    bl semantic[BXor]
    ldp x0, x1, [x21]
    ldp x2, x3, [x21, #0x10]
    mov w5, #3
    b L3
; [3] out of line: the semantic function
C3:
    mov w9, #3
    bl semantic[Shl]
    ldp x0, x1, [x21]
    ldp x2, x3, [x21, #0x10]
    mov w5, #3
    b L4
; [4] out of line: the semantic function
C4:
    mov w9, #4
    bl semantic[Shr]
    mov w5, #3
    b L5

; function stdin:3, 7 words of bytecode, 272 bytes of machine code
; exact entry
    stp x30, x10, [x21, #-0x10]
E.1:
    ldr x9, [x20]
    cmp x21, x9
    b.hi C0
; [0] line 3: BAndK
;     dst=R1 lhs=R0 rhs=255 | R0 unknown
L0:
    ldp x0, x1, [x21]
    cmp w1, #3
    b.ne C0b
    mov w3, #0xff
    and x2, x0, x3
    mov w4, #3
    stp x2, x4, [x21, #0x10]
; [1] line 3: BOrK
;     dst=R2 lhs=R0 rhs=256 | R0 unknown in x0, tag in x1
L1:
    cmp w1, #3
    b.ne C1
    mov w6, #0x100
    orr x5, x0, x6
    stp x5, x4, [x21, #0x20]
; [2] line 3: BXorK
;     dst=R3 lhs=R0 rhs=1 | R0 unknown in x0, tag in x1
L2:
    cmp w1, #3
    b.ne C2
    mov w2, #1
    eor x7, x0, x2
    stp x7, x4, [x21, #0x30]
; [3] line 3: ShlK
;     dst=R4 lhs=R0 rhs=3 | R0 unknown in x0, tag in x1
L3:
    cmp w1, #3
    b.ne C3
    lsl x3, x0, #3
    stp x3, x4, [x21, #0x40]
; [4] line 3: ShrK
;     dst=R5 lhs=R0 rhs=3 | R0 unknown in x0, tag in x1
L4:
    cmp w1, #3
    b.ne C4
    lsr x5, x0, #3
    stp x5, x4, [x21, #0x50]
; [5] line 3: Return
;     first=R1 count=5 flags=none | R1 likely integer
L5:
    add x14, x21, #0x10
    mov w25, #5
    b return_values
; [6] line 3: Return0
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
    bl semantic[BAndK]
    ldp x0, x1, [x21]
    mov w4, #3
    b L1
; [1] out of line: the semantic function
C1:
    mov w9, #1
    bl semantic[BOrK]
    ldp x0, x1, [x21]
    mov w4, #3
    b L2
; [2] out of line: the semantic function
C2:
    mov w9, #2
    bl semantic[BXorK]
    ldp x0, x1, [x21]
    mov w4, #3
    b L3
; [3] out of line: the semantic function
C3:
    mov w9, #3
    bl semantic[ShlK]
    ldp x0, x1, [x21]
    mov w4, #3
    b L4
; [4] out of line: the semantic function
C4:
    mov w9, #4
    bl semantic[ShrK]
    mov w4, #3
    b L5
    nop
]==]
