;; Vector instructions that machines have: one or two instructions each, on both.
(module
  (func $swizzle (param v128 v128) (result v128) (i8x16.swizzle (local.get 0) (local.get 1)))
  (func $relaxed_swizzle (param v128 v128) (result v128)
    (i8x16.relaxed_swizzle (local.get 0) (local.get 1)))
  (func $interleave (param v128 v128) (result v128)
    (i8x16.shuffle 0 16 1 17 2 18 3 19 4 20 5 21 6 22 7 23 (local.get 0) (local.get 1)))
  (func $concatenate (param v128 v128) (result v128)
    (i8x16.shuffle 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 (local.get 0) (local.get 1)))
  (func $reverse_words (param v128) (result v128)
    (i8x16.shuffle 12 13 14 15 8 9 10 11 4 5 6 7 0 1 2 3 (local.get 0) (local.get 0)))
  (func $narrow_i16_signed (param v128 v128) (result v128)
    (i8x16.narrow_i16x8_s (local.get 0) (local.get 1)))
  (func $narrow_i16_unsigned (param v128 v128) (result v128)
    (i8x16.narrow_i16x8_u (local.get 0) (local.get 1)))
  (func $narrow_i32_signed (param v128 v128) (result v128)
    (i16x8.narrow_i32x4_s (local.get 0) (local.get 1)))
  (func $narrow_i32_unsigned (param v128 v128) (result v128)
    (i16x8.narrow_i32x4_u (local.get 0) (local.get 1)))
  (func $dot (param v128 v128) (result v128)
    (i32x4.dot_i16x8_s (local.get 0) (local.get 1)))
  (func $multiply_wide_i16 (param v128 v128) (result v128)
    (i32x4.extmul_low_i16x8_s (local.get 0) (local.get 1)))
  (func $multiply_wide_i32 (param v128 v128) (result v128)
    (i64x2.extmul_low_i32x4_u (local.get 0) (local.get 1)))
  (func $add_pairwise (param v128) (result v128)
    (i16x8.extadd_pairwise_i8x16_u (local.get 0)))
  (func $average (param v128 v128) (result v128) (i8x16.avgr_u (local.get 0) (local.get 1)))
  (func $saturate (param v128 v128) (result v128)
    (i16x8.add_sat_s (local.get 0) (local.get 1)))
  (func $bitmask (param v128) (result i32) (i8x16.bitmask (local.get 0)))
  (func $any_true (param v128) (result i32) (v128.any_true (local.get 0)))
  (func $absolute (param v128) (result v128) (i32x4.abs (local.get 0)))
  (func $pseudo_minimum (param v128 v128) (result v128)
    (f32x4.pmin (local.get 0) (local.get 1)))
  (func $nearest (param v128) (result v128) (f64x2.nearest (local.get 0)))
  (func $multiply_q15 (param v128 v128) (result v128)
    (i16x8.q15mulr_sat_s (local.get 0) (local.get 1))))

;;; Assembly
x86_64-linux-musl
  f0
    paddusb .LCPI0_0(%rip), %xmm1
    pshufb %xmm1, %xmm0
    retq
  f1
    pshufb %xmm1, %xmm0
    retq
  f2
    punpcklbw %xmm1, %xmm0
    retq
  f3
    palignr $5, %xmm0, %xmm1
    movdqa %xmm1, %xmm0
    retq
  f4
    pshufd $27, %xmm0, %xmm0
    retq
  f5
    packsswb %xmm1, %xmm0
    retq
  f6
    packuswb %xmm1, %xmm0
    retq
  f7
    packssdw %xmm1, %xmm0
    retq
  f8
    packusdw %xmm1, %xmm0
    retq
  f9
    pmaddwd %xmm1, %xmm0
    retq
  f10
    pmovzxwd %xmm1, %xmm1
    pmovzxwd %xmm0, %xmm0
    pmaddwd %xmm1, %xmm0
    retq
  f11
    pmovzxdq %xmm1, %xmm1
    pmovzxdq %xmm0, %xmm0
    pmuludq %xmm1, %xmm0
    retq
  f12
    pmaddubsw .LCPI12_0(%rip), %xmm0
    retq
  f13
    pavgb %xmm1, %xmm0
    retq
  f14
    paddsw %xmm1, %xmm0
    retq
  f15
    pmovmskb %xmm0, %eax
    retq
  f16
    xorl %eax, %eax
    ptest %xmm0, %xmm0
    setne %al
    retq
  f17
    pabsd %xmm0, %xmm0
    retq
  f18
    minps %xmm0, %xmm1
    movaps %xmm1, %xmm0
    retq
  f19
    roundpd $8, %xmm0, %xmm0
    retq
  f20
    pmulhrsw %xmm1, %xmm0
    movdqa .LCPI20_0(%rip), %xmm1
    pcmpeqw %xmm0, %xmm1
    pxor %xmm1, %xmm0
    retq
aarch64-linux-musl
  f0
    tbl v0.16b, { v0.16b }, v1.16b
    ret
  f1
    tbl v0.16b, { v0.16b }, v1.16b
    ret
  f2
    zip1 v0.16b, v0.16b, v1.16b
    ret
  f3
    ext v0.16b, v0.16b, v1.16b, #5
    ret
  f4
    rev64 v0.4s, v0.4s
    ext v0.16b, v0.16b, v0.16b, #8
    ret
  f5
    sqxtn v0.8b, v0.8h
    sqxtn2 v0.16b, v1.8h
    ret
  f6
    sqxtun v0.8b, v0.8h
    sqxtun2 v0.16b, v1.8h
    ret
  f7
    sqxtn v0.4h, v0.4s
    sqxtn2 v0.8h, v1.4s
    ret
  f8
    sqxtun v0.4h, v0.4s
    sqxtun2 v0.8h, v1.4s
    ret
  f9
    smull v2.4s, v0.4h, v1.4h
    smull2 v0.4s, v0.8h, v1.8h
    addp v0.4s, v2.4s, v0.4s
    ret
  f10
    smull v0.4s, v0.4h, v1.4h
    ret
  f11
    umull v0.2d, v0.2s, v1.2s
    ret
  f12
    uaddlp v0.8h, v0.16b
    ret
  f13
    urhadd v0.16b, v0.16b, v1.16b
    ret
  f14
    sqadd v0.8h, v0.8h, v1.8h
    ret
  f15
    adrp x8, .LCPI15_0
    cmlt v0.16b, v0.16b, #0
    ldr q1, [x8, :lo12:.LCPI15_0]
    and v0.16b, v0.16b, v1.16b
    ext v1.16b, v0.16b, v0.16b, #8
    zip1 v0.16b, v0.16b, v1.16b
    addv h0, v0.8h
    fmov w0, s0
    ret
  f16
    mov x8, v0.d[1]
    fmov x9, d0
    orr x8, x9, x8
    cmp x8, #0
    cset w0, ne
    ret
  f17
    abs v0.4s, v0.4s
    ret
  f18
    fcmgt v2.4s, v0.4s, v1.4s
    bit v0.16b, v1.16b, v2.16b
    ret
  f19
    frintn v0.2d, v0.2d
    ret
  f20
    sqrdmulh v0.8h, v0.8h, v1.8h
    ret
