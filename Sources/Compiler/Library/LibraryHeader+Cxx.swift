// What C++ has of a library beyond the header for C: a class that owns an instance, whose functions return
// results and throw failures. And the module map by which Swift imports the header.

internal import Lowering
internal import WasmBinary
internal import WasmTypes

extension LibraryHeader {
    /// A header for C++17 that includes the one for C by its name.
    func cxxText(including header: String) -> String {
        let lines =
            [
                "// The library \(prefix) for C++17: an instance as an object. Failures are thrown.",
                "// This file is made by the compiler: change the module instead.",
                "#pragma once", "", "#include <memory>", "#include <stdexcept>",
                "#include <string>",
                "#include <tuple>", "", "#include \"\(header)\"", "",
                "#ifndef SMELT_FAILURE_HPP", "#define SMELT_FAILURE_HPP", "namespace smelt {", "",
                "// Why a call has failed.", "class failure : public std::runtime_error {",
                "public:",
                "    explicit failure(const smelt_error &error)",
                "        : std::runtime_error(error.message),",
                "          status(static_cast<smelt_status>(error.status)), detail(error.detail) {}",
                "    explicit failure(smelt_status busy)",
                "        : std::runtime_error(\"the instance is in a call\\n\"), status(busy),"
                    + " detail(0) {}",
                "    smelt_status status;", "    int32_t detail;", "};", "",
                "}  // namespace smelt", "#endif", "",
                "// An instance, which is freed with this. It can be moved, and not be copied.",
                "class \(prefix)_instance {", "public:",
                "    explicit \(prefix)_instance(const \(prefix)_imports *imports = nullptr,",
                "                      const smelt_options *options = nullptr) {",
                "        smelt_error error;",
                "        instance.reset(::\(prefix)_new(imports, options, &error));",
                "        if (!instance) throw smelt::failure(error);", "    }", "",
                "    // The instance for functions of C.",
                "    \(prefix) *get() const { return instance.get(); }", "",
                "    // Makes it what a new one is.",
                "    void reset() { check(::\(prefix)_reset(get())); }", "",
            ] + calls + [
                "private:",
                "    struct free_instance {",
                "        void operator()(\(prefix) *instance) const { ::\(prefix)_free(instance); }",
                "    };",
                "    std::unique_ptr<\(prefix), free_instance> instance;", "",
                "    void check(smelt_status status) const {",
                "        if (status == SMELT_OK) return;",
                "        // Its error is another thread's then.",
                "        if (status == SMELT_BUSY) throw smelt::failure(status);",
                "        throw smelt::failure(*::\(prefix)_error(get()));", "    }", "};",
            ]
        return lines.joined(separator: "\n") + "\n"
    }

    /// What is part of the module, and with what it is linked.
    func moduleMap(including header: String) -> String {
        """
        module \(prefix) {
            header "\(header)"
            link "\(prefix)"
            export *
        }

        """
    }

    private var calls: [String] {
        var taken: Set<String> = ["get", "reset", "check", "instance", "free_instance"]
        return library.functions.flatMap { export in
            // Names of the class get a line behind them.
            var name = Identifiers.member(export.identifier, of: prefix)
            while taken.contains(name) { name += "_" }
            taken.insert(name)
            return call(export, as: name)
        }
    }

    private func call(_ export: LibraryPlan.Exported, as name: String) -> [String] {
        let type = module.functionType(export.index)!
        let results = type.results.map(value)
        let result =
            switch results.count {
            case 0: "void"
            case 1: results[0]
            default: "std::tuple<\(results.joined(separator: ", "))>"
            }
        let arguments =
            ["get()"] + type.parameters.indices.map { "p\($0)" }
            + results.indices.map { "&r\($0)" }
        var lines = [
            "    // \(quoted(export.name)): \(type).",
            "    \(result) \(name)(\(parameters(of: type).joined(separator: ", "))) {",
        ]
        lines += results.enumerated().map { "        \($1) r\($0);" }
        lines.append(
            "        check(::\(prefix)_\(export.identifier)(\(arguments.joined(separator: ", "))));"
        )
        let values = results.indices.map { "r\($0)" }.joined(separator: ", ")
        if results.count == 1 { lines.append("        return \(values);") }
        if results.count > 1 { lines.append("        return {\(values)};") }
        return lines + ["    }", ""]
    }
}
