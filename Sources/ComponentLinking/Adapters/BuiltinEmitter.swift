// The functions that the Component Model itself gives to core modules.

import ComponentModel

extension ModuleEmitter {
    /// Ends the program if the component instance is allocating or cleaning up.
    func leaveCheck(_ instance: Int, in body: inout FunctionBuilder) {
        guard checksLeave else { return }
        body.globalGet(stateGlobal(.mayLeave, of: instance))
        body.op(.i32Eqz)
        trapIf(.cannotLeave, in: &body)
    }

    private func name(_ id: ResourceID) -> String { facts.resources[id.index].name }

    func resourceNew(_ id: ResourceID, _ instance: Int) -> FunctionReference {
        var body = FunctionBuilder(
            name: "[resource-new]\(name(id))", CoreSignature([.i32], [.i32]))
        leaveCheck(instance, in: &body)
        body.i32(tag(id))
        body.get(body.parameters[0])
        body.call(state(.add, of: instance))
        return builder.add(body)
    }

    func resourceRepresentation(_ id: ResourceID, _ instance: Int) -> FunctionReference {
        var body = FunctionBuilder(
            name: "[resource-rep]\(name(id))", CoreSignature([.i32], [.i32]))
        body.i32(tag(id))
        body.get(body.parameters[0])
        body.call(state(.rep, of: instance))
        return builder.add(body)
    }

    /// Removes a handle; one that owns ends its resource.
    func resourceDrop(
        _ id: ResourceID, _ instance: Int, destructor: Source?, entered: [Int]
    ) -> FunctionReference {
        var body = FunctionBuilder(name: "[resource-drop]\(name(id))", CoreSignature([.i32]))
        leaveCheck(instance, in: &body)
        let dropped = body.freshLocal(.i64)
        let representation = body.freshLocal(.i32)
        body.i32(tag(id))
        body.get(body.parameters[0])
        body.call(state(.drop, of: instance))
        body.set(dropped)
        let flags = entered.map { stateGlobal(.mayEnter, of: $0) }
        guard destructor != nil || !flags.isEmpty else { return builder.add(body) }
        body.get(dropped)
        body.i64(32)
        body.op(.i64ShrU, .i32WrapI64)
        body.if()
        for flag in flags {
            body.globalGet(flag)
            body.op(.i32Eqz)
            trapIf(.cannotEnter, in: &body)
        }
        if let destructor {
            body.get(dropped)
            body.op(.i32WrapI64)
            body.set(representation)
            for flag in flags { set(flag, 0, in: &body) }
            let function = self.function(destructor, CoreSignature([.i32]), "destructor")
            callCore(function, [representation], result: nil, in: &body)
            for flag in flags { set(flag, 1, in: &body) }
        }
        body.end()
        return builder.add(body)
    }

    private func set(_ global: UInt32, _ value: UInt32, in body: inout FunctionBuilder) {
        body.i32(value)
        body.globalSet(global)
    }

    func context(
        _ type: CoreType, slot: Int, isSet: Bool, _ instance: Int
    ) -> FunctionReference {
        let item: StateItem = slot == 0 ? .context0 : .context1
        let global = stateGlobal(item, of: instance)
        var body = FunctionBuilder(
            name: isSet ? "[context-set]" : "[context-get]",
            isSet ? CoreSignature([type]) : CoreSignature([], [type]))
        if isSet {
            body.get(body.parameters[0])
            if type == .i32 { body.op(.i64ExtendI32U) }
            body.globalSet(global)
        } else {
            body.globalGet(global)
            if type == .i32 { body.op(.i32WrapI64) }
        }
        return builder.add(body)
    }

    /// Counts who asked for not being called: at most 2^16 - 1 times, and as often not again.
    func backpressure(isIncrement: Bool, _ instance: Int) -> FunctionReference {
        let global = stateGlobal(.backpressure, of: instance)
        var body = FunctionBuilder(
            name: isIncrement ? "[backpressure-inc]" : "[backpressure-dec]", CoreSignature())
        let count = body.freshLocal(.i32)
        body.globalGet(global)
        body.i32(1)
        body.op(isIncrement ? .i32Add : .i32Sub)
        body.tee(count)
        body.i32(0x1_0000)
        body.op(.i32GeU)
        trapIf(.backpressureOutOfRange, in: &body)
        body.get(count)
        body.globalSet(global)
        return builder.add(body)
    }

    /// What there is no implementation of traps where it is called.
    func unsupported(
        _ name: String, _ signature: CoreSignature, _ instance: Int
    ) -> FunctionReference {
        var body = FunctionBuilder(name: name, signature)
        leaveCheck(instance, in: &body)
        trap(.notSupported, in: &body)
        return builder.add(body)
    }
}
