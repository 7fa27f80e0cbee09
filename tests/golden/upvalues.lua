-- Closures are made inline from the second on; open variables are reached through their upvalues.
local function counter(n)
  local function get() return n end
  local function set(v) n = v end
  return get, set
end
local function in_loop()
  for i = 1, 3 do
    local function f() return i end
  end
end
--[==[ Machine code, written by tests/golden/run.py --bless
; function stdin:2, 6 words of bytecode, 288 bytes of machine code
; exact entry
    stp x30, x10, [x21, #-0x10]
E.1:
    ldr x9, [x20]
    cmp x21, x9
    b.hi C0
; [0] line 3: Closure
;     dst=R1 child=F0
L0:
    ldur x12, [x23, #-0x38]
    ldr x12, [x12]
    mov w13, #1
    bl new_closure
    cbz x25, C0b
    add x11, x21, #0
    bl open_upvalue
    str x12, [x25, #0x18]
    mov w10, #8
    stp x25, x10, [x21, #0x10]
; [1] line 4: Closure
;     dst=R2 child=F1
L1:
    ldur x12, [x23, #-0x38]
    ldr x12, [x12, #8]
    mov w13, #1
    bl new_closure
    cbz x25, C1
    add x11, x21, #0
    bl open_upvalue
    str x12, [x25, #0x18]
    mov w10, #8
    stp x25, x10, [x21, #0x20]
; [2] line 5: Move
;     dst=R3 src=R1 | R1 Lua function
L2:
    ldp x0, x1, [x21, #0x10]
    stp x0, x1, [x21, #0x30]
; [3] line 5: Move
;     dst=R4 src=R2 | R2 Lua function
    ldp x2, x3, [x21, #0x20]
    stp x2, x3, [x21, #0x40]
; [4] line 5: Return
;     first=R3 count=2 flags=close | R3 Lua function
    ldr x10, [x20, #0x58]
    ldr w12, [x10, #0x60]
    ldr x11, [x10, #0x50]
    cbnz w12, C4
    cbz x11, L4.1
    add x9, x21, #0
    bl close_upvalues
L4.1:
    ldp x30, x22, [x21, #-0x10]
    ldp x9, x10, [x21, #0x30]
    stp x9, x10, [x21, #-0x20]
    ldp x9, x10, [x21, #0x40]
    stp x9, x10, [x21, #-0x10]
    mov w25, #2
    ret
; [5] line 6: Return
;     first=R0 count=0 flags=close | R0 unknown
    ldr x10, [x20, #0x58]
    ldr w12, [x10, #0x60]
    ldr x11, [x10, #0x50]
    cbnz w12, C5
    cbz x11, L5.1
    add x9, x21, #0
    bl close_upvalues
L5.1:
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
    bl semantic[Closure]
    b L1
; [1] out of line: the semantic function
C1:
    mov w9, #1
    bl semantic[Closure]
    b L2
; [4] out of line: the semantic function
C4:
    mov w9, #4
    bl semantic[Return]
    b L4.1
; [5] out of line: the semantic function
C5:
    mov w9, #5
    bl semantic[Return]
    b L5.1

; function stdin:3, 3 words of bytecode, 80 bytes of machine code
; exact entry
    stp x30, x10, [x21, #-0x10]
    ldr x9, [x20]
    cmp x21, x9
    b.hi C0
; [0] line 3: GetUpval
;     dst=R0 index=U0
L0:
    ldur x0, [x21, #-0x20]
    ldr x9, [x0, #0x18]
    ldr x9, [x9, #8]
    ldp x1, x2, [x9]
    stp x1, x2, [x21]
; [1] line 3: Return1
;     src=R0 | R0 unknown in x1, tag in x2
    ldp x30, x22, [x21, #-0x10]
    stp x1, x2, [x21, #-0x20]
    mov w25, #1
    ret
; [2] line 3: Return0
    ldp x30, x22, [x21, #-0x10]
    mov w25, #0
    ret
; [0] out of line: a full stack, a poll; the entry for any number of arguments
C0:
    mov w25, #0
    bl enter_slow
    b L0
    nop

; function stdin:4, 2 words of bytecode, 80 bytes of machine code
; exact entry
    stp x30, x10, [x21, #-0x10]
E.1:
    ldr x9, [x20]
    cmp x21, x9
    b.hi C0
; [0] line 4: SetUpval
;     src=R0 index=U0 | R0 unknown
L0:
    ldur x0, [x21, #-0x20]
    ldr x9, [x0, #0x18]
    ldr x9, [x9, #8]
    ldp x1, x2, [x21]
    stp x1, x2, [x9]
; [1] line 4: Return0
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

; function stdin:7, 10 words of bytecode, 280 bytes of machine code
; exact entry
    stp x30, x10, [x21, #-0x10]
    ldr x9, [x20]
    cmp x21, x9
    b.hi C0
; [0] line 8: LoadInt
;     dst=R0 value=1
L0:
    mov w0, #1
    mov w1, #3
    stp x0, x1, [x21]
; [1] line 8: LoadInt
;     dst=R1 value=3
    mov w2, #3
    stp x2, x1, [x21, #0x10]
; [2] line 8: LoadInt
;     dst=R2 value=1
    mov w3, #1
    stp x3, x1, [x21, #0x20]
; [3] line 8: ForPrep
;     base=R0 exit=9 | R0 integer 1; R1 integer 3; R2 integer 1
    mov w4, #1
    mov w5, #3
    cmp x4, x5
    b.gt L9
    sub x6, x5, x4
    str x6, [x21, #0x10]
    stp x4, x1, [x21, #0x30]
; [5] line 9: Closure
;     dst=R4 child=F0
L5:
    ldur x12, [x23, #-0x38]
    ldr x12, [x12]
    mov w13, #1
    bl new_closure
    cbz x25, C5
    add x11, x21, #0x30
    bl open_upvalue
    str x12, [x25, #0x18]
    mov w10, #8
    stp x25, x10, [x21, #0x40]
; [6] line 9: Close
;     first=R3 | R3 likely integer
L6:
    ldr x10, [x20, #0x58]
    ldr w12, [x10, #0x60]
    ldr x11, [x10, #0x50]
    cbnz w12, C6
    cbz x11, L7
    add x9, x21, #0x30
    bl close_upvalues
; [7] line 8: ForLoop
;     base=R0 loop=0 body=5 | R0 integer; R1 integer; R2 integer
L7:
    ldr x7, [x21, #0x10]
    ldr x1, [x21]
    cbz x7, L9
    sub x0, x7, #1
    str x0, [x21, #0x10]
    add x2, x1, #1
    str x2, [x21]
    mov w3, #3
    stp x2, x3, [x21, #0x30]
    ldr w12, [x20, #8]
    cbz w12, L5
    b C7
; [9] line 11: Return0
L9:
    ldp x30, x22, [x21, #-0x10]
    mov w25, #0
    ret
; [0] out of line: a full stack, a poll; the entry for any number of arguments
C0:
    mov w25, #0
    bl enter_slow
    b L0
; [3] out of line: the semantic function
    mov w9, #3
    bl semantic[ForPrep]
    cbnz x0, L9
    mov w1, #3
    ldr x4, [x21]
    ldr x6, [x21, #0x10]
    b L5
; [5] out of line: the semantic function
C5:
    mov w9, #5
    bl semantic[Closure]
    b L6
; [6] out of line: the semantic function
C6:
    mov w9, #6
    bl semantic[Close]
    b L7
; [7] out of line: a poll
C7:
    mov w9, #7
    bl poll
    b L5
    nop

; function stdin:9, 3 words of bytecode, 80 bytes of machine code
; exact entry
    stp x30, x10, [x21, #-0x10]
    ldr x9, [x20]
    cmp x21, x9
    b.hi C0
; [0] line 9: GetUpval
;     dst=R0 index=U0
L0:
    ldur x0, [x21, #-0x20]
    ldr x9, [x0, #0x18]
    ldr x9, [x9, #8]
    ldp x1, x2, [x9]
    stp x1, x2, [x21]
; [1] line 9: Return1
;     src=R0 | R0 unknown in x1, tag in x2
    ldp x30, x22, [x21, #-0x10]
    stp x1, x2, [x21, #-0x20]
    mov w25, #1
    ret
; [2] line 9: Return0
    ldp x30, x22, [x21, #-0x10]
    mov w25, #0
    ret
; [0] out of line: a full stack, a poll; the entry for any number of arguments
C0:
    mov w25, #0
    bl enter_slow
    b L0
    nop
]==]
