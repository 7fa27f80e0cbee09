-- A loop by backward jump: a poll at its end.
local function count(n)
  local i = 0
  while i < n do i = i + 1 end
  return i
end
--[==[ Machine code, written by tests/golden/run.py --bless
; function stdin:2, 8 words of bytecode, 224 bytes of machine code
; exact entry
    stp x30, x10, [x21, #-0x10]
E.1:
    ldr x9, [x20]
    cmp x21, x9
    b.hi C0
; [0] line 3: LoadInt
;     dst=R1 value=0
L0:
    mov w0, #3
    stp xzr, x0, [x21, #0x10]
; [1] line 4: Lt
;     lhs=R1 rhs=R0 when=0 target=6 | R1 integer; R0 unknown
    ldr x19, [x21, #0x10]
    ldr x27, [x21]
    ldr x28, [x21, #8]
L1.1:
    cmp w28, #3
    b.ne C1
    cmp x19, x27
    b.ge L6
; [3] line 4: AddK
;     dst=R1 lhs=R1 rhs=1 | over R1, whose tag is integer; R1 integer in x19 (home)
L3:
    add x19, x19, #1
    str x19, [x21, #0x10]
; [4] line 4: LoopJump
;     loop=0 target=1
    ldr w12, [x20, #8]
    cbz w12, L1.1
    b C4
; [6] line 5: Return1
;     src=R1 | R1 integer
L6:
    ldp x30, x22, [x21, #-0x10]
    ldp x9, x10, [x21, #0x10]
    stp x9, x10, [x21, #-0x20]
    mov w25, #1
    ret
; [7] line 6: Return0
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
; [1] out of line: operands of other types, then the semantic function
C1:
    ldr w10, [x21, #0x18]
    cmp w10, #4
    ccmp w28, #4, #0, eq
    b.ne C1.1
    ldr d0, [x21, #0x10]
    ldr d1, [x21]
    fcmp d0, d1
    b.pl L6
    b L3
C1.1:
    mov w9, #1
    bl semantic[Lt]
    ldr x19, [x21, #0x10]
    ldr x27, [x21]
    ldr x28, [x21, #8]
    cbnz x0, L6
    b L3
; [4] out of line: a poll
C4:
    mov w9, #4
    bl poll
    ldr x19, [x21, #0x10]
    ldr x27, [x21]
    ldr x28, [x21, #8]
    b L1.1
]==]
