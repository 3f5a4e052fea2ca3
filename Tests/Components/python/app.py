# A command in Python: what it prints depends on its arguments and on a good part of the library.
import hashlib
import json
import re
import sys

from wit_world import exports


class Run(exports.Run):
    def run(self) -> None:
        text = " ".join(sys.argv[1:])
        print(json.dumps({
            "arguments": sys.argv[1:],
            "numbers": re.findall(r"\d+", text),
            "digest": hashlib.sha256(text.encode()).hexdigest(),
            "squares": sum(i * i for i in range(100_000)),
        }, sort_keys=True))
        try:
            raise ValueError("caught")
        except ValueError as error:
            print(error, file=sys.stderr)
