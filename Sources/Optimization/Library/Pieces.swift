// Copying and filling of memory in pieces, between which the interrupt word is looked at. The loops that do
// it are functions of the guest's code: what they touch is the guest's, and so are their traps.
//
// sandbox: rests on each piece being within what was to be copied or filled.

internal import LLVMKit

/// Divides what may be large.
struct Pieces {
    /// The largest piece, in bytes.
    private static let size: UInt64 = 1 << 20

    private let builder: IRBuilder
    private let types: IRTypes
    private let metadata: IRMetadata
    private let interruption: Interruption
    /// What copies and what fills in pieces, if the module needs it.
    private var copying: IRFunction?
    private var filling: IRFunction?

    /// - Parameter describe: gives a function what all functions of the guest have.
    init(
        _ module: borrowing IRModule, _ interruption: Interruption, describe: (IRFunction) -> Void
    ) {
        builder = module.builder
        types = module.types
        metadata = module.metadata
        self.interruption = interruption
        let bulk = module.functionDefinitions
            .filter { $0.section.hasPrefix(interruption.names.section) }
            .flatMap(\.blocks).flatMap(\.instructions).filter(Self.isBulk)
        if bulk.contains(where: { !Self.isFill($0) }) {
            copying = define("smelt.copy", types.pointer, in: module, describe, defineCopy)
        }
        if bulk.contains(where: Self.isFill) {
            filling = define("smelt.fill", types.i8, in: module, describe, defineFill)
        }
    }

    /// Whether an instruction copies or fills what may be larger than a piece.
    static func isBulk(_ instruction: IRInstruction) -> Bool {
        guard let name = instruction.intrinsicName,
            ["llvm.memcpy.p", "llvm.memmove.p", "llvm.memset.p"].contains(where: name.hasPrefix)
        else { return false }
        return instruction.operand(2).constantInteger.map { $0 > size } ?? true
    }

    private static func isFill(_ instruction: IRInstruction) -> Bool {
        instruction.intrinsicName?.hasPrefix("llvm.memset") == true
    }

    /// Has all that may be large in a function call what does it in pieces if it is.
    func divide(in function: IRFunction) {
        for call in function.blocks.flatMap(\.instructions) where Self.isBulk(call) {
            let behind = call.next!
            let rest = call.block
            let head = builder.divide(before: call)
            let body = builder.divide(before: behind)
            let large = builder.addBlock("large", to: function)
            builder.position(atEndOf: head)
            let count = builder.resize(call.operand(2), to: types.i64)
            let fits = builder.icmp(.ule, count, types.i64.constant(Self.size))
            metadata.setSecondRare(builder.conditionalBranch(fits, body, large))
            builder.position(atEndOf: body)
            builder.branch(to: rest)
            builder.position(atEndOf: large)
            let callee = (Self.isFill(call) ? filling : copying)!
            _ = builder.call(
                callee, [function.parameter(0), call.operand(0), call.operand(1), count])
            builder.branch(to: rest)
        }
    }

    // The loops ------------------------------------------------------------------------------

    /// Defines a function of the instance, a destination, a source or a byte, and a number of bytes.
    private func define(
        _ name: String, _ second: IRType, in module: borrowing IRModule,
        _ describe: (IRFunction) -> Void, _ body: (IRFunction, Interruption.Look) -> Void
    ) -> IRFunction {
        let function = module.addFunction(
            name,
            type: types.function(
                [types.pointer, types.pointer, second, types.i64], returning: types.void),
            convention: .c, linkage: .internal)
        describe(function)
        module.addParameterAttribute(string: interruption.names.attribute, at: 0, of: function)
        function.setSection("\(interruption.names.section)\(name)")
        builder.position(atEndOf: builder.addBlock("entry", to: function))
        let look = Interruption.Look(
            word: interruption.wordAddress(of: function),
            trap: interruption.trapBlock(of: function))
        body(function, look)
        return function
    }

    /// Goes round as long as bytes are left, with their number and what `piece` makes of it.
    private func loop(
        _ function: IRFunction, _ look: Interruption.Look,
        piece: (_ done: IRValue, _ size: IRValue) -> Void
    ) {
        let entry = builder.insertionBlock
        let body = builder.addBlock("piece", to: function)
        let end = builder.addBlock("end", to: function)
        builder.branch(to: body)
        builder.position(atEndOf: body)
        let done = builder.phi(types.i64)
        done.addIncoming(types.i64.zero, from: entry)
        let left = builder.sub(function.parameter(3), done)
        let limit = types.i64.constant(Self.size)
        let size = builder.select(builder.icmp(.ult, left, limit), left, limit)
        piece(done, size)
        let next = builder.add(done, size)
        done.addIncoming(next, from: body)
        let more = builder.conditionalBranch(
            builder.icmp(.ult, next, function.parameter(3)), body, end)
        builder.position(atEndOf: end)
        builder.returnVoid()
        // The end of the block stays what leads back.
        interruption.add(look, before: more, nil, in: function)
    }

    private func defineFill(_ function: IRFunction, _ look: Interruption.Look) {
        loop(function, look) { done, size in
            builder.memset(
                to: builder.byteOffset(function.parameter(1), done), value: function.parameter(2),
                count: size)
        }
    }

    /// From the end if the destination begins within the source.
    private func defineCopy(_ function: IRFunction, _ look: Interruption.Look) {
        let (to, from, count) = (
            function.parameter(1), function.parameter(2), function.parameter(3)
        )
        let distance = builder.sub(builder.pointerToInteger(to), builder.pointerToInteger(from))
        let isBackward = builder.icmp(.ult, distance, count)
        loop(function, look) { done, size in
            let last = builder.sub(builder.sub(count, done), size)
            let at = builder.select(isBackward, last, done)
            builder.memmove(
                to: builder.byteOffset(to, at), from: builder.byteOffset(from, at), count: size)
        }
    }
}
