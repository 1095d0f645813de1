"""What prose may not say without a citation: prices, limits, numbers, dates, and "always" or "never".

Advice needs no proof: "Never commit your key" tells readers what to do, whereas "the client never retries" tells them
what is true. Advice begins with a verb in `ADVICE`, a statement with its subject. This also applies to what the project
says about itself: prove it in a test, or say it without the absolute.
"""

import re
from collections.abc import Iterator

MONTH = (
    "(?:January|February|March|April|May|June|July|August|September|October|November|December"
    "|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)"
)
TIME = "(?:ms|milliseconds?|s|seconds?|min|minutes?|h|hours?|days?|weeks?|months?|years?)"
COUNTED = (
    "(?:retries|attempts|tries|times|tokens?|characters?|words?|bytes|[kKMGT]i?B|bits|requests?|calls?|messages?|images?|files?"
    "|items?|keys?|tools?|functions?|objects?|inputs?|dimensions?|choices|connections?|models?|RPM|TPM|RPD|TPD|IPM)"
)
WORD_NUMBER = (
    "(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|ninety"
    "|(?:a |one |two |five )?(?:hundred|thousand|million))"
)

ABSOLUTELY = '"always" or "never"'

# What a sentence may not say without a citation, and what to call it.
FACTS = {
    "a price": re.compile(r"[$€£] ?\d|\b\d[\d,.]* ?(?:USD|EUR|GBP|dollars?|euros?|cents?)\b", re.IGNORECASE),
    "a percentage": re.compile(rf"\b\d[\d,.]* ?(?:%|percent\b)|\b{WORD_NUMBER} percent\b", re.IGNORECASE),
    "a date": re.compile(
        rf"\b\d{{4}}-\d\d-\d\d\b|\b{MONTH}\.? (?:\d{{1,2}}(?:st|nd|rd|th)?,? )?\d{{4}}\b|\b{MONTH}\.? \d{{1,2}}\b"
        r"|\b(?!since 1970\b)(?:in|since|until|before|after|by|of|from|during) (?:early |late |mid-?)?(?:19|20)\d\d\b"
    ),
    "a model name": re.compile(r"\b(?:gpt-\d[\w.-]*|chatgpt-[\w.-]+|o\d(?:-(?:mini|pro))?)\b"),
    "a limit": re.compile(
        rf"\b[\d,]+ (?:requests|tokens|messages|images) (?:per|a|an) \w+|\b[\d,]+ (?:RPM|TPM|RPD)\b"
        rf"|\b(?:up to|at most|at least|no more than|not more than|more than|fewer than|less than|a maximum of|limit of"
        rf"|limit is|limited to) (?:\d|{WORD_NUMBER} {COUNTED}\b)",
        re.IGNORECASE,
    ),
    "a default": re.compile(
        r"\b(?:default(?:s to| is| of|, which is)|by default,?(?: it is)?) `?-?\d|\b\d[\d,.]*`? by default\b",
        re.IGNORECASE,
    ),
    "a comparison of prices": re.compile(
        r"\bcosts? (?:(?:a little|several times|much|far) )?(?:more|less|as much)\b"
        r"|\b(?:is|are) (?:cheaper|dearer) than\b|\bhalf the price\b",
        re.IGNORECASE,
    ),
    "a number": re.compile(rf"\b\d[\d.,]*[ -](?:{TIME}|{COUNTED})\b|\b\d{{1,3}}(?:,\d{{3}})+\b"),
    "a number in words": re.compile(
        rf"\b{WORD_NUMBER}[ -](?:{TIME}|retries|attempts|tries|requests (?:per|a) \w+)\b"
        rf"|\b(?!(?:a |one )?million){WORD_NUMBER} tokens\b"  # a million tokens is the unit of prices
        rf"|\b(?:retr(?:y|ies|ied)|tr(?:y|ies|ied))\b[^.]{{0,20}} (?:once|twice|{WORD_NUMBER} times)\b",
        re.IGNORECASE,
    ),
}

# What a heading may state if its section has a citation, because a heading has no room for one.
IN_HEADINGS = frozenset({"a number in words", ABSOLUTELY})

ABSOLUTE = re.compile(r"\b(?:always|never)\b", re.IGNORECASE)

# Verbs that advice begins with. A sentence that begins with another word is a statement; if it is advice, add its verb.
VERBS = """
accept add agree allow answer ask assert assume avoid await back base be begin bill branch break bring build buy cache
call cancel cap carry catch change charge check choose clear close combine commit compare compute configure consider
continue convert copy count create cut decide declare delete deploy derive describe disable divide do download drop
edit enable end ensure escape estimate expect export fail feed fetch find fix follow forget format forward generate
get give go guard handle have hide hold ignore import include increase inform insert inspect install invent join keep
know leave let limit link list listen load lock log look lower make mark match measure mention mix mock move multiply
name open order parse pass paste pay pick pin place plan poll post prefer prevent print promise prove publish push put
quote raise rate read rebuild record reduce refer refuse reject rely remember remove rename repeat replace report
request require resend reserve reset restart retry return reuse review revoke rewrite rotate round run save say search
see send serialize serve set share ship show skip specify split start state stop store stream strip subtract switch
take tell test think throw time trace track treat trim truncate trust try turn type update upgrade upload use validate
verify wait watch wrap write
"""
ADVICE = frozenset(VERBS.split())
# What may come before the verb of advice.
LEAD = re.compile(
    r"(?:(?:and|but|so|then|or|instead|please|better|also|therefore|otherwise|first|next|finally|rather|just|simply|yes|no)"
    r",? |do not |don't )+",
    re.IGNORECASE,
)
CONDITION = re.compile(
    r"(?:if|when|where|whenever|before|after|until|unless|while|for|in|on|to|with|without|at|once|as|from|during|by)\b"
    r"[^,]*, ",
    re.IGNORECASE,
)
# After a verb of advice, these show that it was a noun: "Cache never hits", "Use is always counted".
NO_VERB = re.compile(
    r"(?:always|never|is|are|was|were|has|have|had|can|cannot|will|would|may|might|must|does|did|do|of)\b",
    re.IGNORECASE,
)
# A reason or a contrast begins a new clause.
JOINT = re.compile(
    r",? (?=(?:because|since|although|though|whereas) )|, (?=(?:and|but|so|as|while|for|or|which) )|(?<=[;:.!?]) ",
    re.IGNORECASE,
)
SENTENCE = re.compile(r"(?<=[.!?])[\"')*_]*\s+(?=[\"'(*_`\[]*[A-Z0-9`])")
CODE = re.compile(r"`[^`]*`")
QUOTED = re.compile(r"\"[^\"]*\"|“[^”]*”")
LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
# List markers, admonitions, definition markers, heading attributes, HTML and emphasis are not words.
MARKUP = re.compile(
    r"^\s*(?:[-*+] |\d+\. |:\s+|#+ |(?:!!!|\?\?\?\+?) \w+ ?|=== )|\{[^}]*\}|<[^>]*>|\*+|(?<!\w)_|_(?!\w)", re.MULTILINE
)


def facts(text: str) -> Iterator[tuple[str, str]]:
    """Yield what needs a citation in a paragraph: what to call it, and the words."""
    prose = " ".join(re.sub(r"https?://\S+", "", text).split())
    found: list[str] = []
    for what, pattern in FACTS.items():
        match = pattern.search(prose)
        if match and not any(match[0] in said for said in found):  # the number in a limit is not a separate fact
            found.append(match[0])
            yield what, match[0]
    for clause in absolutes(text):
        yield ABSOLUTELY, clause


def absolutes(text: str) -> Iterator[str]:
    """Yield the clauses of a paragraph that state that something is always or never the case.

    Questions and quotations state nothing, and neither does advice: see `is_advice`.
    """
    for item in re.split(r"\n\s*(?=[-*+] |\d+\. |:\s)|\n\n", text):
        prose = LINK.sub(r"\1", QUOTED.sub("that", CODE.sub("it", item)))
        prose = " ".join(MARKUP.sub("", prose).split())
        for sentence in SENTENCE.split(prose):
            if ABSOLUTE.search(sentence) and not sentence.rstrip("\"')*_ ").endswith("?"):
                yield from _statements(sentence)


def _statements(sentence: str) -> Iterator[str]:
    advice = False
    for clause in JOINT.split(sentence):
        bare = re.sub(r"^(?:and|but|so|or) ", "", clause, flags=re.IGNORECASE)
        goes_on = advice and re.match(
            r"(?:always|never)\b", bare, re.IGNORECASE
        )  # "Print its length, and never all of it"
        advice = bool(goes_on) or is_advice(clause)
        if ABSOLUTE.search(clause) and not advice:
            yield clause.strip()


def is_advice(clause: str) -> bool:
    """Tell whether a clause says what to do: it begins with a verb, as in "Always set ...", or says what one should
    do."""
    if re.search(r"\b(?:should|ought to) (?:always|never)\b", clause, re.IGNORECASE):
        return True
    while True:
        shorter = LEAD.sub("", clause, count=1) if LEAD.match(clause) else clause
        if condition := CONDITION.match(shorter):
            if ABSOLUTE.search(condition[0]):
                return False
            shorter = shorter[condition.end() :]
        if shorter == clause:
            break
        clause = shorter
    if adverb := re.match(r"(?:always|never) ", clause, re.IGNORECASE):
        clause = clause[adverb.end() :]
    verb = re.match(r"[A-Za-z]+", clause)
    return verb is not None and verb[0].lower() in ADVICE and not NO_VERB.match(clause[verb.end() :].lstrip())
