# Callers and functions that do not agree on who takes arguments off the stack.
    .intel_syntax noprefix

    .section .text.smelt.0, "ax", @progbits
takes24:
    ret 24

    .section .text.smelt.1, "ax", @progbits
reserves40:
    sub rsp, 40
    call takes24
    ret # report: the stack pointer is -16 off

    .section .text.smelt.2, "ax", @progbits
reserves24:
    sub rsp, 24
    call takes24
    ret

    .section .text.smelt.3, "ax", @progbits
tail:
    push rbx
    jmp reserves24 # report: the stack pointer is -8 off

    .section .text.smelt.4, "ax", @progbits
aligned:
    push rbp
    mov rbp, rsp
    and rsp, -32
    sub rsp, 96
    call reserves24
    mov rsp, rbp
    pop rbp
    ret

    .section .text.smelt.5, "ax", @progbits
probed:
    lea r11, [rsp - 40960]
1:  sub rsp, 4096
    mov qword ptr [rsp], 0
    cmp rsp, r11
    jne 1b
    add rsp, 40960
    ret
