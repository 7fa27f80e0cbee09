-- Upvalues are closed inline while no variables are to be closed.
local function close(a)
  local x <close> = a
  return 1
end
local function leave(a)
  do
    local x <close> = a
  end
  while a do
    local n = a
    local function f() return n end
    if f() then break end
  end
end
--[==[ Machine code, written by tests/golden/run.py --bless
; function stdin:2, 5 words of bytecode, 192 bytes of machine code
; exact entry
    stp x30, x10, [x21, #-0x10]
E.1:
    ldr x9, [x20]
    cmp x21, x9
    b.hi C0
; [0] line 3: Move
;     dst=R1 src=R0 | R0 unknown
L0:
    ldp x0, x1, [x21]
    stp x0, x1, [x21, #0x10]
; [1] line 3: Tbc
;     var=R1 | R1 unknown
    mov w9, #1
    bl semantic[Tbc]
; [2] line 4: LoadInt
;     dst=R2 value=1
    mov w2, #1
    mov w3, #3
    stp x2, x3, [x21, #0x20]
; [3] line 4: Return
;     first=R2 count=1 flags=close | R2 integer 1
    ldr x10, [x20, #0x58]
    ldr w12, [x10, #0x60]
    ldr x11, [x10, #0x50]
    cbnz w12, C3
    cbz x11, L3.1
    add x9, x21, #0
    bl close_upvalues
L3.1:
    ldp x30, x22, [x21, #-0x10]
    ldp x9, x10, [x21, #0x20]
    stp x9, x10, [x21, #-0x20]
    mov w25, #1
    ret
; [4] line 5: Return
;     first=R0 count=0 flags=close | R0 unknown
    ldr x10, [x20, #0x58]
    ldr w12, [x10, #0x60]
    ldr x11, [x10, #0x50]
    cbnz w12, C4
    cbz x11, L4.1
    add x9, x21, #0
    bl close_upvalues
L4.1:
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
; [3] out of line: the semantic function
C3:
    mov w9, #3
    bl semantic[Return]
    b L3.1
; [4] out of line: the semantic function
C4:
    mov w9, #4
    bl semantic[Return]
    b L4.1
    nop

; function stdin:6, 19 words of bytecode, 392 bytes of machine code
; exact entry
    stp x30, x10, [x21, #-0x10]
E.1:
    ldr x9, [x20]
    cmp x21, x9
    b.hi C0
; [0] line 8: Move
;     dst=R1 src=R0 | R0 unknown
L0:
    ldp x0, x1, [x21]
    stp x0, x1, [x21, #0x10]
; [1] line 8: Tbc
;     var=R1 | R1 unknown
    mov w9, #1
    bl semantic[Tbc]
; [2] line 8: Close
;     first=R1 | R1 unknown
    ldr x10, [x20, #0x58]
    ldr w12, [x10, #0x60]
    ldr x11, [x10, #0x50]
    cbnz w12, C2
    cbz x11, L3
    add x9, x21, #0x10
    bl close_upvalues
; [3] line 10: Test
;     src=R0 when=0 target=18 | R0 unknown
L3:
    ldr w2, [x21, #8]
    cmp w2, #1
    b.ls L18
; [5] line 11: Move
;     dst=R1 src=R0 | R0 unknown tag in x2
    ldp x3, x4, [x21]
    stp x3, x4, [x21, #0x10]
; [6] line 12: Closure
;     dst=R2 child=F0
    ldur x12, [x23, #-0x38]
    ldr x12, [x12]
    mov w13, #1
    bl new_closure
    cbz x25, C6
    add x11, x21, #0x10
    bl open_upvalue
    str x12, [x25, #0x18]
    mov w10, #8
    stp x25, x10, [x21, #0x20]
; [7] line 13: Move
;     dst=R3 src=R2 | R2 Lua function
L7:
    ldp x5, x6, [x21, #0x20]
    stp x5, x6, [x21, #0x30]
; [8] line 13: Call
;     func=R3 args=0 results=1 site=0 | R3 Lua function in x5, tag in x6
    ldr x11, D
    ldp x14, x10, [x11]
    add x21, x21, #0x50
    ldp x23, x13, [x5, #8]
    ldp x14, x15, [x14]
    cmp x13, x14
    b.ne C8
    blr x15
L8.1:
    cbnz w25, L8.2
    stp xzr, xzr, [x21, #-0x20]
L8.2:
    sub x21, x21, #0x50
    ldur x7, [x21, #-0x20]
    ldr x23, [x7, #8]
; [10] line 13: Test
;     src=R3 when=0 target=15 | R3 likely Lua function
    ldr w0, [x21, #0x38]
    cmp w0, #1
    b.ls L15
; [12] line 13: Close
;     first=R1 | R1 unknown
    ldr x10, [x20, #0x58]
    ldr w12, [x10, #0x60]
    ldr x11, [x10, #0x50]
    cbnz w12, C12
    cbz x11, L13
    add x9, x21, #0x10
    bl close_upvalues
; [13] line 13: Jump
;     target=18
L13:
    b L18
; [15] line 13: Close
;     first=R1 | R1 unknown
L15:
    ldr x10, [x20, #0x58]
    ldr w12, [x10, #0x60]
    ldr x11, [x10, #0x50]
    cbnz w12, C15
    cbz x11, L16
    add x9, x21, #0x10
    bl close_upvalues
; [16] line 13: LoopJump
;     loop=0 target=3
L16:
    ldr w12, [x20, #8]
    cbz w12, L3
    b C16
; [18] line 15: Return0
L18:
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
; [2] out of line: the semantic function
C2:
    mov w9, #2
    bl semantic[Close]
    b L3
; [6] out of line: the semantic function
C6:
    mov w9, #6
    bl semantic[Closure]
    b L7
; [8] out of line: a callee that the site is not linked to
C8:
    mov w25, #0
    bl call
    b L8.1
; [12] out of line: the semantic function
C12:
    mov w9, #0xc
    bl semantic[Close]
    b L13
; [15] out of line: the semantic function
C15:
    mov w9, #0xf
    bl semantic[Close]
    b L16
; [16] out of line: a poll
C16:
    mov w9, #0x10
    bl poll
    b L3
    nop
D:
    slot of call site 0

; function stdin:12, 3 words of bytecode, 80 bytes of machine code
; exact entry
    stp x30, x10, [x21, #-0x10]
    ldr x9, [x20]
    cmp x21, x9
    b.hi C0
; [0] line 12: GetUpval
;     dst=R0 index=U0
L0:
    ldur x0, [x21, #-0x20]
    ldr x9, [x0, #0x18]
    ldr x9, [x9, #8]
    ldp x1, x2, [x9]
    stp x1, x2, [x21]
; [1] line 12: Return1
;     src=R0 | R0 unknown in x1, tag in x2
    ldp x30, x22, [x21, #-0x10]
    stp x1, x2, [x21, #-0x20]
    mov w25, #1
    ret
; [2] line 12: Return0
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
