"""What the codes of the API's errors mean: the page behind the `type` of a problem document."""

from __future__ import annotations

MEANINGS: dict[str, str] = {
    "bad_amount": "An amount is not a decimal text in rupees with at most two decimals, like “1250.50”.",
    "bad_cursor": "The cursor is not one we gave. Start again without it, or use “next_cursor” as it came.",
    "conflict": "Somebody or something changed the object first. Read it again, then decide again.",
    "idempotency-key-in-flight": "The first request with this key is still at work. Repeat it soon.",
    "idempotency-key-missing": "Send an “Idempotency-Key” header, so that a repeat takes effect once.",
    "idempotency-key-reused": "The key was used for another request. Take a new key for every new request.",
    "if_match_required": "Send “If-Match” with the ETag you read, so that nobody's change gets lost.",
    "invalid": "One or more fields break a rule; “errors” names each field by a JSON pointer.",
    "kill_switch_on": "Trading is stopped by the kill switch. Lift it on the kill page before new entries.",
    "malformed": "The request cannot be read: not valid JSON, or a parameter of the wrong form.",
    "not_entitled": "Your role in the workspace does not have the right this needs.",
    "not_found": "It does not exist in your workspace. Objects of other workspaces do not exist for you.",
    "not_signed_in": "Sign in, or send an API key: “Authorization: Bearer ql_test_…”.",
    "rate_limited": "Too many requests. Repeat after “Retry-After” seconds.",
    "version_changed": "The object changed after you read it. Read it again, then repeat your change.",
}

OTHERWISE = "The “detail” of the answer says what is wrong and what to change; “errors” names single fields."


def meaning_of(code: str) -> str:
    """Plain words for a code."""
    return MEANINGS.get(code, OTHERWISE)
