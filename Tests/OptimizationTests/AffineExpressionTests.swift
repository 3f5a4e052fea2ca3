// Arithmetic of expressions that grow in a loop: everything is modulo a power of two, and a step is
// only divided if every phi's own step can be.

import LLVMKit
import Optimization
import TargetModel
import Testing

@Suite final class AffineExpressionTests {
    private let machine: TargetMachine
    private let module: IRModule
    /// Values of 32 and 64 bits that nothing is known about.
    private let x, y, wide: IRValue

    init() throws {
        machine = try TargetMachine(
            triple: "x86_64-linux-musl", cpu: "x86-64", features: "", level: .standard)
        module = IRModule(name: "test", for: machine)
        let types = module.types
        let function = module.addFunction(
            "values",
            type: types.function([types.i32, types.i32, types.i64], returning: types.i32),
            convention: .c, linkage: .hidden)
        (x, y, wide) = (function.parameter(0), function.parameter(1), function.parameter(2))
    }

    private func form(_ constant: UInt64, bits: Int = 32) -> LinearForm {
        LinearForm(constant: constant, bits: bits)
    }

    private func form(_ term: IRValue, times factor: UInt64 = 1, bits: Int = 32) -> LinearForm {
        LinearForm(term: term, bits: bits).multiplied(by: factor)
    }

    // Linear forms ---------------------------------------------------------------------------

    @Test(arguments: [(0, 0), (1, 1), (0x7FFF_FFFF, 0x7FFF_FFFF), (0x8000_0000, -0x8000_0000)])
    func constantsAreSigned(_ value: UInt64, _ signed: Int64) {
        #expect(form(value).signedConstant == signed)
    }

    @Test func constantsWrapAround() {
        #expect(form(0xFFFF_FFFF).adding(form(2)).signedConstant == 1)
        #expect(form(0x1_0000_0005).signedConstant == 5)
        #expect(form(.max, bits: 64).adding(form(2, bits: 64)).signedConstant == 1)
        #expect(form(0x8000_0000).multiplied(by: 2).signedConstant == 0)
    }

    @Test func sumsOfTermsHaveNoOrder() {
        let sum = form(x).adding(form(y, times: 3))
        #expect(sum == form(y, times: 3).adding(form(x)))
        #expect(sum != form(y).adding(form(x)))
        #expect(sum.signedConstant == nil)
    }

    @Test func termsCancelOut() {
        let sum = form(x, times: 5).adding(form(7))
        #expect(sum.adding(form(x), times: UInt64(bitPattern: -5)).signedConstant == 7)
        // 2^31 · 2 · x is 0 in 32 bits.
        #expect(form(x, times: 0x8000_0000).multiplied(by: 2).signedConstant == 0)
    }

    @Test func partsMustDivide() {
        let sum = form(x, times: 8).adding(form(12))
        #expect(sum.divided(by: 4) == form(x, times: 2).adding(form(3)))
        #expect(sum.divided(by: 8) == nil)
        #expect(form(UInt64(bitPattern: -12)).divided(by: 4)?.signedConstant == -3)
        #expect(form(x, times: UInt64(bitPattern: -8)).divided(by: 8) == form(x, times: .max))
    }

    @Test func lowBitsOfWiderTerms() {
        let sum = form(wide, times: 0x1_0000_0003, bits: 64).adding(form(0x1_0000_0009, bits: 64))
        #expect(sum.truncated(to: 32) == form(wide, times: 3).adding(form(9)))
        #expect(form(wide, times: 1 << 32, bits: 64).truncated(to: 32).signedConstant == 0)
    }

    // Expressions ----------------------------------------------------------------------------

    /// A phi of the given width that begins with `start` and grows by `step`; `x` is its name.
    private func phi(_ name: IRValue, _ start: LinearForm, by step: LinearForm)
        -> AffineExpression
    {
        AffineExpression(start).growing(name, by: step)
    }

    @Test func productsGrowFaster() {
        let counter = phi(x, form(3), by: form(2))
        #expect(counter.multiplied(by: 4).step.signedConstant == 8)
        #expect(counter.multiplied(by: 4).start.signedConstant == 12)
        #expect(counter.multiplied(by: 0x8000_0000).constant == -0x8000_0000)
        #expect(counter.multiplied(by: y)?.step == form(y, times: 2))
        #expect(counter.multiplied(by: y)?.start == form(y, times: 3))
        #expect(phi(x, form(y), by: form(2)).multiplied(by: y) == nil)
    }

    @Test func distancesAreConstantIfStepsAreEqual() {
        let counter = phi(x, form(y), by: form(4))
        let ahead = counter.adding(AffineExpression(constant: 12, bits: 32))
        #expect(counter.distance(to: ahead)?.signedConstant == 12)
        #expect(ahead.distance(to: counter)?.signedConstant == -12)
        #expect(counter.distance(to: counter.multiplied(by: 2)) == nil)
        #expect(counter.distance(to: phi(x, form(y, bits: 64), by: form(4, bits: 64))) == nil)
    }

    @Test func differencesStandStill() {
        let counter = phi(x, form(5), by: form(4))
        #expect(counter.adding(counter, times: .max).constant == 0)
        #expect(counter.constant == nil)
    }

    @Test func stepsAreDividedWhereTheyAreAdded() {
        let counter = phi(x, form(0), by: form(4))
        #expect(counter.step(dividedBy: 4)?.signedConstant == 1)
        #expect(counter.step(dividedBy: 3) == nil)
        // Twice a counter in steps of 1 grows by 2, but the counter cannot take half a step.
        let twice = phi(x, form(0), by: form(1)).multiplied(by: 2)
        #expect(twice.step.signedConstant == 2)
        #expect(twice.step(dividedBy: 2) == nil)
    }

    /// A byte of a number that grows by 260 grows by 4, but half of it by 130 and not by 2.
    @Test func stepsAreDividedBeforeTheyAreNarrowed() {
        let byte = phi(x, form(0), by: form(260)).truncated(to: 8)
        #expect(byte.step.signedConstant == 4)
        #expect(byte.step(dividedBy: 2)?.signedConstant == -126)
        let low = phi(wide, form(0, bits: 64), by: form(0x1_0000_0004, bits: 64)).truncated(to: 32)
        #expect(low.step.signedConstant == 4)
        #expect(low.step(dividedBy: 2)?.signedConstant == -0x7FFF_FFFE)
    }
}
