// The memory of a driver: values of scripts as the canonical ABI lays them out.

/// Bytes that grow, at addresses from `base` on.
struct DriverMemory {
    static let base: UInt32 = 16
    private(set) var bytes: [UInt8] = []
    let types: TypeTable

    init(types: TypeTable) {
        self.types = types
    }

    var end: UInt32 { Self.base + UInt32(bytes.count) }

    mutating func allocate(_ size: UInt32, alignment: UInt32) -> UInt32 {
        let address = alignedUp(end, alignment)
        bytes.append(contentsOf: repeatElement(0, count: Int(address - end) + Int(size)))
        return address
    }

    mutating func write(_ bits: UInt64, _ size: UInt32, at address: UInt32) {
        for index in 0..<size {
            bytes[Int(address - Self.base + index)] =
                UInt8(truncatingIfNeeded: bits >> UInt64(index * 8))
        }
    }

    mutating func add(_ text: [UInt8]) -> UInt32 {
        let address = allocate(UInt32(text.count), alignment: 1)
        for (index, byte) in text.enumerated() {
            write(UInt64(byte), 1, at: address + UInt32(index))
        }
        return address
    }

    /// Writes a value where its memory is there already.
    mutating func store(
        _ value: PlainValue, _ id: TypeID, at address: UInt32
    ) throws(LinkingError) {
        let layout = types.layout(id)
        switch value {
        case .bits(let bits): write(bits, layout.size, at: address)
        case .nan: write(layout.size == 4 ? 0x7fc0_0000 : 0x7ff8 << 48, layout.size, at: address)
        case .text, .list:
            let (pointer, length) = try place(value, id)
            write(UInt64(pointer), 4, at: address)
            write(UInt64(length), 4, at: address + 4)
        case .fields(let values):
            let area = types.area(of: memberTypes(id))
            for (index, value) in values.enumerated() {
                try store(value, memberTypes(id)[index], at: address + area.offsets[index])
            }
        case .choice(let number, let payload):
            let place = types.variantLayout(id)
            write(UInt64(number), place.discriminantSize, at: address)
            if let payload, let type = types.cases(of: id)?[number] {
                try store(payload, type, at: address + place.payloadOffset)
            }
        }
    }

    /// Writes the contents of a string or a list.
    private mutating func place(
        _ value: PlainValue, _ id: TypeID
    ) throws(LinkingError) -> (UInt32, UInt32) {
        switch value {
        case .text(let text): return (add(text), UInt32(text.count))
        case .list(let values):
            guard let element = types.element(of: id) else { throw LinkingError.notValidated }
            let layout = types.layout(element)
            let address = allocate(
                layout.size * UInt32(values.count), alignment: layout.alignment)
            for (index, value) in values.enumerated() {
                try store(value, element, at: address + UInt32(index) * layout.size)
            }
            return (address, UInt32(values.count))
        default: throw LinkingError.notValidated
        }
    }

    private func memberTypes(_ id: TypeID) -> [TypeID] {
        if case .fixedLengthList(let element, let length) = types[id] {
            return Array(repeating: element, count: Int(length))
        }
        return types.fields(of: id) ?? []
    }

    /// The bits of a value's core values; what several cases share is zero above the case's own bits.
    mutating func flat(_ value: PlainValue, _ id: TypeID) throws(LinkingError) -> [UInt64] {
        let layout = types.layout(id)
        switch value {
        case .bits(let bits):
            let isNarrow = layout.flat != [.i64] && layout.flat != [.f64]
            return [isNarrow ? bits & 0xffff_ffff : bits]
        case .nan: return [layout.size == 4 ? 0x7fc0_0000 : 0x7ff8 << 48]
        case .text, .list:
            let (pointer, length) = try place(value, id)
            return [UInt64(pointer), UInt64(length)]
        case .fields(let values):
            var result: [UInt64] = []
            for (value, type) in zip(values, memberTypes(id)) {
                result += try flat(value, type)
            }
            return result
        case .choice(let number, let payload):
            var result = [UInt64(number)]
            if let payload, let type = types.cases(of: id)?[number] {
                result += try flat(payload, type)
            }
            let count = layout.flat?.count ?? 0
            return result + Array(repeating: 0, count: count - result.count)
        }
    }
}

extension TypeTable {
    /// The elements of a list or a map.
    func element(of id: TypeID) -> TypeID? {
        switch self[id] {
        case .list(let element): element
        case .map(let key, let value): element(ofMap: key, value)
        default: nil
        }
    }

    func variantLayout(_ id: TypeID) -> VariantLayout {
        let cases = cases(of: id) ?? []
        let alignment = cases.compactMap { $0 }.map { layout($0).alignment }.max() ?? 1
        return VariantLayout(caseCount: cases.count, payloadAlignment: alignment)
    }
}
