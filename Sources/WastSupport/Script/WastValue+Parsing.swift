// Values and patterns of a script, from the strings that wasm-tools writes: numbers in decimal
// (floats as their bits), `nan:canonical`, `nan:arithmetic`, `null`.
//
// Every pattern but "not null" is a mask and a value. A canonical NaN has any sign; an arithmetic
// one has any sign and any payload with the quiet bit (section 4.3.3 of the specification).

extension WastValue {
    /// An argument.
    init(type: String, lane: String?, words: [String]) {
        guard let pattern = BitPattern(type: type, lane: lane, words: words) else {
            self = .unsupported("arguments of type \(type)")
            return
        }
        self = .bytes(pattern.value)
    }
}

extension WastPattern {
    /// A result. Without words, any value of the type that is not null.
    init(type: String, lane: String?, words: [String]?) {
        let text = ([lane.map { "\(type) \($0)" } ?? type] + (words ?? [])).joined(separator: " ")
        self.init(
            alternatives: [Self.alternative(type: type, lane: lane, words: words)], type: type,
            text: text)
    }

    /// A result that may be one of several.
    init(either patterns: [WastPattern]) {
        self.init(
            alternatives: patterns.flatMap(\.alternatives), type: patterns.first?.type ?? "i32",
            text: patterns.map(\.text).joined(separator: " or "))
    }

    private static func alternative(
        type: String, lane: String?, words: [String]?
    ) -> Alternative {
        if let words {
            guard let pattern = BitPattern(type: type, lane: lane, words: words) else {
                return .unsupported("results of type \(type)")
            }
            return .bits(mask: pattern.mask, value: pattern.value)
        }
        switch type {
        case "refnull", "nullref", "nullfuncref", "nullexternref", "nullexnref":
            return .bits(mask: BitPattern.null.mask, value: BitPattern.null.value)
        case "funcref", "externref", "anyref": return .notNull
        case "i31ref": return .object(.i31)
        case "structref": return .object(.structure)
        case "arrayref": return .object(.array)
        case "eqref": return .object(.any)
        default: return .unsupported("results of type \(type)")
        }
    }
}

/// Some of the bits of a value.
struct BitPattern {
    /// Where the value counts.
    private(set) var mask: [UInt8] = []
    private(set) var value: [UInt8] = []

    /// A null reference.
    static let null = {
        var pattern = BitPattern()
        pattern.append(0, mask: .max, size: 8)
        return pattern.padded
    }()

    /// What the reference of the host's with this number is in a program. Neither an object nor an
    /// i31 looks like it (`smelt_object`).
    static func hostReference(_ number: UInt64) -> UInt64? {
        number >> 62 == 0 ? number << 2 | 2 : nil
    }

    /// The number of such a reference.
    static func hostNumber(_ reference: UInt64) -> UInt64 { reference >> 2 }

    private init() {}

    /// Nil when there are no values of this type.
    init?(type: String, lane: String?, words: [String]) {
        var pattern = BitPattern()
        switch type {
        case "i32", "i64", "f32", "f64":
            guard words.count == 1, pattern.append(words[0], lane: type) else { return nil }
        case "v128":
            guard let lane else { return nil }
            for word in words {
                guard pattern.append(word, lane: lane) else { return nil }
            }
            guard pattern.value.count == 16 else { return nil }
        case _ where words == ["null"]: pattern = .null
        case "externref", "anyref":
            guard words.count == 1, let number = UInt64(words[0]),
                let reference = Self.hostReference(number)
            else { return nil }
            pattern.append(reference, mask: .max, size: 8)
        default: return nil
        }
        self = pattern.padded
    }

    private var padded: BitPattern {
        var copy = self
        while copy.value.count < 16 {
            copy.mask.append(0)
            copy.value.append(0)
        }
        return copy
    }

    private mutating func append(_ bits: UInt64, mask: UInt64, size: Int) {
        for index in 0..<size {
            let shift = UInt64(8 * index)
            self.mask.append(UInt8(truncatingIfNeeded: mask >> shift))
            value.append(UInt8(truncatingIfNeeded: (bits & mask) >> shift))
        }
    }

    /// Appends one number. False when it makes no sense.
    private mutating func append(_ word: String, lane: String) -> Bool {
        let sizes = ["i8": 1, "i16": 2, "i32": 4, "i64": 8, "f32": 4, "f64": 8]
        guard let size = sizes[lane] else { return false }
        let quiet: UInt64 = size == 4 ? 0x7fc0_0000 : 0x7ff8_0000_0000_0000
        switch word {
        case "nan:canonical":
            append(quiet, mask: size == 4 ? 0x7fff_ffff : 0x7fff_ffff_ffff_ffff, size: size)
        case "nan:arithmetic": append(quiet, mask: quiet, size: size)
        default:
            guard let bits = UInt64(word) ?? Int64(word).map({ UInt64(bitPattern: $0) }) else {
                return false
            }
            append(bits, mask: .max, size: size)
        }
        return true
    }
}
