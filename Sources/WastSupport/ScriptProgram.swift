// The native program of a script: linked from its modules, the runtime for test scripts and the
// ordinary runtime, and run on this machine, under an emulator if it is for another one.

internal import Compiler
internal import LLVMKit
internal import Linking
internal import Subprocess
internal import SystemPackage

/// A linked program, removed with its owner.
final class ScriptProgram {
    private let folder: ScratchFolder
    private let path: FilePath

    /// Links the program of a plan.
    init(
        _ plan: ScriptPlan, target: Target, toolchain: Toolchain
    ) async throws(CompilerError) {
        folder = try ScratchFolder(in: ScratchFolder.parent)
        path = folder.file("program")
        var objects: [FilePath] = []
        for (index, bytes) in plan.objects.enumerated() {
            objects.append(folder.file("m\(index).o"))
            try Files.write(bytes, to: objects[index])
        }
        objects.append(folder.file("script.o"))
        do {
            let bytes = try ScriptObject.make(
                moduleCount: plan.objects.count, script: plan.script,
                typeParents: plan.typeParents, target: target)
            try Files.write(bytes, to: objects[plan.objects.count])
        } catch let error as LLVMError {
            throw CompilerError(.llvm(error))
        } catch let error as CompilerError {
            throw error
        } catch {
            throw CompilerError(.bug("\(error)"))
        }
        let runtime = try toolchain.runtimeFolder(for: target)
        objects.append(runtime.appending("libsmelt-wast.a"))
        let link = LinkPlan.driver(
            architecture: target.architecture, objects: objects, runtimeFolder: runtime,
            output: path)
        do {
            try await toolchain.linker().link(link, scriptPath: folder.file("script.ld"))
        } catch let error as LinkError {
            throw CompilerError(.link(error))
        } catch let error as CompilerError {
            throw error
        } catch {
            throw CompilerError(.bug("\(error)"))
        }
    }

    /// Runs the program to its end, which it sees to itself.
    func run(emulator: [String]) async throws(CompilerError) -> ScriptReport {
        let command = emulator + [path.string]
        let result: ExecutionResult<Void, StringOutput<UTF8>, DiscardedOutput>
        do {
            result = try await Subprocess.run(
                command.count == 1 ? .path(path) : .name(command[0]),
                arguments: Arguments(Array(command.dropFirst())),
                output: .string(limit: 64 << 20), error: .discarded)
        } catch {
            throw CompilerError(.file(path, reason: "cannot be run: \(error)"))
        }
        return ScriptReport(result.standardOutput)
    }
}
