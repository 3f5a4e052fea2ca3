// From a module to an extension of a database or an interpreter: a shared library with glue in it, and the
// files that belong to it.

internal import Lowering
public import SystemPackage

extension Pipeline {
    /// Compiles a module into an extension. `options.library` says for what; for PostgreSQL two more
    /// files are written, beside the library.
    ///
    /// - Parameter output: Where to write the library; for Python a wheel, if the name ends with `.whl`.
    public func integrate(
        _ input: CompilerInput, to output: FilePath
    ) async throws(CompilerError) {
        do throws(CompilerError) {
            try checkOptions(output: output)
            guard let integration = options.library?.integration, options.emit == .sharedLibrary
            else { throw CompilerError(.option("it is not said what the extension is for")) }
            let wheel = try wheel(integration, output)
            let file = try withFiles { () throws(FileError) in
                try AtomicOutput(output, isExecutable: wheel == nil)
            }
            let code = try await generate(input, nil)
            let name =
                wheel == nil ? output.lastComponent!.string : "\(integration.name).abi3.so"
            let library = try await linkLibrary(code, name: name)
            try withFiles { () throws(FileError) in
                try file.write(wheel?.bytes(module: library) ?? library)
                if integration.host == .postgresql, let plan = code.library?.integration {
                    let files = ExtensionFiles(plan: plan, version: integration.version)
                    let folder = output.removingLastComponent()
                    let names = [
                        ("\(plan.name)--\(integration.version).sql", files.script),
                        ("\(plan.name).control", files.control),
                    ]
                    for (name, text) in names {
                        let beside = try AtomicOutput(folder.appending(name), isExecutable: false)
                        try beside.write(Array(text.utf8))
                        try beside.commit()
                    }
                }
                try file.commit()
            }
        } catch {
            throw error.about(input)
        }
    }

    /// Where an extension is written if it is not said.
    public var extensionName: FilePath.Component? {
        guard let integration = options.library?.integration else { return nil }
        return FilePath.Component(
            integration.host == .python
                ? Wheel(integration, options.target).fileName : "\(integration.name).so")
    }

    private func wheel(
        _ integration: IntegrationOptions, _ output: FilePath
    ) throws(CompilerError) -> Wheel? {
        guard integration.host == .python, output.extension == "whl" else { return nil }
        let wheel = Wheel(integration, options.target)
        guard output.lastComponent?.string == wheel.fileName else {
            throw CompilerError(
                .option(
                    "installers read the names of wheels: this one has to be called"
                        + " \(wheel.fileName)"))
        }
        return wheel
    }
}

extension Wheel {
    fileprivate init(_ integration: IntegrationOptions, _ target: Target) {
        self.init(
            name: integration.name, version: integration.version,
            architecture: target.architecture)
    }
}
