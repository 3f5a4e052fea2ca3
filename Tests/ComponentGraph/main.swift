// Links a component and writes what it comes to: the core modules and a description of their instances, for
// tools that run them in another engine.
//
//     component-graph COMPONENT FOLDER [OTHER...]

import ComponentLinking
import ComponentModel
import Foundation
import WasmBinary
import WasmTypes
import WasmValidation

private struct Description: Encodable {
    struct Instance: Encodable {
        var name: String
        var module: Int
        var imports: [Source]
    }

    /// One of the three is there.
    struct Source: Encodable {
        var instance: Int?
        var host: String?
        var stub: String?
        var name: String
    }

    var instances: [Instance]
    var drivers: [Int]
    var problems: [String]
    var exports: [[String]]
    /// The texts of traps, by their numbers.
    var traps: [String: String]
}

private func describe(_ source: CoreGraph.Source) -> Description.Source {
    switch source {
    case .export(let instance, let name): .init(instance: instance, name: name.text)
    case .host(let module, let name): .init(host: module, name: name)
    case .stub(let module, let name): .init(stub: module, name: name)
    }
}

let arguments = CommandLine.arguments
guard arguments.count >= 3 else {
    print("usage: component-graph COMPONENT FOLDER [OTHER...]")
    exit(2)
}
do {
    let file = { (name: String) in
        let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: name)))
        return ComponentFile(
            component: try Component.decode(bytes), bytes: bytes,
            name: URL(fileURLWithPath: name).lastPathComponent)
    }
    var program = try ComponentProgram(
        try file(arguments[1]), with: try arguments[3...].map(file))
    if let command = program.command { try program.addStart(command) }
    let result = try program.link()
    let folder = URL(fileURLWithPath: arguments[2])
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for (number, module) in result.graph.modules.enumerated() {
        try Data(module.module.bytes).write(to: folder.appendingPathComponent("\(number).wasm"))
    }
    let description = Description(
        instances: result.graph.instances.map {
            .init(name: $0.name, module: $0.module, imports: $0.imports.map(describe))
        }, drivers: result.drivers, problems: result.problems,
        exports: program.exports.map(\.path),
        traps: Dictionary(
            uniqueKeysWithValues: ComponentTrap.allCases.map { (String($0.rawValue), $0.text) }))
    try JSONEncoder().encode(description).write(to: folder.appendingPathComponent("graph.json"))
} catch {
    print("component-graph: \(error)")
    exit(1)
}
