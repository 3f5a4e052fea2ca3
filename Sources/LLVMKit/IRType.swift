// Types of LLVM IR: borrowed handles, valid as long as the IRModule that made them.

internal import CLLVM

/// A type of LLVM IR.
public struct IRType: Hashable {
    let reference: LLVMTypeRef

    init(_ reference: LLVMTypeRef) {
        self.reference = reference
    }

    /// The integer 0, the float +0, the null pointer, or an aggregate of these.
    public var zero: IRValue { IRValue(LLVMConstNull(reference)) }

    /// A value about which LLVM may assume nothing but that it is never used.
    public var poison: IRValue { IRValue(LLVMGetPoison(reference)) }

    /// An integer constant; bits beyond the type's width are dropped.
    public func constant(_ value: UInt64) -> IRValue {
        IRValue(LLVMConstInt(reference, value, 0))
    }

    /// An integer constant; bits beyond the type's width are dropped.
    public func constant(_ value: Int) -> IRValue {
        constant(UInt64(bitPattern: Int64(value)))
    }

    /// A constant of an array type whose elements have this type.
    public func constantArray(_ elements: [IRValue]) -> IRValue {
        var elements = elements.map { Optional($0.reference) }
        return IRValue(LLVMConstArray2(reference, &elements, UInt64(elements.count)))
    }

    /// The vector type of `count` lanes of this type.
    public func vector(_ count: Int) -> IRType {
        IRType(LLVMVectorType(reference, UInt32(count)))
    }

    /// A constant vector whose lanes have this type.
    public func constantVector(_ lanes: [IRValue]) -> IRValue {
        var lanes = lanes.map { Optional($0.reference) }
        return IRValue(LLVMConstVector(&lanes, UInt32(lanes.count)))
    }

    /// The type of `count` values of this type in a row.
    public func array(_ count: Int) -> IRType {
        IRType(LLVMArrayType2(reference, UInt64(count)))
    }
}

/// The types of one context that everybody needs.
public struct IRTypes {
    public let void, i1, i8, i16, i32, i64, f32, f64, pointer: IRType
    /// On x86-64, a pointer relative to the segment register gs.
    public let segmentPointer: IRType
    /// Sixteen bytes.
    public let v128: IRType
    let context: LLVMContextRef

    init(_ context: LLVMContextRef) {
        self.context = context
        void = IRType(LLVMVoidTypeInContext(context))
        i1 = IRType(LLVMInt1TypeInContext(context))
        i8 = IRType(LLVMInt8TypeInContext(context))
        i16 = IRType(LLVMInt16TypeInContext(context))
        i32 = IRType(LLVMInt32TypeInContext(context))
        i64 = IRType(LLVMInt64TypeInContext(context))
        f32 = IRType(LLVMFloatTypeInContext(context))
        f64 = IRType(LLVMDoubleTypeInContext(context))
        v128 = i8.vector(16)
        pointer = IRType(LLVMPointerTypeInContext(context, 0))
        segmentPointer = IRType(LLVMPointerTypeInContext(context, 256))
    }

    /// An integer type of any width.
    public func integer(bits: Int) -> IRType {
        IRType(LLVMIntTypeInContext(context, UInt32(bits)))
    }

    /// A literal structure type with the usual padding.
    public func structure(_ fields: [IRType]) -> IRType {
        var fields = fields.map { Optional($0.reference) }
        return IRType(LLVMStructTypeInContext(context, &fields, UInt32(fields.count), 0))
    }

    /// A function type without variable arguments.
    public func function(_ parameters: [IRType], returning result: IRType) -> IRType {
        var parameters = parameters.map { Optional($0.reference) }
        return IRType(
            LLVMFunctionType(result.reference, &parameters, UInt32(parameters.count), 0))
    }

    /// A literal structure constant.
    public func constantStructure(_ fields: [IRValue]) -> IRValue {
        var fields = fields.map { Optional($0.reference) }
        return IRValue(LLVMConstStructInContext(context, &fields, UInt32(fields.count), 0))
    }

    /// An array of bytes.
    public func constantBytes(_ bytes: some Sequence<UInt8>) -> IRValue {
        let bytes = ContiguousArray(bytes)
        return bytes.withUnsafeBytes { buffer in
            IRValue(
                LLVMConstStringInContext2(
                    context, buffer.baseAddress?.assumingMemoryBound(to: CChar.self),
                    buffer.count, 1))
        }
    }

    /// A 32-bit float by its bit pattern. NaN payloads survive.
    public func constantF32(bits: UInt32) -> IRValue {
        IRValue(LLVMConstBitCast(i32.constant(UInt64(bits)).reference, f32.reference))
    }

    /// A 64-bit float by its bit pattern. NaN payloads survive.
    public func constantF64(bits: UInt64) -> IRValue {
        IRValue(LLVMConstBitCast(i64.constant(bits).reference, f64.reference))
    }
}
