// Loops that a compiler unrolled before, seen as what they were.
//
// Compilers to WebAssembly unroll small loops by two or four. LLVM makes better vectors of the
// loop as it was written: an unrolled one has accesses with gaps, which need shuffles.
//
// sandbox: rests on `isAhead`: every access of a copy goes where copy 0's goes that many steps later, so one
// copy with an eighth of the step, say, makes the same accesses. Steps are bounded there for
// `VersionCheck`.

internal import LLVMKit

/// How a loop of one block falls into equal copies of one body.
struct Rerolling {
    /// How many copies there are.
    let factor: Int
    /// For an instruction of copy 0, what stands for it in each copy, itself included.
    private let roles: [IRInstruction: [IRValue]]
    /// For an instruction of the last copy, what stands for it in copy 0.
    private let counterparts: [IRValue: IRInstruction]
    /// For a recurrence: what copy 0 hands on.
    private let handedOn: [IRInstruction: IRValue]

    /// Finds the largest number of copies; nil if there is just one.
    init?(_ plan: inout VersioningPlan) {
        guard plan.loop.blocks.count == 1 else { return nil }
        for factor in [8, 6, 5, 4, 3, 2] {
            var matching = CopyMatching(plan, factor: factor)
            guard matching.run() else { continue }
            let rerolling = Rerolling(matching)
            plan = matching.plan
            let isUsable = plan.liveOuts.allSatisfy {
                plan.expression($0) != nil || rerolling.counterpart(of: $0) != nil
            }
            guard isUsable else { continue }
            plan.keepAccesses { rerolling.keeps($0) }
            self = rerolling
            return
        }
        return nil
    }

    private init(_ matching: CopyMatching) {
        factor = matching.factor
        roles = matching.roles
        handedOn = matching.handedOn.mapValues { $0[0] }
        var counterparts: [IRValue: IRInstruction] = [:]
        for (first, values) in matching.roles { counterparts[values[matching.factor - 1]] = first }
        self.counterparts = counterparts
    }

    /// What copy 0 computes where the loop's last copy computes `value`.
    func counterpart(of value: IRValue) -> IRValue? { counterparts[value]?.value }

    /// What a recurrence becomes after copy 0.
    func next(of phi: IRInstruction) -> IRValue? { handedOn[phi] }

    /// Whether an instruction belongs to the body that remains.
    func keeps(_ instruction: IRInstruction) -> Bool { roles[instruction] != nil }
}

/// The search for one number of copies.
private struct CopyMatching {
    var plan: VersioningPlan
    let factor: Int
    /// For an instruction of copy 0, what stands for it in each copy.
    private(set) var roles: [IRInstruction: [IRValue]] = [:]
    /// For a recurrence: what each copy hands on. Copies that are not known yet are missing.
    private(set) var handedOn: [IRInstruction: [IRValue]] = [:]
    /// For one copy, what was matched so far, and what the copies before hand on.
    private var partners: [IRInstruction: IRValue] = [:]
    private var received: [IRInstruction: IRValue] = [:]
    /// Another number for each state of the two, and how many there were.
    private var (version, versions) = (0, 0)
    /// What did not match, and will not in the same state. Operations whose operands may be exchanged
    /// would ask again for each order, and so would their operands.
    private var failures: Set<Attempt> = []
    private var steps = 0
    private let instructions: [IRInstruction]

    private struct Attempt: Hashable {
        let first, other: IRInstruction
        let version: Int
    }

    /// A loop that falls into copies takes a few for each of its instructions, which are not many.
    private static let maximumSteps = 10_000

    init(_ plan: VersioningPlan, factor: Int) {
        self.plan = plan
        self.factor = factor
        instructions = plan.loop.header.instructions
    }

    private var loop: NaturalLoop { plan.loop }

    mutating func run() -> Bool {
        guard stepsAreDivisible(), let stores = storesByCopy(), guessRecurrences(),
            !stores[0].isEmpty || !handedOn.isEmpty
        else { return false }
        var copies: [[IRInstruction: IRValue]] = []
        for copy in 1..<factor {
            partners = [:]
            received = handedOn.compactMapValues { copy <= $0.count ? $0[copy - 1] : nil }
            changeState()
            for (first, other) in zip(stores[0], stores[copy]) {
                guard matchOperation(first, other, copy) else { return false }
                partners[first] = other.value
                changeState()
            }
            guard recordRecurrences(copy) else { return false }
            copies.append(partners)
        }
        // What the copies hand on must itself be the same computation in each.
        for phi in plan.recurrences {
            guard let values = handedOn[phi], values.count == factor,
                values[factor - 1] == phi.incomingValue(from: loop.latch)
            else { return false }
            for copy in 1..<factor {
                partners = copies[copy - 1]
                received = handedOn.mapValues { $0[copy - 1] }
                changeState()
                guard match(values[0], values[copy], copy) else { return false }
                copies[copy - 1] = partners
            }
        }
        return collectRoles(copies) && coversAllStores(stores) && keepsOrder()
    }

    // Roots ----------------------------------------------------------------------------------

    private mutating func stepsAreDivisible() -> Bool {
        loop.header.phis.allSatisfy { phi in
            guard let expression = plan.expression(phi.value) else { return true }
            return expression.step(dividedBy: factor) != nil
        }
    }

    /// The stores of each copy, in the order of the first copy's; nil if they are not that regular.
    private func storesByCopy() -> [[IRInstruction]]? {
        var copies = Array(repeating: [IRInstruction](), count: factor)
        var left = instructions.filter { $0.opcode == .store }
        guard left.count % factor == 0 else { return nil }
        while let first = left.first {
            for copy in 0..<factor {
                guard let index = left.firstIndex(where: { isAhead(first, $0, copy) }) else {
                    return nil
                }
                copies[copy].append(left.remove(at: index))
            }
        }
        return copies
    }

    /// Sums and the like go through a chain of as many equal parts as there are copies. Without
    /// one, what copies hand on turns up while they are matched.
    private mutating func guessRecurrences() -> Bool {
        for phi in plan.recurrences {
            guard let last = phi.incomingValue(from: loop.latch).flatMap(loop.inside) else {
                return false
            }
            var chain: [IRInstruction] = []
            var link: IRInstruction? = phi
            while let current = link, current != last {
                let users = current.users.filter { loop.contains($0.block) && $0.opcode != .phi }
                guard users.count == 1 else { break }
                chain.append(users[0])
                link = users[0]
            }
            guard chain.last == last, chain.count % factor == 0 else { continue }
            let part = chain.count / factor
            handedOn[phi] = (1...factor).map { chain[$0 * part - 1].value }
        }
        return true
    }

    /// Notes what was found to come from the copy before.
    private mutating func recordRecurrences(_ copy: Int) -> Bool {
        for phi in plan.recurrences {
            var values = handedOn[phi] ?? []
            if values.count >= factor { continue }
            guard values.count == copy - 1, let value = received[phi] else { return false }
            values.append(value)
            if copy == factor - 1, let last = phi.incomingValue(from: loop.latch) {
                values.append(last)
            }
            handedOn[phi] = values
        }
        return true
    }

    // Matching -------------------------------------------------------------------------------

    /// Whether `other` is to copy `copy` what `first` is to copy 0.
    private mutating func match(_ first: IRValue, _ other: IRValue, _ copy: Int) -> Bool {
        guard first.type == other.type else { return false }
        guard let instruction = loop.inside(first) else { return first == other }
        if let known = partners[instruction] { return known == other }
        if let a = plan.expression(first) {
            guard let step = a.step(dividedBy: factor), let b = plan.expression(other) else {
                return false
            }
            return a.distance(to: b) == step.multiplied(by: UInt64(copy))
        }
        if instruction.opcode == .phi {
            if let known = received[instruction] { return known == other }
            received[instruction] = other
            changeState()
            return true
        }
        guard let partner = loop.inside(other), matchOperation(instruction, partner, copy) else {
            return false
        }
        partners[instruction] = other
        changeState()
        return true
    }

    private mutating func changeState() {
        versions += 1
        version = versions
    }

    private mutating func matchOperation(
        _ first: IRInstruction, _ other: IRInstruction, _ copy: Int
    ) -> Bool {
        let attempt = Attempt(first: first, other: other, version: version)
        guard steps < Self.maximumSteps, !failures.contains(attempt) else { return false }
        steps += 1
        if matchAnyOrder(first, other, copy) { return true }
        failures.insert(attempt)
        return false
    }

    private mutating func matchAnyOrder(
        _ first: IRInstruction, _ other: IRInstruction, _ copy: Int
    ) -> Bool {
        guard first.hasSameOperation(as: other), first.opcode != .phi else { return false }
        switch first.opcode {
        case .load: return isAhead(first, other, copy)
        case .store:
            return isAhead(first, other, copy)
                && match(first.operand(0), other.operand(0), copy)
        default: break
        }
        let saved = (partners, received, version)
        let operands = zip(first.operands, other.operands)
        if operands.allSatisfy({ match($0, $1, copy) }) { return true }
        (partners, received, version) = saved
        return first.isCommutative && match(first.operand(0), other.operand(1), copy)
            && match(first.operand(1), other.operand(0), copy)
    }

    /// Whether an access of copy `copy` goes where copy 0's goes that many steps later.
    private func isAhead(_ first: IRInstruction, _ other: IRInstruction, _ copy: Int) -> Bool {
        guard let a = plan.place(of: first)?.access, let b = plan.place(of: other)?.access,
            a.size == b.size, a.address.base == b.address.base,
            a.address.offset == b.address.offset,
            let step = a.address.index.step(dividedBy: factor), step.signedConstant != 0,
            (step.signedConstant ?? 0).magnitude <= AccessGroup.maximumStep
        else { return false }
        return a.address.index.distance(to: b.address.index)
            == step.multiplied(by: UInt64(copy))
    }

    // Checks ---------------------------------------------------------------------------------

    private mutating func collectRoles(_ copies: [[IRInstruction: IRValue]]) -> Bool {
        for first in copies[0].keys {
            let others = copies.compactMap { $0[first] }
            guard others.count == factor - 1 else { return false }
            roles[first] = [first.value] + others
        }
        return true
    }

    private func coversAllStores(_ stores: [[IRInstruction]]) -> Bool {
        let count = instructions.count { $0.opcode == .store }
        return stores.reduce(0) { $0 + $1.count } == count
            && stores[0].allSatisfy { roles[$0] != nil }
    }

    /// Whether accesses of the same bytes happen in the same order if one copy follows the other.
    /// Accesses of different groups of copy 0 never meet: that is checked before the loop.
    private func keepsOrder() -> Bool {
        for group in plan.groups {
            let accesses = group.accesses.flatMap { access -> [Role] in
                guard let values = roles[access.instruction] else { return [] }
                return values.enumerated().compactMap { copy, value in
                    guard let other = loop.inside(value), let place = plan.place(of: other)
                    else { return nil }
                    return Role(copy: copy, position: access.position, access: place.access)
                }
            }
            for (index, a) in accesses.enumerated() {
                for b in accesses.dropFirst(index + 1) where a.mayConflict(with: b) {
                    let isBefore = (a.copy, a.position) < (b.copy, b.position)
                    if isBefore != (a.access.position < b.access.position) { return false }
                }
            }
        }
        return true
    }

    private struct Role {
        let copy: Int
        /// Of copy 0's instruction.
        let position: Int
        let access: MemoryAccess

        func mayConflict(with other: Role) -> Bool {
            guard access.isStore || other.access.isStore else { return false }
            let (a, b) = (access.address, other.access.address)
            guard let distance = a.index.distance(to: b.index)?.signedConstant else { return true }
            let start = distance + b.offset - a.offset
            return start < Int64(access.size) && -start < Int64(other.access.size)
        }
    }
}

extension IRInstruction {
    fileprivate var isCommutative: Bool {
        [.add, .mul, .and, .or, .xor, .fadd, .fmul].contains(opcode)
    }
}
