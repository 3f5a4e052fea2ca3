// Code that compares a result with the value that a script expects.

/// Writes comparisons; whatever differs leaves to a label.
struct Comparison {
    let types: TypeTable
    var memory: DriverMemory
    var body: FunctionBuilder
    /// Compares bytes: (address, address, length) to 1 if they are equal.
    let equal: FunctionReference
    /// Where to go when something differs.
    var different: Int

    mutating func compare(
        _ value: PlainValue, _ id: TypeID, _ place: Place
    ) throws(LinkingError) {
        switch value {
        case .bits(let bits): compareBits(bits, id, place)
        case .nan: compareNaN(id, place)
        case .text(let text):
            let address = memory.add(text)
            compareWord(UInt32(text.count), 1, place)
            word(0, place)
            body.i32(address)
            body.i32(UInt32(text.count))
            body.call(equal)
            body.op(.i32Eqz)
            body.branchIf(to: different)
        case .list(let values):
            guard let element = types.element(of: id) else { throw LinkingError.notValidated }
            compareWord(UInt32(values.count), 1, place)
            let base = body.takeLocal()
            word(0, place)
            body.set(base)
            let size = types.layout(element).size
            for (index, value) in values.enumerated() {
                try compare(value, element, .memory(base, UInt32(index) * size))
            }
            body.release(base)
        case .fields(let values): try compareFields(values, id, place)
        case .choice(let number, let payload):
            let layout = types.variantLayout(id)
            load(.i32, layout.discriminantSize, place)
            body.i32(UInt32(number))
            body.op(.i32Ne)
            body.branchIf(to: different)
            if let payload, let type = types.cases(of: id)?[number] {
                let inner: Place =
                    if case .flat(let slots) = place {
                        .flat(Array(slots.dropFirst()))
                    } else {
                        place.offset(layout.payloadOffset)
                    }
                try compare(payload, type, inner)
            }
        }
    }

    private mutating func compareFields(
        _ values: [PlainValue], _ id: TypeID, _ place: Place
    ) throws(LinkingError) {
        var members = types.fields(of: id) ?? []
        if case .fixedLengthList(let element, _) = types[id] {
            members = values.map { _ in element }
        }
        let area = types.area(of: members)
        var slot = 0
        for (index, value) in values.enumerated() {
            let count = types.layout(members[index]).flat?.count ?? 0
            var part = place.offset(area.offsets[index])
            if case .flat(let slots) = place { part = .flat(Array(slots[slot..<slot + count])) }
            try compare(value, members[index], part)
            slot += count
        }
    }

    private mutating func word(_ number: Int, _ place: Place) {
        load(.i32, 4, place.offset(UInt32(number) * 4), slot: number)
    }

    private mutating func compareWord(_ value: UInt32, _ number: Int, _ place: Place) {
        word(number, place)
        body.i32(value)
        body.op(.i32Ne)
        body.branchIf(to: different)
    }

    private mutating func compareBits(_ bits: UInt64, _ id: TypeID, _ place: Place) {
        let size = types.layout(id).size
        loadBits(size, place)
        let mask: UInt64 = size == 8 ? .max : 1 << UInt64(size * 8) - 1
        body.i64(mask)
        body.op(.i64And)
        body.i64(bits & mask)
        body.op(.i64Ne)
        body.branchIf(to: different)
    }

    /// The bits of a number without its sign are more than those of infinity.
    private mutating func compareNaN(_ id: TypeID, _ place: Place) {
        let isSmall = types.layout(id).size == 4
        loadBits(isSmall ? 4 : 8, place)
        body.i64(isSmall ? 0x7fff_ffff : .max >> 1)
        body.op(.i64And)
        body.i64(isSmall ? 0x7f80_0000 : 0x7ff0 << 48)
        body.op(.i64LeU)
        body.branchIf(to: different)
    }

    /// A value of up to eight bytes as an i64.
    private mutating func loadBits(_ size: UInt32, _ place: Place) {
        guard case .flat(let slots) = place else {
            load(size == 8 ? .i64 : .i32, size, place)
            if size < 8 { body.op(.i64ExtendI32U) }
            return
        }
        body.get(slots[0])
        switch slots[0].type {
        case .i32: body.op(.i64ExtendI32U)
        case .i64: break
        case .f32: body.op(.i32ReinterpretF32, .i64ExtendI32U)
        case .f64: body.op(.i64ReinterpretF64)
        }
    }

    private mutating func load(
        _ type: CoreType, _ size: UInt32, _ place: Place, slot: Int = 0
    ) {
        switch place {
        case .flat(let slots):
            body.get(slots[slot])
            if slots[slot].type == .i64, type == .i32 { body.op(.i32WrapI64) }
        case .memory(let base, let offset):
            body.get(base)
            let access: CoreLoad =
                type == .i64 ? .i64 : size == 1 ? .i32u8 : size == 2 ? .i32u16 : .i32
            body.load(access, 0, offset: offset)
        }
    }
}
