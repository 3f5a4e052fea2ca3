// The function and code sections (WebAssembly 3.0, sections 5.5.6 and 5.5.13).

import WasmTypes

extension ModuleDecoder {
    mutating func readFunctionSection(_ section: inout BinaryReader) throws(ModuleError) {
        let start = section.position
        let count = try section.readCount()
        try checkLimit(
            module.functions.count + count, ImplementationLimits.functions, of: "functions",
            at: start)
        module.functions.reserveCapacity(module.functions.count + count)
        for _ in 0..<count { module.functions.append(try section.readU32()) }
    }

    mutating func readCodeSection(_ section: inout BinaryReader) throws(ModuleError) {
        let start = section.position
        let count = try section.readCount()
        guard count == module.functions.count - module.importedFunctionCount else {
            throw section.malformed(
                "function and code section have inconsistent lengths", at: start)
        }
        module.bodies.reserveCapacity(count)
        for index in 0..<count {
            let start = section.position
            let function = FunctionIndex(module.importedFunctionCount + index)
            let size = try section.readLength()
            var body = try section.readRange(size, function: function)
            guard size <= ImplementationLimits.functionBodySize else {
                throw body.error(.limitExceeded, "function body of \(size) bytes", at: start)
            }
            let locals = try body.readLocals()
            module.bodies.append(
                FunctionBody(locals: locals, code: body.position..<body.end))
            section.usedFeatures.formUnion(body.usedFeatures)
        }
    }
}

extension BinaryReader {
    /// Declared locals, as groups of one type. Their sum must fit in 32 bits, which is a rule of
    /// the encoding; how many are accepted is another matter.
    fileprivate mutating func readLocals() throws(ModuleError) -> [FunctionBody.LocalGroup] {
        let start = position
        let count = try readCount()
        var groups: [FunctionBody.LocalGroup] = []
        // Each group takes two bytes at least.
        groups.reserveCapacity(Swift.min(count, remaining / 2))
        var total: UInt64 = 0
        for _ in 0..<count {
            let groupStart = position
            let size = try readU32()
            total += UInt64(size)
            guard total <= UInt64(UInt32.max) else {
                throw malformed("too many locals", at: groupStart)
            }
            groups.append(FunctionBody.LocalGroup(count: size, type: try readValueType()))
        }
        guard total <= UInt64(ImplementationLimits.locals) else {
            throw error(
                .limitExceeded,
                "too many locals: \(total), at most \(ImplementationLimits.locals) are accepted",
                at: start)
        }
        return groups
    }
}
