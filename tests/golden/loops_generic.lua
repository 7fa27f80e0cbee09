-- pairs and ipairs are guessed from the call in front of the loop.
local function over_pairs(t) for k, v in pairs(t) do t = v end end
local function over_ipairs(t) for i, v in ipairs(t) do t = v end end
local function over_any(f, s, c) for v in f, s, c do s = v end end
--[==[ Machine code, written by tests/golden/run.py --bless
; function stdin:2, 14 words of bytecode, 504 bytes of machine code
; exact entry
    stp x30, x10, [x21, #-0x10]
E.1:
    ldr x9, [x20]
    cmp x21, x9
    b.hi C0
; [0] line 2: GetTabUp
;     dst=R1 env=U0 key="pairs" cell=0
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
; [2] line 2: Move
;     dst=R3 src=R0 | R0 unknown
L2:
    ldp x3, x4, [x21]
    stp x3, x4, [x21, #0x30]
; [3] line 2: Call
;     func=R1 args=1 results=4 site=0 | R1 unknown in x1, tag in x2; guess: Pairs
; by the fast entry
    add x1, x21, #0x30
    mov w2, #1
    bl call_fast
    tbnz w0, #0x1f, C3
    cmp w0, #4
    b.lo C0c
; [5] line 2: TForPrep
;     base=R1 call=8
L5:
    ldr w10, [x21, #0x48]
    cbnz w10, C5
L5.1:
    b L8
; [7] line 2: Move
;     dst=R0 src=R6 | R6 unknown
L7:
    ldp x5, x6, [x21, #0x60]
    stp x5, x6, [x21]
; [8] line 2: TForCall
;     base=R1 results=2 site=1 | guess: Next
L8:
    ldp x9, x10, [x21, #0x10]
    cmp w10, #9
    b.ne C8
    ldr w10, [x9, #0x28]
    cmp w10, #3
    b.ne C8
    ldp x9, x16, [x21, #0x20]
    cmp w16, #7
    b.ne C8
    ldp x11, x12, [x21, #0x30]
    ldp x13, x14, [x21, #0x40]
    cbnz w14, C8
    bl next
    b.ne C8
    str x13, [x21, #0x40]
    stp x11, x12, [x21, #0x50]
    stp x14, x15, [x21, #0x60]
; [10] line 2: TForLoop
;     base=R1 loop=0 body=7
L10:
    ldp x9, x10, [x21, #0x50]
    cbz w10, L12
    stp x9, x10, [x21, #0x30]
    ldr w12, [x20, #8]
    cbz w12, L7
    b C10
; [12] line 2: Close
;     first=R1 | R1 unknown
L12:
    ldr x10, [x20, #0x58]
    ldr w12, [x10, #0x60]
    ldr x11, [x10, #0x50]
    cbnz w12, C12
    cbz x11, L13
    add x9, x21, #0x10
    bl close_upvalues
; [13] line 2: Return0
L13:
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
    ldp x1, x2, [x21, #0x10]
    b L2
; [3] out of line: the ordinary call
C3:
    mov w9, #3
    bl call_op
    cmp w25, #4
    b.hs C3.1
    mov w9, #4
    bl fill_results
C3.1:
    sub x21, x21, #0x30
    ldur x23, [x21, #-0x20]
    ldr x23, [x23, #8]
    b L5
; [0] out of line: fewer results than wanted
C0c:
    add x21, x21, #0x30
    mov w25, w0
    mov w9, #4
    bl fill_results
    sub x21, x21, #0x30
    b L5
; [5] out of line: the semantic function
C5:
    mov w9, #5
    bl semantic[TForPrep]
    cbnz x0, L8
    b L5.1
; [8] out of line: the ordinary call
C8:
    ldp x9, x8, [x21, #0x10]
    ldp x12, x13, [x21, #0x20]
    ldp x14, x15, [x21, #0x30]
    stp x9, x8, [x21, #0x50]
    stp x12, x13, [x21, #0x70]
    stp x14, x15, [x21, #0x80]
    mov w25, #2
    mov x11, xzr
    mov x10, #8
    movk x10, #7, lsl #32
    add x21, x21, #0x70
    bl call
    cmp w25, #2
    b.hs C8.1
    mov w9, #2
    bl fill_results
C8.1:
    sub x21, x21, #0x70
    ldur x23, [x21, #-0x20]
    ldr x23, [x23, #8]
    b L10
; [10] out of line: a poll
C10:
    mov w9, #0xa
    bl poll
    b L7
; [12] out of line: the semantic function
C12:
    mov w9, #0xc
    bl semantic[Close]
    b L13
    nop

; function stdin:3, 14 words of bytecode, 528 bytes of machine code
; exact entry
    stp x30, x10, [x21, #-0x10]
E.1:
    ldr x9, [x20]
    cmp x21, x9
    b.hi C0
; [0] line 3: GetTabUp
;     dst=R1 env=U0 key="ipairs" cell=0
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
; [3] line 3: Call
;     func=R1 args=1 results=4 site=0 | R1 unknown in x1, tag in x2; guess: Ipairs
; by the fast entry
    add x1, x21, #0x30
    mov w2, #1
    bl call_fast
    tbnz w0, #0x1f, C3
    cmp w0, #4
    b.lo C0c
; [5] line 3: TForPrep
;     base=R1 call=8
L5:
    ldr w10, [x21, #0x48]
    cbnz w10, C5
L5.1:
    b L8
; [7] line 3: Move
;     dst=R0 src=R6 | R6 unknown
L7:
    ldp x5, x6, [x21, #0x60]
    stp x5, x6, [x21]
; [8] line 3: TForCall
;     base=R1 results=2 site=1 | guess: IpairsNext
L8:
    ldp x9, x10, [x21, #0x10]
    cmp w10, #9
    b.ne C8
    ldr w10, [x9, #0x28]
    cmp w10, #4
    b.ne C8
    ldp x9, x16, [x21, #0x20]
    cmp w16, #7
    b.ne C8
    ldp x11, x16, [x21, #0x30]
    cmp w16, #3
    b.ne C8
    ldr x12, [x9, #0x18]
    ldr w13, [x9, #0x20]
    cmp x11, x13
    b.hs C8
    add x12, x12, x11, lsl #4
    ldp x13, x14, [x12]
    cbz w14, C8
    add x11, x11, #1
    mov w12, #3
    stp x11, x12, [x21, #0x50]
    stp x13, x14, [x21, #0x60]
; [10] line 3: TForLoop
;     base=R1 loop=0 body=7
L10:
    ldp x9, x10, [x21, #0x50]
    cbz w10, L12
    stp x9, x10, [x21, #0x30]
    ldr w12, [x20, #8]
    cbz w12, L7
    b C10
; [12] line 3: Close
;     first=R1 | R1 unknown
L12:
    ldr x10, [x20, #0x58]
    ldr w12, [x10, #0x60]
    ldr x11, [x10, #0x50]
    cbnz w12, C12
    cbz x11, L13
    add x9, x21, #0x10
    bl close_upvalues
; [13] line 3: Return0
L13:
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
    ldp x1, x2, [x21, #0x10]
    b L2
; [3] out of line: the ordinary call
C3:
    mov w9, #3
    bl call_op
    cmp w25, #4
    b.hs C3.1
    mov w9, #4
    bl fill_results
C3.1:
    sub x21, x21, #0x30
    ldur x23, [x21, #-0x20]
    ldr x23, [x23, #8]
    b L5
; [0] out of line: fewer results than wanted
C0c:
    add x21, x21, #0x30
    mov w25, w0
    mov w9, #4
    bl fill_results
    sub x21, x21, #0x30
    b L5
; [5] out of line: the semantic function
C5:
    mov w9, #5
    bl semantic[TForPrep]
    cbnz x0, L8
    b L5.1
; [8] out of line: the ordinary call
C8:
    ldp x9, x8, [x21, #0x10]
    ldp x12, x13, [x21, #0x20]
    ldp x14, x15, [x21, #0x30]
    stp x9, x8, [x21, #0x50]
    stp x12, x13, [x21, #0x70]
    stp x14, x15, [x21, #0x80]
    mov w25, #2
    mov x11, xzr
    mov x10, #8
    movk x10, #7, lsl #32
    add x21, x21, #0x70
    bl call
    cmp w25, #2
    b.hs C8.1
    mov w9, #2
    bl fill_results
C8.1:
    sub x21, x21, #0x70
    ldur x23, [x21, #-0x20]
    ldr x23, [x23, #8]
    b L10
; [10] out of line: a poll
C10:
    mov w9, #0xa
    bl poll
    b L7
; [12] out of line: the semantic function
C12:
    mov w9, #0xc
    bl semantic[Close]
    b L13
    nop

; function stdin:4, 13 words of bytecode, 272 bytes of machine code
; exact entry
    stp x30, x10, [x21, #-0x10]
E.1:
    ldr x9, [x20]
    cmp x21, x9
    b.hi C0
; [0] line 4: Move
;     dst=R3 src=R0 | R0 unknown
L0:
    ldp x0, x1, [x21]
    stp x0, x1, [x21, #0x30]
; [1] line 4: Move
;     dst=R4 src=R1 | R1 unknown
    ldp x2, x3, [x21, #0x10]
    stp x2, x3, [x21, #0x40]
; [2] line 4: Move
;     dst=R5 src=R2 | R2 unknown
    ldp x4, x5, [x21, #0x20]
    stp x4, x5, [x21, #0x50]
; [3] line 4: LoadNil
;     first=R6 count=1
    stp xzr, xzr, [x21, #0x60]
; [4] line 4: TForPrep
;     base=R3 call=7
    ldr w10, [x21, #0x68]
    cbnz w10, C4
L4.1:
    b L7
; [6] line 4: Move
;     dst=R1 src=R7 | R7 unknown
L6:
    ldp x6, x7, [x21, #0x70]
    stp x6, x7, [x21, #0x10]
; [7] line 4: TForCall
;     base=R3 results=1 site=0
L7:
    ldp x9, x8, [x21, #0x30]
    ldp x12, x13, [x21, #0x40]
    ldp x14, x15, [x21, #0x50]
    stp x9, x8, [x21, #0x70]
    stp x12, x13, [x21, #0x90]
    stp x14, x15, [x21, #0xa0]
    mov w25, #2
    mov x11, xzr
    mov x10, #7
    movk x10, #9, lsl #32
    add x21, x21, #0x90
    bl call
    cbnz w25, L7.1
    stp xzr, xzr, [x21, #-0x20]
L7.1:
    sub x21, x21, #0x90
    ldur x0, [x21, #-0x20]
    ldr x23, [x0, #8]
; [9] line 4: TForLoop
;     base=R3 loop=0 body=6
    ldp x9, x10, [x21, #0x70]
    cbz w10, L11
    stp x9, x10, [x21, #0x50]
    ldr w12, [x20, #8]
    cbz w12, L6
    b C9
; [11] line 4: Close
;     first=R3 | R3 unknown
L11:
    ldr x10, [x20, #0x58]
    ldr w12, [x10, #0x60]
    ldr x11, [x10, #0x50]
    cbnz w12, C11
    cbz x11, L12
    add x9, x21, #0x30
    bl close_upvalues
; [12] line 4: Return0
L12:
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
; [4] out of line: the semantic function
C4:
    mov w9, #4
    bl semantic[TForPrep]
    cbnz x0, L7
    b L4.1
; [9] out of line: a poll
C9:
    mov w9, #9
    bl poll
    b L6
; [11] out of line: the semantic function
C11:
    mov w9, #0xb
    bl semantic[Close]
    b L12
    nop
]==]
