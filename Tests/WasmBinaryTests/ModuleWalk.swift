import WasmBinary
import WasmTypes

/// Decodes a module and every instruction in it, as a compiler would, and returns how many there
/// are.
func walk(_ bytes: [UInt8], features: FeatureSet = .all) throws(ModuleError) -> Int {
    let module = try Module.decode(bytes, features: features)
    var count = 0
    for (index, body) in module.bodies.enumerated() {
        let function = FunctionIndex(module.importedFunctionCount + index)
        count += try walk(body.code, of: module, function: function, features: features)
    }
    for segment in module.elements {
        for expression in module.expressions(of: segment) {
            count += try walk(expression.range, of: module, function: nil, features: features)
        }
        count += Array(module.functionIndices(of: segment)).count
    }
    return count
}

private func walk(
    _ range: Range<Int>, of module: Module, function: FunctionIndex?, features: FeatureSet
) throws(ModuleError) -> Int {
    var reader = InstructionReader(
        bytes: module.bytes, range: range, features: features, function: function)
    var count = 0
    while reader.depth > 0 {
        switch try reader.next().instruction {
        case .branchTable(let table):
            count += Array(InstructionReader.labels(of: table, in: module.bytes)).count
        case .tryTable(_, let clauses):
            count += Array(InstructionReader.clauses(of: clauses, in: module.bytes)).count
        case .memoryInit, .dataDrop, .aggregate(.arrayNewData), .aggregate(.arrayInitData):
            guard module.dataCount != nil else {
                throw ModuleError(.malformed, "data count section required", at: reader.position)
            }
        default: break
        }
        count += 1
    }
    // One more is refused, whether there are bytes left or not.
    if !reader.isAtEnd { _ = try reader.next() }
    return count
}

/// The error that decoding and walking a module gives, nil if there is none.
func complaint(_ bytes: [UInt8], features: FeatureSet = .all) -> ModuleError? {
    do throws(ModuleError) {
        _ = try walk(bytes, features: features)
        return nil
    } catch {
        return error
    }
}
