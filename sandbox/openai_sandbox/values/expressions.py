"""Regular expressions for what a prompt may say: names, places, dates, times, numbers, addresses."""

import re

from .property_names import MONTHS, NUMBER_WORDS

# What may follow a name that begins a sentence.
AFTER_NAME = re.compile(
    r"(?:'s\b|,| (?:is|are|was|and|or|has|had|goes|lives|works|likes|loves|wants|will|moved|said)\b)"
)
CAPITAL = r"[A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĖĘĚĞĢĪĮİĶŁĻŃŅŇŌŐŘŚŞŠŢŤŪŮŰŲŹŻŽ]"
WORD = re.compile(r"[^\W_]+")
SPACES = re.compile(r"[\t\r]+ *| {2,}")
HALF_DAY = re.compile(r"\d ?[apAP]\.?[mM]")
YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
PLAIN_QUOTES = {0x2018: "'", 0x2019: "'", 0x201C: '"', 0x201D: '"'}
NAMES = re.compile(rf"(?<![\w@./#-]){CAPITAL}[\w'-]*(?: {CAPITAL}[\w'-]*)*")
JOINED = re.compile(r",? (?:and|or|&) |, ")
LOWER_PLACE = re.compile(
    r"\b(?:in|at|near|around) ([a-z]{3,})(?: (?:and|or) (?:in )?([a-z]{3,}))?"
    r"(?= ?[?.!,]| ?$| (?:today|tomorrow|tonight|now|right|please|this|next|on)\b)"
)
LABEL = re.compile(r"[:=](?!//) ?| (?:is|are) ")
LABELED = re.compile(r'"([^"\n]*)"|([^\n,;]*)')
CLAUSE = re.compile(r"[.!?](?:\s|$)| (?:and|but|with|who|which|because) ")
DIGITS = re.compile(r"(?<![\w.])-?\d{1,15}(?:,\d{3}){0,4}(?:\.\d{1,15})?(?![\d:/])")
SPELLED = re.compile(rf"\b(?:{'|'.join(NUMBER_WORDS)})\b")
DATE = re.compile(
    rf"\b(\d{{4}})-(\d\d)-(\d\d)\b|\b({'|'.join(MONTHS)}) (\d{{1,2}})(?:st|nd|rd|th)?(?:,? (\d{{4}}))?"
    rf"|\b(\d{{1,2}})(?:st|nd|rd|th)? (?:of )?({'|'.join(MONTHS)})(?: (\d{{4}}))?"
    r"|\b(?:next |this )?(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|\b(?:today|tomorrow|tonight)\b"
)
TIME = re.compile(r"\b([01]?\d|2[0-3]):([0-5]\d)(?: ?([ap])\.?m\b)?|\b(1[0-2]|[1-9]) ?([ap])\.?m\b", re.IGNORECASE)
EMAIL = re.compile(r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b")
URL = re.compile(r"\bhttps?://[^\s<>\"')\]]*[^\s<>\"')\].,;!?]")
PHONE = re.compile(r"(?<![\w-])\+?\d[\d ().-]{6,}\d\b")
QUOTED = re.compile(r"\"([^\"\n]+)\"|(?<!\w)'([^'\n]+)'(?!\w)|`([^`\n]+)`")
IPV4 = re.compile(r"(?<![\w.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!\s|$)|(?![\w.]*\d))){4}")
UUID = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", re.IGNORECASE)
QUOTATION_MARKS = frozenset("\"'`")
PUNCTUATION = ".,;:!?\"'()[]{}\n"
CURRENCIES = frozenset(("$", "€", "£", "dollar", "dollars", "euro", "euros", "usd", "eur", "gbp", "pound", "pounds"))
SYMBOL = re.compile(r"(?<![\w])\$?([A-Z]{2,5})\b(?!')")
IDENTIFIER = re.compile(r"(?<![\w.$€£-])#?((?=[\w-]*\d)[A-Za-z0-9]+(?:[-_][A-Za-z0-9]+)*)(?![\w.]*@)\b")
CODES = r"(#?[\w-]*\d[\w-]*(?:(?:,| and|, and| or) #?[\w-]*\d[\w-]*)*)"
"""Codes or numbers, in a list or alone."""
ZONE = re.compile(r"\b(?:[A-Z][a-z]+/[A-Z][A-Za-z_]+|UTC|GMT)\b")
EXPRESSION = re.compile(r"(?<![\w.(-])[-(]{0,3}[\da-z.]+\)?(?: ?[-+*/^=\u00d7\u00f7%] ?[-(]{0,3}[\da-z.]+\)*)+(?!\w)")
THING = re.compile(
    r"\ban? ((?:[a-z][\w-]* ){0,2}[a-z][\w-]*)(?= (?:on|at|in|with|for|by|next|this|to|from)\b|[.,!?]|$)"
)
SOUGHT = re.compile(
    r"\b(?:search|look|find|google|information|about)\b.*?\b(?:for|about|on)\b (.+?)[.?!]*$", re.IGNORECASE
)
SAYING = re.compile(
    r"\b(?:saying|says|say|that reads|text|message|remind \w+ (?:to|about))(?: that)?:? (.+?)[.?!]*$", re.IGNORECASE
)
BETWEEN = re.compile(r",? (?:and|then|but|also|plus)(?: then| also)? |[;,.!?] ?(?:and |then )?")
"""What separates two things that a prompt asks for."""


def last_word(text: str) -> str:
    """Return the last word of a text in lower case, without punctuation around it."""
    return text.rstrip(" _-").rpartition(" ")[2].strip(PUNCTUATION).lower()
