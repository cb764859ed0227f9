"""Judges a draft of CRUXEval for the `command` validator: runs the function of the question and compares what it returns with the draft's answer.

Input: the validator's JSON (request.messages, answer.text). Exit code 0 accepts, 1 rejects with a reason on standard error, 2 cannot judge.
The answer itself is never run.
"""
import json
import re
import sys


def answer_of(text):
    """The field `answer` of the draft's JSON, also where the JSON around it is broken; None where there is none."""
    try:
        value = json.loads(text[text.index("{"):text.rindex("}") + 1], strict=False)["answer"]
        return value if isinstance(value, str) else repr(value)
    except (ValueError, KeyError, TypeError):
        found = re.findall(r'"answer"\s*:\s*"((?:[^"\\]|\\.)*)"', text)
        return found[-1] if found else None


def is_right(answer, result):
    """Whether the answer is what Python prints; a string may stand without quotes, or with either kind.
    An equal value in another spelling, ["a"] for ['a'], is not: the set's own grades compare texts."""
    spellings = {str(result), repr(result)}
    if isinstance(result, str):
        spellings |= {f"'{result}'", f'"{result}"', repr(result)[1:-1]}
    return answer in spellings


draft = json.load(sys.stdin)
question = "\n".join(message["text"] for message in draft["request"]["messages"])
code = re.search(r"\[PYTHON\]\n(.*)\nassert (.*) == \?\?\n\[/PYTHON\]", question, re.S)
if not code:
    sys.exit(2)

names = {}
exec(code[1], names)
answer = answer_of(draft["answer"]["text"])
if answer is None:
    sys.exit('There is no "answer" in the JSON.')
if not is_right(answer, eval(code[2], names)):
    sys.exit(f"Run with this input, the function does not return {answer}.")
