-- One operand, of unknown and of known type.
local function minus(a) return -a end
local function complement(a) return ~a end
local function negation(a) return not a end
local function length(a) return #a end
local function known() local i, d = 1, 0.5; return -i, -d, #"abc" end
--[==[ Machine code, written by tests/golden/run.py --bless
; function stdin:2, 3 words of bytecode, 128 bytes of machine code
; exact entry
    stp x30, x10, [x21, #-0x10]
E.1:
    ldr x9, [x20]
    cmp x21, x9
    b.hi C0
; [0] line 2: Unm
;     dst=R1 src=R0 | R0 unknown
L0:
    ldp x9, x10, [x21]
    cmp w10, #4
    b.eq L0.1
    cmp w10, #3
    b.ne C0b
    neg x9, x9
    b L0.2
L0.1:
    eor x9, x9, #0x8000000000000000
L0.2:
    stp x9, x10, [x21, #0x10]
; [1] line 2: Return1
;     src=R1 | R1 unknown
L1:
    ldp x30, x22, [x21, #-0x10]
    ldp x9, x10, [x21, #0x10]
    stp x9, x10, [x21, #-0x20]
    mov w25, #1
    ret
; [2] line 2: Return0
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
    bl semantic[Unm]
    b L1

; function stdin:3, 3 words of bytecode, 112 bytes of machine code
; exact entry
    stp x30, x10, [x21, #-0x10]
E.1:
    ldr x9, [x20]
    cmp x21, x9
    b.hi C0
; [0] line 3: BNot
;     dst=R1 src=R0 | R0 unknown
L0:
    ldp x9, x10, [x21]
    cmp w10, #3
    b.ne C0b
    mvn x9, x9
    stp x9, x10, [x21, #0x10]
; [1] line 3: Return1
;     src=R1 | R1 likely integer
L1:
    ldp x30, x22, [x21, #-0x10]
    ldp x9, x10, [x21, #0x10]
    stp x9, x10, [x21, #-0x20]
    mov w25, #1
    ret
; [2] line 3: Return0
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
    bl semantic[BNot]
    b L1

; function stdin:4, 3 words of bytecode, 104 bytes of machine code
; exact entry
    stp x30, x10, [x21, #-0x10]
E.1:
    ldr x9, [x20]
    cmp x21, x9
    b.hi C0
; [0] line 4: Not
;     dst=R1 src=R0 | R0 unknown
L0:
    ldr w0, [x21, #8]
    cmp w0, #1
    cset w10, ls
    add w10, w10, #1
    stp xzr, x10, [x21, #0x10]
; [1] line 4: Return1
;     src=R1 | R1 boolean
    ldp x30, x22, [x21, #-0x10]
    ldp x9, x10, [x21, #0x10]
    stp x9, x10, [x21, #-0x20]
    mov w25, #1
    ret
; [2] line 4: Return0
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
    nop

; function stdin:5, 3 words of bytecode, 152 bytes of machine code
; exact entry
    stp x30, x10, [x21, #-0x10]
E.1:
    ldr x9, [x20]
    cmp x21, x9
    b.hi C0
; [0] line 5: Len
;     dst=R1 src=R0 | R0 unknown
L0:
    ldp x9, x10, [x21]
    cmp w10, #7
    b.ne C0b
    ldr x11, [x9, #8]
    cbnz x11, C0b.1
    bl table_length
    mov w0, #3
    stp x13, x0, [x21, #0x10]
; [1] line 5: Return1
;     src=R1 | R1 likely integer
L1:
    ldp x30, x22, [x21, #-0x10]
    ldp x9, x10, [x21, #0x10]
    stp x9, x10, [x21, #-0x20]
    mov w25, #1
    ret
; [2] line 5: Return0
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
; [0] out of line: strings, then the semantic function
C0b:
    cmp w10, #6
    b.ne C0b.1
    ldr x13, [x9, #8]
    mov w16, #3
    stp x13, x16, [x21, #0x10]
    b L1
C0b.1:
    mov w9, #0
    bl semantic[Len]
    b L1
    nop

; function stdin:6, 8 words of bytecode, 160 bytes of machine code
; exact entry
    stp x30, x10, [x21, #-0x10]
    ldr x9, [x20]
    cmp x21, x9
    b.hi C0
; [0] line 6: LoadInt
;     dst=R0 value=1
L0:
    mov w0, #1
    mov w1, #3
    stp x0, x1, [x21]
; [1] line 6: LoadK
;     dst=R1 k=0.5
    ldp x9, x10, [x23]
    stp x9, x10, [x21, #0x10]
; [2] line 6: Unm
;     dst=R2 src=R0 | R0 integer 1 in x0, tag in x1
    neg x2, x0
    stp x2, x1, [x21, #0x20]
; [3] line 6: Unm
;     dst=R3 src=R1 | R1 float
    ldr d16, [x21, #0x10]
    fneg d17, d16
    str d17, [x21, #0x30]
    mov w3, #4
    str x3, [x21, #0x38]
; [4] line 6: LoadK
;     dst=R4 k="abc"
    ldp x9, x10, [x23, #0x10]
    stp x9, x10, [x21, #0x40]
; [5] line 6: Len
;     dst=R4 src=R4 | over R4, whose tag is string; R4 string
    ldp x9, x10, [x21, #0x40]
    ldr x13, [x9, #8]
    stp x13, x1, [x21, #0x40]
; [6] line 6: Return
;     first=R2 count=3 flags=none | R2 integer
L6:
    ldp x30, x22, [x21, #-0x10]
    ldp x9, x10, [x21, #0x20]
    stp x9, x10, [x21, #-0x20]
    ldp x9, x10, [x21, #0x30]
    stp x9, x10, [x21, #-0x10]
    ldp x9, x10, [x21, #0x40]
    stp x9, x10, [x21]
    mov w25, #3
    ret
; [7] line 6: Return0
    ldp x30, x22, [x21, #-0x10]
    mov w25, #0
    ret
; [0] out of line: a full stack, a poll; the entry for any number of arguments
C0:
    mov w25, #0
    bl enter_slow
    b L0
; [5] out of line: strings, then the semantic function
    mov w9, #5
    bl semantic[Len]
    b L6
    nop
]==]
