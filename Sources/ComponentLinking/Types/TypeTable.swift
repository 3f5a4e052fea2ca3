// Types of the Component Model with everything resolved: indices and aliases are gone, resource types are
// those of one instantiation, and equal types are one type.

public import ComponentModel

/// A type of values.
public struct TypeID: Hashable, Sendable {
    let index: Int
}

/// A resource type of one component instance, or of the host.
public struct ResourceID: Hashable, Sendable {
    let index: Int
}

/// A field of a record or a case of a variant.
public struct Member: Hashable, Sendable {
    public var label: String
    public var type: TypeID?
}

/// What a type is made of.
public enum ResolvedType: Hashable, Sendable {
    case primitive(PrimitiveType)
    /// Its members all have types.
    case record([Member])
    case variant([Member])
    case list(TypeID)
    case fixedLengthList(TypeID, UInt32)
    case tuple([TypeID])
    case flags([String])
    case enumeration([String])
    case option(TypeID)
    case result(success: TypeID?, failure: TypeID?)
    case own(ResourceID)
    case borrow(ResourceID)
    case map(TypeID, TypeID)
    /// A stream, a future: nothing of this target passes them.
    case asynchronous(String)
}

/// A type of functions.
public struct ResolvedFunctionType: Hashable, Sendable {
    public var isAsync: Bool
    public var parameters: [(label: String, type: TypeID)] {
        zip(labels, types).map { ($0, $1) }
    }
    public var result: TypeID?
    let labels: [String]
    let types: [TypeID]

    init(isAsync: Bool, labels: [String], types: [TypeID], result: TypeID?) {
        self.isAsync = isAsync
        self.labels = labels
        self.types = types
        self.result = result
    }
}

/// How a type lies in memory and what it takes to pass it.
struct Layout {
    var size: UInt32
    var alignment: UInt32
    /// Its core values, nil if there are more than any function passes.
    var flat: [CoreType]?
    /// A copy of the bytes is a copy of the value: nothing to be validated, no padding.
    var isPlain = false
    var hasBorrow = false
    /// A pointer is in it: passing it needs a memory.
    var hasPointer = false
    /// The first part of it that cannot be passed.
    var unsupported: String?
    /// Roughly how many steps it takes to pass one.
    var cost = 1
}

/// All types of a program.
public struct TypeTable: Sendable {
    private var types: [ResolvedType] = []
    private var layouts: [Layout] = []
    private var numbers: [ResolvedType: TypeID] = [:]

    /// Flat values beyond these are not counted.
    static let flatLimit = 16
    /// Sizes of types, and of strings and lists, stay below this.
    static let sizeLimit: UInt64 = 1 << 28

    init() {}

    public subscript(id: TypeID) -> ResolvedType { types[id.index] }

    func layout(_ id: TypeID) -> Layout { layouts[id.index] }

    /// The number of a type whose parts are in the table.
    ///
    /// - Parameter isElement: what a map has as elements may be larger than other types; there is just no room
    ///   for one.
    mutating func intern(
        _ type: ResolvedType, isElement: Bool = false
    ) throws(LinkingError) -> TypeID {
        if let known = numbers[type] { return known }
        var rules = LayoutRules(table: self)
        if isElement { rules.limit = 1 << 30 }
        let layout = try rules.layout(of: type)
        let id = TypeID(index: types.count)
        types.append(type)
        layouts.append(layout)
        numbers[type] = id
        return id
    }

    /// The parts of a type that lie one behind the other; nil for types of another kind.
    func fields(of id: TypeID) -> [TypeID]? {
        switch self[id] {
        case .record(let members): members.compactMap(\.type)
        case .tuple(let types): types
        default: nil
        }
    }

    /// The payloads of a type of which a value has one; nil for types of another kind.
    func cases(of id: TypeID) -> [TypeID?]? {
        switch self[id] {
        case .variant(let members): members.map(\.type)
        case .enumeration(let labels): labels.map { _ in nil }
        case .option(let type): [nil, type]
        case .result(let success, let failure): [success, failure]
        default: nil
        }
    }

    /// What a list's elements are, also those of a map.
    func element(ofMap key: TypeID, _ value: TypeID) -> TypeID? { numbers[.tuple([key, value])] }
}
