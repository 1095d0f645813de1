"""What the pages say below a program that makes the sandbox do something."""

import pytest

from docs._tools.site.captions import caption


@pytest.mark.parametrize(
    ("directive", "said"),
    [
        ("rate_limit x2; ok; server_error", "<code>rate_limit</code> (twice), then <code>server_error</code>."),
        ("latency=0.05", "Each simulated answer takes 0.05 s."),
        ("tier=1", "has the rate limits of tier 1."),
        ("tls", "uses HTTPS, with a certificate from an authority that your machine does not trust."),
    ],
)
def test_a_caption_says_what_a_directive_does(directive: str, said: str) -> None:
    assert said in caption(f"# sandbox: {directive}\nprint()\n")


def test_a_program_without_directives_has_no_caption() -> None:
    assert caption("print()  # nothing for the sandbox\n") == ""
