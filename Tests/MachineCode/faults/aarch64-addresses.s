// Addresses that the guest could choose beyond its memory.

    .section .text.smelt.0, "ax", @progbits
scaled:
    adrp x8, smelt_memory_0_base
    add x8, x8, :lo12:smelt_memory_0_base
    ldr w0, [x8, w0, uxtw #2]       // report: reaches from 0x0 to 0x3fffffffc of its memory
    ret

    .section .text.smelt.1, "ax", @progbits
signed:
    adrp x8, smelt_memory_0_base
    add x8, x8, :lo12:smelt_memory_0_base
    ldr w0, [x8, w0, sxtw]          // report: reaches from -0x80000000 to 0x7fffffff of its memory
    ret

    .section .text.smelt.2, "ax", @progbits
shifted:
    adrp x8, smelt_memory_0_base
    add x8, x8, :lo12:smelt_memory_0_base
    mov w9, w0
    str x1, [x8, x9, lsl #3]        // report: reaches from 0x0 to 0x7fffffff8 of its memory
    ret

    .section .text.smelt.3, "ax", @progbits
parameter:
    adrp x8, smelt_memory_0_base
    add x8, x8, :lo12:smelt_memory_0_base
    ldrb w0, [x8, x0]               // report: nothing bounds the address
    ret

    .section .text.smelt.4, "ax", @progbits
added:
    adrp x8, smelt_memory_0_base
    add x8, x8, :lo12:smelt_memory_0_base
    add x8, x8, w0, uxtw #2
    ldr w0, [x8, #16]               // report: reaches from 0x10 to 0x40000000c of its memory
    ret

    .section .text.smelt.5, "ax", @progbits
right:
    adrp x8, smelt_memory_0_base
    add x8, x8, :lo12:smelt_memory_0_base
    and w9, w0, #0xff
    ldr w1, [x8, w9, uxtw #2]
    lsl w9, w0, #2
    ldr w1, [x8, w9, uxtw]
    mov w9, w0
    cmp w9, #100
    b.hi .Lout
    ldr w1, [x8, x9, lsl #2]
.Lout:
    ret
