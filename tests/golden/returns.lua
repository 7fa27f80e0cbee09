-- Up to four results inline.
local function none() end
local function one(a) return a end
local function two(a, b) return a, b end
local function six(a, b) return a, b, a, b, a, b end
--[==[ Machine code, written by tests/golden/run.py --bless
; function stdin:2, 1 words of bytecode, 40 bytes of machine code
; exact entry
    stp x30, x10, [x21, #-0x10]
    ldr x9, [x20]
    cmp x21, x9
    b.hi C0
; [0] line 2: Return0
L0:
    ldp x30, x22, [x21, #-0x10]
    mov w25, #0
    ret
; [0] out of line: a full stack, a poll; the entry for any number of arguments
C0:
    mov w25, #0
    bl enter_slow
    b L0

; function stdin:3, 2 words of bytecode, 80 bytes of machine code
; exact entry
    stp x30, x10, [x21, #-0x10]
E.1:
    ldr x9, [x20]
    cmp x21, x9
    b.hi C0
; [0] line 3: Return1
;     src=R0 | R0 unknown
L0:
    ldp x30, x22, [x21, #-0x10]
    ldp x9, x10, [x21]
    stp x9, x10, [x21, #-0x20]
    mov w25, #1
    ret
; [1] line 3: Return0
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

; function stdin:4, 4 words of bytecode, 104 bytes of machine code
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
;     dst=R3 src=R1 | R1 unknown
    ldp x2, x3, [x21, #0x10]
    stp x2, x3, [x21, #0x30]
; [2] line 4: Return
;     first=R2 count=2 flags=none | R2 unknown
    ldp x30, x22, [x21, #-0x10]
    ldp x9, x10, [x21, #0x20]
    stp x9, x10, [x21, #-0x20]
    ldp x9, x10, [x21, #0x30]
    stp x9, x10, [x21, #-0x10]
    mov w25, #2
    ret
; [3] line 4: Return0
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

; function stdin:5, 8 words of bytecode, 104 bytes of machine code
; exact entry
    stp x30, x10, [x21, #-0x10]
E.1:
    ldr x9, [x20]
    cmp x21, x9
    b.hi C0
; [0] line 5: Move
;     dst=R2 src=R0 | R0 unknown
L0:
    ldp x0, x1, [x21]
    stp x0, x1, [x21, #0x20]
; [1] line 5: Move
;     dst=R3 src=R1 | R1 unknown
    ldp x2, x3, [x21, #0x10]
    stp x2, x3, [x21, #0x30]
; [2] line 5: Move
;     dst=R4 src=R0 | R0 unknown in x0, tag in x1
    stp x0, x1, [x21, #0x40]
; [3] line 5: Move
;     dst=R5 src=R1 | R1 unknown in x2, tag in x3
    stp x2, x3, [x21, #0x50]
; [4] line 5: Move
;     dst=R6 src=R0 | R0 unknown in x0, tag in x1
    stp x0, x1, [x21, #0x60]
; [5] line 5: Move
;     dst=R7 src=R1 | R1 unknown in x2, tag in x3
    stp x2, x3, [x21, #0x70]
; [6] line 5: Return
;     first=R2 count=6 flags=none | R2 unknown
    add x14, x21, #0x20
    mov w25, #6
    b return_values
; [7] line 5: Return0
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
]==]
