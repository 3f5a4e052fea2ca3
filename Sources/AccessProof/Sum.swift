// Integers as sums of products of values.

internal import LLVMKit

/// A product of one value or two, each of them an unsigned number.
struct Product: Hashable {
    let first: IRValue
    let second: IRValue?

    init(_ first: IRValue, _ second: IRValue? = nil) {
        self.first = first
        self.second = second
    }

    static func == (a: Product, b: Product) -> Bool {
        a.first == b.first && a.second == b.second || a.first == b.second && b.first == a.second
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(first.hashValue ^ (second?.hashValue ?? 0))
    }
}

/// `constant + factor · product + ...`, an integer of any size and not a machine number.
struct Sum {
    var constant: Int128
    private(set) var terms: [(product: Product, factor: Int128)] = []

    /// Whether a number in it became too large to be represented: then nothing else here means anything.
    private(set) var isLost = false

    /// Sums of more terms are not worth the thought.
    static let maximumTerms = 12
    /// Larger numbers do not occur, and smaller ones cannot overflow when they are added.
    static let limit: Int128 = 1 << 100

    init(_ constant: Int128 = 0) {
        self.constant = constant
    }

    init(_ value: IRValue) {
        constant = 0
        terms = [(Product(value), 1)]
    }

    var constantValue: Int128? { terms.isEmpty && !isLost ? constant : nil }

    func factor(of product: Product) -> Int128 {
        terms.first { $0.product == product }?.factor ?? 0
    }

    mutating func add(_ other: Sum, times factor: Int128 = 1) {
        isLost = isLost || other.isLost
        addConstant(other.constant, times: factor)
        for term in other.terms {
            add(term.product, term.factor, times: factor)
        }
    }

    private mutating func addConstant(_ number: Int128, times factor: Int128) {
        let (product, isTooLarge) = number.multipliedReportingOverflow(by: factor)
        let (result, overflow) = constant.addingReportingOverflow(product)
        if isTooLarge || overflow { isLost = true } else { constant = result }
    }

    private mutating func add(_ product: Product, _ factor: Int128) {
        if let index = terms.firstIndex(where: { $0.product == product }) {
            let (result, overflow) = terms[index].factor.addingReportingOverflow(factor)
            if overflow { isLost = true }
            terms[index].factor = overflow ? 0 : result
            if terms[index].factor == 0 { terms.remove(at: index) }
        } else if factor != 0 {
            terms.append((product, factor))
        }
    }

    func adding(_ other: Sum, times factor: Int128 = 1) -> Sum {
        var result = self
        result.add(other, times: factor)
        return result
    }

    func adding(_ number: Int128) -> Sum {
        var result = self
        result.addConstant(number, times: 1)
        return result
    }

    func multiplied(by factor: Int128) -> Sum { Sum().adding(self, times: factor) }

    /// Nil if that is no sum of products of two values.
    func multiplied(by other: Sum) -> Sum? {
        guard
            terms.isEmpty || other.terms.isEmpty
                || !(terms + other.terms).contains(where: { $0.product.second != nil })
        else { return nil }
        var result = Sum()
        result.isLost = isLost || other.isLost
        result.addConstant(constant, times: other.constant)
        for (product, factor) in terms { result.add(product, factor, times: other.constant) }
        for (product, factor) in other.terms { result.add(product, factor, times: constant) }
        for a in terms {
            for b in other.terms {
                result.add(
                    Product(a.product.first, b.product.first), a.factor, times: b.factor)
            }
        }
        return result
    }

    private mutating func add(_ product: Product, _ factor: Int128, times other: Int128) {
        let (result, overflow) = factor.multipliedReportingOverflow(by: other)
        if overflow { isLost = true } else { add(product, result) }
    }

    /// The sum of two sums' products with a value; nil if they are products already.
    func multiplied(by value: IRValue) -> Sum? { multiplied(by: Sum(value)) }

    func isEqual(_ other: Sum) -> Bool { adding(other, times: -1).constantValue == 0 }

    /// Whether numbers are so small, and so few, that nothing overflows here.
    var isModerate: Bool {
        !isLost && terms.count <= Self.maximumTerms && constant.magnitude < Self.limit.magnitude
            && terms.allSatisfy { $0.factor.magnitude < 1 << 66 }
    }

    /// The same number modulo 2^64, with numbers of 64 bits.
    var reduced: Sum {
        var result = Sum(Int128(Int64(truncatingIfNeeded: constant)))
        for (product, factor) in terms {
            result.add(product, Int128(Int64(truncatingIfNeeded: factor)))
        }
        result.isLost = isLost
        return result
    }
}

/// Between which numbers a value lies, both included.
struct Bounds: Equatable {
    var lower: Int128
    var upper: Int128

    init(_ lower: Int128, _ upper: Int128) {
        self.lower = lower
        self.upper = upper
    }

    /// All numbers of so many bits; those of more than 64 are only known not to be negative.
    init(bits: Int) {
        self.init(0, bits <= 64 ? (1 << Int128(bits)) - 1 : Self.unlimited)
    }

    /// More than any sum of numbers with 64 bits or products of two of them that is looked at.
    static let unlimited: Int128 = 1 << 120

    /// Whether there is no such number.
    var isEmpty: Bool { lower > upper }

    func union(_ other: Bounds) -> Bounds {
        if isEmpty { return other }
        return other.isEmpty ? self : Bounds(min(lower, other.lower), max(upper, other.upper))
    }

    func contains(_ other: Bounds) -> Bool { lower <= other.lower && other.upper <= upper }
}
