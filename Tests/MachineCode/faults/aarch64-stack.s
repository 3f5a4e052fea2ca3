// A frame that is not taken off, and one that is.

    .section .text.smelt.0, "ax", @progbits
kept:
    sub sp, sp, #32
    cbz w0, .Lout
    add sp, sp, #32
    ret
.Lout:
    ret                             // report: the stack pointer is -32 off

    .section .text.smelt.1, "ax", @progbits
right:
    stp x29, x30, [sp, #-16]!
    mov x29, sp
    sub sp, sp, #64
    bl right
    add sp, sp, #64
    ldp x29, x30, [sp], #16
    ret
