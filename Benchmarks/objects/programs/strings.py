"""Building strings: arrays of bytes that grow, are copied and compared."""


class Builder:
    text: "Array[i8]"
    length: i32

    def reserve(self, count: i32) -> None:
        need = self.length + count
        if need <= len(self.text):
            return
        size = 2 * len(self.text)
        if size < need:
            size = need
        larger = Array[i8](size)
        copy(larger, 0, self.text, 0, self.length)
        self.text = larger

    def add(self, text: "Array[i8]") -> None:
        count = len(text)
        self.reserve(count)
        copy(self.text, self.length, text, 0, count)
        self.length += count

    def add_byte(self, byte: i32) -> None:
        self.reserve(1)
        self.text[self.length] = byte
        self.length += 1

    def add_number(self, number: i32) -> None:
        if number >= 10:
            self.add_number(number // 10)
        self.add_byte(48 + number % 10)

    def result(self) -> "Array[i8]":
        text = Array[i8](self.length)
        copy(text, 0, self.text, 0, self.length)
        return text


def concatenate(first: "Array[i8]", second: "Array[i8]") -> "Array[i8]":
    text = Array[i8](len(first) + len(second))
    copy(text, 0, first, 0, len(first))
    copy(text, len(first), second, 0, len(second))
    return text


def hash(text: "Array[i8]") -> i32:
    value = 0
    for index in range(len(text)):
        value = value * 31 + text[index]
    return value


def equal(first: "Array[i8]", second: "Array[i8]") -> i32:
    if len(first) != len(second):
        return 0
    for index in range(len(first)):
        if first[index] != second[index]:
            return 0
    return 1


def line(number: i32) -> "Array[i8]":
    builder = Builder(Array[i8](16), 0)
    builder.add(b"line ")
    builder.add_number(number)
    builder.add(b": a quick fox and ")
    builder.add_number(number * 7 % 1000)
    builder.add(b" lazy dogs")
    return builder.result()


def main() -> None:
    total = 0
    same = 0
    last = line(0)
    for number in range(1500000):
        text = line(number % 5000)
        total += hash(text)
        same += equal(text, last)
        last = concatenate(text, b"") if number % 3 == 0 else line(number % 5000 + 1)
    print(total)
    print(same)
    for turn in range(60):
        whole = Builder(Array[i8](16), 0)
        for number in range(40000):
            whole.add_byte(97 + number % 26)
            whole.add(b", ")
        total += hash(whole.result())
    print(total)
