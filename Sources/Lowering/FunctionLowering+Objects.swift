// Structures, i31 and conversions between hierarchies (section 4.4.4).
//
// sandbox: rests on validation for the type of every reference, and on `ObjectLayout` for the size of
// an object and the places in it: an access of a field is not checked but for null.

internal import LLVMKit
internal import RuntimeABI
internal import WasmBinary
internal import WasmTypes

extension FunctionLowering {
    mutating func lowerAggregate(_ instruction: AggregateInstruction) {
        switch instruction {
        case .structNew(let type): lowerStructNew(type)
        case .structNewDefault(let type): stack.push(makeStructure(type))
        case .structGet(let access, let type, let field): lowerStructGet(access, type, field)
        case .structSet(let type, let field): lowerStructSet(type, field)
        case .arrayNew(let type): lowerArrayNew(type)
        case .arrayNewDefault(let type):
            let length = stack.pop()
            stack.push(makeArray(type, length: length))
        case .arrayNewFixed(let type, let count): lowerArrayNewFixed(type, Int(count))
        case .arrayNewData(let type, let segment): lowerArrayNewData(type, segment)
        case .arrayNewElement(let type, let segment): lowerArrayNewElement(type, segment)
        case .arrayGet(let access, let type): lowerArrayGet(access, type)
        case .arraySet(let type): lowerArraySet(type)
        case .arrayLength: lowerArrayLength()
        case .arrayFill(let type): lowerArrayFill(type)
        case .arrayCopy(let destination, let source): lowerArrayCopy(destination, source)
        case .arrayInitData(let type, let segment): lowerArrayInitData(type, segment)
        case .arrayInitElement(let type, let segment): lowerArrayInitElement(type, segment)
        // The same value on both sides.
        case .anyConvertExternal, .externalConvertAny: break
        case .refI31: lowerRefI31()
        case .i31Get(let signed): lowerI31Get(signed: signed)
        }
    }

    // Types ----------------------------------------------------------------------------------

    /// The layout of the objects of a type.
    func layout(_ type: TypeIndex) -> ObjectLayout {
        ObjectLayout(unit.module.types[Int(type)], of: unit.module)!
    }

    /// The field of a structure type, or the element of an array type.
    func field(_ type: TypeIndex, _ index: FieldIndex = 0) -> FieldType {
        switch unit.module.types[Int(type)].composite {
        case .structure(let fields): fields[Int(index)]
        case .array(let element): element
        case .function: preconditionFailure("validation finds a structure or an array")
        }
    }

    /// What a field is in memory.
    func lower(_ storage: StorageType) -> IRType {
        switch storage {
        case .i8: types.i8
        case .i16: types.integer(bits: 16)
        case .value(let type): unit.lower(type)
        }
    }

    // Fields ---------------------------------------------------------------------------------

    /// Loads a field or an element, as it is on the operand stack.
    func load(_ storage: StorageType, from address: IRValue, _ access: FieldAccess) -> IRValue {
        let value = builder.load(
            lower(storage), from: address, alignment: ObjectLayout.size(of: storage))
        guard storage.isPacked else { return value }
        return access == .signed
            ? builder.sext(value, to: types.i32) : builder.zext(value, to: types.i32)
    }

    func store(_ value: IRValue, _ storage: StorageType, to address: IRValue) {
        let value = storage.isPacked ? builder.trunc(value, to: lower(storage)) : value
        builder.store(value, to: address, alignment: ObjectLayout.size(of: storage))
    }

    // Structures -----------------------------------------------------------------------------

    /// A structure that is all zeros.
    private mutating func makeStructure(_ type: TypeIndex) -> IRValue {
        let object = builder.call(
            unit.runtimeFunction(SMELT_RUNTIME_structure_new), [unit.typeNumber(type)])
        trap(.outOfMemory, if: builder.icmp(.eq, object, types.pointer.zero))
        return object
    }

    private mutating func lowerStructNew(_ type: TypeIndex) {
        guard case .structure(let fields) = unit.module.types[Int(type)].composite,
            case .structure(let offsets) = layout(type).kind
        else { preconditionFailure("validation finds a structure") }
        let values = stack.pop(fields.count)
        let object = makeStructure(type)
        for (index, value) in values.enumerated() {
            store(
                value, fields[index].storage,
                to: builder.byteOffset(object, types.i64.constant(offsets[index])))
        }
        stack.push(object)
    }

    /// A structure from the operand stack, and the address of a field of it.
    private mutating func popField(
        _ type: TypeIndex, _ field: FieldIndex
    ) -> (object: IRValue, address: IRValue) {
        guard case .structure(let offsets) = layout(type).kind else {
            preconditionFailure("validation finds a structure")
        }
        let object = stack.pop()
        trap(.nullStructureReference, if: builder.icmp(.eq, object, types.pointer.zero))
        return (object, builder.byteOffset(object, types.i64.constant(offsets[Int(field)])))
    }

    private mutating func lowerStructGet(
        _ access: FieldAccess, _ type: TypeIndex, _ index: FieldIndex
    ) {
        let address = popField(type, index).address
        stack.push(load(field(type, index).storage, from: address, access))
    }

    private mutating func lowerStructSet(_ type: TypeIndex, _ index: FieldIndex) {
        let value = stack.pop()
        let (object, address) = popField(type, index)
        let storage = field(type, index).storage
        if value != types.pointer.zero {
            writeBarrier(object, address, types.i64.constant(8), storage)
        }
        store(value, storage, to: address)
    }

    /// Tells the collector, just before references are stored into an object, that it may be an old one
    /// that refers to young ones (`smelt_write_barrier` of the ABI header).
    mutating func writeBarrier(
        _ object: IRValue, _ place: IRValue, _ bytes: IRValue, _ storage: StorageType
    ) {
        guard case .value(let type) = storage, type.refersToObjects(in: unit.module) else { return }
        let marks = loadField(
            types.pointer, of: unit.codegen.allocation, at: RuntimeLayouts.allocationMarks)
        let granule = builder.lshr(builder.pointerToInteger(object), types.i64.constant(4))
        let mark = builder.load(types.i8, from: builder.byteOffset(marks, granule), alignment: 1)
        let isOld = builder.icmp(
            .ne, builder.and(mark, types.i8.constant(UInt64(SMELT_MARK_UNLOGGED.rawValue))),
            types.i8.zero)
        let remember = builder.addBlock("remember", to: function)
        let next = builder.addBlock("", to: function)
        builder.branch(if: isOld, then: remember, else: next)
        builder.position(atEndOf: remember)
        _ = builder.call(
            unit.runtimeFunction(SMELT_RUNTIME_write_barrier), [object, place, bytes])
        builder.branch(to: next)
        builder.position(atEndOf: next)
    }

    // i31 ------------------------------------------------------------------------------------

    private mutating func lowerRefI31() {
        let value = builder.shl(stack.pop(), types.i32.constant(1))
        let tagged = builder.or(value, types.i32.constant(1))
        stack.push(builder.integerToPointer(builder.zext(tagged, to: types.i64)))
    }

    private mutating func lowerI31Get(signed: Bool) {
        let reference = stack.pop()
        trap(.nullI31Reference, if: builder.icmp(.eq, reference, types.pointer.zero))
        let tagged = builder.trunc(builder.pointerToInteger(reference), to: types.i32)
        let one = types.i32.constant(1)
        stack.push(signed ? builder.ashr(tagged, one) : builder.lshr(tagged, one))
    }
}
