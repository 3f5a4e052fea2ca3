// How a WebAssembly function type becomes a function type of LLVM: what comes in front of its
// parameters, where these are passed, and how its results come back.

internal import LLVMKit
internal import WasmTypes

/// The compiled form of a function type.
struct FunctionSignature {
    /// Where a parameter is passed.
    enum Place {
        /// As this parameter of the function in IR.
        case parameter(Int)
        /// In the argument area, so many bytes from its start.
        case memory(Int)
    }

    let source: FunctionType
    /// The function type in IR.
    let type: IRType
    /// The structure of several results, or the single one; void for none.
    let results: IRType
    /// Whether the results are left in memory that the caller provides. Several results come back
    /// in registers as long as every target has enough of them. Beyond, LLVM would pass a hidden
    /// pointer, which ends the guarantee that a tail call does not grow the stack; an explicit
    /// one can be handed on.
    let usesResultArea: Bool
    /// For each parameter of the WebAssembly function. What has no register is passed in the
    /// argument area, unless the program passes it on the stack: a tail call has no room there for
    /// more than its caller was given.
    let places: [Place]
    /// How many bytes of the argument area are used.
    let argumentBytes: Int
    /// No signature uses more bytes than this.
    static let largestArgumentArea = ImplementationLimits.parameters * 16

    /// The position of the pointer to the memory for results.
    let resultAreaPosition: Int

    init(_ source: FunctionType, leading: [IRType], unit: UnitLowering) {
        self.source = source
        let types = unit.types
        let lowered = source.results.map(unit.lower)
        results =
            switch lowered.count {
            case 0: types.void
            case 1: lowered[0]
            default: types.structure(lowered)
            }
        usesResultArea = Self.exceedsRegisters(source.results)
        resultAreaPosition = leading.count
        var parameters = leading + (usesResultArea ? [types.pointer] : [])
        var free = unit.plan.passesArgumentsOnStack ? nil : unit.target.argumentRegisters
        free?.integers -= parameters.count
        var places: [Place] = []
        var size = 0
        for type in source.parameters {
            if free?.take(for: type) == false {
                places.append(.memory(size))
                size += type == .v128 ? 16 : 8
            } else {
                places.append(.parameter(parameters.count))
                parameters.append(unit.lower(type))
            }
        }
        self.places = places
        argumentBytes = size
        type = types.function(parameters, returning: usesResultArea ? types.void : results)
    }

    /// x86-64 returns three integers and two floats or vectors in registers, AArch64 more.
    private static func exceedsRegisters(_ results: [ValueType]) -> Bool {
        let integers = results.count(where: \.isPassedAsInteger)
        return integers > 3 || results.count - integers > 2
    }

    /// For a function of this type that has begun: the pointer to the memory for its results.
    func resultArea(of function: IRFunction) -> IRValue {
        function.parameter(resultAreaPosition)
    }

    /// Behind a call of a function of this type: the results that it has left in memory. Each is
    /// loaded on its own: LLVM's time for a structure as a value grows with the square of its fields.
    func loadResults(from area: IRValue, in unit: UnitLowering) -> [IRValue] {
        source.results.enumerated().map { index, type in
            unit.builder.load(
                unit.lower(type), from: result(index, of: area, in: unit), alignment: 8)
        }
    }

    /// In a function of this type: leaves its results in memory.
    func store(_ values: [IRValue], to area: IRValue, in unit: UnitLowering) {
        for (index, value) in values.enumerated() {
            unit.builder.store(value, to: result(index, of: area, in: unit), alignment: 8)
        }
    }

    private func result(_ index: Int, of area: IRValue, in unit: UnitLowering) -> IRValue {
        slot(Int(unit.ir.layout.offset(of: index, in: results)), of: area, in: unit)
    }

    /// For a function of this type that has just begun: the parameters of the WebAssembly function.
    /// The argument area belongs to the next call, so they are read before there can be one.
    func receive(in function: IRFunction, of unit: UnitLowering) -> [IRValue] {
        let area =
            argumentBytes > 0 ? unit.instance.argumentArea(unit.instance.leadingArguments()) : nil
        return zip(source.parameters, places).map { type, place in
            switch place {
            case .parameter(let position): function.parameter(position)
            case .memory(let offset):
                unit.builder.load(
                    unit.lower(type), from: slot(offset, of: area!, in: unit), alignment: 8)
            }
        }
    }

    /// Just before a call of a function of this type: puts what has no register into the argument
    /// area, and gives the arguments of the function in IR.
    func pass(
        _ arguments: [IRValue], leading: [IRValue], resultArea: IRValue?, in unit: UnitLowering
    ) -> [IRValue] {
        let area = argumentBytes > 0 ? unit.instance.argumentArea(leading) : nil
        var passed = leading + (resultArea.map { [$0] } ?? [])
        for (argument, place) in zip(arguments, places) {
            switch place {
            case .parameter: passed.append(argument)
            case .memory(let offset):
                unit.builder.store(
                    argument, to: slot(offset, of: area!, in: unit), alignment: 8)
            }
        }
        return passed
    }

    private func slot(_ offset: Int, of area: IRValue, in unit: UnitLowering) -> IRValue {
        unit.builder.byteOffset(area, unit.types.i64.constant(offset))
    }
}

/// Registers for arguments, as many as a target has or as are left of them.
struct ArgumentRegisters: Sendable {
    var integers: Int
    /// For floats and vectors.
    var floats: Int

    /// Takes the next register for an argument of a type; false when there is none left.
    mutating func take(for type: ValueType) -> Bool {
        let kind = type.isPassedAsInteger ? \Self.integers : \Self.floats
        guard self[keyPath: kind] > 0 else { return false }
        self[keyPath: kind] -= 1
        return true
    }
}

extension ValueType {
    /// Whether values travel in the registers for integers and addresses.
    fileprivate var isPassedAsInteger: Bool {
        switch self {
        case .i32, .i64, .reference: true
        case .f32, .f64, .v128: false
        }
    }
}
