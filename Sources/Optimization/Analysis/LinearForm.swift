// Sums of values from outside a loop.
//
// sandbox: indifferent by itself; the same as for `AffineExpression`, which is made of these.

package import LLVMKit

/// `constant + Σ multiplier · term`, modulo 2^`bits`. Terms are values from outside the loop; wider
/// ones count by their low bits.
package struct LinearForm: Equatable {
    package let bits: Int
    private var terms: [Term] = []
    private var constant: UInt64

    private struct Term: Equatable {
        let value: IRValue
        var multiplier: UInt64
    }

    package init(constant: UInt64, bits: Int) {
        self.bits = bits
        self.constant = constant & Self.mask(bits)
    }

    package init(term: IRValue, bits: Int) {
        self.init(constant: 0, bits: bits)
        terms = [Term(value: term, multiplier: 1)]
    }

    private static func mask(_ bits: Int) -> UInt64 {
        bits == 64 ? .max : (1 << UInt64(bits)) - 1
    }

    /// Terms may stand in any order.
    package static func == (a: LinearForm, b: LinearForm) -> Bool {
        a.bits == b.bits && a.constant == b.constant && a.terms.count == b.terms.count
            && a.terms.allSatisfy(b.terms.contains)
    }

    /// The value as a signed number, if it is constant.
    package var signedConstant: Int64? {
        terms.isEmpty ? Self.signed(constant, bits) : nil
    }

    static func signed(_ value: UInt64, _ bits: Int) -> Int64 {
        let shift = Int64(64 - bits)
        return (Int64(bitPattern: value) << shift) >> shift
    }

    package func adding(_ other: LinearForm, times factor: UInt64 = 1) -> LinearForm {
        let mask = Self.mask(bits)
        var sum = self
        sum.constant = (constant &+ other.constant &* factor) & mask
        for term in other.terms {
            let multiplier = term.multiplier &* factor & mask
            if let index = sum.terms.firstIndex(where: { $0.value == term.value }) {
                sum.terms[index].multiplier = (sum.terms[index].multiplier &+ multiplier) & mask
            } else {
                sum.terms.append(Term(value: term.value, multiplier: multiplier))
            }
        }
        sum.terms.removeAll { $0.multiplier == 0 }
        return sum
    }

    package func multiplied(by factor: UInt64) -> LinearForm {
        LinearForm(constant: 0, bits: bits).adding(self, times: factor)
    }

    /// The form that gives this one when it is multiplied by `factor`; nil if some part does not
    /// divide.
    package func divided(by factor: Int) -> LinearForm? {
        var result = LinearForm(constant: 0, bits: bits)
        func quotient(_ value: UInt64) -> UInt64? {
            let (quotient, rest) = Self.signed(value, bits).quotientAndRemainder(
                dividingBy: Int64(factor))
            return rest == 0 ? UInt64(bitPattern: quotient) : nil
        }
        guard let constant = quotient(constant) else { return nil }
        result.constant = constant & Self.mask(bits)
        for term in terms {
            guard let multiplier = quotient(term.multiplier) else { return nil }
            result.terms.append(
                Term(value: term.value, multiplier: multiplier & Self.mask(bits)))
        }
        return result
    }

    /// The low bits.
    package func truncated(to bits: Int) -> LinearForm {
        if bits == self.bits { return self }
        var result = LinearForm(constant: constant, bits: bits)
        for term in terms {
            let part = LinearForm(term: term.value, bits: bits)
            result = result.adding(part, times: term.multiplier)
        }
        return result
    }

    /// The values that the sum is made of.
    package var values: [IRValue] { terms.map(\.value) }

    /// The form as an affine expression of a loop around the one that it was made for, if each
    /// of its values is one.
    func expression(_ affine: AffineAnalysis) -> AffineExpression? {
        var sum = AffineExpression(constant: constant, bits: bits)
        for term in terms {
            guard let part = affine.expression(term.value), part.bits >= bits else { return nil }
            sum = sum.adding(part.truncated(to: bits), times: term.multiplier)
        }
        return sum
    }

    /// Emits the value, an integer of `bits` bits.
    ///
    /// - Parameter copies: what stands for values of the loop around.
    package func emit(
        _ builder: IRBuilder, _ types: IRTypes, _ copies: [IRValue: IRValue] = [:]
    ) -> IRValue {
        let type = types.integer(bits: bits)
        var sum: IRValue?
        for term in terms {
            var value = copies[term.value] ?? term.value
            if value.type != type { value = builder.trunc(value, to: type) }
            if term.multiplier != 1 { value = builder.mul(value, type.constant(term.multiplier)) }
            sum = sum.map { builder.add($0, value) } ?? value
        }
        guard let sum else { return type.constant(constant) }
        return constant == 0 ? sum : builder.add(sum, type.constant(constant))
    }
}
