-- As arithmetic: one case inline, chosen by a guess.
local function order(a, b)
  if a < b then return 1 end
  if a <= b then return 2 end
end
local function constants(a)
  if a < 1 then return 1 end
  if a <= 2 then return 2 end
  if a > 3.5 then return 3 end
  if a >= 4 then return 4 end
end
local function known()
  local a, b = 1, 2
  if a < b then return b end
end
--[==[ Machine code, written by tests/golden/run.py --bless
; function stdin:2, 9 words of bytecode, 272 bytes of machine code
; exact entry
    stp x30, x10, [x21, #-0x10]
E.1:
    ldr x9, [x20]
    cmp x21, x9
    b.hi C0
; [0] line 3: Lt
;     lhs=R0 rhs=R1 when=0 target=4 | R0 unknown; R1 unknown
L0:
    ldp x0, x1, [x21]
    ldp x2, x3, [x21, #0x10]
    cmp w1, #3
    ccmp w3, #3, #0, eq
    b.ne C0b
    cmp x0, x2
    b.ge L4
; [2] line 3: LoadInt
;     dst=R2 value=1
L2:
    mov w4, #1
    mov w5, #3
    stp x4, x5, [x21, #0x20]
; [3] line 3: Return1
;     src=R2 | R2 integer 1 in x4, tag in x5
    ldp x30, x22, [x21, #-0x10]
    stp x4, x5, [x21, #-0x20]
    mov w25, #1
    ret
; [4] line 4: Le
;     lhs=R0 rhs=R1 when=0 target=8 | R0 unknown; R1 unknown
L4:
    ldp x6, x7, [x21]
    ldp x0, x1, [x21, #0x10]
    cmp w7, #3
    ccmp w1, #3, #0, eq
    b.ne C4
    cmp x6, x0
    b.gt L8
; [6] line 4: LoadInt
;     dst=R2 value=2
L6:
    mov w2, #2
    mov w3, #3
    stp x2, x3, [x21, #0x20]
; [7] line 4: Return1
;     src=R2 | R2 integer 2 in x2, tag in x3
    ldp x30, x22, [x21, #-0x10]
    stp x2, x3, [x21, #-0x20]
    mov w25, #1
    ret
; [8] line 5: Return0
L8:
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
    fcmp d0, d1
    b.pl L4
    b L2
C0b.1:
    mov w9, #0
    bl semantic[Lt]
    cbnz x0, L4
    b L2
; [4] out of line: operands of other types, then the semantic function
C4:
    cmp w7, #4
    ccmp w1, #4, #0, eq
    b.ne C4.1
    ldr d0, [x21]
    ldr d1, [x21, #0x10]
    fcmp d0, d1
    b.hi L8
    b L6
C4.1:
    mov w9, #4
    bl semantic[Le]
    cbnz x0, L8
    b L6
    nop

; function stdin:6, 17 words of bytecode, 408 bytes of machine code
; exact entry
    stp x30, x10, [x21, #-0x10]
E.1:
    ldr x9, [x20]
    cmp x21, x9
    b.hi C0
; [0] line 7: LtK
;     lhs=R0 rhs=1 when=0 target=4 | R0 unknown
L0:
    ldp x0, x1, [x21]
    cmp w1, #3
    b.ne C0b
    cmp x0, #1
    b.ge L4
; [2] line 7: LoadInt
;     dst=R1 value=1
L2:
    mov w2, #1
    mov w3, #3
    stp x2, x3, [x21, #0x10]
; [3] line 7: Return1
;     src=R1 | R1 integer 1 in x2, tag in x3
    ldp x30, x22, [x21, #-0x10]
    stp x2, x3, [x21, #-0x20]
    mov w25, #1
    ret
; [4] line 8: LeK
;     lhs=R0 rhs=2 when=0 target=8 | R0 unknown
L4:
    ldp x4, x5, [x21]
    cmp w5, #3
    b.ne C4
    cmp x4, #2
    b.gt L8
; [6] line 8: LoadInt
;     dst=R1 value=2
L6:
    mov w6, #2
    mov w7, #3
    stp x6, x7, [x21, #0x10]
; [7] line 8: Return1
;     src=R1 | R1 integer 2 in x6, tag in x7
    ldp x30, x22, [x21, #-0x10]
    stp x6, x7, [x21, #-0x20]
    mov w25, #1
    ret
; [8] line 9: GtK
;     lhs=R0 rhs=3.5 when=0 target=12 | R0 unknown
L8:
    ldr w0, [x21, #8]
    cmp w0, #4
    b.ne C8
    ldr d16, [x21]
    fmov d17, #3.50000000
    fcmp d16, d17
    b.le L12
; [10] line 9: LoadInt
;     dst=R1 value=3
L10:
    mov w1, #3
    mov w2, #3
    stp x1, x2, [x21, #0x10]
; [11] line 9: Return1
;     src=R1 | R1 integer 3 in x1, tag in x2
    ldp x30, x22, [x21, #-0x10]
    stp x1, x2, [x21, #-0x20]
    mov w25, #1
    ret
; [12] line 10: GeK
;     lhs=R0 rhs=4 when=0 target=16 | R0 unknown
L12:
    ldp x3, x4, [x21]
    cmp w4, #3
    b.ne C12
    cmp x3, #4
    b.lt L16
; [14] line 10: LoadInt
;     dst=R1 value=4
L14:
    mov w5, #4
    mov w6, #3
    stp x5, x6, [x21, #0x10]
; [15] line 10: Return1
;     src=R1 | R1 integer 4 in x5, tag in x6
    ldp x30, x22, [x21, #-0x10]
    stp x5, x6, [x21, #-0x20]
    mov w25, #1
    ret
; [16] line 11: Return0
L16:
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
    fcmp d0, d1
    b.pl L4
    b L2
C0b.1:
    mov w9, #0
    bl semantic[LtK]
    cbnz x0, L4
    b L2
; [4] out of line: operands of other types, then the semantic function
C4:
    cmp w5, #4
    b.ne C4.1
    ldr d0, [x21]
    fmov d1, #2.00000000
    fcmp d0, d1
    b.hi L8
    b L6
C4.1:
    mov w9, #4
    bl semantic[LeK]
    cbnz x0, L8
    b L6
; [8] out of line: operands of other types, then the semantic function
C8:
    mov w9, #8
    bl semantic[GtK]
    cbnz x0, L12
    b L10
; [12] out of line: operands of other types, then the semantic function
C12:
    cmp w4, #4
    b.ne C12.1
    ldr d0, [x21]
    fmov d1, #4.00000000
    fcmp d0, d1
    b.lt L16
    b L14
C12.1:
    mov w9, #0xc
    bl semantic[GeK]
    cbnz x0, L16
    b L14

; function stdin:12, 6 words of bytecode, 112 bytes of machine code
; exact entry
    stp x30, x10, [x21, #-0x10]
    ldr x9, [x20]
    cmp x21, x9
    b.hi C0
; [0] line 13: LoadInt
;     dst=R0 value=1
L0:
    mov w0, #1
    mov w1, #3
    stp x0, x1, [x21]
; [1] line 13: LoadInt
;     dst=R1 value=2
    mov w2, #2
    stp x2, x1, [x21, #0x10]
; [2] line 14: Lt
;     lhs=R0 rhs=R1 when=0 target=5 | R0 integer 1 in x0, tag in x1; R1 integer 2 in x2, tag in x1
    cmp x0, #2
    b.ge L5
; [4] line 14: Return1
;     src=R1 | R1 integer 2 in x2, tag in x1
L4:
    ldp x30, x22, [x21, #-0x10]
    stp x2, x1, [x21, #-0x20]
    mov w25, #1
    ret
; [5] line 15: Return0
L5:
    ldp x30, x22, [x21, #-0x10]
    mov w25, #0
    ret
; [0] out of line: a full stack, a poll; the entry for any number of arguments
C0:
    mov w25, #0
    bl enter_slow
    b L0
; [2] out of line: operands of other types, then the semantic function
    mov w9, #2
    bl semantic[Lt]
    cbnz x0, L5
    mov w1, #3
    ldr x2, [x21, #0x10]
    b L4
    nop
]==]
