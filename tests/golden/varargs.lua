-- Extra arguments stand below the frame.
local function all(...) return ... end
local function some(a, ...) local b, c = ...; return b, c, a end
local function one(...) return (...) end
--[==[ Machine code, written by tests/golden/run.py --bless
; function stdin:2, 3 words of bytecode, 96 bytes of machine code
; entry: link stored, any number of arguments
    ldr x9, [x20]
    cmp x21, x9
    b.hi C0
E.1:
    mov w9, #0
    bl adjust_varargs
; [0] line 2: Vararg
;     first=R0 count=top
    add x15, x21, #0
    mov w9, #0
    bl varargs
    mov x21, x0
; [1] line 2: Return
;     first=R0 count=top flags=vararg | R0 unknown
    add x14, x21, #0
    ldr x25, [x20, #0x18]
    sub x25, x25, x14
    lsr x25, x25, #4
    mov w9, #3
    b return_vararg
; [2] line 2: Return
;     first=R0 count=0 flags=vararg | R0 unknown
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

; function stdin:3, 6 words of bytecode, 112 bytes of machine code
; entry: link stored, any number of arguments
    ldr x9, [x20]
    cmp x21, x9
    b.hi C0
E.1:
    mov w9, #1
    bl adjust_varargs
; [0] line 3: Vararg
;     first=R1 count=2
    add x15, x21, #0x10
    mov w9, #2
    bl some_varargs
; [1] line 3: Move
;     dst=R3 src=R1 | R1 unknown
    ldp x0, x1, [x21, #0x10]
    stp x0, x1, [x21, #0x30]
; [2] line 3: Move
;     dst=R4 src=R2 | R2 unknown
    ldp x2, x3, [x21, #0x20]
    stp x2, x3, [x21, #0x40]
; [3] line 3: Move
;     dst=R5 src=R0 | R0 unknown
    ldp x4, x5, [x21]
    stp x4, x5, [x21, #0x50]
; [4] line 3: Return
;     first=R3 count=3 flags=vararg | R3 unknown
    add x14, x21, #0x30
    mov w25, #3
    mov w9, #4
    b return_vararg
; [5] line 3: Return
;     first=R0 count=0 flags=vararg | R0 unknown
    ldur x9, [x21, #-0x30]
    ldp x30, x22, [x21, #-0x10]
    add x9, x9, #4
    sub x22, x22, x9, lsl #32
    sub x21, x21, x9, lsl #4
    mov w25, #0
    ret
; [0] out of line: a full stack, a poll; the entry for any number of arguments
C0:
    bl enter_slow
    b E.1
    nop

; function stdin:4, 3 words of bytecode, 104 bytes of machine code
; entry: link stored, any number of arguments
    ldr x9, [x20]
    cmp x21, x9
    b.hi C0
E.1:
    mov w9, #0
    bl adjust_varargs
; [0] line 4: Vararg
;     first=R0 count=1
    add x15, x21, #0
    mov w9, #1
    bl some_varargs
; [1] line 4: Return
;     first=R0 count=1 flags=vararg | R0 unknown
    ldur x9, [x21, #-0x30]
    ldp x30, x22, [x21, #-0x10]
    ldp x11, x12, [x21]
    add x9, x9, #3
    sub x22, x22, x9, lsl #32
    sub x21, x21, x9, lsl #4
    stp x11, x12, [x21, #-0x20]
    mov w25, #1
    ret
; [2] line 4: Return
;     first=R0 count=0 flags=vararg | R0 unknown
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
]==]
