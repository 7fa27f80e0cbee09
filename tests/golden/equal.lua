-- The same object inline, and constants; else a stub, then the semantic call.
local function equal(a, b) if a == b then return 1 end end
local function integers(a) local b = 5; if a == b then return 1 end end
local function constants(a)
  if a == nil then return 1 end
  if a == true then return 2 end
  if a == 3 then return 3 end
  if a == "short" then return 4 end
  if a == 0.5 then return 5 end
end
--[==[ Machine code, written by tests/golden/run.py --bless
; function stdin:2, 5 words of bytecode, 168 bytes of machine code
; exact entry
    stp x30, x10, [x21, #-0x10]
E.1:
    ldr x9, [x20]
    cmp x21, x9
    b.hi C0
; [0] line 2: Eq
;     lhs=R0 rhs=R1 when=0 target=4 | R0 unknown; R1 unknown
L0:
    ldp x0, x1, [x21]
    ldp x2, x3, [x21, #0x10]
    cmp w1, w3
    ccmp x0, x2, #0, eq
    b.ne C0b
    cmp w1, #4
    b.eq C0b
; [2] line 2: LoadInt
;     dst=R2 value=1
L2:
    mov w4, #1
    mov w5, #3
    stp x4, x5, [x21, #0x20]
; [3] line 2: Return1
;     src=R2 | R2 integer 1 in x4, tag in x5
    ldp x30, x22, [x21, #-0x10]
    stp x4, x5, [x21, #-0x20]
    mov w25, #1
    ret
; [4] line 2: Return0
L4:
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
; [0] out of line: not the same object, then the semantic function
C0b:
    ldp x9, x10, [x21]
    ldp x11, x12, [x21, #0x10]
    bl equal_values
    cmp w8, #1
    b.hi C0b.2
    b.ne C0b.1
    b L2
C0b.1:
    b L4
C0b.2:
    mov w9, #0
    bl semantic[Eq]
    cbnz x0, L4
    b L2
    nop

; function stdin:3, 6 words of bytecode, 168 bytes of machine code
; exact entry
    stp x30, x10, [x21, #-0x10]
E.1:
    ldr x9, [x20]
    cmp x21, x9
    b.hi C0
; [0] line 3: LoadInt
;     dst=R1 value=5
L0:
    mov w0, #5
    mov w1, #3
    stp x0, x1, [x21, #0x10]
; [1] line 3: Eq
;     lhs=R0 rhs=R1 when=0 target=5 | R0 unknown; R1 integer 5 in x0, tag in x1
    ldp x2, x3, [x21]
    cmp w3, #3
    b.ne C1
    cmp x2, x0
    b.ne L5
; [3] line 3: LoadInt
;     dst=R2 value=1
L3:
    mov w4, #1
    stp x4, x1, [x21, #0x20]
; [4] line 3: Return1
;     src=R2 | R2 integer 1 in x4, tag in x1
    ldp x30, x22, [x21, #-0x10]
    stp x4, x1, [x21, #-0x20]
    mov w25, #1
    ret
; [5] line 3: Return0
L5:
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
; [1] out of line: not the same object, then the semantic function
C1:
    ldp x9, x10, [x21]
    ldp x11, x12, [x21, #0x10]
    bl equal_values
    cmp w8, #1
    b.hi C1.2
    b.ne C1.1
    b L3
C1.1:
    b L5
C1.2:
    mov w9, #1
    bl semantic[Eq]
    cbnz x0, L5
    mov w1, #3
    b L3

; function stdin:4, 21 words of bytecode, 296 bytes of machine code
; exact entry
    stp x30, x10, [x21, #-0x10]
E.1:
    ldr x9, [x20]
    cmp x21, x9
    b.hi C0
; [0] line 5: EqK
;     lhs=R0 rhs=nil when=0 target=4 | R0 unknown
L0:
    ldr w0, [x21, #8]
    cmp w0, #0
    b.ne L4
; [2] line 5: LoadInt
;     dst=R1 value=1
    mov w1, #1
    mov w2, #3
    stp x1, x2, [x21, #0x10]
; [3] line 5: Return1
;     src=R1 | R1 integer 1 in x1, tag in x2
    ldp x30, x22, [x21, #-0x10]
    stp x1, x2, [x21, #-0x20]
    mov w25, #1
    ret
; [4] line 6: EqK
;     lhs=R0 rhs=true when=0 target=8 | R0 unknown
L4:
    ldr w3, [x21, #8]
    cmp w3, #2
    b.ne L8
; [6] line 6: LoadInt
;     dst=R1 value=2
    mov w4, #2
    mov w5, #3
    stp x4, x5, [x21, #0x10]
; [7] line 6: Return1
;     src=R1 | R1 integer 2 in x4, tag in x5
    ldp x30, x22, [x21, #-0x10]
    stp x4, x5, [x21, #-0x20]
    mov w25, #1
    ret
; [8] line 7: EqK
;     lhs=R0 rhs=3 when=0 target=12 | R0 unknown
L8:
    ldp x6, x7, [x21]
    cmp w7, #3
    b.ne C8
    cmp x6, #3
    b.ne L12
; [10] line 7: LoadInt
;     dst=R1 value=3
L10:
    mov w0, #3
    mov w1, #3
    stp x0, x1, [x21, #0x10]
; [11] line 7: Return1
;     src=R1 | R1 integer 3 in x0, tag in x1
    ldp x30, x22, [x21, #-0x10]
    stp x0, x1, [x21, #-0x20]
    mov w25, #1
    ret
; [12] line 8: EqK
;     lhs=R0 rhs="short" when=0 target=16 | R0 unknown
L12:
    ldp x2, x3, [x21]
    ldr x11, [x23, #0x30]
    cmp x2, x11
    ccmp w3, #6, #0, eq
    b.ne L16
; [14] line 8: LoadInt
;     dst=R1 value=4
    mov w4, #4
    mov w5, #3
    stp x4, x5, [x21, #0x10]
; [15] line 8: Return1
;     src=R1 | R1 integer 4 in x4, tag in x5
    ldp x30, x22, [x21, #-0x10]
    stp x4, x5, [x21, #-0x20]
    mov w25, #1
    ret
; [16] line 9: EqK
;     lhs=R0 rhs=0.5 when=0 target=20 | R0 unknown
L16:
    mov w9, #0x10
    bl semantic[EqK]
    cbnz x0, L20
; [18] line 9: LoadInt
;     dst=R1 value=5
    mov w6, #5
    mov w7, #3
    stp x6, x7, [x21, #0x10]
; [19] line 9: Return1
;     src=R1 | R1 integer 5 in x6, tag in x7
    ldp x30, x22, [x21, #-0x10]
    stp x6, x7, [x21, #-0x20]
    mov w25, #1
    ret
; [20] line 10: Return0
L20:
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
; [8] out of line: the semantic function
C8:
    mov w9, #8
    bl semantic[EqK]
    cbnz x0, L12
    b L10
    nop
]==]
