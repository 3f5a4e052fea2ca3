// Sizes, alignments and flat forms (Canonical ABI, "Alignment", "Element Size", "Flattening").

import ComponentModel

/// Where the parts of a variant are in memory.
struct VariantLayout {
    /// Of the discriminant, in bytes.
    var discriminantSize: UInt32
    var payloadOffset: UInt32

    init(caseCount: Int, payloadAlignment: UInt32) {
        discriminantSize = caseCount <= 1 << 8 ? 1 : caseCount <= 1 << 16 ? 2 : 4
        payloadOffset = alignedUp(discriminantSize, payloadAlignment)
    }
}

func alignedUp(_ value: UInt32, _ alignment: UInt32) -> UInt32 {
    (value + alignment - 1) & ~(alignment - 1)
}

/// Computes the layout of a type from those of its parts.
struct LayoutRules {
    let table: TypeTable
    /// Sizes are smaller.
    var limit = TypeTable.sizeLimit

    func layout(of type: ResolvedType) throws(LinkingError) -> Layout {
        switch type {
        case .primitive(let type): primitive(type)
        case .record(let members): try record(members.compactMap(\.type))
        case .tuple(let types): try record(types)
        case .variant(let members): try variant(members.map(\.type))
        case .enumeration(let labels): try variant(labels.map { _ in nil })
        case .option(let type): try variant([nil, type])
        case .result(let success, let failure): try variant([success, failure])
        case .list(let element): list(element)
        case .map(let key, let value):
            list(
                hasBorrow: [key, value].contains { table.layout($0).hasBorrow },
                unsupported: [key, value].lazy.compactMap { table.layout($0).unsupported }.first)
        case .fixedLengthList(let element, let length): try fixedLengthList(element, length)
        case .flags(let labels): flags(labels.count)
        case .own: Layout(size: 4, alignment: 4, flat: [.i32], cost: 4)
        case .borrow: Layout(size: 4, alignment: 4, flat: [.i32], hasBorrow: true, cost: 4)
        case .asynchronous(let name):
            Layout(size: 4, alignment: 4, flat: [.i32], unsupported: name)
        }
    }

    private func primitive(_ type: PrimitiveType) -> Layout {
        switch type {
        case .bool: Layout(size: 1, alignment: 1, flat: [.i32])
        case .s8, .u8: Layout(size: 1, alignment: 1, flat: [.i32], isPlain: true)
        case .s16, .u16: Layout(size: 2, alignment: 2, flat: [.i32], isPlain: true)
        case .s32, .u32: Layout(size: 4, alignment: 4, flat: [.i32], isPlain: true)
        case .s64, .u64: Layout(size: 8, alignment: 8, flat: [.i64], isPlain: true)
        case .f32: Layout(size: 4, alignment: 4, flat: [.f32], isPlain: true)
        case .f64: Layout(size: 8, alignment: 8, flat: [.f64], isPlain: true)
        case .char: Layout(size: 4, alignment: 4, flat: [.i32], cost: 2)
        case .string:
            Layout(size: 8, alignment: 4, flat: [.i32, .i32], hasPointer: true, cost: 4)
        case .errorContext:
            Layout(size: 4, alignment: 4, flat: [.i32], unsupported: "error-context")
        }
    }

    private func list(_ element: TypeID) -> Layout {
        list(
            hasBorrow: table.layout(element).hasBorrow,
            unsupported: table.layout(element).unsupported)
    }

    private func list(hasBorrow: Bool, unsupported: String?) -> Layout {
        Layout(
            size: 8, alignment: 4, flat: [.i32, .i32], hasBorrow: hasBorrow, hasPointer: true,
            unsupported: unsupported, cost: 8)
    }

    private func flags(_ count: Int) -> Layout {
        let size: UInt32 = count <= 8 ? 1 : count <= 16 ? 2 : 4
        return Layout(size: size, alignment: size, flat: [.i32], isPlain: count == Int(size) * 8)
    }

    private func record(_ fields: [TypeID]) throws(LinkingError) -> Layout {
        var result = Layout(size: 0, alignment: 1, flat: [], isPlain: true)
        for field in fields {
            let part = table.layout(field)
            let offset = alignedUp(result.size, part.alignment)
            if offset != result.size { result.isPlain = false }
            result.size = try checked(UInt64(offset) + UInt64(part.size))
            result.alignment = max(result.alignment, part.alignment)
            result.flat = limited(result.flat, part.flat)
            result.add(part)
            result.cost = min(result.cost + part.cost, 1 << 20)
        }
        let size = alignedUp(result.size, result.alignment)
        if size != result.size { result.isPlain = false }
        result.size = size
        return result
    }

    private func fixedLengthList(
        _ element: TypeID, _ length: UInt32
    ) throws(LinkingError) -> Layout {
        let part = table.layout(element)
        var result = part
        result.size = try checked(UInt64(part.size) * UInt64(length))
        result.cost = min(part.cost * Int(min(length, 1 << 10)), 1 << 20)
        if let flat = part.flat, flat.count * Int(length) <= TypeTable.flatLimit || flat.isEmpty {
            result.flat = (0..<(flat.isEmpty ? 0 : length)).flatMap { _ in flat }
        } else {
            result.flat = nil
        }
        return result
    }

    private func variant(_ payloads: [TypeID?]) throws(LinkingError) -> Layout {
        let parts = payloads.compactMap { $0 }.map { table.layout($0) }
        let payloadAlignment = parts.map(\.alignment).max() ?? 1
        let place = VariantLayout(caseCount: payloads.count, payloadAlignment: payloadAlignment)
        var result = Layout(
            size: 0, alignment: max(place.discriminantSize, payloadAlignment), flat: [.i32],
            cost: 2)
        var flat: [CoreType]? = []
        for part in parts {
            flat = joined(flat, part.flat)
            result.add(part)
            result.cost = min(result.cost + part.cost + 1, 1 << 20)
        }
        result.flat = limited(result.flat, flat)
        result.isPlain = false
        let end = UInt64(place.payloadOffset) + UInt64(parts.map(\.size).max() ?? 0)
        result.size = alignedUp(try checked(end), result.alignment)
        return result
    }

    private func limited(_ first: [CoreType]?, _ second: [CoreType]?) -> [CoreType]? {
        guard let first, let second, first.count + second.count <= TypeTable.flatLimit else {
            return nil
        }
        return first + second
    }

    private func joined(_ first: [CoreType]?, _ second: [CoreType]?) -> [CoreType]? {
        guard let first, let second else { return nil }
        let shared = zip(first, second).map { $0.joined(with: $1) }
        return shared + first.dropFirst(shared.count) + second.dropFirst(shared.count)
    }

    private func checked(_ size: UInt64) throws(LinkingError) -> UInt32 {
        guard size < limit, let result = UInt32(exactly: size) else {
            throw LinkingError("a type has 2^28 bytes or more, which the Component Model forbids")
        }
        return result
    }
}

extension Layout {
    /// What holds for a part holds for the whole.
    fileprivate mutating func add(_ part: Layout) {
        isPlain = isPlain && part.isPlain
        hasBorrow = hasBorrow || part.hasBorrow
        hasPointer = hasPointer || part.hasPointer
        unsupported = unsupported ?? part.unsupported
    }
}
