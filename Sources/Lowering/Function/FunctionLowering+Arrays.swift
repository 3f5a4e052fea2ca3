// Arrays (section 4.4.4).
//
// sandbox: rests on the comparison of every index and range with the array's length, in arithmetic of 64
// bits on numbers of 32.

internal import LLVMKit
internal import RuntimeABI
internal import WasmBinary
internal import WasmTypes

extension FunctionLowering {
    // Making ---------------------------------------------------------------------------------

    /// An array that is all zeros.
    mutating func makeArray(_ type: TypeIndex, length: IRValue) -> IRValue {
        let layout = layout(type)
        guard case .array(let elements) = layout.kind else {
            preconditionFailure("validation finds an array")
        }
        let length = builder.zext(length, to: types.i64)
        let header = builder.or(
            builder.shl(length, types.i64.constant(32)),
            types.i64.constant(UInt64(unit.plan.module.typeNumbers[Int(type)])))
        // With the byte behind the last element, and rounded up. Of 64 bits, as lengths have 32.
        let bytes = builder.add(
            builder.mul(length, types.i64.constant(layout.size)),
            types.i64.constant(elements + 1 + 15))
        return makeObject(
            header, header: header, size: builder.and(bytes, types.i64.constant(-16)))
    }

    mutating func lowerArrayNew(_ type: TypeIndex) {
        let length = stack.pop()
        let value = stack.pop()
        let array = makeArray(type, length: length)
        if value.constantInteger != 0, value != types.pointer.zero {
            fill(type, array, from: types.i64.zero, value, builder.zext(length, to: types.i64))
        }
        stack.push(array)
    }

    mutating func lowerArrayNewFixed(_ type: TypeIndex, _ count: Int) {
        let values = stack.pop(count)
        let array = makeArray(type, length: types.i32.constant(count))
        for (index, value) in values.enumerated() {
            store(value, type, to: element(types.i64.constant(index), of: array, type))
        }
        stack.push(array)
    }

    mutating func lowerArrayNewData(_ type: TypeIndex, _ segment: DataIndex) {
        let length = stack.pop()
        let from = popIndex(.i32)
        let access = instance.dataSegment(segment)
        let bytes = byteCount(builder.zext(length, to: types.i64), type)
        check(from, bytes, size: access, .outOfBoundsMemoryAccess)
        let array = makeArray(type, length: length)
        builder.memcpy(
            to: element(types.i64.zero, of: array, type),
            from: builder.byteOffset(access.contents, from), count: bytes)
        stack.push(array)
    }

    mutating func lowerArrayNewElement(_ type: TypeIndex, _ segment: ElementIndex) {
        let length = stack.pop()
        let from = popIndex(.i32)
        let access = instance.elementSegment(segment)
        let count = builder.zext(length, to: types.i64)
        check(from, count, size: access, .outOfBoundsTableAccess)
        let array = makeArray(type, length: length)
        copy(count, from: from, in: access, to: element(types.i64.zero, of: array, type))
        stack.push(array)
    }

    // Elements -------------------------------------------------------------------------------

    /// The address of an element, whose index is an i64.
    private func element(_ index: IRValue, of array: IRValue, _ type: TypeIndex) -> IRValue {
        let layout = layout(type)
        guard case .array(let elements) = layout.kind else {
            preconditionFailure("validation finds an array")
        }
        let first = builder.byteOffset(array, types.i64.constant(elements))
        return builder.byteOffset(first, builder.mul(index, types.i64.constant(layout.size)))
    }

    private func byteCount(_ count: IRValue, _ type: TypeIndex) -> IRValue {
        builder.mul(count, types.i64.constant(layout(type).size))
    }

    /// The length of the array that a reference refers to, an i32. Traps if it is null.
    private mutating func length(of array: IRValue) -> IRValue {
        trap(.nullArrayReference, ifNull: array)
        let length = builder.load(
            types.i32,
            from: builder.byteOffset(array, types.i64.constant(RuntimeLayouts.objectLength)),
            alignment: 4)
        unit.aliases?.markHeader(length)
        return length
    }

    /// Pops an index and an array, and gives the array and the address of the element.
    private mutating func popElement(
        _ type: TypeIndex
    ) -> (array: IRValue, address: IRValue) {
        let index = stack.pop()
        let array = stack.pop()
        let length = length(of: array)
        trap(.outOfBoundsArrayAccess, if: builder.icmp(.uge, index, length))
        return (array, element(builder.zext(index, to: types.i64), of: array, type))
    }

    mutating func lowerArrayGet(_ access: FieldAccess, _ type: TypeIndex) {
        let address = popElement(type).address
        stack.push(load(type, from: address, access))
    }

    mutating func lowerArraySet(_ type: TypeIndex) {
        let value = stack.pop()
        let (array, address) = popElement(type)
        if value != types.pointer.zero {
            writeBarrier(array, address, types.i64.constant(8), type)
        }
        store(value, type, to: address)
    }

    mutating func lowerArrayLength() {
        let array = stack.pop()
        stack.push(length(of: array))
    }

    // Ranges ---------------------------------------------------------------------------------

    /// Traps unless `count` elements from `start` on exist; all three were 32 bits wide.
    private mutating func check(_ start: IRValue, _ count: IRValue, length: IRValue) {
        let isOutside = builder.icmp(
            .ugt, builder.add(start, count), builder.zext(length, to: types.i64))
        trap(.outOfBoundsArrayAccess, if: isOutside)
    }

    /// Traps unless a segment has so many bytes or elements from `start` on. The count is below 2^36.
    private mutating func check(
        _ start: IRValue, _ count: IRValue, size segment: SegmentAccess, _ code: TrapCode
    ) {
        let size = builder.load(types.i64, from: segment.sizeAddress, alignment: 8)
        trap(code, if: builder.icmp(.ugt, builder.add(start, count), size))
    }

    mutating func lowerArrayFill(_ type: TypeIndex) {
        let count = popIndex(.i32)
        let value = stack.pop()
        let start = popIndex(.i32)
        let array = stack.pop()
        check(start, count, length: length(of: array))
        if value != types.pointer.zero { rangeBarrier(type, array, start, count) }
        fill(type, array, from: start, value, count)
    }

    /// Sets elements to a value: `count` of them, from `start` on.
    private mutating func fill(
        _ type: TypeIndex, _ array: IRValue, from start: IRValue, _ value: IRValue,
        _ count: IRValue
    ) {
        let storage = field(type).storage
        let first = element(start, of: array, type)
        let isZero = value.constantInteger == 0 || value == types.pointer.zero
        if storage == .i8 || isZero {
            builder.memset(
                to: first, value: isZero ? types.i8.zero : builder.trunc(value, to: types.i8),
                count: byteCount(count, type))
            return
        }
        let entry = builder.insertionBlock
        let body = builder.addBlock("fill", to: function)
        let next = builder.addBlock("", to: function)
        builder.branch(
            if: builder.icmp(.eq, count, types.i64.zero), then: next, else: body)
        builder.position(atEndOf: body)
        let index = builder.phi(types.i64)
        index.addIncoming(types.i64.zero, from: entry)
        let place = builder.mul(index, types.i64.constant(ObjectLayout.size(of: storage)))
        store(value, type, to: builder.byteOffset(first, place))
        let following = builder.add(index, types.i64.constant(1))
        index.addIncoming(following, from: body)
        builder.branch(if: builder.icmp(.ult, following, count), then: body, else: next)
        builder.position(atEndOf: next)
    }

    mutating func lowerArrayCopy(_ destinationType: TypeIndex, _ sourceType: TypeIndex) {
        let count = popIndex(.i32)
        let from = popIndex(.i32)
        let source = stack.pop()
        let to = popIndex(.i32)
        let destination = stack.pop()
        let destinationLength = length(of: destination)
        let sourceLength = length(of: source)
        check(to, count, length: destinationLength)
        check(from, count, length: sourceLength)
        rangeBarrier(destinationType, destination, to, count)
        builder.memmove(
            to: element(to, of: destination, destinationType),
            from: element(from, of: source, sourceType), count: byteCount(count, sourceType))
    }

    mutating func lowerArrayInitData(_ type: TypeIndex, _ segment: DataIndex) {
        let count = popIndex(.i32)
        let from = popIndex(.i32)
        let to = popIndex(.i32)
        let array = stack.pop()
        let access = instance.dataSegment(segment)
        let bytes = byteCount(count, type)
        check(to, count, length: length(of: array))
        check(from, bytes, size: access, .outOfBoundsMemoryAccess)
        builder.memcpy(
            to: element(to, of: array, type), from: builder.byteOffset(access.contents, from),
            count: bytes)
    }

    mutating func lowerArrayInitElement(_ type: TypeIndex, _ segment: ElementIndex) {
        let count = popIndex(.i32)
        let from = popIndex(.i32)
        let to = popIndex(.i32)
        let array = stack.pop()
        let access = instance.elementSegment(segment)
        check(to, count, length: length(of: array))
        check(from, count, size: access, .outOfBoundsTableAccess)
        rangeBarrier(type, array, to, count)
        copy(count, from: from, in: access, to: element(to, of: array, type))
    }

    private mutating func rangeBarrier(
        _ type: TypeIndex, _ array: IRValue, _ start: IRValue, _ count: IRValue
    ) {
        writeBarrier(array, element(start, of: array, type), byteCount(count, type), type)
    }

    /// Copies references of an element segment, which has as many.
    private func copy(
        _ count: IRValue, from start: IRValue, in segment: SegmentAccess, to address: IRValue
    ) {
        let size = types.i64.constant(ObjectLayout.size(of: .value(.funcref)))
        builder.memcpy(
            to: address, from: builder.byteOffset(segment.contents, builder.mul(start, size)),
            count: builder.mul(count, size))
    }
}
