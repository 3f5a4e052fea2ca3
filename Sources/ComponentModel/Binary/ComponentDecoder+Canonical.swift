// Canonical definitions (Binary.md, section of this name).
//
// A byte that says whether a wait can be cancelled was taken out of the specification after it had been in
// use; files have the byte, as zero, all the same, so that both forms are read as one.

import WasmBinary
import WasmTypes

extension ComponentDecoder {
    mutating func readCanonical() throws(ModuleError) -> CanonicalDefinition {
        let start = reader.position
        let opcode = try reader.readByte()
        switch opcode {
        case 0x00:
            try readFunctionSort()
            let function = try reader.readU32()
            let options = try readOptions()
            return .lift(coreFunction: function, options: options, type: try reader.readU32())
        case 0x01:
            try readFunctionSort()
            let function = try reader.readU32()
            return .lower(function: function, options: try readOptions())
        case 0x02: return .resourceNew(try reader.readU32())
        case 0x03: return .resourceDrop(try reader.readU32())
        case 0x04: return .resourceRep(try reader.readU32())
        case 0x05...0x0D, 0x1F...0x25: return try readTaskBuiltIn(opcode)
        case 0x0E...0x1E: return try readStreamBuiltIn(opcode)
        case 0x26...0x2D, 0x40...0x42: return try readThreadBuiltIn(opcode)
        default: throw malformedByte(opcode, "canonical definition", at: start)
        }
    }

    private mutating func readFunctionSort() throws(ModuleError) {
        let start = reader.position
        let byte = try reader.readByte()
        guard byte == 0x00 else { throw malformedByte(byte, "canonical definition", at: start) }
    }

    private mutating func readTaskBuiltIn(
        _ opcode: UInt8
    ) throws(ModuleError) -> CanonicalDefinition {
        switch opcode {
        case 0x05: return .taskCancel
        case 0x06: return .subtaskCancel(isAsync: try readBool("async"))
        case 0x09:
            let result = try readResult()
            return .taskReturn(result: result, options: try readOptions())
        case 0x0A, 0x0B:
            let type = try reader.readValueType()
            let slot = try reader.readU32()
            return opcode == 0x0A ? .contextGet(type, slot) : .contextSet(type, slot)
        case 0x0C: return .threadYield(isCancellable: try readBool("cancellable"))
        case 0x0D: return .subtaskDrop
        case 0x1F: return .waitableSetNew
        case 0x20, 0x21:
            let isCancellable = try readBool("cancellable")
            let memory = try reader.readU32()
            return opcode == 0x20
                ? .waitableSetWait(isCancellable: isCancellable, memory: memory)
                : .waitableSetPoll(isCancellable: isCancellable, memory: memory)
        case 0x22: return .waitableSetDrop
        case 0x23: return .waitableJoin
        case 0x24: return .backpressureIncrement
        case 0x25: return .backpressureDecrement
        default: throw malformedByte(opcode, "canonical definition", at: reader.position - 1)
        }
    }

    private mutating func readStreamBuiltIn(
        _ opcode: UInt8
    ) throws(ModuleError) -> CanonicalDefinition {
        switch opcode {
        case 0x1C: return .errorContextNew(try readOptions())
        case 0x1D: return .errorContextDebugMessage(try readOptions())
        case 0x1E: return .errorContextDrop
        default: break
        }
        let type = try reader.readU32()
        switch opcode {
        case 0x0E: return .streamNew(type)
        case 0x0F: return .streamRead(type, try readOptions())
        case 0x10: return .streamWrite(type, try readOptions())
        case 0x11: return .streamCancelRead(type, isAsync: try readBool("async"))
        case 0x12: return .streamCancelWrite(type, isAsync: try readBool("async"))
        case 0x13: return .streamDropReadable(type)
        case 0x14: return .streamDropWritable(type)
        case 0x15: return .futureNew(type)
        case 0x16: return .futureRead(type, try readOptions())
        case 0x17: return .futureWrite(type, try readOptions())
        case 0x18: return .futureCancelRead(type, isAsync: try readBool("async"))
        case 0x19: return .futureCancelWrite(type, isAsync: try readBool("async"))
        case 0x1A: return .futureDropReadable(type)
        default: return .futureDropWritable(type)
        }
    }

    private mutating func readThreadBuiltIn(
        _ opcode: UInt8
    ) throws(ModuleError) -> CanonicalDefinition {
        switch opcode {
        case 0x26: return .threadIndex
        case 0x27:
            let type = try reader.readU32()
            return .threadNewIndirect(type: type, table: try reader.readU32())
        case 0x28: return .threadResumeLater
        case 0x40, 0x41, 0x42: return try readSharedThreadBuiltIn(opcode)
        default: break
        }
        let isCancellable = try readBool("cancellable")
        switch opcode {
        case 0x29: return .threadSuspend(isCancellable: isCancellable)
        case 0x2A: return .threadSuspendThenResume(isCancellable: isCancellable)
        case 0x2B: return .threadYieldThenResume(isCancellable: isCancellable)
        case 0x2C: return .threadSuspendThenPromote(isCancellable: isCancellable)
        default: return .threadYieldThenPromote(isCancellable: isCancellable)
        }
    }

    private mutating func readSharedThreadBuiltIn(
        _ opcode: UInt8
    ) throws(ModuleError) -> CanonicalDefinition {
        let isShared = try readBool("shared")
        guard opcode != 0x42 else { return .threadAvailableParallelism(isShared: isShared) }
        let type = try reader.readU32()
        guard opcode == 0x41 else { return .threadSpawnRef(isShared: isShared, type: type) }
        return .threadSpawnIndirect(
            isShared: isShared, type: type, table: try reader.readU32())
    }

    // Options ---------------------------------------------------------------------------------

    private mutating func readOptions() throws(ModuleError) -> CanonicalOptions {
        var options = CanonicalOptions()
        let count = try reader.readCount(
            limit: ComponentLimits.canonicalOptions, of: "canonical options")
        for _ in 0..<count { try readOption(into: &options) }
        return options
    }

    private mutating func readOption(into options: inout CanonicalOptions) throws(ModuleError) {
        let start = reader.position
        let byte = try reader.readByte()
        let isNew: Bool
        let name: String
        switch byte {
        case 0x00, 0x01, 0x02:
            (isNew, name) = (options.stringEncoding == nil, "string-encoding")
            options.stringEncoding = StringEncoding(rawValue: byte)
        case 0x03:
            (isNew, name) = (options.memory == nil, "memory")
            options.memory = try reader.readU32()
        case 0x04:
            (isNew, name) = (options.realloc == nil, "realloc")
            options.realloc = try reader.readU32()
        case 0x05:
            (isNew, name) = (options.postReturn == nil, "post-return")
            options.postReturn = try reader.readU32()
        case 0x06:
            (isNew, name) = (!options.isAsync, "async")
            options.isAsync = true
        case 0x07:
            (isNew, name) = (options.callback == nil, "callback")
            options.callback = try reader.readU32()
        case 0x08, 0x09:
            throw reader.error(
                .unsupported, "canonical options for garbage-collected values are not supported",
                at: start)
        default: throw malformedByte(byte, "canonical option", at: start)
        }
        guard isNew else {
            throw reader.error(.invalid, "canonical option \(name) is given twice", at: start)
        }
    }
}
