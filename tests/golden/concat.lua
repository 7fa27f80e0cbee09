-- A template of its own would not pay: the semantic call.
local function concat(a, b, c) return a .. b .. c end
--[==[ Machine code, written by tests/golden/run.py --bless
; function stdin:2, 6 words of bytecode, 112 bytes of machine code
; exact entry
    stp x30, x10, [x21, #-0x10]
E.1:
    ldr x9, [x20]
    cmp x21, x9
    b.hi C0
; [0] line 2: Move
;     dst=R3 src=R0 | R0 unknown
L0:
    ldp x0, x1, [x21]
    stp x0, x1, [x21, #0x30]
; [1] line 2: Move
;     dst=R4 src=R1 | R1 unknown
    ldp x2, x3, [x21, #0x10]
    stp x2, x3, [x21, #0x40]
; [2] line 2: Move
;     dst=R5 src=R2 | R2 unknown
    ldp x4, x5, [x21, #0x20]
    stp x4, x5, [x21, #0x50]
; [3] line 2: Concat
;     first=R3 count=3
    mov w9, #3
    bl semantic[Concat]
; [4] line 2: Return1
;     src=R3 | R3 unknown
    ldp x30, x22, [x21, #-0x10]
    ldp x9, x10, [x21, #0x30]
    stp x9, x10, [x21, #-0x20]
    mov w25, #1
    ret
; [5] line 2: Return0
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
]==]
