// Values from one side of a call to the other (Canonical ABI, "Loading", "Storing", "Flat Lifting", "Flat
// Lowering"): what the specification lifts to an abstract value and lowers again is one step here.

import ComponentModel

/// Writes the code that passes values from one side to the other.
struct Translator {
    let module: ModuleEmitter
    let from: Side
    let to: Side
    var body: FunctionBuilder
    /// In loops and functions of their own it is not known how many handles are lent.
    var isDynamic = false
    /// Handles that were lent for the call, zero where a value had none.
    var lenders: [Local] = []

    /// Types that take more steps are passed by functions of their own.
    static let inlineCost = 48

    var types: TypeTable { module.facts.types }

    /// Passes a value.
    mutating func pass(_ id: TypeID, _ source: Place, _ target: Place) throws(LinkingError) {
        if case .memory = source, case .memory = target {
            let layout = types.layout(id)
            if layout.isPlain, layout.size > 8 {
                try copy(layout.size, source, target)
                return
            }
            if layout.cost > Self.inlineCost, !isSelf(id) {
                try passByHelper(id, source, target)
                return
            }
        }
        try passParts(id, source, target)
    }

    /// The type that the function under construction passes: it does not call itself.
    private var selfType: TypeID?

    private func isSelf(_ id: TypeID) -> Bool { selfType == id }

    init(module: ModuleEmitter, from: Side, to: Side, body: FunctionBuilder) {
        self.module = module
        self.from = from
        self.to = to
        self.body = body
    }

    mutating func passParts(
        _ id: TypeID, _ source: Place, _ target: Place
    ) throws(LinkingError) {
        switch types[id] {
        case .primitive(.string): try passString(source, target)
        case .primitive(let type): try passPrimitive(type, source, target)
        case .record, .tuple: try passFields(types.fields(of: id) ?? [], source, target)
        case .variant, .enumeration, .option, .result:
            try passVariant(types.cases(of: id) ?? [], source, target)
        case .flags(let labels):
            load(.i32, types.layout(id).size, source)
            if labels.count < Int(types.layout(id).size) * 8 || isFlat(source) {
                body.i32(labels.count >= 32 ? .max : (1 << UInt32(labels.count)) - 1)
                body.op(.i32And)
            }
            store(.i32, types.layout(id).size, target)
        case .list(let element): try passList(of: element, source, target)
        case .map(let key, let value):
            guard let element = types.element(ofMap: key, value) else {
                throw LinkingError.notValidated
            }
            try passList(of: element, source, target)
        case .fixedLengthList(let element, let length):
            try passFixedLengthList(element, length, source, target)
        case .own(let resource): try passOwn(resource, source, target)
        case .borrow(let resource): try passBorrow(resource, source, target)
        case .asynchronous(let name):
            throw LinkingError("values of the type \(name) cannot be passed")
        }
    }

    private func isFlat(_ place: Place) -> Bool { if case .flat = place { true } else { false } }

    // Aggregates -----------------------------------------------------------------------------

    private mutating func passFields(
        _ fields: [TypeID], _ source: Place, _ target: Place
    ) throws(LinkingError) {
        var offset: UInt32 = 0
        var slot = 0
        for field in fields {
            let layout = types.layout(field)
            offset = alignedUp(offset, layout.alignment)
            let count = layout.flat?.count ?? 0
            try pass(
                field, part(source, offset, slot, count), part(target, offset, slot, count))
            offset += layout.size
            slot += count
        }
    }

    private func part(_ place: Place, _ offset: UInt32, _ slot: Int, _ count: Int) -> Place {
        switch place {
        case .flat(let locals): .flat(Array(locals[slot..<slot + count]))
        case .memory: place.offset(offset)
        }
    }

    private mutating func passFixedLengthList(
        _ element: TypeID, _ length: UInt32, _ source: Place, _ target: Place
    ) throws(LinkingError) {
        let layout = types.layout(element)
        if case .memory = source, case .memory = target, length > 4 {
            let (start, end) = (address(source), address(target))
            let count = body.takeLocal()
            body.i32(length)
            body.set(count)
            try passElements(element, count: count, from: start, to: end)
            body.release(start, end, count)
            return
        }
        let count = layout.flat?.count ?? 0
        for index in 0..<length {
            try pass(
                element, part(source, index * layout.size, Int(index) * count, count),
                part(target, index * layout.size, Int(index) * count, count))
        }
    }

    private mutating func passVariant(
        _ cases: [TypeID?], _ source: Place, _ target: Place
    ) throws(LinkingError) {
        let alignment = cases.compactMap { $0 }.map { types.layout($0).alignment }.max() ?? 1
        let place = VariantLayout(caseCount: cases.count, payloadAlignment: alignment)
        let discriminant = body.takeLocal()
        load(.i32, place.discriminantSize, source)
        body.tee(discriminant)
        body.i32(UInt32(cases.count))
        body.op(.i32GeU)
        module.trapIf(.invalidDiscriminant, in: &body)
        body.get(discriminant)
        store(.i32, place.discriminantSize, target)
        // Cases with the same payload share their code.
        var groups: [TypeID] = []
        var numbers: [TypeID: Int] = [:]
        for case let payload? in cases where numbers[payload] == nil {
            numbers[payload] = groups.count
            groups.append(payload)
        }
        guard !groups.isEmpty else {
            body.release(discriminant)
            return
        }
        let inner = (payload(source, place.payloadOffset), payload(target, place.payloadOffset))
        body.block()
        let out = body.depth
        let labels = groups.indices.map { _ in
            body.block()
            return body.depth
        }
        body.get(discriminant)
        let targets = cases.map { payload in
            payload.flatMap { numbers[$0] }.map { labels[labels.count - 1 - $0] }
                ?? out
        }
        body.branchTable(targets, default: out)
        for group in groups {
            body.end()
            try pass(group, narrowed(inner.0, group), narrowed(inner.1, group))
            body.branch(to: out)
        }
        body.end()
        body.release(discriminant)
    }

    private func payload(_ place: Place, _ offset: UInt32) -> Place {
        switch place {
        case .flat(let slots): .flat(Array(slots.dropFirst()))
        case .memory: place.offset(offset)
        }
    }

    private func narrowed(_ place: Place, _ id: TypeID) -> Place {
        guard case .flat(let slots) = place else { return place }
        return .flat(Array(slots.prefix(types.layout(id).flat?.count ?? 0)))
    }

    // Functions of their own -------------------------------------------------------------------

    private mutating func passByHelper(
        _ id: TypeID, _ source: Place, _ target: Place
    ) throws(LinkingError) {
        let (start, end) = (address(source), address(target))
        body.get(start)
        body.get(end)
        body.call(try helper(id))
        body.release(start, end)
    }

    /// A function that passes a value from one address to another.
    func helper(_ id: TypeID) throws(LinkingError) -> FunctionReference {
        let key = HelperKey.pass(id, from: from.key, to: to.key)
        if let known = module.helpers[key] { return known }
        let signature = CoreSignature([.i32, .i32])
        let reference = module.builder.declare(signature)
        module.helpers[key] = reference
        var inner = Translator(
            module: module, from: from, to: to,
            body: FunctionBuilder(name: "pass value", signature))
        inner.isDynamic = true
        inner.selfType = id
        let parameters = inner.body.parameters
        try inner.pass(id, .memory(parameters[0], 0), .memory(parameters[1], 0))
        module.builder.define(reference, inner.body)
        return reference
    }

    /// A local with the address of a place in memory.
    mutating func address(_ place: Place) -> Local {
        guard case .memory(let base, let offset) = place else {
            preconditionFailure("A value in locals has no address")
        }
        let result = body.takeLocal()
        body.get(base)
        if offset != 0 {
            body.i32(offset)
            body.op(.i32Add)
        }
        body.set(result)
        return result
    }

    private mutating func copy(
        _ size: UInt32, _ source: Place, _ target: Place
    ) throws(LinkingError) {
        let (start, end) = (address(source), address(target))
        guard let input = from.memory, let output = to.memory else {
            throw LinkingError.notValidated
        }
        body.get(end)
        body.get(start)
        body.i32(size)
        body.memoryCopy(to: output, from: input)
        body.release(start, end)
    }
}
