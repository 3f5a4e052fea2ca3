// swift-tools-version: 6.2
//
// Smelt: an ahead-of-time compiler from WebAssembly to native executables.
//
// One target per step and a few that several stand on; `Sources/README.md` says which may use which.
// Only LLVMKit talks to LLVM, and validation never sees it.

import PackageDescription

/// Where Debian's llvm-22-dev keeps its headers and its shared library.
let llvmPrefix = "/usr/lib/llvm-22"

/// Flags for every Swift target: no warning survives, and CLLVM's header finds <llvm-c/...>.
let swiftSettings: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .unsafeFlags(["-Xcc", "-I\(llvmPrefix)/include"]),
]

let llvmLinkerSettings: [LinkerSetting] = [
    .unsafeFlags(["-L\(llvmPrefix)/lib"])
]

/// The command line carries the Swift libraries inside itself, so that an installed compiler needs
/// no toolchain. It is only linked so, not compiled so (`--static-swift-stdlib` would do both),
/// because tests cannot be: this way they share one build with it. jemalloc takes the place of the C
/// library's allocator, also for LLVM, and has to be first among the libraries for that.
let staticLinkerSettings: [LinkerSetting] = [
    .linkedLibrary("jemalloc"),
    .unsafeFlags(["-static-stdlib"]),
    .linkedLibrary("_FoundationCollections"),
    .linkedLibrary("_FoundationCShims"),
]

func target(
    _ name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = []
) -> Target {
    .target(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: swiftSettings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(
        name: name, dependencies: dependencies, exclude: exclude, swiftSettings: swiftSettings,
        linkerSettings: llvmLinkerSettings)
}

let argumentParser = Target.Dependency.product(
    name: "ArgumentParser", package: "swift-argument-parser")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")
let system = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")

let package = Package(
    name: "smelt",
    products: [
        .executable(name: "smelt", targets: ["smelt"]),
        .library(name: "Compiler", targets: ["Compiler"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.5.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
    ],
    targets: [
        target("WasmTypes"),
        target("TargetModel"),
        target("Platform"),
        target("PlantedFaults", ["Platform"]),
        target("WasmBinary", ["WasmTypes"]),
        target("WasmValidation", ["WasmTypes", "WasmBinary"]),
        target(
            "ComponentModel", ["WasmTypes", "WasmBinary", "WasmValidation"], exclude: ["README.md"]),
        target(
            "ComponentLinking",
            ["ComponentModel", "WasmTypes", "WasmBinary", "WasmValidation"], exclude: ["README.md"]),
        target("DWARF"),
        .systemLibrary(name: "CLLVM"),
        target("LLVMKit", ["CLLVM", "Platform", "TargetModel", "PlantedFaults"]),
        target("Sandbox", ["WasmTypes", "PlantedFaults"]),
        target(
            "Optimization",
            ["LLVMKit", "RuntimeABI", "Sandbox", "TargetModel", "PlantedFaults"],
            exclude: ["README.md", "LLVMDefects/README.md", "LLVMDefects/cases"]),
        target("AccessProof", ["LLVMKit"]),
        .systemLibrary(name: "RuntimeABI"),
        target(
            "Lowering",
            [
                "WasmTypes", "WasmBinary", "WasmValidation", "DWARF", "LLVMKit", "Optimization",
                "AccessProof", "RuntimeABI", "Sandbox", "Platform", "TargetModel", "PlantedFaults",
            ], exclude: ["README.md"]),
        target(
            "Linking",
            [
                "Sandbox", "RuntimeABI", "Platform", "TargetModel", "PlantedFaults", subprocess,
                system,
            ],
            exclude: ["README.md"]),
        target(
            "Compiler",
            [
                "WasmTypes", "WasmBinary", "WasmValidation", "ComponentModel", "ComponentLinking",
                "DWARF", "LLVMKit", "Lowering", "Linking", "RuntimeABI", "Sandbox", "Platform",
                "TargetModel", "AccessProof",
                system, crypto, subprocess,
            ], exclude: ["README.md"]),
        target(
            "WastSupport",
            [
                "WasmTypes", "WasmBinary", "WasmValidation", "ComponentModel", "ComponentLinking",
                "LLVMKit", "Lowering", "Linking", "Compiler", "RuntimeABI", "TargetModel",
                "Platform",
                subprocess, system,
            ], exclude: ["README.md"]),
        .executableTarget(
            name: "smelt",
            dependencies: ["Compiler", "WastSupport", "Platform", argumentParser, system],
            exclude: ["README.md"],
            swiftSettings: swiftSettings,
            linkerSettings: llvmLinkerSettings + staticLinkerSettings),

        .executableTarget(
            name: "component-graph",
            dependencies: [
                "ComponentLinking", "ComponentModel", "WasmBinary", "WasmTypes", "WasmValidation",
            ], path: "Tests/ComponentGraph", swiftSettings: swiftSettings),
        target("TestSupport"),
        tests("WasmBinaryTests", ["WasmBinary", "WasmTypes", "TestSupport"]),
        tests(
            "WasmValidationTests", ["WasmValidation", "WasmBinary", "WasmTypes", "TestSupport"]),
        tests(
            "ComponentLinkingTests",
            [
                "ComponentLinking", "ComponentModel", "WasmBinary", "WasmTypes", "WasmValidation",
                "RuntimeABI",
                "TestSupport",
            ]),
        tests(
            "ComponentModelTests",
            ["ComponentModel", "WasmValidation", "WasmBinary", "WasmTypes", "TestSupport"],
            exclude: ["Golden"]),
        tests("SandboxTests", ["Sandbox", "RuntimeABI", "WasmTypes"]),
        tests("LLVMKitTests", ["LLVMKit", "TargetModel"]),
        tests(
            "OptimizationTests",
            ["Optimization", "LLVMKit", "Sandbox", "TargetModel", "TestSupport"],
            exclude: ["Golden"]),
        tests(
            "AccessProofTests",
            ["AccessProof", "Optimization", "LLVMKit", "Sandbox", "TargetModel"]),
        tests(
            "LoweringTests",
            [
                "Lowering", "LLVMKit", "WasmValidation", "WasmBinary", "WasmTypes", "RuntimeABI",
                "TargetModel", "TestSupport",
            ], exclude: ["Golden", "MachineCode"]),
        tests(
            "LinkingTests", ["Linking", "Sandbox", "TargetModel", "TestSupport", system],
            exclude: ["golden"]),
        tests("DWARFTests", ["DWARF", "Compiler", "TestSupport"], exclude: ["shapes.cpp"]),
        tests("CompilerTests", ["Compiler", "Linking", "Platform", "TestSupport", system]),
        tests("RuntimeABITests", ["RuntimeABI"]),
        tests(
            "EndToEndTests",
            ["Compiler", "Linking", "RuntimeABI", "Platform", "TestSupport", system],
            exclude: [
                "addresses", "debugging", "exact-traps", "exceptions", "grants", "linking",
                "lockdown", "programs", "sandbox", "transcripts", "traps",
            ]),
        tests(
            "WastTests", ["WastSupport", "Compiler", "TestSupport", system],
            exclude: ["RESULTS.md", "expected-failures.txt", "scripts"]),
    ],
    swiftLanguageModes: [.v6]
)
