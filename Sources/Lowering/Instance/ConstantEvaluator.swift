// Constant expressions, computed at compile time (WebAssembly 3.0, section 3.4.16).
//
// An executable imports no globals, so every constant expression has a value before the program
// runs, but those that make objects.

internal import WasmBinary
internal import WasmTypes

/// The value of a constant expression.
enum ConstantValue: Hashable, Sendable {
    case i32(UInt32)
    case i64(UInt64)
    /// By its bit pattern.
    case f32(UInt32)
    /// By its bit pattern.
    case f64(UInt64)
    case v128(VectorBytes)
    case null
    case function(FunctionIndex)
    /// What only exists when the program runs: an object, or what is made of one.
    case atStart
}

/// Evaluates the constant expressions of a validated module.
struct ConstantEvaluator {
    let module: Module
    /// The values of the globals that are known so far, in order.
    private(set) var globals: [ConstantValue] = []

    init(module: Module, globals: [ConstantValue] = []) {
        self.module = module
        self.globals = globals
    }

    /// The initial values of all globals.
    mutating func evaluateGlobals() throws(ModuleError) -> [ConstantValue] {
        for initializer in module.globalInitializers {
            globals.append(try evaluate(initializer))
        }
        return globals
    }

    func evaluate(_ expression: ConstantExpression) throws(ModuleError) -> ConstantValue {
        var position = expression.range.lowerBound
        return try evaluate(from: &position, limit: expression.range.upperBound)
    }

    /// An active segment's offset, in bytes or elements.
    func evaluateOffset(_ expression: ConstantExpression) throws(ModuleError) -> UInt64 {
        switch try evaluate(expression) {
        case .i32(let value): UInt64(value)
        case .i64(let value): value
        case .f32, .f64, .v128, .null, .function, .atStart:
            preconditionFailure("a validated offset is an integer")
        }
    }

    /// The items of an element segment.
    func evaluateItems(of segment: ElementSegment) throws(ModuleError) -> [ConstantValue] {
        var values: [ConstantValue] = []
        switch segment.items {
        case .functions(let offset, let count):
            values.reserveCapacity(count)
            var reader = BinaryReader(
                bytes: module.bytes, range: offset..<module.bytes.count)
            for _ in 0..<count { values.append(.function(try reader.readU32())) }
        case .expressions(let offset, let count):
            values.reserveCapacity(count)
            var position = offset
            for _ in 0..<count {
                values.append(try evaluate(from: &position, limit: module.bytes.count))
            }
        }
        return values
    }

    /// Evaluates up to the `end` at depth zero and leaves `position` behind it.
    private func evaluate(
        from position: inout Int, limit: Int
    ) throws(ModuleError) -> ConstantValue {
        var reader = InstructionReader(bytes: module.bytes, range: position..<limit)
        var stack: [ConstantValue] = []
        while true {
            let decoded = try reader.next()
            switch decoded.instruction {
            case .i32Const(let value): stack.append(.i32(UInt32(bitPattern: value)))
            case .i64Const(let value): stack.append(.i64(UInt64(bitPattern: value)))
            case .f32Const(let bits): stack.append(.f32(bits))
            case .f64Const(let bits): stack.append(.f64(bits))
            case .vector(.constant(let bytes)): stack.append(.v128(bytes))
            case .refNull: stack.append(.null)
            case .refFunction(let function): stack.append(.function(function))
            case .globalGet(let global): stack.append(globals[Int(global)])
            case .integerBinary(_, let operation):
                let right = stack.removeLast()
                stack.append(combine(operation, stack.removeLast(), right))
            case .end:
                position = reader.position
                return stack.removeLast()
            default:
                // Of objects. No operand of any other instruction is one.
                while reader.depth > 0 { _ = try reader.next() }
                position = reader.position
                return .atStart
            }
        }
    }

    /// Extended constant expressions: wrapping addition, subtraction and multiplication.
    private func combine(
        _ operation: IntegerBinaryOperator, _ left: ConstantValue, _ right: ConstantValue
    ) -> ConstantValue {
        func apply<T: FixedWidthInteger>(_ a: T, _ b: T) -> T {
            switch operation {
            case .add: a &+ b
            case .subtract: a &- b
            case .multiply: a &* b
            default: preconditionFailure("validation allows no other constant operator")
            }
        }
        switch (left, right) {
        case (.i32(let a), .i32(let b)): return .i32(apply(a, b))
        case (.i64(let a), .i64(let b)): return .i64(apply(a, b))
        default: preconditionFailure("validated operands have one type")
        }
    }
}
