// Limits on the rounds of loops whose code does not look at the fuel itself, put in behind all passes: the
// lowering leaves it to them where a loop has neither calls nor other loops in it, and LLVM may have
// found out what such a loop costs without counting.
//
// Each round costs at least one. In front of the loop there was no more left than the instance says, since
// less and less is left while a function runs; so after as many rounds the guest has run out, whatever
// LLVM has made of the counting. A loop that counts by a constant compares only once in some rounds
// (`Interruption.Round`), the others always.
//
// sandbox: indifferent.

public import LLVMKit

/// Adds the limits to a unit.
public struct FuelLimits {
    private let builder: IRBuilder
    private let types: IRTypes
    private let metadata: IRMetadata
    private let fuelOffset: Int
    private let trapCode: UInt8

    /// - Parameters:
    ///   - attribute: what the parameter has that is the instance.
    ///   - section: what the sections of guest code begin with.
    ///   - fuelOffset: where the fuel is in an instance, in bytes.
    ///   - trapCode: what being out of fuel is.
    /// - Returns: the names of the functions with such loops that cannot be limited, or have no instance to ask.
    public static func add(
        to module: borrowing IRModule, attribute: String, section: String, fuelOffset: Int,
        trapCode: UInt8
    ) -> [String] {
        let pass = FuelLimits(
            builder: module.builder, types: module.types, metadata: module.metadata,
            fuelOffset: fuelOffset, trapCode: trapCode)
        var unchecked: [String] = []
        // What makes an instance is not counted.
        for function in module.functionDefinitions where function.section.hasPrefix(section) {
            guard function.hasAttribute(string: attribute + "-fuel") else { continue }
            let loops = pass.loops(of: function)
            if loops?.isEmpty == true { continue }
            guard let loops, function.parameterCount > 0,
                function.hasParameterAttribute(string: attribute, at: 0)
            else {
                unchecked.append(function.value.name)
                continue
            }
            for loop in loops { pass.limit(loop, in: function) }
        }
        return unchecked
    }

    private struct Loop {
        var place: IRInstruction
        var latches: [BasicBlock]
        var round: Interruption.Round?
    }

    /// The loops in which there may be a round without a look; nil if one of them cannot be limited: only
    /// LLVM makes loops with two entries, or finds that a look in a loop with calls is not needed.
    private func loops(of function: IRFunction) -> [Loop]? {
        let graph = ControlFlow(function)
        let loops = Dictionary(grouping: graph.backEdges, by: \.header)
        if loops.isEmpty { return [] }
        let dominators = Dominators(function)
        let traps = Set(function.blocks.filter(isTrap))
        let looking = graph.blocks.filter { block in
            graph.successors[block, default: []].contains { traps.contains($0) }
        }
        var found: [Loop] = []
        for header in graph.blocks where loops[header] != nil {
            let latches = loops[header]!.map(\.latch)
            let members = graph.members(of: header, latches)
            let looks = looking.contains { block in
                members?.contains(block) == true
                    && latches.allSatisfy { dominators.dominates(block, $0) }
            }
            if looks { continue }
            guard let members, !members.contains(where: hasCall) else { return nil }
            let round = Interruption.Round(header, latches, members, Set(loops.keys))
            found.append(Loop(place: header.firstBehindPhis, latches: latches, round: round))
        }
        return found
    }

    private func hasCall(_ block: BasicBlock) -> Bool {
        block.instructions.contains {
            $0.isCall && !$0.isInlineAssembly
                && $0.calledFunction?.value.name.hasPrefix("smelt_") != true
        }
    }

    /// Whether a block is where the fuel has run out.
    private func isTrap(_ block: BasicBlock) -> Bool {
        block.instructions.contains {
            $0.intrinsicName == "llvm.ubsantrap"
                && $0.operand(0).constantInteger == UInt64(trapCode)
        }
    }

    /// Counts the rounds, or what the loop has between two looks, and compares.
    private func limit(_ loop: Loop, in function: IRFunction) {
        let rest = loop.place.block
        let outside = rest.predecessors
        builder.position(before: rest.instructions[0])
        let count = builder.phi(types.i64)
        let head = builder.divide(before: loop.place)
        let look = builder.addBlock("limit", after: head)
        builder.position(before: loop.place)
        let next = builder.phi(types.i64)
        builder.position(atEndOf: head)
        if let round = loop.round {
            let isElsewhere = round.isElsewhere(builder, types)
            metadata.setSecondRare(builder.conditionalBranch(isElsewhere, rest, look))
            next.addIncoming(count, from: head)
        } else {
            builder.branch(to: look)
        }
        builder.position(atEndOf: look)
        let more = builder.add(count, types.i64.constant(loop.round?.rounds ?? 1))
        let fuel = builder.load(
            types.i64,
            from: builder.byteOffset(function.parameter(0), types.i64.constant(fuelOffset)),
            alignment: 8)
        let trap = addTrap(to: function)
        builder.position(atEndOf: look)
        // The first look may come before the first round.
        let limit = builder.add(fuel, types.i64.constant(loop.round?.rounds ?? 1))
        let isLeft = builder.icmp(.sle, more, limit)
        metadata.setSecondRare(builder.conditionalBranch(isLeft, rest, trap))
        next.addIncoming(more, from: look)
        // What enters the header from inside has passed here.
        for block in outside {
            let isInside = loop.latches.contains(block)
            count.addIncoming(isInside ? next : types.i64.zero, from: block)
        }
    }

    private func addTrap(to function: IRFunction) -> BasicBlock {
        let block = builder.addBlock("fuel", to: function)
        builder.position(atEndOf: block)
        builder.store(
            types.i64.constant(-1),
            to: builder.byteOffset(function.parameter(0), types.i64.constant(fuelOffset)),
            alignment: 8)
        builder.compilerBarrier()
        _ = builder.intrinsic("llvm.ubsantrap", [types.i8.constant(UInt64(trapCode))])
        builder.unreachable()
        return block
    }
}
