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
  swizzle
    paddusb .LCPI0_0(%rip), %xmm1
    pshufb %xmm1, %xmm0
    retq
  relaxed_swizzle
    pshufb %xmm1, %xmm0
    retq
  interleave
    punpcklbw %xmm1, %xmm0
    retq
  concatenate
    palignr $5, %xmm0, %xmm1
    movdqa %xmm1, %xmm0
    retq
  reverse_words
    pshufd $27, %xmm0, %xmm0
    retq
  narrow_i16_signed
    packsswb %xmm1, %xmm0
    retq
  narrow_i16_unsigned
    packuswb %xmm1, %xmm0
    retq
  narrow_i32_signed
    packssdw %xmm1, %xmm0
    retq
  narrow_i32_unsigned
    packusdw %xmm1, %xmm0
    retq
  dot
    pmaddwd %xmm1, %xmm0
    retq
  multiply_wide_i16
    pmovzxwd %xmm1, %xmm1
    pmovzxwd %xmm0, %xmm0
    pmaddwd %xmm1, %xmm0
    retq
  multiply_wide_i32
    pmovzxdq %xmm1, %xmm1
    pmovzxdq %xmm0, %xmm0
    pmuludq %xmm1, %xmm0
    retq
  add_pairwise
    pmaddubsw .LCPI12_0(%rip), %xmm0
    retq
  average
    pavgb %xmm1, %xmm0
    retq
  saturate
    paddsw %xmm1, %xmm0
    retq
  bitmask
    pmovmskb %xmm0, %eax
    retq
  any_true
    xorl %eax, %eax
    ptest %xmm0, %xmm0
    setne %al
    retq
  absolute
    pabsd %xmm0, %xmm0
    retq
  pseudo_minimum
    minps %xmm0, %xmm1
    movaps %xmm1, %xmm0
    retq
  nearest
    roundpd $8, %xmm0, %xmm0
    retq
  multiply_q15
    pmulhrsw %xmm1, %xmm0
    movdqa .LCPI20_0(%rip), %xmm1
    pcmpeqw %xmm0, %xmm1
    pxor %xmm1, %xmm0
    retq
aarch64-linux-musl
  swizzle
    tbl v0.16b, { v0.16b }, v1.16b
    ret
  relaxed_swizzle
    tbl v0.16b, { v0.16b }, v1.16b
    ret
  interleave
    zip1 v0.16b, v0.16b, v1.16b
    ret
  concatenate
    ext v0.16b, v0.16b, v1.16b, #5
    ret
  reverse_words
    rev64 v0.4s, v0.4s
    ext v0.16b, v0.16b, v0.16b, #8
    ret
  narrow_i16_signed
    sqxtn v0.8b, v0.8h
    sqxtn2 v0.16b, v1.8h
    ret
  narrow_i16_unsigned
    sqxtun v0.8b, v0.8h
    sqxtun2 v0.16b, v1.8h
    ret
  narrow_i32_signed
    sqxtn v0.4h, v0.4s
    sqxtn2 v0.8h, v1.4s
    ret
  narrow_i32_unsigned
    sqxtun v0.4h, v0.4s
    sqxtun2 v0.8h, v1.4s
    ret
  dot
    smull v2.4s, v0.4h, v1.4h
    smull2 v0.4s, v0.8h, v1.8h
    addp v0.4s, v2.4s, v0.4s
    ret
  multiply_wide_i16
    smull v0.4s, v0.4h, v1.4h
    ret
  multiply_wide_i32
    umull v0.2d, v0.2s, v1.2s
    ret
  add_pairwise
    uaddlp v0.8h, v0.16b
    ret
  average
    urhadd v0.16b, v0.16b, v1.16b
    ret
  saturate
    sqadd v0.8h, v0.8h, v1.8h
    ret
  bitmask
    adrp x8, .LCPI15_0
    cmlt v0.16b, v0.16b, #0
    ldr q1, [x8, :lo12:.LCPI15_0]
    and v0.16b, v0.16b, v1.16b
    ext v1.16b, v0.16b, v0.16b, #8
    zip1 v0.16b, v0.16b, v1.16b
    addv h0, v0.8h
    fmov w0, s0
    ret
  any_true
    mov x8, v0.d[1]
    fmov x9, d0
    orr x8, x9, x8
    cmp x8, #0
    cset w0, ne
    ret
  absolute
    abs v0.4s, v0.4s
    ret
  pseudo_minimum
    fcmgt v2.4s, v0.4s, v1.4s
    bit v0.16b, v1.16b, v2.16b
    ret
  nearest
    frintn v0.2d, v0.2d
    ret
  multiply_q15
    sqrdmulh v0.8h, v0.8h, v1.8h
    ret
