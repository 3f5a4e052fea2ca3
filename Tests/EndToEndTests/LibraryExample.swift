// The example of the README, which shows everything below this line.

import Compiler
import SystemPackage

/// Compiles a module for this machine into a folder, and for the other one into memory.
func translate(
    _ file: FilePath, into folder: FilePath, toolchain: Toolchain
) async throws(CompilerError) -> [String] {
    let module = try CompilerInput(reading: file)
    let contents = try await Inspection(of: module)
    var lines = contents.imports.map { "imports \($0.module).\($0.name)" }

    var pipeline = Pipeline(toolchain: toolchain)
    pipeline.options.optimization = .aggressive
    try await pipeline.compile(module, to: folder.appending(file.stem ?? "program"))

    pipeline.options.target = .aarch64LinuxMusl
    let bytes = try await pipeline.compile(module)
    lines.append("\(bytes.count) bytes for \(pipeline.options.target.triple)")
    return lines
}
