// The defined types of a module: their canonical numbers and their hierarchy (WebAssembly 3.0,
// sections 3.1.4, 3.2.9 and 3.3).
//
// Two types are equal if their recursive groups, rolled up, are equal. So groups are compared as
// wholes: each is written down as a row of words in which a type of the same group is a position
// in it and a type of an earlier group is its canonical number, and equal rows are found with a
// dictionary. This takes time in proportion to the type section, whatever it contains, and needs
// no recursion. Everything behind it (the operand stack, casts, call_indirect) then compares
// numbers.

public import WasmTypes

/// The defined types of one module. Immutable once validation has made it.
///
/// Canonical numbers are dense from 0, in the order of first appearance. Equal types have equal
/// numbers, different types different ones.
public struct TypeContext: Sendable {
    /// The module's type definitions, by type index.
    public private(set) var definitions: [SubType]

    /// By type index.
    private(set) var canonicalNumbers: [UInt32] = []
    /// The first type index of each canonical type.
    private var representatives: [TypeIndex] = []
    /// `.function`, `.structure` or `.array`, by canonical number.
    private var kinds: [AbstractHeapType] = []
    /// The number of proper supertypes, by canonical number.
    private var depths: [UInt8] = []
    /// Where a type's proper supertypes stand in `ancestors`, the root first. The children of
    /// one type share one row.
    private var ancestorRows: [UInt32] = []
    private var ancestors: [UInt32] = []

    /// Where the row that a type's children share stands, for types that have some.
    private var childRows: [UInt32: UInt32] = [:]
    /// The first canonical number of each different group, by its row of words.
    private var groups: [[UInt32]: Int] = [:]

    /// No types; others are to be appended.
    package init() { definitions = [] }

    init(definitions: [SubType]) {
        self.definitions = definitions
        canonicalNumbers.reserveCapacity(definitions.count)
    }

    /// How many different types there are.
    public var canonicalCount: Int { representatives.count }

    /// The canonical number of a type. The index must be one of the module's.
    public func canonicalIndex(of type: TypeIndex) -> Int {
        Int(canonicalNumbers[Int(type)])
    }

    /// The smallest type index with this canonical number.
    public func representative(ofCanonical canonical: Int) -> TypeIndex {
        representatives[canonical]
    }

    /// What a canonical type is, expanded (section 3.1.4).
    public func composite(ofCanonical canonical: Int) -> CompositeType {
        definitions[Int(representatives[canonical])].composite
    }

    /// What a type is, expanded (section 3.1.4).
    public func composite(of type: TypeIndex) -> CompositeType {
        definitions[Int(type)].composite
    }

    /// How many declared supertypes a canonical type has above it: 0 for a root.
    public func depth(ofCanonical canonical: Int) -> Int { Int(depths[canonical]) }

    /// The declared supertype at a given depth of the hierarchy above a canonical type.
    public func ancestor(ofCanonical canonical: Int, atDepth depth: Int) -> Int {
        precondition(depth < depths[canonical], "not that many supertypes")
        return Int(ancestors[Int(ancestorRows[canonical]) + depth])
    }

    /// `.function`, `.structure` or `.array`.
    func kind(ofCanonical canonical: Int) -> AbstractHeapType { kinds[canonical] }

    /// Whether one canonical type is another one, or has it among its declared supertypes
    /// (section 3.3.4). Takes the same time for every depth.
    public func isSubtype(canonical: Int, of supertype: Int) -> Bool {
        if canonical == supertype { return true }
        let depth = depths[supertype]
        return depth < depths[canonical]
            && ancestors[Int(ancestorRows[canonical]) + Int(depth)] == UInt32(supertype)
    }
}

// Building ------------------------------------------------------------------------------------

extension TypeContext {
    /// Gives the types of the next recursive group their canonical numbers. Their references
    /// must have been checked: to this group or earlier ones, supertypes to earlier types.
    ///
    /// - Returns: A type that has more supertypes above it than the implementation accepts, if
    ///   there is one.
    package mutating func append(group: Range<Int>) -> TypeIndex? {
        var words: [UInt32] = []
        for index in group { write(definitions[index], of: group, to: &words) }
        if let first = groups[words] {
            for position in 0..<group.count { canonicalNumbers.append(UInt32(first + position)) }
            return nil
        }
        let first = representatives.count
        groups[words] = first
        for index in group {
            canonicalNumbers.append(UInt32(representatives.count))
            representatives.append(TypeIndex(index))
            switch definitions[index].composite {
            case .function: kinds.append(.function)
            case .structure: kinds.append(.structure)
            case .array: kinds.append(.array)
            }
            if !place(definitions[index]) { return TypeIndex(index) }
        }
        return nil
    }

    /// Adds definitions, whose groups are to be appended next.
    ///
    /// - Returns: where the first one is.
    package mutating func append(definitions new: [SubType]) -> Int {
        definitions += new
        return definitions.count - new.count
    }

    /// Forgets what only building needs.
    mutating func finish() {
        groups = [:]
        childRows = [:]
    }

    /// Enters a new type into the hierarchy. False if it is too deep.
    private mutating func place(_ definition: SubType) -> Bool {
        guard let parentIndex = definition.supertypes.first else {
            depths.append(0)
            ancestorRows.append(0)
            return true
        }
        let parent = canonicalNumbers[Int(parentIndex)]
        let depth = Int(depths[Int(parent)]) + 1
        depths.append(UInt8(clamping: depth))
        if let row = childRows[parent] {
            ancestorRows.append(row)
        } else {
            let row = UInt32(ancestors.count)
            let above = Int(ancestorRows[Int(parent)])
            for level in 0..<depth - 1 { ancestors.append(ancestors[above + level]) }
            ancestors.append(parent)
            childRows[parent] = row
            ancestorRows.append(row)
        }
        return depth <= ImplementationLimits.subtypingDepth
    }

    // A group in words ------------------------------------------------------------------------

    private func write(_ type: SubType, of group: Range<Int>, to words: inout [UInt32]) {
        words.append(type.isFinal ? 1 : 0)
        words.append(UInt32(type.supertypes.count))
        for supertype in type.supertypes {
            words.append(word(supertype, of: group, isNullable: false))
        }
        switch type.composite {
        case .function(let function):
            words.append(0)
            words.append(UInt32(function.parameters.count))
            for type in function.parameters { words.append(word(type, of: group)) }
            words.append(UInt32(function.results.count))
            for type in function.results { words.append(word(type, of: group)) }
        case .structure(let fields):
            words.append(1)
            words.append(UInt32(fields.count))
            for field in fields { write(field, of: group, to: &words) }
        case .array(let field):
            words.append(2)
            write(field, of: group, to: &words)
        }
    }

    private func write(_ field: FieldType, of group: Range<Int>, to words: inout [UInt32]) {
        words.append(field.isMutable ? 1 : 0)
        switch field.storage {
        // No value type is one of these: the lowest four bits of a word are at most 7.
        case .i8: words.append(8)
        case .i16: words.append(9)
        case .value(let type): words.append(word(type, of: group))
        }
    }

    private func word(_ type: ValueType, of group: Range<Int>) -> UInt32 {
        guard case .reference(let reference) = type, case .concrete(let index) = reference.heapType
        else { return operand(type).bits }
        return word(index, of: group, isNullable: reference.isNullable)
    }

    /// A reference to a defined type: by position if it is in the group, else by number.
    private func word(_ index: TypeIndex, of group: Range<Int>, isNullable: Bool) -> UInt32 {
        guard group.contains(Int(index)) else {
            return OperandType(isNullable: isNullable, canonical: canonicalIndex(of: index)).bits
        }
        let position = Int(index) - group.lowerBound
        return OperandType(isNullable: isNullable, canonical: position).bits | 1 << 6
    }
}
