// Integers that grow by the same amount with every iteration of a loop.
//
// sandbox: indifferent by itself. Arithmetic here wraps around as the program's does, and every use for an
// address is guarded by conditions of `VersionCheck` or `SearchLoops`.

package import LLVMKit

/// `start + step · k`, modulo 2^`bits`, in iteration `k` of a loop, counted from 0.
package struct AffineExpression {
    package private(set) var start: LinearForm
    /// The header's phis that make it grow, with what each adds to itself in an iteration.
    private var growth: [Growth] = []

    private struct Growth {
        let phi: IRValue
        var multiplier: UInt64
        /// In the width in which the phi grows, which may be more than the expression's.
        let step: LinearForm
    }

    package init(_ start: LinearForm) {
        self.start = start
    }

    package init(constant: UInt64, bits: Int) {
        start = LinearForm(constant: constant, bits: bits)
    }

    package var bits: Int { start.bits }

    package var step: LinearForm {
        growth.reduce(LinearForm(constant: 0, bits: bits)) {
            $0.adding($1.step.truncated(to: bits), times: $1.multiplier)
        }
    }

    /// The step if every phi grew by the `factor`-th part; nil if they cannot.
    package func step(dividedBy factor: Int) -> LinearForm? {
        var sum = LinearForm(constant: 0, bits: bits)
        for part in growth {
            guard let step = part.step.divided(by: factor) else { return nil }
            sum = sum.adding(step.truncated(to: bits), times: part.multiplier)
        }
        return sum
    }

    /// How far `other` is ahead in every iteration; nil if that is not always the same.
    package func distance(to other: AffineExpression) -> LinearForm? {
        guard bits == other.bits, step == other.step else { return nil }
        return other.start.adding(start, times: .max)
    }

    /// The value, if it is the same constant in every iteration, as a signed number.
    package var constant: Int64? { step.signedConstant == 0 ? start.signedConstant : nil }

    package func adding(_ other: AffineExpression, times factor: UInt64 = 1) -> AffineExpression {
        var sum = self
        sum.start = start.adding(other.start, times: factor)
        for part in other.growth {
            let multiplier = part.multiplier &* factor
            if let index = sum.growth.firstIndex(where: {
                $0.phi == part.phi && $0.step == part.step
            }) {
                sum.growth[index].multiplier &+= multiplier
            } else {
                sum.growth.append(
                    Growth(phi: part.phi, multiplier: multiplier, step: part.step))
            }
        }
        return sum
    }

    package func multiplied(by factor: UInt64) -> AffineExpression {
        AffineExpression(constant: 0, bits: bits).adding(self, times: factor)
    }

    /// The product with a value from outside the loop. Nil if that is not seen to be affine: it
    /// must begin with a constant, and grow by one that nothing can be lost of.
    package func multiplied(by value: IRValue) -> AffineExpression? {
        guard let first = start.signedConstant else { return nil }
        let factor = LinearForm(term: value, bits: bits)
        var product = AffineExpression(factor.multiplied(by: UInt64(bitPattern: first)))
        for part in growth {
            guard let step = part.step.signedConstant, step.magnitude < 1 << 20,
                part.multiplier < 1 << 10
            else { return nil }
            product.growth.append(
                Growth(
                    phi: part.phi, multiplier: part.multiplier,
                    step: factor.multiplied(by: UInt64(bitPattern: step))))
        }
        return product
    }

    /// What a phi of the header is that begins as this and grows by `step`.
    package func growing(_ phi: IRValue, by step: LinearForm) -> AffineExpression {
        var copy = self
        copy.growth.append(Growth(phi: phi, multiplier: 1, step: step))
        return copy
    }

    /// The low bits. The phis go on growing in all of theirs: a part of what they lose here may
    /// be a bit that counts when their step is divided.
    package func truncated(to bits: Int) -> AffineExpression {
        var result = AffineExpression(start.truncated(to: bits))
        result.growth = growth
        return result
    }

    /// Emits the value in iteration `iteration`, an i64.
    ///
    /// - Parameter copies: what stands for values of the loop around.
    package func value(
        in iteration: IRValue, _ builder: IRBuilder, _ types: IRTypes,
        _ copies: [IRValue: IRValue] = [:]
    ) -> IRValue {
        let start = start.emit(builder, types, copies)
        if step.signedConstant == 0 { return start }
        let count =
            bits < 64 ? builder.trunc(iteration, to: types.integer(bits: bits)) : iteration
        return builder.add(start, builder.mul(count, step.emit(builder, types, copies)))
    }
}
