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

    /// Links the program of a plan.
    init(
        _ plan: ScriptPlan, target: Target, toolchain: Toolchain
    ) async throws(CompilerError) {
        folder = try withFiles(ScratchFolder.init)
        var objects: [FilePath] = []
        for (index, bytes) in plan.objects.enumerated() {
            let name = "m\(index).o"
            do throws(FileError) {
                try folder.write(bytes, to: name)
            } catch {
                throw CompilerError(error)
            }
            objects.append(FilePath(name))
        }
        objects.append("script.o")
        do {
            let bytes = try ScriptObject.make(
                moduleCount: plan.objects.count, script: plan.script,
                types: plan.types, target: target)
            try folder.write(bytes, to: "script.o")
        } catch let error as LLVMError {
            throw CompilerError(.llvm(error))
        } catch let error as FileError {
            throw CompilerError(error)
        } catch {
            throw CompilerError(.bug("\(error)"))
        }
        let runtime = Files.absolute(try toolchain.runtimeFolder(for: target))
        objects.append(runtime.appending("libsmelt-wast.a"))
        let link = LinkPlan.driver(
            architecture: target.architecture, objects: objects, runtimeFolder: runtime,
            output: "program")
        do {
            let script = FilePath(root: nil, [folder.file("script.ld").lastComponent!])
            try await toolchain.linker().link(link, scriptPath: script, in: folder.path)
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
        let command = emulator + ["./program"]
        let result: ExecutionResult<Void, StringOutput<UTF8>, DiscardedOutput>
        do {
            result = try await Subprocess.run(
                command.count == 1 ? .path("./program") : .name(command[0]),
                arguments: Arguments(Array(command.dropFirst())), workingDirectory: folder.path,
                output: .string(limit: 64 << 20), error: .discarded)
        } catch {
            throw CompilerError(.file("program", reason: "cannot be run: \(error)"))
        }
        return ScriptReport(result.standardOutput)
    }
}
