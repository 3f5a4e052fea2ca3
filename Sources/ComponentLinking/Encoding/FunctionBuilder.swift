// The body of a generated function. Calls are written when the module is encoded: how many functions it
// imports is not known before.

/// A function of a module that is being built.
enum FunctionReference: Hashable, Sendable {
    case imported(Int)
    case defined(Int)
}

/// A local variable or a parameter.
struct Local: Hashable, Sendable {
    var index: UInt32
    var type: CoreType
}

/// Instructions of one function.
struct FunctionBuilder {
    let name: String
    let signature: CoreSignature
    private(set) var code = ByteWriter()
    /// Where calls belong, and of what.
    private(set) var calls: [(position: Int, target: FunctionReference)] = []
    private(set) var locals: [CoreType] = []
    private var free: [CoreType: [Local]] = [:]
    /// How many blocks are open.
    private(set) var depth = 0

    init(name: String, _ signature: CoreSignature) {
        self.name = name
        self.signature = signature
    }

    var parameters: [Local] {
        signature.parameters.enumerated().map { Local(index: UInt32($0.offset), type: $0.element) }
    }

    // Locals ---------------------------------------------------------------------------------

    /// A local that nobody had before: it is zero.
    mutating func freshLocal(_ type: CoreType) -> Local {
        locals.append(type)
        return Local(index: UInt32(signature.parameters.count + locals.count - 1), type: type)
    }

    /// A local with any value.
    mutating func takeLocal(_ type: CoreType = .i32) -> Local {
        free[type]?.popLast() ?? freshLocal(type)
    }

    mutating func release(_ locals: Local...) {
        for local in locals { free[local.type, default: []].append(local) }
    }

    mutating func get(_ local: Local) { index(0x20, local.index) }

    mutating func set(_ local: Local) { index(0x21, local.index) }

    mutating func tee(_ local: Local) { index(0x22, local.index) }

    mutating func globalGet(_ index: UInt32) { self.index(0x23, index) }

    mutating func globalSet(_ index: UInt32) { self.index(0x24, index) }

    // Constants and plain operators ------------------------------------------------------------

    mutating func i32(_ value: UInt32) {
        code.byte(0x41)
        code.signed(Int64(Int32(bitPattern: value)))
    }

    mutating func i64(_ value: UInt64) {
        code.byte(0x42)
        code.signed(Int64(bitPattern: value))
    }

    mutating func constant(_ type: CoreType, bits: UInt64) {
        switch type {
        case .i32: i32(UInt32(truncatingIfNeeded: bits))
        case .i64: i64(bits)
        case .f32:
            code.byte(0x43)
            for shift in stride(from: 0, to: 32, by: 8) {
                code.byte(UInt8(truncatingIfNeeded: bits >> UInt64(shift)))
            }
        case .f64:
            code.byte(0x44)
            for shift in stride(from: 0, to: 64, by: 8) {
                code.byte(UInt8(truncatingIfNeeded: bits >> UInt64(shift)))
            }
        }
    }

    mutating func op(_ operators: CoreOperator...) {
        for one in operators { code.byte(one.rawValue) }
    }

    // Control --------------------------------------------------------------------------------

    /// Opens a block; its label is what ``depth`` is then.
    mutating func block() { open(0x02) }

    mutating func loop() { open(0x03) }

    mutating func `if`() { open(0x04) }

    mutating func ifValue(_ type: CoreType) {
        code.append([0x04, type.rawValue])
        depth += 1
    }

    mutating func `else`() { code.byte(0x05) }

    mutating func end() {
        depth -= 1
        code.byte(0x0b)
    }

    /// To the block that had this label.
    mutating func branch(to label: Int) { index(0x0c, UInt32(depth - label)) }

    mutating func branchIf(to label: Int) { index(0x0d, UInt32(depth - label)) }

    mutating func branchTable(_ labels: [Int], default label: Int) {
        code.byte(0x0e)
        code.count(labels.count)
        for label in labels { code.unsigned(UInt32(depth - label)) }
        code.unsigned(UInt32(depth - label))
    }

    mutating func call(_ target: FunctionReference) {
        calls.append((code.bytes.count, target))
    }

    /// A block whose body is left by any exception, for what is behind it.
    mutating func catchAll(_ results: [CoreType], _ body: (inout FunctionBuilder) -> Void) {
        // The label that exceptions branch to is the block around.
        code.append([0x1f, results.first?.rawValue ?? 0x40, 0x01, 0x02, 0x00])
        depth += 1
        body(&self)
        end()
    }

    private mutating func open(_ opcode: UInt8) {
        code.append([opcode, 0x40])
        depth += 1
    }

    private mutating func index(_ opcode: UInt8, _ index: UInt32) {
        code.byte(opcode)
        code.unsigned(index)
    }

    // Memory ---------------------------------------------------------------------------------

    mutating func load(_ access: CoreLoad, _ memory: UInt32, offset: UInt32 = 0) {
        self.access(access.rawValue, access.alignment, memory, offset)
    }

    mutating func store(_ access: CoreStore, _ memory: UInt32, offset: UInt32 = 0) {
        self.access(access.rawValue, access.alignment, memory, offset)
    }

    private mutating func access(
        _ opcode: UInt8, _ alignment: UInt32, _ memory: UInt32, _ offset: UInt32
    ) {
        code.byte(opcode)
        code.unsigned(alignment | 0x40)
        code.unsigned(memory)
        code.unsigned(offset)
    }

    /// Sixteen bytes from the address on the stack.
    mutating func vectorLoad(_ memory: UInt32, offset: UInt32) {
        code.append([0xfd, 0x00])
        code.unsigned(0x40 as UInt32)
        code.unsigned(memory)
        code.unsigned(offset)
    }

    mutating func vectorOr() { code.append([0xfd, 0x50]) }

    /// The highest bits of sixteen bytes, as an i32.
    mutating func vectorSigns() { code.append([0xfd, 0x64]) }

    mutating func memorySize(_ memory: UInt32) { index(0x3f, memory) }

    mutating func memoryGrow(_ memory: UInt32) { index(0x40, memory) }

    mutating func memoryCopy(to destination: UInt32, from source: UInt32) {
        code.append([0xfc, 0x0a])
        code.unsigned(destination)
        code.unsigned(source)
    }
}

/// Operators without immediates.
enum CoreOperator: UInt8 {
    case unreachable = 0x00
    case `return` = 0x0f
    case drop = 0x1a
    case select = 0x1b
    case i32Eqz = 0x45
    case i32Eq = 0x46
    case i32Ne = 0x47
    case i32LtU = 0x49
    case i32GtU = 0x4b
    case i32LeU = 0x4d
    case i32GeU = 0x4f
    case i64Ne = 0x52
    case i64GtU = 0x56
    case i64LeU = 0x58
    case i64GeU = 0x5a
    case i32Add = 0x6a
    case i32Sub = 0x6b
    case i32Mul = 0x6c
    case i32And = 0x71
    case i32Or = 0x72
    case i32Xor = 0x73
    case i32Shl = 0x74
    case i32ShrU = 0x76
    case i64Add = 0x7c
    case i64Sub = 0x7d
    case i64Mul = 0x7e
    case i64And = 0x83
    case i64Or = 0x84
    case i64Shl = 0x86
    case i64ShrU = 0x88
    case i32WrapI64 = 0xa7
    case i64ExtendI32U = 0xad
    case i32ReinterpretF32 = 0xbc
    case i64ReinterpretF64 = 0xbd
    case f32ReinterpretI32 = 0xbe
    case f64ReinterpretI64 = 0xbf
    case i32Extend8S = 0xc0
    case i32Extend16S = 0xc1
}

enum CoreLoad: UInt8 {
    case i32 = 0x28
    case i64 = 0x29
    case f32 = 0x2a
    case f64 = 0x2b
    case i32s8 = 0x2c
    case i32u8 = 0x2d
    case i32s16 = 0x2e
    case i32u16 = 0x2f

    var alignment: UInt32 {
        switch self {
        case .i32s8, .i32u8: 0
        case .i32s16, .i32u16: 1
        case .i32, .f32: 2
        case .i64, .f64: 3
        }
    }
}

enum CoreStore: UInt8 {
    case i32 = 0x36
    case i64 = 0x37
    case f32 = 0x38
    case f64 = 0x39
    case i32as8 = 0x3a
    case i32as16 = 0x3b

    var alignment: UInt32 {
        switch self {
        case .i32as8: 0
        case .i32as16: 1
        case .i32, .f32: 2
        case .i64, .f64: 3
        }
    }
}
