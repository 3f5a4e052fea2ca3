; The choice of -0 and 0 by `-0 < 0` is 0; the instruction's is -0.
;
; run: llc-22 -mtriple=aarch64-linux-musl -O2
; wrong: fminnm

define double @f(double %x) {
  %less = fcmp olt double %x, 0.0
  %result = select i1 %less, double %x, double 0.0
  ret double %result
}
