// Which parts of WebAssembly a module may use, by the names of the proposals that brought them.

/// A proposal that has become, or is becoming, part of the language.
public enum Feature: UInt8, Hashable, Sendable, CaseIterable {
    case minimumViableProduct
    case signExtension, saturatingFloatToInteger, multiValue, mutableGlobals
    case bulkMemory, referenceTypes, vectors
    case extendedConstants, tailCalls, relaxedVectors, multipleMemories, memory64
    case typedFunctionReferences, garbageCollection, exceptionHandling
    case threads, wideArithmetic, customPageSizes
    /// The encoding of exceptions that browsers had before the standard's, and compilers still make.
    case legacyExceptions

    /// The proposal's own name, as other tools spell it.
    public var name: String {
        switch self {
        case .minimumViableProduct: "mvp"
        case .signExtension: "sign-extension"
        case .saturatingFloatToInteger: "saturating-float-to-int"
        case .multiValue: "multi-value"
        case .mutableGlobals: "mutable-global"
        case .bulkMemory: "bulk-memory"
        case .referenceTypes: "reference-types"
        case .vectors: "simd"
        case .extendedConstants: "extended-const"
        case .tailCalls: "tail-call"
        case .relaxedVectors: "relaxed-simd"
        case .multipleMemories: "multi-memory"
        case .memory64: "memory64"
        case .typedFunctionReferences: "function-references"
        case .garbageCollection: "gc"
        case .exceptionHandling: "exception-handling"
        case .threads: "threads"
        case .wideArithmetic: "wide-arithmetic"
        case .customPageSizes: "custom-page-sizes"
        case .legacyExceptions: "legacy-exceptions"
        }
    }
}

/// A set of features.
public struct FeatureSet: Hashable, Sendable {
    private var bits: UInt32

    /// No feature at all.
    public init() { bits = 0 }

    /// These features.
    public init(_ features: some Sequence<Feature>) {
        self.init()
        for feature in features { insert(feature) }
    }

    /// Adds a feature.
    public mutating func insert(_ feature: Feature) { bits |= 1 << UInt32(feature.rawValue) }
    /// Takes a feature out.
    public mutating func remove(_ feature: Feature) { bits &= ~(1 << UInt32(feature.rawValue)) }
    /// Whether a feature is among them.
    public func contains(_ feature: Feature) -> Bool {
        bits & (1 << UInt32(feature.rawValue)) != 0
    }

    /// Adds all features of another set.
    public mutating func formUnion(_ other: FeatureSet) { bits |= other.bits }

    /// Everything that the decoder and the validator know.
    public static let all = FeatureSet(Feature.allCases)

    /// WebAssembly 3.0 as published, without the proposals that came after it.
    public static let webAssembly3 = FeatureSet(
        Feature.allCases.filter {
            switch $0 {
            case .threads, .wideArithmetic, .customPageSizes, .legacyExceptions: false
            default: true
            }
        })

    /// The members, in the order of their declaration.
    public var features: [Feature] { Feature.allCases.filter(contains) }
}
