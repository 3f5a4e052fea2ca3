// Numbers that are passed to functions which only the module itself calls.
//
// LLVM drops a comparison in such a function if all of its calls make it superfluous, such as that of
// an index with the size of a table. Its note of the range that it has found is a hint where it is
// worth to look, and nothing that is believed.

internal import LLVMKit

extension ModuleContext {
    /// Between which numbers a parameter is.
    func bounds(ofParameter parameter: IRValue) -> Bounds {
        let all = Bounds(bits: parameter.type.integerWidth ?? 64)
        guard let (function, index) = parameter.parameterPlace,
            function.hasRange(ofParameter: index)
        else { return all }
        if let known = parameters[parameter] { return known }
        let result = passedBounds(parameter) ?? all
        parameters[parameter] = result
        return result
    }

    /// What is passed, also by way of other parameters; nil if that is not all constants.
    private func passedBounds(_ parameter: IRValue) -> Bounds? {
        var result: Bounds?
        var seen: Set<IRValue> = [parameter]
        var open = [parameter]
        while let value = open.popLast() {
            guard seen.count <= Self.mostValues else { return nil }
            if value.type == parameter.type, let number = value.constantInteger.map({ Int128($0) })
            {
                result = result?.union(Bounds(number, number)) ?? Bounds(number, number)
                continue
            }
            guard let sources = sources(of: value) else { return nil }
            open += sources.filter { seen.insert($0).inserted }
        }
        return result
    }

    /// The values one of which another one is; nil if it is a number of its own.
    private func sources(of value: IRValue) -> [IRValue]? {
        if let instruction = IRInstruction(value) {
            switch instruction.opcode {
            case .phi: return instruction.incoming.map(\.value)
            case .select: return [instruction.operand(1), instruction.operand(2)]
            default: return nil
            }
        }
        guard let (function, index) = value.parameterPlace, function.isLocal,
            let calls = function.onlyCalls
        else { return nil }
        var result: [IRValue] = []
        for call in calls {
            guard index < call.argumentCount, call.operand(index).type == value.type else {
                return nil
            }
            result.append(call.operand(index))
        }
        return result
    }

    private static let mostValues = 256
}
