// Where arguments go, seen in machine code: in modules with tail calls and in dynamic instances none
// is passed on the stack, which rests on how many registers LLVM's convention has. Tail calls of
// functions with all kinds of signatures are jumps then, and returns leave the stack to the caller.

import Foundation
import Lowering
import TargetModel
import TestSupport
import Testing
import WasmBinary
import WasmValidation

@Suite struct SignatureTests {
    static let targets = [
        ("x86_64-linux-musl", "x86-64-v2"), ("x86_64-linux-musl", "x86-64-v4"),
        ("aarch64-linux-musl", "generic"),
    ]
    static let levels: [OptimizationLevel] = [.none, .less, .standard, .aggressive, .size]

    @Test(arguments: targets, levels)
    func nothingIsOnTheStack(target: (triple: String, cpu: String), level: OptimizationLevel) throws
    {
        for isDynamic in [false, true] {
            var generator = SeededGenerator(state: 7)
            let text = SignatureModule(isDynamic: isDynamic, using: &generator).text
            let module = try validate(Module.decode(try WasmTools.parse(text)))
            let plan = try Program(
                module,
                form: isDynamic ? .scriptModule(name: "m", types: TypeStore()) : .executable)
            let options = CodeGenerationOptions(
                triple: target.triple, cpu: target.cpu, level: level, form: .assembly)
            let bytes = try CodeGenerator.compile(plan, partition: 0, options: options).bytes
            let functions = Assembly.functions(in: String(decoding: bytes, as: UTF8.self))
            let kinds = functions.map {
                SignatureModule.kind(of: $0.name, isDynamic: isDynamic)
            }
            for kind in SignatureModule.kinds {
                #expect(kinds.count { $0 == kind } >= SignatureModule.count, "\(kind)")
            }
            for (function, kind) in zip(functions, kinds) where function.name.contains("wasm.") {
                check(function, isTail: kind?.hasPrefix("tail") == true)
            }
        }
    }

    /// Looks for what must not be there.
    private func check(_ function: Assembly.Function, isTail: Bool) {
        let code = function.instructions
        for (line, next) in zip(code, code.dropFirst() + [""]) {
            let operation = line.prefix { $0 != " " }
            if operation.hasPrefix("ret") {
                #expect(line == operation, "\(function.name)")
            }
            guard ["callq", "bl", "blr"].contains(operation) else { continue }
            #expect(!isTail, "\(function.name): \(line)")
            #expect(
                !next.hasPrefix("subq $") && !next.hasPrefix("sub sp"),
                "\(function.name): \(line), \(next)")
        }
    }
}

/// Functions of random signatures: `leaf` uses what it gets, `caller` and `tail` call it. So does
/// `tail_of_none`, which has no arguments whose place on the stack the callee's could take.
private struct SignatureModule {
    static let count = 50
    private static let types = ["i32", "i64", "f32", "f64", "v128", "funcref", "externref"]

    /// What there is for each signature, in this order.
    static let kinds = ["leaf", "tail", "tail_of_none", "caller"]

    /// Which of these a symbol such as `wasm.f12` belongs to. Imports and `_start` come before.
    static func kind(of symbol: String, isDynamic: Bool) -> String? {
        guard let number = symbol.split(separator: "wasm.f").last.flatMap({ Int($0) }) else {
            return nil
        }
        let position = number - (isDynamic ? count : 0) - 1
        return position < 0 ? nil : kinds[position % kinds.count]
    }

    private(set) var text = "(module\n"

    init(isDynamic: Bool, using generator: inout SeededGenerator) {
        let results = (0..<5).map { _ in Self.types(most: 12, &generator) }
        let signatures = (0..<Self.count).map {
            (parameters: Self.types(most: 24, &generator), results: results[$0 % results.count])
        }
        for (index, signature) in signatures.enumerated() {
            add(
                "(type $s\(index) (func (param \(signature.parameters.joined(separator: " ")))"
                    + " (result \(signature.results.joined(separator: " ")))))")
            guard isDynamic else { continue }
            add("(import \"other\" \"f\(index)\" (func $import\(index) (type $s\(index))))")
        }
        add("(memory 1)")
        // What is called in the end is not known, so that nothing is left out.
        let names = signatures.indices.map {
            "$leaf\($0) $tail\($0) $tail_of_none\($0) $caller\($0)"
        }
        add("(table (export \"table\") \(4 * Self.count) funcref)")
        add("(elem (i32.const 0) func \(names.joined(separator: " ")))")
        add(
            "(func (export \"_start\") \(Self.constants(signatures[0].parameters))"
                + " (call_indirect (type $s0) (i32.load (i32.const 0)))"
                + signatures[0].results.map { _ in " drop" }.joined() + ")")
        for (index, signature) in signatures.enumerated() {
            let stores = signature.parameters.enumerated().map {
                Self.store($1, "(local.get \($0))", $0)
            }
            let constants = Self.constants(signature.results)
            add("(func $leaf\(index) (type $s\(index)) \(stores.joined()) \(constants))")
            let next = (index + results.count) % Self.count
            let callee = isDynamic ? "$import\(next)" : "$leaf\(next)"
            let arguments = Self.arguments(signatures[next].parameters, of: signature.parameters)
            add("(func $tail\(index) (type $s\(index)) (return_call \(callee) \(arguments)))")
            add(
                "(func $tail_of_none\(index) (result \(signature.results.joined(separator: " ")))"
                    + " (return_call \(callee) \(Self.constants(signatures[next].parameters))))")
            let drops = signature.results.map { _ in "drop " }.joined()
            add(
                "(func $caller\(index) (type $s\(index)) (call \(callee) \(arguments)) \(drops)"
                    + "(i32.store (i32.const 8) (i32.const 1)) \(constants))")
        }
        add(")")
    }

    private mutating func add(_ line: String) { text += line + "\n" }

    private static func types(most: Int, _ generator: inout SeededGenerator) -> [String] {
        let few = (0..<Int.random(in: 1...4, using: &generator)).map { _ in
            types.randomElement(using: &generator)!
        }
        return (0..<Int.random(in: 0...most, using: &generator)).map { _ in
            few.randomElement(using: &generator)!
        }
    }

    /// Writes a parameter somewhere.
    private static func store(_ type: String, _ value: String, _ index: Int) -> String {
        let address = "(i32.const \(16 * index))"
        return switch type {
        case "v128": "(v128.store \(address) \(value))"
        case "funcref", "externref": "(i32.store \(address) (ref.is_null \(value)))"
        default: "(\(type).store \(address) \(value))"
        }
    }

    private static func constants(_ types: [String]) -> String { arguments(types, of: []) }

    /// Values of types: parameters where there are some, in another order.
    private static func arguments(_ types: [String], of parameters: [String]) -> String {
        types.enumerated().map { position, type in
            let known = parameters.indices.filter { parameters[$0] == type }
            if !known.isEmpty { return "(local.get \(known[(position + 1) % known.count]))" }
            return switch type {
            case "v128": "(v128.const i64x2 0 0)"
            case "funcref": "(ref.null func)"
            case "externref": "(ref.null extern)"
            default: "(\(type).const 0)"
            }
        }.joined(separator: " ")
    }
}

/// Assembly, as instructions of functions.
private enum Assembly {
    struct Function {
        let name: String
        var instructions: [String] = []
    }

    static func functions(in text: String) -> [Function] {
        var functions: [Function] = []
        var isInside = false
        for line in text.split(separator: "\n") {
            if line.hasPrefix(".Lfunc_end") {
                isInside = false
            } else if let end = line.firstIndex(of: ":"), line.first?.isLetter == true {
                functions.append(Function(name: String(line[..<end])))
                isInside = true
            } else if isInside, line.hasPrefix("\t"), !line.hasPrefix("\t.") {
                functions[functions.count - 1].instructions.append(instruction(line))
            }
        }
        return functions
    }

    /// A line without comments, and with blanks instead of tabs.
    private static func instruction(_ line: Substring) -> String {
        let code = line.components(separatedBy: "# ")[0].components(separatedBy: "//")[0]
        return code.replacingOccurrences(of: "\t", with: " ").trimmingCharacters(in: .whitespaces)
    }
}

/// The same numbers in every run (SplitMix64).
private struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
        return value ^ value >> 31
    }
}
