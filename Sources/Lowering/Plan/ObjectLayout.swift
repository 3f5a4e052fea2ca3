// How structures and arrays lie in memory, as the collector knows them and compiled code uses them
// (`smelt_object` and `smelt_type` of the ABI header).

internal import RuntimeABI
internal import WasmBinary
internal import WasmTypes

/// The layout of the objects of a type. Those of its subtypes begin with the same fields at the same
/// places.
public struct ObjectLayout: Hashable, Sendable {
    /// What the objects are.
    public enum Kind: Hashable, Sendable {
        /// With where each field is, in bytes from the object's beginning.
        case structure(offsets: [Int])
        /// With where the first element is.
        case array(elements: Int)
    }

    public let kind: Kind
    /// Structures: their size in bytes; arrays: that of an element.
    public let size: Int
    /// Structures: where there are references to objects; arrays: 0 if the elements are such.
    public let references: [Int]

    /// Bytes in front of the fields.
    static let header = MemoryLayout<smelt_object>.size

    /// Nil for function types.
    init?(_ type: SubType, of module: Module) {
        switch type.composite {
        case .function: return nil
        case .structure(let fields):
            var room = StructureRoom()
            let offsets = fields.map { room.take(Self.size(of: $0.storage)) }
            kind = .structure(offsets: offsets)
            size = (room.end + 7) & -8
            references = zip(fields, offsets).filter { $0.0.refersToObjects(in: module) }.map(\.1)
        case .array(let element):
            size = Self.size(of: element.storage)
            kind = .array(elements: max(Self.header, size))
            references = element.refersToObjects(in: module) ? [0] : []
        }
    }

    /// How many bytes a field takes, and a multiple of how many it lies at.
    static func size(of storage: StorageType) -> Int {
        switch storage {
        case .i8: 1
        case .i16: 2
        case .value(let type): type.storageSize
        }
    }
}

/// Where fields go: into the first gap that alignment has left, so that those of a supertype, which
/// come first, are where they would be without the others.
private struct StructureRoom {
    /// Structures have no length: their first field may be there.
    private(set) var end = MemoryLayout<smelt_object>.offset(of: \.length)!
    private var gaps: [Range<Int>] = []

    mutating func take(_ size: Int) -> Int {
        for (index, gap) in gaps.enumerated() {
            let place = (gap.lowerBound + size - 1) & -size
            guard place + size <= gap.upperBound else { continue }
            let rest = [gap.lowerBound..<place, (place + size)..<gap.upperBound]
            gaps.replaceSubrange(index...index, with: rest.filter { !$0.isEmpty })
            return place
        }
        let place = (end + size - 1) & -size
        if place > end { gaps.append(end..<place) }
        end = place + size
        return place
    }
}

extension FieldType {
    fileprivate func refersToObjects(in module: Module) -> Bool {
        if case .value(let type) = storage { type.refersToObjects(in: module) } else { false }
    }
}

extension ValueType {
    /// Whether values can be references to what the collector owns: anything but functions.
    func refersToObjects(in module: Module) -> Bool {
        guard case .reference(let type) = self else { return false }
        switch type.heapType {
        case .concrete(let index): return module.types[Int(index)].functionType == nil
        case .abstract(let heap):
            switch heap {
            case .function, .noFunction, .none, .noExternal, .noException: return false
            case .external, .any, .eq, .i31, .structure, .array, .exception: return true
            }
        }
    }
}
