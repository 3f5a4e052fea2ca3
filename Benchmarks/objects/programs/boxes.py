"""Hash maps of boxed values: keys and values of any type, told apart by casts."""


class Integer:
    value: i64


class Real:
    value: f64


class Entry:
    key: "Any"
    value: "Any"
    hash: i32
    next: "Entry"


class Map:
    buckets: "Array[Entry]"
    count: i32

    def find(self, key: "Any", hash: i32) -> "Entry":
        entry = self.buckets[hash & (len(self.buckets) - 1)]
        while entry is not None:
            if entry.hash == hash and same(entry.key, key):
                return entry
            entry = entry.next
        return None

    def grow(self) -> None:
        old = self.buckets
        self.buckets = Array[Entry](2 * len(old))
        mask = len(self.buckets) - 1
        for index in range(len(old)):
            entry = old[index]
            while entry is not None:
                following = entry.next
                place = entry.hash & mask
                entry.next = self.buckets[place]
                self.buckets[place] = entry
                entry = following

    def get(self, key: "Any") -> "Any":
        entry = self.find(key, hash_of(key))
        return entry.value if entry is not None else None

    def set(self, key: "Any", value: "Any") -> None:
        hash = hash_of(key)
        entry = self.find(key, hash)
        if entry is not None:
            entry.value = value
            return
        if self.count > len(self.buckets):
            self.grow()
        place = hash & (len(self.buckets) - 1)
        self.buckets[place] = Entry(key, value, hash, self.buckets[place])
        self.count += 1


def mix(hash: i32) -> i32:
    hash = hash * 668265261
    return hash ^ ((hash >> 15) & 131071)


def hash_of(key: "Any") -> i32:
    if isinstance(key, Integer):
        value = cast(Integer, key).value
        return mix(i32(value) + i32(value >> 32))
    if isinstance(key, Real):
        return mix(i32(i64(cast(Real, key).value * 1024.0)))
    return mix(unbox(key))


def same(first: "Any", second: "Any") -> i32:
    if isinstance(first, Integer):
        return isinstance(second, Integer) and cast(Integer, first).value == cast(Integer, second).value
    if isinstance(first, Real):
        return isinstance(second, Real) and cast(Real, first).value == cast(Real, second).value
    if isinstance(second, Integer) or isinstance(second, Real):
        return 0
    return unbox(first) == unbox(second)


def key_of(number: i32) -> "Any":
    if number % 3 == 0:
        return box(number)
    if number % 3 == 1:
        return Integer(i64(number) * 1000003)
    return Real(f64(number) / 4.0)


def main() -> None:
    for turn in range(6):
        map = Map(Array[Entry](16), 0)
        for number in range(300000):
            map.set(key_of(number), Integer(i64(number)))
        sum: i64 = 0
        for number in range(900000):
            found = map.get(key_of(number * 7 % 450000))
            if found is not None:
                sum += cast(Integer, found).value
        for number in range(300000):
            key = key_of(number * 3)
            found = map.get(key)
            if found is not None:
                map.set(key, Real(f64(cast(Integer, found).value)))
        print(sum)
        print(map.count)
