; The code generator ends.
;
; run: llc-22 -mtriple=x86_64-linux-musl -O2
; fails

define <2 x float> @f(<2 x float> %x) {
  %result = call <2 x float> @llvm.canonicalize.v2f32(<2 x float> %x)
  ret <2 x float> %result
}
