# Addresses that the guest could choose beyond its memory.
    .intel_syntax noprefix

    .section .text.smelt.0, "ax", @progbits
scaled:
    mov eax, edi
    mov eax, dword ptr [4*rax + smelt_memory_0_base] # report: reaches from 0x0 to 0x3fffffffc of its memory
    ret

    .section .text.smelt.1, "ax", @progbits
signed:
    movsxd rax, edi
    mov eax, dword ptr [rax + smelt_memory_0_base] # report: reaches from -0x80000000 to 0x7fffffff of its memory
    ret

    .section .text.smelt.2, "ax", @progbits
parameter:
    mov eax, dword ptr [rdi + smelt_memory_0_base] # report: nothing bounds the address
    ret

    .section .text.smelt.3, "ax", @progbits
segment:
    mov eax, edi
    add rax, rax
    mov eax, dword ptr gs:[rax] # report: reaches from 0x0 to 0x1fffffffe of its memory
    ret

    .section .text.smelt.4, "ax", @progbits
right:
    movzx eax, dil
    mov eax, dword ptr [4*rax + smelt_memory_0_base]
    shl edi, 2
    mov eax, dword ptr [rdi + smelt_memory_0_base]
    mov eax, esi
    shr eax, 3
    mov eax, dword ptr [8*rax + smelt_memory_0_base]
    mov eax, esi
    cmp eax, 100
    ja 1f
    mov eax, dword ptr gs:[8*rax + 16]
1:  ret

# report: addresses are relative to gs, which the program does not set
    .section .rodata, "a", @progbits
smelt_program:
    .zero 96
