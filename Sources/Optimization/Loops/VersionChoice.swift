// Which versions of loops are kept.
//
// A version is made so that LLVM can vectorise it. Where it does not, the version is only more code:
// it takes time to compile, and the loop's first form was good.
//
// sandbox: indifferent. Either form of a loop is right.

internal import LLVMKit

/// Whether a version of a loop is worth having, which is known once LLVM has looked at it. Until then
/// it depends on a function that nothing is known about.
struct VersionChoice {
    private let number: Int

    /// - Parameter number: unique in the module.
    init(number: Int) {
        self.number = number
    }

    private static let versionPrefix = "smelt.version."
    private static let originalPrefix = "smelt.original."
    private static let vectorised = "llvm.loop.isvectorized"

    private var name: String { "\(Self.versionPrefix)\(number)" }

    /// Emits an i1: whether the version is kept.
    func isKept(_ builder: IRBuilder) -> IRValue { builder.unknownBoolean(name) }

    /// Says that a loop of the version is the one that shows it.
    func mark(latch: IRInstruction, _ metadata: IRMetadata) {
        metadata.setLoopProperties([.word(name)], latch: latch)
    }

    /// Lets LLVM leave the original loop as it is, unless it remains the only one.
    func markOriginal(latch: IRInstruction, _ metadata: IRMetadata) {
        let name = Self.originalPrefix + String(number)
        metadata.setLoopProperties(IRMetadata.keptLoop + [.word(name)], latch: latch)
    }

    /// Decides for all versions of a module: one is kept unless its loop is still there, and without
    /// vectors.
    static func settle(in module: borrowing IRModule) {
        var (good, bad): (Set<Substring>, Set<Substring>) = ([], [])
        var originals: [(number: Substring, latch: IRInstruction)] = []
        for latch in module.functionDefinitions.flatMap(\.blocks).map(\.terminator) {
            let properties = latch.loopProperties
            for property in properties {
                if property.hasPrefix(originalPrefix) {
                    originals.append((property.dropFirst(originalPrefix.count), latch))
                } else if property.hasPrefix(versionPrefix) {
                    let number = property.dropFirst(versionPrefix.count)
                    if properties.contains(vectorised) {
                        good.insert(number)
                    } else {
                        bad.insert(number)
                    }
                }
            }
        }
        let useless = bad.subtracting(good)
        for name in module.declaredFunctionNames where name.hasPrefix(versionPrefix) {
            let isUseless = useless.contains(name.dropFirst(versionPrefix.count))
            module.replaceCalls(of: name, with: module.types.i1.constant(isUseless ? 0 : 1))
        }
        for (number, latch) in originals where useless.contains(number) {
            module.metadata.setLoopProperties([], latch: latch)
        }
    }
}

extension Pass {
    /// Keeps the versions of loops that are worth having.
    public static let versionChoice = module("version-choice") { module, _ in
        VersionChoice.settle(in: module)
    }
}
