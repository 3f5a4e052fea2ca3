// Canonical definitions: what is lifted is remembered, everything else is a core function that will be
// generated.

import ComponentModel
import WasmTypes

extension Evaluator {
    mutating func evaluate(
        _ definition: CanonicalDefinition, in scope: Scope
    ) throws(LinkingError) {
        let instance = scope.instance
        let adapter: AdapterSpec
        switch definition {
        case .lift(let function, let options, let type):
            try lift(function, options, type, in: scope)
            return
        case .lower(let function, let options):
            let callee = try scope.at(\.functions, function)
            adapter = try lower(callee, options, in: scope)
        case .resourceNew(let type):
            adapter = .resourceNew(try resource(type, in: scope), instance: instance)
        case .resourceDrop(let type):
            adapter = .resourceDrop(try resource(type, in: scope), instance: instance)
        case .resourceRep(let type):
            adapter = .resourceRepresentation(try resource(type, in: scope), instance: instance)
        case .backpressureIncrement:
            adapter = .backpressure(isIncrement: true, instance: instance)
        case .backpressureDecrement:
            adapter = .backpressure(isIncrement: false, instance: instance)
        case .contextGet(let type, let slot):
            adapter = .context(
                CoreType(type) ?? .i32, slot: Int(slot), isSet: false, instance: instance)
        case .contextSet(let type, let slot):
            adapter = .context(
                CoreType(type) ?? .i32, slot: Int(slot), isSet: true, instance: instance)
        default:
            guard let (name, signature, checksLeave) = try unsupported(definition, in: scope) else {
                throw LinkingError.notValidated
            }
            adapter = .unsupported(
                name: name, signature, instance: instance, checksLeave: checksLeave)
        }
        scope.coreFunctions.append(graph.add(adapter))
    }

    private mutating func lift(
        _ function: UInt32, _ options: CanonicalOptions, _ type: UInt32, in scope: Scope
    ) throws(LinkingError) {
        guard case .function(let type) = try scope.at(\.types, type) else {
            throw LinkingError.notValidated
        }
        let source = try scope.at(\.coreFunctions, function)
        let target: ComponentFunction.Target =
            options.isAsync
            ? .unsupported("functions that are lifted asynchronously")
            : .lifted(source, try resolve(options, in: scope), instance: scope.instance)
        scope.functions.append(ComponentFunction(target: target, type: type, name: ""))
    }

    private func lower(
        _ callee: ComponentFunction, _ options: CanonicalOptions, in scope: Scope
    ) throws(LinkingError) -> AdapterSpec {
        let resolved = try resolve(options, in: scope)
        guard !options.isAsync else {
            return .unsupported(
                name: "an asynchronous call of \(callee.name)",
                asynchronousSignature(of: callee.type), instance: scope.instance,
                checksLeave: true)
        }
        return .call(callee, caller: scope.instance, resolved)
    }

    func resolve(
        _ options: CanonicalOptions, in scope: Scope
    ) throws(LinkingError) -> ResolvedOptions {
        var result = ResolvedOptions(encoding: options.stringEncoding ?? .utf8)
        if let memory = options.memory { result.memory = try scope.at(\.coreMemories, memory) }
        if let realloc = options.realloc { result.realloc = try scope.at(\.coreFunctions, realloc) }
        if let postReturn = options.postReturn {
            result.postReturn = try scope.at(\.coreFunctions, postReturn)
        }
        return result
    }

    private func asynchronousSignature(of type: ResolvedFunctionType) -> CoreSignature {
        let flat = types.flat(type.types)
        var parameters = flat.flatMap { $0.count <= 4 ? $0 : nil } ?? [.i32]
        if type.result != nil { parameters.append(.i32) }
        return CoreSignature(parameters, [.i32])
    }

    // What this target does not do -------------------------------------------------------------

    /// The name of a function of the Component Model, its type, and whether it may not be called when the
    /// instance must not be left.
    private func unsupported(
        _ definition: CanonicalDefinition, in scope: Scope
    ) throws(LinkingError) -> (String, CoreSignature, Bool)? {
        switch definition {
        case .lift, .lower, .resourceNew, .resourceDrop, .resourceRep, .contextGet, .contextSet,
            .backpressureIncrement, .backpressureDecrement:
            return nil
        case .taskReturn(let result, let options):
            return ("task.return", try returnSignature(result, options, in: scope), true)
        default:
            let (name, parameters, result) = Self.shape(definition)
            let signature = CoreSignature(
                Array(repeating: .i32, count: parameters), Self.results(result))
            return (name, signature, true)
        }
    }

    private static func results(_ result: CoreType?) -> [CoreType] { result.map { [$0] } ?? [] }

    private func returnSignature(
        _ result: ComponentValueType?, _ options: CanonicalOptions, in scope: Scope
    ) throws(LinkingError) -> CoreSignature {
        guard let result else { return CoreSignature() }
        var copy = self
        let type = try copy.evaluate(result, in: scope)
        return CoreSignature(copy.types.layout(type).flat ?? [.i32])
    }

    /// A name, the number of parameters, all i32, and the result.
    private static func shape(_ definition: CanonicalDefinition) -> (String, Int, CoreType?) {
        switch definition {
        case .taskCancel: ("task.cancel", 0, nil)
        case .subtaskCancel: ("subtask.cancel", 1, .i32)
        case .subtaskDrop: ("subtask.drop", 1, nil)
        case .streamNew: ("stream.new", 0, .i64)
        case .streamRead: ("stream.read", 3, .i32)
        case .streamWrite: ("stream.write", 3, .i32)
        case .streamCancelRead: ("stream.cancel-read", 1, .i32)
        case .streamCancelWrite: ("stream.cancel-write", 1, .i32)
        case .streamDropReadable: ("stream.drop-readable", 1, nil)
        case .streamDropWritable: ("stream.drop-writable", 1, nil)
        case .futureNew: ("future.new", 0, .i64)
        case .futureRead: ("future.read", 2, .i32)
        case .futureWrite: ("future.write", 2, .i32)
        case .futureCancelRead: ("future.cancel-read", 1, .i32)
        case .futureCancelWrite: ("future.cancel-write", 1, .i32)
        case .futureDropReadable: ("future.drop-readable", 1, nil)
        case .futureDropWritable: ("future.drop-writable", 1, nil)
        case .errorContextNew: ("error-context.new", 2, .i32)
        case .errorContextDebugMessage: ("error-context.debug-message", 2, nil)
        case .errorContextDrop: ("error-context.drop", 1, nil)
        case .waitableSetNew: ("waitable-set.new", 0, .i32)
        case .waitableSetWait: ("waitable-set.wait", 2, .i32)
        case .waitableSetPoll: ("waitable-set.poll", 2, .i32)
        case .waitableSetDrop: ("waitable-set.drop", 1, nil)
        case .waitableJoin: ("waitable.join", 2, nil)
        case .threadIndex: ("thread.index", 0, .i32)
        case .threadNewIndirect: ("thread.new-indirect", 2, .i32)
        case .threadResumeLater: ("thread.resume-later", 1, nil)
        case .threadSuspend: ("thread.suspend", 0, .i32)
        case .threadYield: ("thread.yield", 0, .i32)
        case .threadSuspendThenResume: ("thread.suspend-then-resume", 1, .i32)
        case .threadYieldThenResume: ("thread.yield-then-resume", 1, .i32)
        case .threadSuspendThenPromote: ("thread.suspend-then-promote", 1, .i32)
        case .threadYieldThenPromote: ("thread.yield-then-promote", 1, .i32)
        case .threadSpawnRef: ("thread.spawn-ref", 2, .i32)
        case .threadSpawnIndirect: ("thread.spawn-indirect", 2, .i32)
        case .threadAvailableParallelism: ("thread.available-parallelism", 0, .i32)
        case .lift, .lower, .resourceNew, .resourceDrop, .resourceRep, .taskReturn, .contextGet,
            .contextSet, .backpressureIncrement, .backpressureDecrement:
            ("", 0, nil)
        }
    }
}

extension TypeTable {
    /// The core values of several values, nil if there are too many for any function.
    func flat(_ types: [TypeID]) -> [CoreType]? {
        var result: [CoreType] = []
        for type in types {
            guard let part = layout(type).flat, result.count + part.count <= Self.flatLimit else {
                return nil
            }
            result += part
        }
        return result
    }
}
