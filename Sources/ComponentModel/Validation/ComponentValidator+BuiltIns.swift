// Canonical definitions of functions that the Component Model itself provides (CanonicalABI.md, "Canonical
// Definitions").

import WasmTypes

extension ComponentValidator {
    /// The type of the core function that a definition defines.
    mutating func signature(of definition: CanonicalDefinition) throws(ModuleError) -> FunctionType
    {
        switch definition {
        case .resourceNew(let type):
            let resource = try localResource(type)
            return FunctionType(parameters: [resource.representation], results: [.i32])
        case .resourceRep(let type):
            let resource = try localResource(type)
            return FunctionType(parameters: [.i32], results: [resource.representation])
        case .resourceDrop(let type):
            _ = try resource(type)
            return FunctionType(parameters: [.i32])
        case .errorContextNew, .errorContextDebugMessage, .errorContextDrop:
            try require(.errorContext, for: "error-context")
            return try errorContextSignature(of: definition)
        case .threadSpawnRef, .threadSpawnIndirect, .threadAvailableParallelism:
            try require(.sharedEverythingThreads, for: "a built-in for threads in parallel")
            return try sharedThreadSignature(of: definition)
        case .threadIndex, .threadNewIndirect, .threadResumeLater, .threadSuspend,
            .threadSuspendThenResume, .threadYieldThenResume, .threadSuspendThenPromote,
            .threadYieldThenPromote:
            try require(.threading, for: "a built-in for threads")
            return try threadSignature(of: definition)
        case .streamNew, .streamRead, .streamWrite, .streamCancelRead, .streamCancelWrite,
            .streamDropReadable, .streamDropWritable, .futureNew, .futureRead, .futureWrite,
            .futureCancelRead, .futureCancelWrite, .futureDropReadable, .futureDropWritable:
            try require(.async, for: "a built-in for streams and futures")
            return try streamSignature(of: definition)
        default:
            try require(.async, for: "a built-in for asynchronous calls")
            return try taskSignature(of: definition)
        }
    }

    private func localResource(_ index: UInt32) throws(ModuleError) -> LocalResource {
        let reference = try resource(index)
        guard let local = scope.localResources[reference.resource] else {
            throw invalid("type \(index) is not a local resource")
        }
        return local
    }

    // Tasks -----------------------------------------------------------------------------------

    private mutating func taskSignature(
        of definition: CanonicalDefinition
    ) throws(ModuleError) -> FunctionType {
        switch definition {
        case .backpressureIncrement, .backpressureDecrement, .taskCancel: return FunctionType()
        case .taskReturn(let result, let options): return try taskReturn(result, options)
        case .contextGet(let type, let slot):
            try checkContext(type, slot)
            return FunctionType(results: [type])
        case .contextSet(let type, let slot):
            try checkContext(type, slot)
            return FunctionType(parameters: [type])
        case .subtaskCancel(let isAsync):
            if isAsync { try require(.moreAsyncBuiltIns, for: "subtask.cancel with async") }
            return FunctionType(parameters: [.i32], results: [.i32])
        case .waitableSetNew, .threadYield: return FunctionType(results: [.i32])
        case .waitableSetWait(_, let memory), .waitableSetPoll(_, let memory):
            let address = try self.memory(memory).valueType
            return FunctionType(parameters: [.i32, address], results: [.i32])
        case .subtaskDrop, .waitableSetDrop: return FunctionType(parameters: [.i32])
        case .waitableJoin: return FunctionType(parameters: [.i32, .i32])
        default: throw invalid("a canonical definition of an unknown kind")
        }
    }

    private mutating func taskReturn(
        _ result: ComponentValueType?, _ options: CanonicalOptions
    ) throws(ModuleError) -> FunctionType {
        let checked = try check(options, allowing: [])
        var shape = FunctionShape(isAsync: false, parameters: [], result: nil)
        if let result {
            let type: ValueTypeID = try resolve(result)
            let layout = types.layout(of: type)
            if layout.hasAddress || layout.flat.count > ValueLayout.maximumFlatCount {
                try requireMemory(checked, "the result of task.return")
            }
            shape.parameters = [ValueShape.Field(label: "result", type: type)]
        }
        let function = types.add(shape)
        return types.coreType(
            of: function, as: .lower, isAsync: false, hasCallback: false,
            addressType: checked.addressType)
    }

    private mutating func checkContext(_ type: ValueType, _ slot: UInt32) throws(ModuleError) {
        if type == .i64 { try require(.memory64, for: "a context of 64 bits") }
        guard type == .i32 || type == .i64 else {
            throw invalid("a context's type can only be i32 or i64, found \(type)")
        }
        guard slot < 2 else { throw invalid("a context's number must be zero or one, is \(slot)") }
        guard scope.contextType ?? type == type else {
            throw invalid("all built-ins for a component's context must have one type")
        }
        scope.contextType = type
    }

    // Streams and futures ---------------------------------------------------------------------

    private mutating func streamSignature(
        of definition: CanonicalDefinition
    ) throws(ModuleError) -> FunctionType {
        switch definition {
        case .streamNew(let type):
            _ = try stream(type)
            return FunctionType(results: [.i64])
        case .futureNew(let type):
            _ = try future(type)
            return FunctionType(results: [.i64])
        case .streamRead(let type, let options):
            let address = try checkCopy(of: try stream(type), options, isRead: true)
            return FunctionType(parameters: [.i32, address, address], results: [address])
        case .streamWrite(let type, let options):
            let address = try checkCopy(of: try stream(type), options, isRead: false)
            return FunctionType(parameters: [.i32, address, address], results: [address])
        case .futureRead(let type, let options):
            let address = try checkCopy(of: try future(type), options, isRead: true)
            return FunctionType(parameters: [.i32, address], results: [.i32])
        case .futureWrite(let type, let options):
            let address = try checkCopy(of: try future(type), options, isRead: false)
            return FunctionType(parameters: [.i32, address], results: [.i32])
        case .streamCancelRead(let type, let isAsync), .streamCancelWrite(let type, let isAsync):
            _ = try stream(type)
            return try cancelSignature(isAsync)
        case .futureCancelRead(let type, let isAsync), .futureCancelWrite(let type, let isAsync):
            _ = try future(type)
            return try cancelSignature(isAsync)
        case .streamDropReadable(let type), .streamDropWritable(let type):
            _ = try stream(type)
            return FunctionType(parameters: [.i32])
        case .futureDropReadable(let type), .futureDropWritable(let type):
            _ = try future(type)
            return FunctionType(parameters: [.i32])
        default: throw invalid("a canonical definition of an unknown kind")
        }
    }

    private mutating func cancelSignature(_ isAsync: Bool) throws(ModuleError) -> FunctionType {
        if isAsync { try require(.moreAsyncBuiltIns, for: "cancellation with async") }
        return FunctionType(parameters: [.i32], results: [.i32])
    }

    /// The type of what a stream passes.
    private func stream(_ index: UInt32) throws(ModuleError) -> ValueTypeID? {
        guard case .value(let type) = try item(index, "type", { $0.types }),
            case .stream(let element) = types[type]
        else { throw invalid("the built-in requires a stream type, and type \(index) is not one") }
        return element
    }

    /// The type of what a future passes.
    private func future(_ index: UInt32) throws(ModuleError) -> ValueTypeID? {
        guard case .value(let type) = try item(index, "type", { $0.types }),
            case .future(let element) = types[type]
        else { throw invalid("the built-in requires a future type, and type \(index) is not one") }
        return element
    }

    private mutating func checkCopy(
        of element: ValueTypeID?, _ options: CanonicalOptions, isRead: Bool
    ) throws(ModuleError) -> ValueType {
        let checked = try check(options, allowing: [.realloc, .async])
        if !options.isAsync {
            try require(.moreAsyncBuiltIns, for: "reading or writing without async")
        }
        if let element {
            try requireMemory(checked, "the elements")
            if isRead && types.layout(of: element).hasAddress {
                try requireRealloc(checked, "the elements")
            }
        }
        return checked.addressType.valueType
    }

    private mutating func errorContextSignature(
        of definition: CanonicalDefinition
    ) throws(ModuleError) -> FunctionType {
        switch definition {
        case .errorContextNew(let options):
            let checked = try check(options, allowing: [.realloc])
            try requireMemory(checked, "the message")
            let address = checked.addressType.valueType
            return FunctionType(parameters: [address, address], results: [.i32])
        case .errorContextDebugMessage(let options):
            let checked = try check(options, allowing: [.realloc])
            try requireRealloc(checked, "the message")
            return FunctionType(parameters: [.i32, checked.addressType.valueType])
        default: return FunctionType(parameters: [.i32])
        }
    }

    // Threads ---------------------------------------------------------------------------------

    private mutating func threadSignature(
        of definition: CanonicalDefinition
    ) throws(ModuleError) -> FunctionType {
        switch definition {
        case .threadIndex, .threadSuspend: return FunctionType(results: [.i32])
        case .threadResumeLater: return FunctionType(parameters: [.i32])
        case .threadNewIndirect(let type, let table):
            let argument = try threadArgument(type)
            let address = try functionTable(table)
            return FunctionType(parameters: [address, argument], results: [.i32])
        default: return FunctionType(parameters: [.i32], results: [.i32])
        }
    }

    private mutating func sharedThreadSignature(
        of definition: CanonicalDefinition
    ) throws(ModuleError) -> FunctionType {
        switch definition {
        case .threadSpawnRef(false, let type):
            let argument = try threadArgument(type)
            guard case .type(let function) = try item(type, "core type", { $0.coreTypes }) else {
                throw invalid("core type \(type) is a module's")
            }
            let reference = ReferenceType(isNullable: true, heapType: .concrete(function))
            return FunctionType(parameters: [.reference(reference), argument], results: [.i32])
        case .threadSpawnIndirect(false, let type, let table):
            let argument = try threadArgument(type)
            let address = try functionTable(table)
            return FunctionType(parameters: [address, argument], results: [.i32])
        case .threadAvailableParallelism(false): return FunctionType(results: [.i32])
        default:
            throw ModuleError(
                .unsupported, "functions that several threads share are not supported",
                at: offset)
        }
    }

    /// The parameter of the functions that threads run.
    private mutating func threadArgument(_ index: UInt32) throws(ModuleError) -> ValueType {
        guard case .type(let type) = try item(index, "core type", { $0.coreTypes }),
            let function = types.core.functionType(type)
        else { throw invalid("start type must be a function: core type \(index) is not one") }
        guard function.results.isEmpty, function.parameters.count == 1,
            let argument = function.parameters.first, argument == .i32 || argument == .i64
        else {
            throw invalid(
                "start function must take a single i32 argument and not return any values, is "
                    + "\(function)")
        }
        if argument == .i64 { try require(.memory64, for: "a thread's argument of 64 bits") }
        return argument
    }

    /// The type of addresses of a table of functions.
    private mutating func functionTable(_ index: UInt32) throws(ModuleError) -> ValueType {
        let table = try item(index, "core table", { $0.coreTables })
        guard table.element == .function else {
            throw invalid("core table \(index) is not one of (ref null func)")
        }
        if table.addressType == .i64 { try require(.memory64, for: "a table of 64 bits") }
        return table.addressType.valueType
    }
}
