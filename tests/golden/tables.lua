-- Constructors: lists by stubs for each size, records like those made before at the same place.
local function empty() return {} end
local function list(a, b) return {a, b, 3} end
local function record(a) return {x = a, y = 1} end
local function open(...) return {...} end
--[==[ Machine code, written by tests/golden/run.py --bless
; function stdin:2, 4 words of bytecode, 104 bytes of machine code
; exact entry
    stp x30, x10, [x21, #-0x10]
    ldr x9, [x20]
    cmp x21, x9
    b.hi C0
; [0] line 2: NewTable
;     dst=R0 cell=0 size=0+0
L0:
    add x12, x23, #0
    mov w13, #0
    mov w14, #0
    bl new_like
    cbz x9, C0b
    mov w10, #7
    stp x9, x10, [x21]
; [2] line 2: Return1
;     src=R0 | R0 table
L2:
    ldp x30, x22, [x21, #-0x10]
    ldp x9, x10, [x21]
    stp x9, x10, [x21, #-0x20]
    mov w25, #1
    ret
; [3] line 2: Return0
    ldp x30, x22, [x21, #-0x10]
    mov w25, #0
    ret
; [0] out of line: a full stack, a poll; the entry for any number of arguments
C0:
    mov w25, #0
    bl enter_slow
    b L0
; [0] out of line: the semantic function
C0b:
    mov w9, #0
    bl semantic[NewTable]
    b L2
    nop

; function stdin:3, 9 words of bytecode, 176 bytes of machine code
; exact entry
    stp x30, x10, [x21, #-0x10]
E.1:
    ldr x9, [x20]
    cmp x21, x9
    b.hi C0
; [0] line 3: NewTable
;     dst=R2 cell=0 size=3+0
L0:
    bl new_table[3]
    mov w0, #7
    stp x13, x0, [x21, #0x20]
; [2] line 3: Move
;     dst=R3 src=R0 | R0 unknown
    ldp x1, x2, [x21]
    stp x1, x2, [x21, #0x30]
; [3] line 3: Move
;     dst=R4 src=R1 | R1 unknown
    ldp x3, x4, [x21, #0x10]
    stp x3, x4, [x21, #0x40]
; [4] line 3: LoadInt
;     dst=R5 value=3
    mov w5, #3
    mov w6, #3
    stp x5, x6, [x21, #0x50]
; [5] line 3: SetList
;     table=R2 count=3 skip=0 | R2 table
    ldr x9, [x21, #0x20]
    ldp x14, x13, [x9, #0x18]
    cmp w13, #3
    b.lo C5
    ldp x11, x12, [x21, #0x30]
    stp x11, x12, [x14]
    ldp x11, x12, [x21, #0x40]
    stp x11, x12, [x14, #0x10]
    ldp x11, x12, [x21, #0x50]
    stp x11, x12, [x14, #0x20]
; [7] line 3: Return1
;     src=R2 | R2 table
L7:
    ldp x30, x22, [x21, #-0x10]
    ldp x9, x10, [x21, #0x20]
    stp x9, x10, [x21, #-0x20]
    mov w25, #1
    ret
; [8] line 3: Return0
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
; [5] out of line: the semantic function
C5:
    mov w9, #5
    bl semantic[SetList]
    b L7
    nop

; function stdin:4, 9 words of bytecode, 280 bytes of machine code
; exact entry
    stp x30, x10, [x21, #-0x10]
E.1:
    ldr x9, [x20]
    cmp x21, x9
    b.hi C0
; [0] line 4: NewTable
;     dst=R1 cell=0 size=0+2
L0:
    add x12, x23, #0x20
    mov w13, #2
    mov w14, #0
    bl new_like
    cbz x9, C0b
    mov w10, #7
    stp x9, x10, [x21, #0x10]
; [2] line 4: SetField
;     table=R1 key="x" value=R0 cell=1 | R1 table; R0 unknown
L2:
    ldr x0, [x21, #0x10]
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
    ldp x1, x2, [x21]
    stp x1, x2, [x11]
; [4] line 4: LoadInt
;     dst=R2 value=1
L4:
    mov w3, #1
    mov w4, #3
    stp x3, x4, [x21, #0x20]
; [5] line 4: SetField
;     table=R1 key="y" value=R2 cell=2 | R1 table in x0; R2 integer 1 in x3, tag in x4
    ldr x11, [x0, #0x10]
    ldr x13, [x23, #0x60]
    cmp x11, x13
    b.ne C5.1
    ldrh w12, [x23, #0x7e]
    ldr x11, [x0, #0x28]
    add x11, x11, x12, lsl #5
    ldr w15, [x11, #8]
    cbz w15, C5
L5.1:
    stp x3, x4, [x11]
; [7] line 4: Return1
;     src=R1 | R1 table in x0
L7:
    ldp x30, x22, [x21, #-0x10]
    ldp x9, x10, [x21, #0x10]
    stp x9, x10, [x21, #-0x20]
    mov w25, #1
    ret
; [8] line 4: Return0
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
    bl semantic[NewTable]
    b L2
; [2] out of line: over a nil; what the cache's own entry does not know
C2:
    mov x10, x0
    bl may_set_nil
    cbnz x10, L2.1
C2.1:
    mov w9, #2
    bl semantic[SetField]
    ldr x0, [x21, #0x10]
    b L4
; [5] out of line: over a nil; what the cache's own entry does not know
C5:
    mov x10, x0
    bl may_set_nil
    cbnz x10, L5.1
C5.1:
    mov w9, #5
    bl semantic[SetField]
    ldr x0, [x21, #0x10]
    mov w4, #3
    b L7

; function stdin:5, 7 words of bytecode, 200 bytes of machine code
; entry: link stored, any number of arguments
    ldr x9, [x20]
    cmp x21, x9
    b.hi C0
E.1:
    mov w9, #0
    bl adjust_varargs
; [0] line 5: NewTable
;     dst=R0 cell=0 size=0+0
    add x12, x23, #0
    mov w13, #0
    mov w14, #0
    bl new_like
    cbz x9, C0b
    mov w10, #7
    stp x9, x10, [x21]
; [2] line 5: Vararg
;     first=R1 count=top
L2:
    add x15, x21, #0x10
    mov w9, #2
    bl varargs
    mov x21, x0
; [3] line 5: SetList
;     table=R0 count=top skip=0 | R0 table
    ldr x9, [x21]
    ldp x9, x13, [x9, #0x18]
    add x14, x21, #0x10
    ldr x25, [x20, #0x18]
    sub x25, x25, x14
    lsr x25, x25, #4
    add x12, x25, #0
    cmp x12, w13, uxtw
    b.hi C3
    bl move_values
; [5] line 5: Return
;     first=R0 count=1 flags=vararg | R0 table
L5:
    ldur x9, [x21, #-0x30]
    ldp x30, x22, [x21, #-0x10]
    ldp x11, x12, [x21]
    add x9, x9, #3
    sub x22, x22, x9, lsl #32
    sub x21, x21, x9, lsl #4
    stp x11, x12, [x21, #-0x20]
    mov w25, #1
    ret
; [6] line 5: Return
;     first=R0 count=0 flags=vararg | R0 table
    ldur x9, [x21, #-0x30]
    ldp x30, x22, [x21, #-0x10]
    add x9, x9, #3
    sub x22, x22, x9, lsl #32
    sub x21, x21, x9, lsl #4
    mov w25, #0
    ret
; [0] out of line: a full stack, a poll; the entry for any number of arguments
C0:
    bl enter_slow
    b E.1
; [0] out of line: the semantic function
C0b:
    mov w9, #0
    bl semantic[NewTable]
    b L2
; [3] out of line: the semantic function
C3:
    mov w9, #3
    bl semantic[SetList]
    b L5
]==]
