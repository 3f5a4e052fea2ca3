// How much two names differ: for "did you mean".

package enum Spelling {
    /// How many bytes to insert, remove or replace to get from one string to the other.
    static func distance(_ first: String, _ second: String) -> Int {
        let first = Array(first.utf8.prefix(100))
        let second = Array(second.utf8.prefix(100))
        var row = Array(0...second.count)
        for (line, byte) in first.enumerated() {
            var diagonal = row[0]
            row[0] = line + 1
            for (column, other) in second.enumerated() {
                let replaced = diagonal + (byte == other ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(replaced, row[column] + 1, diagonal + 1)
            }
        }
        return row[second.count]
    }

    /// The candidate that differs least, if it differs little.
    package static func nearest(to name: String, among candidates: some Sequence<String>) -> String?
    {
        let best = candidates.map { (name: $0, distance: distance($0, name)) }
            .min { ($0.distance, $0.name) < ($1.distance, $1.name) }
        guard let best, best.distance <= max(1, name.utf8.count / 3) else { return nil }
        return best.name
    }
}
