// Comparisons of the stack with a limit, at the beginning of functions: a library runs on the stacks of
// its host, below whose ends there may be anything.
//
// The stack pointer is read behind the function's prologue, so its own frame is counted. What the runtime
// keeps free below the limit is larger than such a frame. Which functions have larger ones is known when the
// code generator has laid them out; these get an entrance, which compares before they begin.
//
// sandbox: rests on the instance being the first parameter of every function with calls, which is so for
// functions that other units may call, and for the bodies of exports; on the code generator saying how large
// frames are; and on the runtime keeping free what `largestFrame` says.

public import LLVMKit

/// Adds the comparisons to a unit, behind all passes.
public struct StackLimits {
    /// A function without calls has no comparison if it has no more instructions than this: its frame is
    /// small then.
    private static let smallLeaf = 400

    /// A larger frame is compared before it is laid out. The smallest reserve of a stack is twice as large.
    public static let largestFrame = 32 << 10

    /// What the code generator does not count: what a call puts on the stack for the function that it calls.
    private static let uncounted = 256

    /// What is behind the names of functions with an entrance.
    public static let innerSuffix = ".inner"

    /// What the parameter has that is the instance.
    let attribute: String
    /// What the sections of guest code begin with.
    let section: String
    /// Where the limit is in an instance, in bytes.
    let limitOffset: Int
    /// What running out of stack is.
    let trapCode: UInt8

    public init(attribute: String, section: String, limitOffset: Int, trapCode: UInt8) {
        self.attribute = attribute
        self.section = section
        self.limitOffset = limitOffset
        self.trapCode = trapCode
    }

    /// - Parameter frames: the functions with large frames, by name, and how large these are.
    /// - Returns: the names of the functions that have calls or large frames, and no instance to ask for the
    ///   limit.
    public func check(_ module: borrowing IRModule, frames: [String: Int] = [:]) -> [String] {
        var unchecked: [String] = []
        for function in module.functionDefinitions where function.section.hasPrefix(section) {
            module.addAttribute(
                string: "warn-stack-size", "\(Self.largestFrame)", to: function)
            let frame = frames[function.value.name]
            let instructions = function.blocks.flatMap(\.instructions)
            let calls = instructions.contains { $0.isCall && !$0.isInlineAssembly }
            if !calls, frame == nil, instructions.count <= Self.smallLeaf { continue }
            guard function.parameterCount > 0,
                function.hasParameterAttribute(string: attribute, at: 0)
            else {
                unchecked.append(function.value.name)
                continue
            }
            guard let frame else {
                compare(at: function, in: module)
                continue
            }
            let entrance = module.addEntrance(to: function, suffix: Self.innerSuffix)
            compare(at: entrance, in: module, size: frame + Self.uncounted)
        }
        return unchecked
    }

    /// The functions whose frames are large, and have not been known to be so.
    ///
    /// - Parameters:
    ///   - found: what the code generator has said.
    ///   - frames: what was known before.
    public static func unknown(_ found: [LargeFrame], _ frames: [String: Int]) -> [String: Int] {
        var unknown: [String: Int] = [:]
        for item in found {
            let isInner = item.function.hasSuffix(innerSuffix)
            let name = isInner ? String(item.function.dropLast(innerSuffix.count)) : item.function
            if isInner, let known = frames[name], item.size <= known { continue }
            unknown[name] = max(item.size, unknown[name] ?? 0)
        }
        return unknown
    }

    private func compare(
        at function: IRFunction, in module: borrowing IRModule, size: Int = 0
    ) {
        guard
            let first = function.blocks[0].instructions.first(where: { $0.opcode != .alloca })
        else { return }
        module.builder.position(before: first)
        module.builder.compareStack(
            withLimitIn: function.parameter(0), at: limitOffset, size: size, trapCode: trapCode)
    }
}
