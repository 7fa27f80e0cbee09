-- Words that an innermost loop reads often have a home there.
local function sum(t, n)
  local s = 0
  for i = 1, n do s = s + t[i] end
  return s
end
local function down(n) for i = n, 1, -1 do end end
local function floats() local s = 0.0; for i = 0.0, 1.0, 0.25 do s = s + i end return s end
--[==[ Machine code, written by tests/golden/run.py --bless
; function stdin:2, 12 words of bytecode, 472 bytes of machine code
; exact entry
    stp x30, x10, [x21, #-0x10]
E.1:
    ldr x9, [x20]
    cmp x21, x9
    b.hi C0
; [0] line 3: LoadInt
;     dst=R2 value=0
L0:
    mov w0, #3
    stp xzr, x0, [x21, #0x20]
; [1] line 4: LoadInt
;     dst=R3 value=1
    mov w1, #1
    stp x1, x0, [x21, #0x30]
; [2] line 4: Move
;     dst=R4 src=R1 | R1 unknown
    ldp x2, x3, [x21, #0x10]
    stp x2, x3, [x21, #0x40]
; [3] line 4: LoadInt
;     dst=R5 value=1
    mov w4, #1
    stp x4, x0, [x21, #0x50]
; [4] line 4: ForPrep
;     base=R3 exit=10 | R3 integer 1; R5 integer 1
    ldp x5, x6, [x21, #0x40]
    cmp w6, #3
    b.ne C4
    mov w7, #1
    cmp x7, x5
    b.gt L10
    sub x1, x5, x7
    str x1, [x21, #0x40]
    stp x7, x0, [x21, #0x60]
; [6] line 4: GetTable
;     dst=R7 table=R0 key=R6 | R0 unknown; R6 integer
L6:
    ldr x19, [x21, #0x40]
    ldr x27, [x21, #0x60]
L6.1:
    ldp x2, x3, [x21]
    cmp w3, #7
    b.ne C6.2
    ldp x14, x13, [x2, #0x18]
    sub x11, x27, #1
    cmp x11, w13, uxtw
    b.hs C6.1
    add x14, x14, x11, lsl #4
L6.2:
    ldp x4, x5, [x14]
    cbz w5, C6
L6.3:
    stp x4, x5, [x21, #0x70]
; [7] line 4: Add
;     dst=R2 lhs=R2 rhs=R7 | R2 likely integer; R7 unknown in x4, tag in x5
L7:
    ldp x6, x7, [x21, #0x20]
    cmp w7, #3
    ccmp w5, #3, #0, eq
    b.ne C7
    add x0, x6, x4
    str x0, [x21, #0x20]
; [8] line 4: ForLoop
;     base=R3 loop=0 body=6 | R3 integer; R4 integer in x19 (home); R5 integer
L8:
    cbz x19, L10
    sub x19, x19, #1
    str x19, [x21, #0x40]
    add x27, x27, #1
    str x27, [x21, #0x30]
    str x27, [x21, #0x60]
    ldr w12, [x20, #8]
    cbz w12, L6.1
    b C8
; [10] line 5: Return1
;     src=R2 | R2 likely integer
L10:
    ldp x30, x22, [x21, #-0x10]
    ldp x9, x10, [x21, #0x20]
    stp x9, x10, [x21, #-0x20]
    mov w25, #1
    ret
; [11] line 6: Return0
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
; [4] out of line: the semantic function
C4:
    mov w9, #4
    bl semantic[ForPrep]
    cbnz x0, L10
    mov w0, #3
    ldr x7, [x21, #0x30]
    ldr x6, [x21, #0x48]
    ldr x1, [x21, #0x40]
    b L6
; [6] out of line: a nil, which a metatable may want to know; what is not in the array part
C6:
    ldr x8, [x2, #8]
    cbz x8, L6.3
    b C6.2
C6.1:
    mov x10, x2
    mov x13, x27
    bl find_integer
    b L6.2
C6.2:
    mov w9, #6
    bl semantic[GetTable]
    ldr x5, [x21, #0x78]
    ldr x4, [x21, #0x70]
    cbz w8, L7
    ldr x19, [x21, #0x40]
    ldr x27, [x21, #0x60]
    ldr x5, [x21, #0x78]
    ldr x4, [x21, #0x70]
    b L7
; [7] out of line: operands of other types, then the semantic function
C7:
    cmp w7, #4
    ccmp w5, #4, #0, eq
    b.ne C7.1
    ldr d0, [x21, #0x20]
    ldr d1, [x21, #0x70]
    fadd d2, d0, d1
    str d2, [x21, #0x20]
    b L8
C7.1:
    ldp x9, x10, [x21, #0x20]
    ldp x11, x12, [x21, #0x70]
    bl to_doubles
    cbz w10, C7.2
    fadd d0, d0, d1
    str d0, [x21, #0x20]
    mov w16, #4
    str x16, [x21, #0x28]
    b L8
C7.2:
    mov w9, #7
    bl semantic[Add]
    ldr x19, [x21, #0x40]
    ldr x27, [x21, #0x60]
    b L8
; [8] out of line: a poll
C8:
    mov w9, #8
    bl poll
    ldr x19, [x21, #0x40]
    ldr x27, [x21, #0x60]
    b L6.1
    nop

; function stdin:7, 8 words of bytecode, 224 bytes of machine code
; exact entry
    stp x30, x10, [x21, #-0x10]
E.1:
    ldr x9, [x20]
    cmp x21, x9
    b.hi C0
; [0] line 7: Move
;     dst=R1 src=R0 | R0 unknown
L0:
    ldp x0, x1, [x21]
    stp x0, x1, [x21, #0x10]
; [1] line 7: LoadInt
;     dst=R2 value=1
    mov w2, #1
    mov w3, #3
    stp x2, x3, [x21, #0x20]
; [2] line 7: LoadInt
;     dst=R3 value=-1
    mov x4, #-1
    stp x4, x3, [x21, #0x30]
; [3] line 7: ForPrep
;     base=R1 exit=7 | R2 integer 1; R3 integer -1
    mov w9, #3
    bl semantic[ForPrep]
    cbnz x0, L7
; [5] line 7: ForLoop
;     base=R1 loop=0 body=5
    ldr x19, [x21, #0x20]
    ldr x27, [x21, #0x28]
L5.1:
    ldr w10, [x21, #0x38]
    cmp w10, #3
    b.ne C5
    ldr x5, [x21, #0x40]
    cbz x19, L7
    sub x19, x19, #1
    str x19, [x21, #0x20]
    ldr x7, [x21, #0x30]
    add x6, x5, x7
    str x6, [x21, #0x10]
    stp x6, x10, [x21, #0x40]
    ldr w12, [x20, #8]
    cbz w12, L5.1
    b C5b
; [7] line 7: Return0
L7:
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
; [5] out of line: a loop with floats
C5:
    mov w9, #5
    bl semantic[ForLoop]
    ldr x19, [x21, #0x20]
    ldr x27, [x21, #0x28]
    ldr x21, [x20, #0x10]
    ldr x19, [x21, #0x20]
    ldr x27, [x21, #0x28]
    cbnz x0, L5.1
    b L7
; [5] out of line: a poll
C5b:
    mov w9, #5
    bl poll
    ldr x19, [x21, #0x20]
    ldr x27, [x21, #0x28]
    b L5.1
    nop

; function stdin:8, 11 words of bytecode, 264 bytes of machine code
; exact entry
    stp x30, x10, [x21, #-0x10]
    ldr x9, [x20]
    cmp x21, x9
    b.hi C0
; [0] line 8: LoadFloat
;     dst=R0 value=0
L0:
    mov w9, #0
    mov w0, #4
    stp x9, x0, [x21]
; [1] line 8: LoadFloat
;     dst=R1 value=0
    mov w9, #0
    stp x9, x0, [x21, #0x10]
; [2] line 8: LoadFloat
;     dst=R2 value=1
    mov x9, #0x3ff0000000000000
    stp x9, x0, [x21, #0x20]
; [3] line 8: LoadK
;     dst=R3 k=0.25
    ldp x9, x10, [x23]
    stp x9, x10, [x21, #0x30]
; [4] line 8: ForPrep
;     base=R1 exit=9 | R1 float; R2 float; R3 float
    mov w9, #4
    bl semantic[ForPrep]
    cbnz x0, L9
; [6] line 8: Add
;     dst=R0 lhs=R0 rhs=R4 | over R0, whose tag is float; R0 float; R4 float
    ldr d8, [x21]
    ldr d9, [x21, #0x20]
    ldr d10, [x21, #0x40]
L6.1:
    fadd d8, d8, d10
    str d8, [x21]
; [7] line 8: ForLoop
;     base=R1 loop=0 body=6 | R1 float; R2 float in d9 (home); R3 float
    ldr w10, [x21, #0x38]
    cmp w10, #3
    b.ne C7
    ldr x1, [x21, #0x20]
    ldr x3, [x21, #0x40]
    cbz x1, L9
    sub x2, x1, #1
    str x2, [x21, #0x20]
    fmov d9, x2
    ldr x5, [x21, #0x30]
    add x4, x3, x5
    str x4, [x21, #0x10]
    stp x4, x10, [x21, #0x40]
    fmov d10, x4
    ldr w12, [x20, #8]
    cbz w12, L6.1
    b C7b
; [9] line 8: Return1
;     src=R0 | R0 float
L9:
    ldp x30, x22, [x21, #-0x10]
    ldp x9, x10, [x21]
    stp x9, x10, [x21, #-0x20]
    mov w25, #1
    ret
; [10] line 8: Return0
    ldp x30, x22, [x21, #-0x10]
    mov w25, #0
    ret
; [0] out of line: a full stack, a poll; the entry for any number of arguments
C0:
    mov w25, #0
    bl enter_slow
    b L0
; [7] out of line: a loop with floats
C7:
    mov w9, #7
    bl semantic[ForLoop]
    ldr d8, [x21]
    ldr d9, [x21, #0x20]
    ldr d10, [x21, #0x40]
    ldr x21, [x20, #0x10]
    ldr d8, [x21]
    ldr d9, [x21, #0x20]
    ldr d10, [x21, #0x40]
    cbnz x0, L6.1
    b L9
; [7] out of line: a poll
C7b:
    mov w9, #7
    bl poll
    ldr d8, [x21]
    ldr d9, [x21, #0x20]
    ldr d10, [x21, #0x40]
    b L6.1
]==]
