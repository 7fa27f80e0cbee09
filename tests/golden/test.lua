-- Truth is a matter of the tag.
local function choose(a, b) return a and b end
local function branch(a) if a then return 1 else return 2 end end
--[==[ Machine code, written by tests/golden/run.py --bless
; function stdin:2, 5 words of bytecode, 112 bytes of machine code
; exact entry
    stp x30, x10, [x21, #-0x10]
E.1:
    ldr x9, [x20]
    cmp x21, x9
    b.hi C0
; [0] line 2: TestSet
;     dst=R2 src=R0 when=0 target=3 | R0 unknown
L0:
    ldp x0, x1, [x21]
    cmp w1, #1
    b.hi L2
    stp x0, x1, [x21, #0x20]
    b L3
; [2] line 2: Move
;     dst=R2 src=R1 | R1 unknown
L2:
    ldp x2, x3, [x21, #0x10]
    stp x2, x3, [x21, #0x20]
; [3] line 2: Return1
;     src=R2 | R2 unknown
L3:
    ldp x30, x22, [x21, #-0x10]
    ldp x9, x10, [x21, #0x20]
    stp x9, x10, [x21, #-0x20]
    mov w25, #1
    ret
; [4] line 2: Return0
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
    nop

; function stdin:3, 7 words of bytecode, 128 bytes of machine code
; exact entry
    stp x30, x10, [x21, #-0x10]
E.1:
    ldr x9, [x20]
    cmp x21, x9
    b.hi C0
; [0] line 3: Test
;     src=R0 when=0 target=4 | R0 unknown
L0:
    ldr w0, [x21, #8]
    cmp w0, #1
    b.ls L4
; [2] line 3: LoadInt
;     dst=R1 value=1
    mov w1, #1
    mov w2, #3
    stp x1, x2, [x21, #0x10]
; [3] line 3: Return1
;     src=R1 | R1 integer 1 in x1, tag in x2
    ldp x30, x22, [x21, #-0x10]
    stp x1, x2, [x21, #-0x20]
    mov w25, #1
    ret
; [4] line 3: LoadInt
;     dst=R1 value=2
L4:
    mov w3, #2
    mov w4, #3
    stp x3, x4, [x21, #0x10]
; [5] line 3: Return1
;     src=R1 | R1 integer 2 in x3, tag in x4
    ldp x30, x22, [x21, #-0x10]
    stp x3, x4, [x21, #-0x20]
    mov w25, #1
    ret
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
]==]
