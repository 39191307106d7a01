# Text to objects and back, with json and a regular expression.
import json
import re


def work(seed):
    record = {"seed": seed, "list": [1, 2.5, None, True], "nested": {}}
    pair = re.compile("([a-z]+)=([0-9]+)")
    for i in range(20):
        text = json.dumps(record)
        record = json.loads(text)
        match = pair.search("  key%c=%d;" % (97 + i % 26, seed * i))
        record["nested"][match.group(1)] = int(match.group(2))
        yield None
    yield sum(record["nested"].values()) * 100 + len(json.dumps(record)) % 100
