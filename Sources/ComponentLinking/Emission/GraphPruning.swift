// Generated instances that nobody imports from are left out.

extension CoreGraph {
    /// The graph without instances from which nothing is needed.
    ///
    /// - Parameter isNeeded: whether an instance is needed for itself.
    func pruned(where isNeeded: (Int) -> Bool) -> (graph: CoreGraph, numbers: [Int: Int]) {
        var needed: Set<Int> = []
        var rest = instances.indices.filter(isNeeded)
        while let next = rest.popLast() {
            guard needed.insert(next).inserted else { continue }
            for case .export(let instance, _) in instances[next].imports { rest.append(instance) }
        }
        var numbers: [Int: Int] = [:]
        for number in instances.indices where needed.contains(number) {
            numbers[number] = numbers.count
        }
        var moduleNumbers: [Int: Int] = [:]
        var result = CoreGraph()
        for number in instances.indices where needed.contains(number) {
            var instance = instances[number]
            if moduleNumbers[instance.module] == nil {
                moduleNumbers[instance.module] = result.modules.count
                result.modules.append(modules[instance.module])
            }
            instance.module = moduleNumbers[instance.module] ?? 0
            instance.imports = instance.imports.map { source in
                guard case .export(let other, let name) = source, let number = numbers[other] else {
                    return source
                }
                return .export(instance: number, name: name)
            }
            result.instances.append(instance)
        }
        return (result, numbers)
    }
}
