// Lists and strings: their bounds, their new place, their contents.

import ComponentModel

extension FunctionBuilder {
    /// Adds a constant to a local.
    mutating func increment(_ local: Local, by amount: UInt32) {
        get(local)
        i32(amount)
        op(.i32Add)
        set(local)
    }

    /// The sum of an address and a size of 64 bits, on the stack, without overflow.
    mutating func end(of address: Local, size: Local) {
        get(address)
        op(.i64ExtendI32U)
        get(size)
        if size.type == .i32 { op(.i64ExtendI32U) }
        op(.i64Add)
    }
}

/// What memory is needed for: mistakes of the function that allocates it have names accordingly.
enum AllocationPurpose: Hashable {
    case string, list, arguments

    /// What an address that is out of bounds is called. Whoever calls the program is told about realloc.
    func outOfBounds(from side: Side) -> ComponentTrap {
        if side.isDriver { return .reallocOutOfBounds }
        return switch self {
        case .string: .stringOutOfBounds
        case .list: .listOutOfBounds
        case .arguments: .argumentsOutOfBounds
        }
    }

    func unaligned(from side: Side) -> ComponentTrap {
        side.isDriver ? .reallocUnaligned : .unalignedPointer
    }
}

extension Translator {
    /// Ends the program unless a range of a side's memory is inside of it. The size is an i32 or an i64.
    mutating func checkRange(
        _ address: Local, _ size: Local, alignment: UInt32, on side: Side,
        outside: ComponentTrap, unaligned: ComponentTrap = .unalignedPointer
    ) {
        if alignment > 1 {
            body.get(address)
            body.i32(alignment - 1)
            body.op(.i32And)
            module.trapIf(unaligned, in: &body)
        }
        body.end(of: address, size: size)
        body.memorySize(side.memory ?? 0)
        body.op(.i64ExtendI32U)
        body.i64(UInt64(side.pageSizeLog2))
        body.op(.i64Shl, .i64GtU)
        module.trapIf(outside, in: &body)
    }

    // Memory of the other side -------------------------------------------------------------------

    /// A function (old, old size, alignment, new size) that gets memory on the side that values go to, with
    /// what the specification checks about it.
    func allocator(_ purpose: AllocationPurpose) throws(LinkingError) -> FunctionReference {
        let key = HelperKey.allocate(to.key, purpose)
        if let known = module.helpers[key] { return known }
        guard let realloc = to.realloc else {
            throw LinkingError("a function needs memory but its canonical options have no realloc")
        }
        let signature = CoreSignature([.i32, .i32, .i32, .i32], [.i32])
        let reference = module.builder.declare(signature)
        module.helpers[key] = reference
        var inner = Translator(
            module: module, from: from, to: to,
            body: FunctionBuilder(name: "allocate", signature))
        inner.writeAllocator(realloc, purpose)
        module.builder.define(reference, inner.body)
        return reference
    }

    private mutating func writeAllocator(
        _ realloc: FunctionReference, _ purpose: AllocationPurpose
    ) {
        let parameters = body.parameters
        let (alignment, size) = (parameters[2], parameters[3])
        let result = body.freshLocal(.i32)
        setFlag(to.mayLeave, 0)
        let saved = enterContext(to.context)
        module.callCore(realloc, parameters, result: result, in: &body)
        leaveContext(to.context, saved)
        setFlag(to.mayLeave, 1)
        body.get(result)
        body.get(alignment)
        body.i32(1)
        body.op(.i32Sub, .i32And)
        module.trapIf(purpose.unaligned(from: from), in: &body)
        checkRange(
            result, size, alignment: 1, on: to, outside: purpose.outOfBounds(from: from))
        body.get(result)
    }

    /// Gets new memory; its size is in a local.
    mutating func allocate(
        _ result: Local, alignment: UInt32, size: Local, for purpose: AllocationPurpose
    ) throws(LinkingError) {
        body.i32(0)
        body.i32(0)
        body.i32(alignment)
        body.get(size)
        body.call(try allocator(purpose))
        body.set(result)
    }

    /// Moves a string that is longer or shorter than was thought.
    mutating func reallocate(
        _ pointer: Local, _ oldSize: Local, alignment: UInt32, size: Local
    ) throws(LinkingError) {
        body.get(pointer)
        body.get(oldSize)
        body.i32(alignment)
        body.get(size)
        body.call(try allocator(.string))
        body.set(pointer)
    }

    mutating func setFlag(_ flag: UInt32?, _ value: UInt32) {
        guard let flag else { return }
        body.i32(value)
        body.globalSet(flag)
    }

    /// Gives what runs next its own variables of a task.
    mutating func enterContext(_ globals: [UInt32]) -> [Local] {
        globals.map { global in
            let saved = body.freshLocal(.i64)
            body.globalGet(global)
            body.set(saved)
            body.i64(0)
            body.globalSet(global)
            return saved
        }
    }

    mutating func leaveContext(_ globals: [UInt32], _ saved: [Local]) {
        for (global, local) in zip(globals, saved) {
            body.get(local)
            body.globalSet(global)
        }
    }

    // Lists ----------------------------------------------------------------------------------

    mutating func passList(
        of element: TypeID, _ source: Place, _ target: Place
    ) throws(LinkingError) {
        let length = body.takeLocal()
        let pointer = body.takeLocal()
        loadWord(1, source)
        body.set(length)
        loadWord(0, source)
        body.get(length)
        body.call(try listHelper(element))
        body.set(pointer)
        storeWord(pointer, 0, target)
        storeWord(length, 1, target)
        body.release(length, pointer)
    }

    /// One of the two words of a string or a list.
    private mutating func loadWord(_ number: Int, _ place: Place) {
        load(.i32, 4, place.offset(UInt32(number) * 4), slot: number)
    }

    private mutating func storeWord(_ local: Local, _ number: Int, _ place: Place) {
        body.get(local)
        store(.i32, 4, place.offset(UInt32(number) * 4), slot: number)
    }

    /// A function (address, length) that passes a list's elements and returns where they are now.
    private func listHelper(_ element: TypeID) throws(LinkingError) -> FunctionReference {
        let key = HelperKey.list(element, from: from.key, to: to.key)
        if let known = module.helpers[key] { return known }
        let signature = CoreSignature([.i32, .i32], [.i32])
        let reference = module.builder.declare(signature)
        module.helpers[key] = reference
        var inner = Translator(
            module: module, from: from, to: to,
            body: FunctionBuilder(name: "pass list", signature))
        inner.isDynamic = true
        try inner.writeList(element)
        module.builder.define(reference, inner.body)
        return reference
    }

    private mutating func writeList(_ element: TypeID) throws(LinkingError) {
        let (address, length) = (body.parameters[0], body.parameters[1])
        let layout = types.layout(element)
        let size = body.freshLocal(.i64)
        let small = body.freshLocal(.i32)
        let result = body.freshLocal(.i32)
        body.get(length)
        body.op(.i64ExtendI32U)
        body.i64(UInt64(layout.size))
        body.op(.i64Mul)
        body.tee(size)
        body.i64(TypeTable.sizeLimit)
        body.op(.i64GeU)
        module.trapIf(.listTooLong, in: &body)
        checkRange(
            address, size, alignment: layout.alignment, on: from, outside: .listOutOfBounds)
        body.get(size)
        body.op(.i32WrapI64)
        body.set(small)
        try allocate(result, alignment: layout.alignment, size: small, for: .list)
        if layout.isPlain, let input = from.memory, let output = to.memory {
            body.get(result)
            body.get(address)
            body.get(small)
            body.memoryCopy(to: output, from: input)
        } else {
            let target = body.freshLocal(.i32)
            body.get(result)
            body.set(target)
            try passElements(element, count: length, from: address, to: target)
        }
        body.get(result)
    }

    /// Passes values that lie one behind the other. The locals with the addresses move on, `count` falls to
    /// zero.
    mutating func passElements(
        _ element: TypeID, count: Local, from source: Local, to target: Local
    ) throws(LinkingError) {
        let layout = types.layout(element)
        let wasDynamic = isDynamic
        isDynamic = true
        body.block()
        let out = body.depth
        body.loop()
        let again = body.depth
        body.get(count)
        body.op(.i32Eqz)
        body.branchIf(to: out)
        try pass(element, .memory(source, 0), .memory(target, 0))
        body.increment(source, by: layout.size)
        body.increment(target, by: layout.size)
        body.increment(count, by: .max)
        body.branch(to: again)
        body.end()
        body.end()
        isDynamic = wasDynamic
    }

    // Strings --------------------------------------------------------------------------------

    mutating func passString(_ source: Place, _ target: Place) throws(LinkingError) {
        let key = HelperKey.string(from: from.key, to: to.key)
        let function: FunctionReference
        if let known = module.helpers[key] {
            function = known
        } else {
            let signature = CoreSignature([.i32, .i32], [.i64])
            function = module.builder.declare(signature)
            module.helpers[key] = function
            var inner = Translator(
                module: module, from: from, to: to,
                body: FunctionBuilder(name: "pass string", signature))
            try inner.writeString()
            module.builder.define(function, inner.body)
        }
        let result = body.takeLocal(.i64)
        loadWord(0, source)
        loadWord(1, source)
        body.call(function)
        body.set(result)
        body.get(result)
        body.op(.i32WrapI64)
        store(.i32, 4, target, slot: 0)
        body.get(result)
        body.i64(32)
        body.op(.i64ShrU, .i32WrapI64)
        store(.i32, 4, target.offset(4), slot: 1)
        body.release(result)
    }
}
