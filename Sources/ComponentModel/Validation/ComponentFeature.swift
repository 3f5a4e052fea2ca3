// What has been added to the Component Model since WASI 0.2, by the names that other tools give to it
// (Explainer.md, "Gated Features").

/// A part of the Component Model that came later.
public enum ComponentFeature: UInt8, Hashable, Sendable, CaseIterable {
    case async, map, implements
    case values, nestedNames, moreAsyncBuiltIns, asyncStackful, threading, fixedLengthLists
    case errorContext, canonicalNames, memory64, sharedEverythingThreads

    /// The name that other tools know it by.
    public var name: String {
        switch self {
        case .async: "cm-async"
        case .map: "cm-map"
        case .implements: "cm-implements"
        case .values: "cm-values"
        case .nestedNames: "cm-nested-names"
        case .moreAsyncBuiltIns: "cm-more-async-builtins"
        case .asyncStackful: "cm-async-stackful"
        case .threading: "cm-threading"
        case .fixedLengthLists: "cm-fixed-length-lists"
        case .errorContext: "cm-error-context"
        case .canonicalNames: "cm-canon-names"
        case .memory64: "cm64"
        case .sharedEverythingThreads: "shared-everything-threads"
        }
    }

    /// Whether a release of WASI has it, so that it will not change any more.
    public var isStable: Bool {
        switch self {
        case .async, .map, .implements: true
        case .values, .nestedNames, .moreAsyncBuiltIns, .asyncStackful, .threading,
            .fixedLengthLists, .errorContext, .canonicalNames, .memory64,
            .sharedEverythingThreads:
            false
        }
    }
}

/// A set of features.
public struct ComponentFeatureSet: Hashable, Sendable {
    private var bits: UInt32 = 0

    /// No feature at all.
    public init() {}

    /// These features.
    public init(_ features: some Sequence<ComponentFeature>) {
        for feature in features { insert(feature) }
    }

    /// Takes a feature out.
    public mutating func remove(_ feature: ComponentFeature) {
        bits &= ~(1 << UInt32(feature.rawValue))
    }

    /// Adds a feature.
    public mutating func insert(_ feature: ComponentFeature) {
        bits |= 1 << UInt32(feature.rawValue)
    }

    /// Whether a feature is among them.
    public func contains(_ feature: ComponentFeature) -> Bool {
        bits & (1 << UInt32(feature.rawValue)) != 0
    }

    /// What a release of WASI has.
    public static let stable = ComponentFeatureSet(
        ComponentFeature.allCases.filter(\.isStable))

    /// Everything that is known.
    public static let all = ComponentFeatureSet(ComponentFeature.allCases)

    /// The members, in the order of their declaration.
    public var features: [ComponentFeature] { ComponentFeature.allCases.filter(contains) }
}
