-- The array part inline; the hash part, strings and nils out of line.
local function get(t, i) return t[i] end
local function set(t, i, v) t[i] = v end
local function get_constant(t) return t[1], t[2], t[200] end
local function set_constant(t, v) t[1] = v; t[3] = true end
local function known(t)
  local list = {1, 2}
  local i = 1
  list[i] = list[i + 1]
end
--[==[ Machine code, written by tests/golden/run.py --bless
; function stdin:2, 3 words of bytecode, 184 bytes of machine code
; exact entry
    stp x30, x10, [x21, #-0x10]
E.1:
    ldr x9, [x20]
    cmp x21, x9
    b.hi C0
; [0] line 2: GetTable
;     dst=R2 table=R0 key=R1 | R0 unknown; R1 unknown
L0:
    ldp x0, x1, [x21]
    cmp w1, #7
    b.ne C0b.2
    ldp x2, x3, [x21, #0x10]
    cmp w3, #3
    b.ne C0b.2
    ldp x14, x13, [x0, #0x18]
    sub x11, x2, #1
    cmp x11, w13, uxtw
    b.hs C0b.1
    add x14, x14, x11, lsl #4
L0.1:
    ldp x4, x5, [x14]
    cbz w5, C0b
L0.2:
    stp x4, x5, [x21, #0x20]
; [1] line 2: Return1
;     src=R2 | R2 unknown in x4, tag in x5
L1:
    ldp x30, x22, [x21, #-0x10]
    stp x4, x5, [x21, #-0x20]
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
; [0] out of line: a nil, which a metatable may want to know; what is not in the array part
C0b:
    ldr x8, [x0, #8]
    cbz x8, L0.2
    b C0b.2
C0b.1:
    mov x10, x0
    mov x13, x2
    bl find_integer
    b L0.1
C0b.2:
    mov w9, #0
    bl semantic[GetTable]
    ldr x5, [x21, #0x28]
    ldr x4, [x21, #0x20]
    b L1
    nop

; function stdin:3, 2 words of bytecode, 160 bytes of machine code
; exact entry
    stp x30, x10, [x21, #-0x10]
E.1:
    ldr x9, [x20]
    cmp x21, x9
    b.hi C0
; [0] line 3: SetTable
;     table=R0 key=R1 value=R2 | R0 unknown; R1 unknown; R2 unknown
L0:
    ldp x0, x1, [x21]
    cmp w1, #7
    b.ne C0b.2
    ldp x2, x3, [x21, #0x10]
    cmp w3, #3
    b.ne C0b.2
    ldp x14, x13, [x0, #0x18]
    sub x11, x2, #1
    cmp x11, w13, uxtw
    b.hs C0b.1
    add x14, x14, x11, lsl #4
L0.1:
    ldr w15, [x14, #8]
    cbz w15, C0b
L0.2:
    ldp x4, x5, [x21, #0x20]
    stp x4, x5, [x14]
; [1] line 3: Return0
L1:
    ldp x30, x22, [x21, #-0x10]
    mov w25, #0
    ret
; [0] out of line: a full stack, a poll; the entry for any number of arguments
C0:
    mov w25, #3
    bl enter_slow
    b L0
; entry: link stored, any number of arguments
    cmp w25, #3
    b.eq E.1
    mov w9, #3
    bl fill_params
    b E.1
; [0] out of line: a nil, which a metatable may want to know; what is not in the array part
C0b:
    ldr x8, [x0, #8]
    cbz x8, L0.2
    b C0b.2
C0b.1:
    mov x10, x0
    mov x13, x2
    bl find_integer
    cbnz x11, L0.1
C0b.2:
    mov w9, #0
    bl semantic[SetTable]
    b L1

; function stdin:4, 5 words of bytecode, 336 bytes of machine code
; exact entry
    stp x30, x10, [x21, #-0x10]
E.1:
    ldr x9, [x20]
    cmp x21, x9
    b.hi C0
; [0] line 4: GetInt
;     dst=R1 table=R0 key=1 | R0 unknown
L0:
    ldp x0, x1, [x21]
    cmp w1, #7
    b.ne C0b.2
    ldp x14, x13, [x0, #0x18]
    cmp w13, #1
    b.lo C0b.1
L0.1:
    ldp x2, x3, [x14]
    cbz w3, C0b
L0.2:
    stp x2, x3, [x21, #0x10]
; [1] line 4: GetInt
;     dst=R2 table=R0 key=2 | R0 unknown in x0, tag in x1
L1:
    cmp w1, #7
    b.ne C1.2
    ldp x14, x13, [x0, #0x18]
    cmp w13, #2
    b.lo C1.1
    add x14, x14, #0x10
L1.1:
    ldp x4, x5, [x14]
    cbz w5, C1
L1.2:
    stp x4, x5, [x21, #0x20]
; [2] line 4: GetInt
;     dst=R3 table=R0 key=200 | R0 unknown in x0, tag in x1
L2:
    cmp w1, #7
    b.ne C2.2
    ldp x14, x13, [x0, #0x18]
    cmp w13, #0xc8
    b.lo C2.1
    add x14, x14, #0xc70
L2.1:
    ldp x6, x7, [x14]
    cbz w7, C2
L2.2:
    stp x6, x7, [x21, #0x30]
; [3] line 4: Return
;     first=R1 count=3 flags=none | R1 unknown
L3:
    ldp x30, x22, [x21, #-0x10]
    ldp x9, x10, [x21, #0x10]
    stp x9, x10, [x21, #-0x20]
    ldp x9, x10, [x21, #0x20]
    stp x9, x10, [x21, #-0x10]
    ldp x9, x10, [x21, #0x30]
    stp x9, x10, [x21]
    mov w25, #3
    ret
; [4] line 4: Return0
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
; [0] out of line: a nil, which a metatable may want to know; what is not in the array part
C0b:
    ldr x8, [x0, #8]
    cbz x8, L0.2
    b C0b.2
C0b.1:
    mov x10, x0
    mov w13, #1
    bl find_integer
    b L0.1
C0b.2:
    mov w9, #0
    bl semantic[GetInt]
    ldp x0, x1, [x21]
    b L1
; [1] out of line: a nil, which a metatable may want to know; what is not in the array part
C1:
    ldr x8, [x0, #8]
    cbz x8, L1.2
    b C1.2
C1.1:
    mov x10, x0
    mov w13, #2
    bl find_integer
    b L1.1
C1.2:
    mov w9, #1
    bl semantic[GetInt]
    ldp x0, x1, [x21]
    b L2
; [2] out of line: a nil, which a metatable may want to know; what is not in the array part
C2:
    ldr x8, [x0, #8]
    cbz x8, L2.2
    b C2.2
C2.1:
    mov x10, x0
    mov w13, #0xc8
    bl find_integer
    b L2.1
C2.2:
    mov w9, #2
    bl semantic[GetInt]
    b L3
    nop

; function stdin:5, 4 words of bytecode, 232 bytes of machine code
; exact entry
    stp x30, x10, [x21, #-0x10]
E.1:
    ldr x9, [x20]
    cmp x21, x9
    b.hi C0
; [0] line 5: SetInt
;     table=R0 key=1 value=R1 | R0 unknown; R1 unknown
L0:
    ldp x0, x1, [x21]
    cmp w1, #7
    b.ne C0b.2
    ldp x14, x13, [x0, #0x18]
    cmp w13, #1
    b.lo C0b.1
L0.1:
    ldr w15, [x14, #8]
    cbz w15, C0b
L0.2:
    ldp x2, x3, [x21, #0x10]
    stp x2, x3, [x14]
; [1] line 5: LoadTrue
;     dst=R2
L1:
    mov w4, #2
    stp xzr, x4, [x21, #0x20]
; [2] line 5: SetInt
;     table=R0 key=3 value=R2 | R0 unknown in x0, tag in x1; R2 boolean tag in x4
    cmp w1, #7
    b.ne C2.2
    ldp x14, x13, [x0, #0x18]
    cmp w13, #3
    b.lo C2.1
    add x14, x14, #0x20
L2.1:
    ldr w15, [x14, #8]
    cbz w15, C2
L2.2:
    stp xzr, x4, [x14]
; [3] line 5: Return0
L3:
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
; [0] out of line: a nil, which a metatable may want to know; what is not in the array part
C0b:
    ldr x8, [x0, #8]
    cbz x8, L0.2
    b C0b.2
C0b.1:
    mov x10, x0
    mov w13, #1
    bl find_integer
    cbnz x11, L0.1
C0b.2:
    mov w9, #0
    bl semantic[SetInt]
    ldp x0, x1, [x21]
    b L1
; [2] out of line: a nil, which a metatable may want to know; what is not in the array part
C2:
    ldr x8, [x0, #8]
    cbz x8, L2.2
    b C2.2
C2.1:
    mov x10, x0
    mov w13, #3
    bl find_integer
    cbnz x11, L2.1
C2.2:
    mov w9, #2
    bl semantic[SetInt]
    b L3
    nop

; function stdin:6, 11 words of bytecode, 320 bytes of machine code
; exact entry
    stp x30, x10, [x21, #-0x10]
E.1:
    ldr x9, [x20]
    cmp x21, x9
    b.hi C0
; [0] line 7: NewTable
;     dst=R1 cell=0 size=2+0
L0:
    bl new_table[2]
    mov w0, #7
    stp x13, x0, [x21, #0x10]
; [2] line 7: LoadInt
;     dst=R2 value=1
    mov w1, #1
    mov w2, #3
    stp x1, x2, [x21, #0x20]
; [3] line 7: LoadInt
;     dst=R3 value=2
    mov w3, #2
    stp x3, x2, [x21, #0x30]
; [4] line 7: SetList
;     table=R1 count=2 skip=0 | R1 table
    ldr x9, [x21, #0x10]
    ldp x14, x13, [x9, #0x18]
    cmp w13, #2
    b.lo C4
    ldp x11, x12, [x21, #0x20]
    stp x11, x12, [x14]
    ldp x11, x12, [x21, #0x30]
    stp x11, x12, [x14, #0x10]
; [6] line 8: LoadInt
;     dst=R2 value=1 | over R2, whose tag is integer
L6:
    mov w4, #1
    str x4, [x21, #0x20]
; [7] line 9: AddK
;     dst=R3 lhs=R2 rhs=1 | over R3, whose tag is integer; R2 integer 1 in x4
    add x5, x4, #1
    str x5, [x21, #0x30]
; [8] line 9: GetTable
;     dst=R3 table=R1 key=R3 | over R3, whose tag is integer; R1 table; R3 integer in x5
    ldr x6, [x21, #0x10]
    ldp x14, x13, [x6, #0x18]
    sub x11, x5, #1
    cmp x11, w13, uxtw
    b.hs C8.1
    add x14, x14, x11, lsl #4
L8.1:
    ldp x7, x0, [x14]
    cbz w0, C8
L8.2:
    stp x7, x0, [x21, #0x30]
; [9] line 9: SetTable
;     table=R1 key=R2 value=R3 | R1 table in x6; R2 integer 1 in x4; R3 unknown in x7, tag in x0
L9:
    ldp x14, x13, [x6, #0x18]
    cmp w13, #1
    b.lo C9.1
L9.1:
    ldr w15, [x14, #8]
    cbz w15, C9
L9.2:
    stp x7, x0, [x14]
; [10] line 10: Return0
L10:
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
; [4] out of line: the semantic function
C4:
    mov w9, #4
    bl semantic[SetList]
    b L6
; [8] out of line: a nil, which a metatable may want to know; what is not in the array part
C8:
    ldr x8, [x6, #8]
    cbz x8, L8.2
    b C8.2
C8.1:
    mov x10, x6
    mov x13, x5
    bl find_integer
    b L8.1
C8.2:
    mov w9, #8
    bl semantic[GetTable]
    ldr x6, [x21, #0x10]
    ldp x7, x0, [x21, #0x30]
    cbz w8, L9
    ldr x4, [x21, #0x20]
    ldr x6, [x21, #0x10]
    ldp x7, x0, [x21, #0x30]
    b L9
; [9] out of line: a nil, which a metatable may want to know; what is not in the array part
C9:
    ldr x8, [x6, #8]
    cbz x8, L9.2
    b C9.2
C9.1:
    mov x10, x6
    mov w13, #1
    bl find_integer
    cbnz x11, L9.1
C9.2:
    mov w9, #9
    bl semantic[SetTable]
    b L10
    nop
]==]
