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

    /// Traps if a reference is null, and may be by its type.
    mutating func trap(_ code: TrapCode, ifNull reference: IRValue) {
        if nonNulls.contains(reference) { return }
        trap(code, if: builder.icmp(.eq, reference, types.pointer.zero))
    }

    // Fields ---------------------------------------------------------------------------------

    /// Loads a field or an element, as it is on the operand stack.
    mutating func load(
        _ type: TypeIndex, _ index: FieldIndex = 0, from address: IRValue, _ access: FieldAccess
    ) -> IRValue {
        let storage = field(type, index).storage
        let value = builder.load(
            lower(storage), from: address, alignment: ObjectLayout.size(of: storage))
        unit.aliases?.mark(value, index, of: type)
        if case .value(let type) = storage { noteObject(value, type) }
        guard storage.isPacked else { return value }
        return access == .signed
            ? builder.sext(value, to: types.i32) : builder.zext(value, to: types.i32)
    }

    func store(
        _ value: IRValue, _ type: TypeIndex, _ index: FieldIndex = 0, to address: IRValue
    ) {
        let storage = field(type, index).storage
        let value = storage.isPacked ? builder.trunc(value, to: lower(storage)) : value
        let store = builder.store(
            value, to: address, alignment: ObjectLayout.size(of: storage))
        unit.aliases?.mark(store.value, index, of: type)
    }

    /// Remembers that a value cannot be null by its type, and whether it is an object or null, and not
    /// an i31 or the host's.
    mutating func noteObject(_ value: IRValue, _ type: ValueType) {
        guard case .reference(let reference) = type else { return }
        if !reference.isNullable { nonNulls.insert(value) }
        switch reference.heapType {
        case .concrete(let index):
            if unit.module.types[Int(index)].functionType == nil { objects.insert(value) }
        case .abstract(let heap):
            if heap == .structure || heap == .array { objects.insert(value) }
        }
    }

    // Structures -----------------------------------------------------------------------------

    /// A structure that is all zeros.
    private mutating func makeStructure(_ type: TypeIndex) -> IRValue {
        let size = (layout(type).size + 15) & -16
        let number = unit.typeNumber(type)
        return makeObject(
            number, header: builder.zext(number, to: types.i64), size: types.i64.constant(size))
    }

    /// An object that is all zeros but for its header. What is known of that is stored here and not
    /// only by the runtime, as LLVM shall know it.
    mutating func makeObject(_ known: IRValue, header: IRValue, size: IRValue) -> IRValue {
        let object = builder.call(
            unit.runtimeFunction(SMELT_RUNTIME_object_new), [header, size])
        let store = builder.store(known, to: object, alignment: 8)
        unit.aliases?.markHeader(store.value)
        objects.insert(object)
        nonNulls.insert(object)
        return object
    }

    private mutating func lowerStructNew(_ type: TypeIndex) {
        guard case .structure(let offsets) = layout(type).kind else {
            preconditionFailure("validation finds a structure")
        }
        let values = stack.pop(offsets.count)
        let object = makeStructure(type)
        for (index, value) in values.enumerated() {
            store(
                value, type, FieldIndex(index),
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
        trap(.nullStructureReference, ifNull: object)
        return (object, builder.byteOffset(object, types.i64.constant(offsets[Int(field)])))
    }

    private mutating func lowerStructGet(
        _ access: FieldAccess, _ type: TypeIndex, _ index: FieldIndex
    ) {
        let address = popField(type, index).address
        stack.push(load(type, index, from: address, access))
    }

    private mutating func lowerStructSet(_ type: TypeIndex, _ index: FieldIndex) {
        let value = stack.pop()
        let (object, address) = popField(type, index)
        if value != types.pointer.zero {
            writeBarrier(object, address, types.i64.constant(8), type, index)
        }
        store(value, type, index, to: address)
    }

    /// Tells the collector, just before references are stored into an object, that it may be an old one
    /// that refers to young ones (`smelt_write_barrier` of the ABI header).
    ///
    /// To LLVM it reads what is there. Else a store could go in front of it, out of a loop for one, and
    /// a collection in between would not know of it.
    func writeBarrier(
        _ object: IRValue, _ place: IRValue, _ bytes: IRValue, _ type: TypeIndex,
        _ index: FieldIndex = 0
    ) {
        guard case .value(let value) = field(type, index).storage,
            value.refersToObjects(in: unit.module)
        else { return }
        let call = builder.call(
            unit.runtimeFunction(SMELT_RUNTIME_write_barrier), [object, place, bytes])
        unit.aliases?.mark(call, index, of: type)
    }

    // i31 ------------------------------------------------------------------------------------

    private mutating func lowerRefI31() {
        let value = builder.shl(stack.pop(), types.i32.constant(1))
        let tagged = builder.or(value, types.i32.constant(1))
        stack.push(builder.integerToPointer(builder.zext(tagged, to: types.i64)))
    }

    private mutating func lowerI31Get(signed: Bool) {
        let reference = stack.pop()
        trap(.nullI31Reference, ifNull: reference)
        let tagged = builder.trunc(builder.pointerToInteger(reference), to: types.i32)
        let one = types.i32.constant(1)
        stack.push(signed ? builder.ashr(tagged, one) : builder.lshr(tagged, one))
    }
}
