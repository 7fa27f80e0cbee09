-- A site calls what it is linked to directly.
local function call(f, a) f(a); local x, y = f(a, 1); return x end
local function open(f) return {f(f())} end
local function tail(f, a) return f(a) end
local function known() local function g() end; g() end
--[==[ Machine code, written by tests/golden/run.py --bless
; function stdin:2, 11 words of bytecode, 272 bytes of machine code
; exact entry
    stp x30, x10, [x21, #-0x10]
E.1:
    ldr x9, [x20]
    cmp x21, x9
    b.hi C0
; [0] line 2: Move
;     dst=R2 src=R0 | R0 unknown
L0:
    ldp x0, x1, [x21]
    stp x0, x1, [x21, #0x20]
; [1] line 2: Move
;     dst=R4 src=R1 | R1 unknown
    ldp x2, x3, [x21, #0x10]
    stp x2, x3, [x21, #0x40]
; [2] line 2: Call
;     func=R2 args=1 results=0 site=0 | R2 unknown in x0, tag in x1
    ldr x11, D
    ldp x14, x10, [x11]
    add x21, x21, #0x40
    cmp w1, #8
    b.ne C2
    ldp x23, x13, [x0, #8]
    ldp x14, x15, [x14]
    cmp x13, x14
    b.ne C2
    blr x15
L2.1:
    sub x21, x21, #0x40
; [4] line 2: Move
;     dst=R2 src=R0 | R0 unknown
    ldp x4, x5, [x21]
    stp x4, x5, [x21, #0x20]
; [5] line 2: Move
;     dst=R4 src=R1 | R1 unknown
    ldp x6, x7, [x21, #0x10]
    stp x6, x7, [x21, #0x40]
; [6] line 2: LoadInt
;     dst=R5 value=1
    mov w0, #1
    mov w1, #3
    stp x0, x1, [x21, #0x50]
; [7] line 2: Call
;     func=R2 args=2 results=2 site=1 | R2 unknown in x4, tag in x5
    ldr x11, D.1
    ldp x14, x10, [x11]
    add x21, x21, #0x40
    cmp w5, #8
    b.ne C7
    ldp x23, x13, [x4, #8]
    ldp x14, x15, [x14]
    cmp x13, x14
    b.ne C7
    blr x15
L7.1:
    cmp w25, #2
    b.hs L7.2
    mov w9, #2
    bl fill_results
L7.2:
    sub x21, x21, #0x40
; [9] line 2: Return1
;     src=R2 | R2 unknown
    ldp x30, x22, [x21, #-0x10]
    ldp x9, x10, [x21, #0x20]
    stp x9, x10, [x21, #-0x20]
    mov w25, #1
    ret
; [10] line 2: Return0
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
; [2] out of line: a callee that the site is not linked to
C2:
    mov w25, #1
    bl call
    b L2.1
; [7] out of line: a callee that the site is not linked to
C7:
    mov w25, #2
    bl call
    b L7.1
    nop
D:
    slot of call site 0
D.1:
    slot of call site 1

; function stdin:3, 12 words of bytecode, 296 bytes of machine code
; exact entry
    stp x30, x10, [x21, #-0x10]
E.1:
    ldr x9, [x20]
    cmp x21, x9
    b.hi C0
; [0] line 3: NewTable
;     dst=R1 cell=0 size=1+0
L0:
    bl new_table[1]
    mov w0, #7
    stp x13, x0, [x21, #0x10]
; [2] line 3: Move
;     dst=R2 src=R0 | R0 unknown
    ldp x1, x2, [x21]
    stp x1, x2, [x21, #0x20]
; [3] line 3: Move
;     dst=R4 src=R0 | R0 unknown in x1, tag in x2
    stp x1, x2, [x21, #0x40]
; [4] line 3: Call
;     func=R4 args=0 results=top site=0 | R4 unknown in x1, tag in x2
    ldr x11, D
    ldp x14, x10, [x11]
    add x21, x21, #0x60
    cmp w2, #8
    b.ne C4
    ldp x23, x13, [x1, #8]
    ldp x14, x15, [x14]
    cmp x13, x14
    b.ne C4
    blr x15
L4.1:
    sub x9, x21, #0x20
    add x9, x9, x25, lsl #4
    str x9, [x20, #0x18]
    sub x21, x21, #0x60
; [6] line 3: Call
;     func=R2 args=top results=top site=1
    ldr x25, [x20, #0x18]
    add x9, x21, #0x40
    sub x25, x25, x9
    lsr x25, x25, #4
    mov x11, xzr
    mov x10, #6
    movk x10, #4, lsl #32
    add x21, x21, #0x40
    bl call
    sub x9, x21, #0x20
    add x9, x9, x25, lsl #4
    str x9, [x20, #0x18]
    sub x21, x21, #0x40
; [8] line 3: SetList
;     table=R1 count=top skip=0 | R1 table
    ldr x9, [x21, #0x10]
    ldp x9, x13, [x9, #0x18]
    add x14, x21, #0x20
    ldr x25, [x20, #0x18]
    sub x25, x25, x14
    lsr x25, x25, #4
    add x12, x25, #0
    cmp x12, w13, uxtw
    b.hi C8
    bl move_values
; [10] line 3: Return1
;     src=R1 | R1 table
L10:
    ldp x30, x22, [x21, #-0x10]
    ldp x9, x10, [x21, #0x10]
    stp x9, x10, [x21, #-0x20]
    mov w25, #1
    ret
; [11] line 3: Return0
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
; [4] out of line: a callee that the site is not linked to
C4:
    mov w25, #0
    bl call
    b L4.1
; [8] out of line: the semantic function
C8:
    ldur x23, [x21, #-0x20]
    ldr x23, [x23, #8]
    mov w9, #8
    bl semantic[SetList]
    b L10
    nop
D:
    slot of call site 0

; function stdin:4, 5 words of bytecode, 184 bytes of machine code
; exact entry
    stp x30, x10, [x21, #-0x10]
E.1:
    ldr x9, [x20]
    cmp x21, x9
    b.hi C0
; [0] line 4: Move
;     dst=R2 src=R0 | R0 unknown
L0:
    ldp x0, x1, [x21]
    stp x0, x1, [x21, #0x20]
; [1] line 4: Move
;     dst=R4 src=R1 | R1 unknown
    ldp x2, x3, [x21, #0x10]
    stp x2, x3, [x21, #0x40]
; [2] line 4: TailCall
;     func=R2 args=1 flags=none site=0 | R2 unknown
    ldp x9, x8, [x21, #0x20]
    cmp w8, #8
    b.ne C2
    ldp x30, x13, [x21, #-0x10]
    orr x13, x13, #0x100000000000000
    stp x9, x8, [x21, #-0x20]
    stp x30, x13, [x21, #-0x10]
    ldp x23, x12, [x9, #8]
    ldp x10, x11, [x21, #0x40]
    stp x10, x11, [x21]
    mov w25, #1
    ldr x12, [x12, #0x28]
    ldr x12, [x12, #8]
    br x12
; [4] line 4: Return0
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
; [2] out of line: a callee that is no Lua function
C2:
    cmp w8, #9
    b.ne C2.1
    mov x10, #2
    movk x10, #4, lsl #32
    mov x11, xzr
    add x21, x21, #0x40
    mov w25, #1
    bl call
    sub x14, x21, #0x20
    sub x21, x21, #0x40
    b return_values
C2.1:
    mov w9, #2
    bl semantic[TailCall]

; function stdin:5, 5 words of bytecode, 144 bytes of machine code
; exact entry
    stp x30, x10, [x21, #-0x10]
    ldr x9, [x20]
    cmp x21, x9
    b.hi C0
; [0] line 5: Closure
;     dst=R0 child=F0
L0:
    ldur x12, [x23, #-0x38]
    ldr x12, [x12]
    mov w13, #0
    bl new_closure
    cbz x25, C0b
    mov w10, #8
    stp x25, x10, [x21]
; [1] line 5: Move
;     dst=R1 src=R0 | R0 Lua function
L1:
    ldp x0, x1, [x21]
    stp x0, x1, [x21, #0x10]
; [2] line 5: Call
;     func=R1 args=0 results=0 site=0 | R1 Lua function in x0, tag in x1
    ldr x11, D
    ldp x14, x10, [x11]
    add x21, x21, #0x30
    ldp x23, x13, [x0, #8]
    ldp x14, x15, [x14]
    cmp x13, x14
    b.ne C2
    blr x15
L2.1:
    sub x21, x21, #0x30
; [4] line 5: Return0
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
    bl semantic[Closure]
    b L1
; [2] out of line: a callee that the site is not linked to
C2:
    mov w25, #0
    bl call
    b L2.1
D:
    slot of call site 0

; function stdin:5, 1 words of bytecode, 40 bytes of machine code
; exact entry
    stp x30, x10, [x21, #-0x10]
    ldr x9, [x20]
    cmp x21, x9
    b.hi C0
; [0] line 5: Return0
L0:
    ldp x30, x22, [x21, #-0x10]
    mov w25, #0
    ret
; [0] out of line: a full stack, a poll; the entry for any number of arguments
C0:
    mov w25, #0
    bl enter_slow
    b L0
]==]
