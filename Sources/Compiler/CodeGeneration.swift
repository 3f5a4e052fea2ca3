// From a validated module to machine code: partitions of bounded size, each lowered, optimised
// and emitted on a thread of its own.

internal import LLVMKit
internal import Linking
internal import Lowering
internal import WasmTypes
internal import WasmValidation

/// What code generation made of a module.
struct GeneratedCode {
    /// One object, or one text, per partition.
    var units: [[UInt8]]
    /// The initial contents of memory 0, for the linker.
    var memory: MemoryImage?
}

enum CodeGeneration {
    /// Compiles all partitions. Everything but executables is emitted as one unit.
    static func run(
        _ module: ValidatedModule, options: CompilationOptions
    ) throws(CompilerError) -> GeneratedCode {
        do {
            let isSplit = options.emit == .executable
            let plan = try ProgramPlan(
                module,
                partitionSize: isSplit ? ProgramPlan.defaultPartitionSize : Int.max)
            let units = try WorkerThreads.map(count: plan.partitionCount, threads: options.jobs) {
                index throws(CompilerError) in
                try compilePartition(index, of: plan, options: options)
            }
            return GeneratedCode(units: units, memory: try memoryImage(of: plan))
        } catch let error as ModuleError {
            throw CompilerError(.module(error))
        } catch let error as CompilerError {
            throw error
        } catch {
            fatalError("unexpected error: \(error)")
        }
    }

    private static func memoryImage(of plan: ProgramPlan) throws(CompilerError) -> MemoryImage? {
        guard let contents = plan.memoryImage else { return nil }
        do {
            return try MemoryImage(
                initialSize: contents.initialSize,
                chunks: contents.chunks.map {
                    MemoryImage.Chunk(offset: $0.offset, size: UInt64($0.bytes.count))
                })
        } catch {
            throw CompilerError(.link(error))
        }
    }

    /// Lowers, optimises and emits one partition.
    private static func compilePartition(
        _ index: Int, of plan: ProgramPlan, options: CompilationOptions
    ) throws(CompilerError) -> [UInt8] {
        throw CompilerError(.option("code generation is not connected yet"))
    }
}
