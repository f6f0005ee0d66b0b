"""What the codes of the API's errors mean: the page behind the `type` of a problem document."""

from __future__ import annotations

MEANINGS: dict[str, str] = {
    "account_closed": "The account is closed; name another one, or none to trade on paper.",
    "archived": "It was taken off for good. Deploy the strategy again instead.",
    "bad_amount": "An amount is not a decimal text in rupees with at most two decimals, like “1250.50”.",
    "bad_cursor": "The cursor is not one we gave. Start again without it, or use “next_cursor” as it came.",
    "bad_speed": "A replay plays 1 to 3600 market seconds a second, or flat out with 0.",
    "conflict": "Somebody or something changed the object first. Read it again, then decide again.",
    "idempotency-key-in-flight": "The first request with this key is still at work. Repeat it soon.",
    "idempotency-key-missing": "Send an “Idempotency-Key” header, so that a repeat takes effect once.",
    "idempotency-key-reused": "The key was used for another request. Take a new key for every new request.",
    "if_match_required": "Send “If-Match” with the ETag you read, so that nobody's change gets lost.",
    "invalid": "One or more fields break a rule; “errors” names each field by a JSON pointer.",
    "kill_switch_off": "The kill switch is not on, so there is nothing to lift.",
    "kill_switch_on": "Trading is stopped by the kill switch. Lift it on the kill page before new entries.",
    "malformed": "The request cannot be read: not valid JSON, or a parameter of the wrong form.",
    "market_ended": "The replay is over. Play the day again, or the next one.",
    "mixed_workspaces": "Strategy, basket and account must belong to the same workspace.",
    "no_data_for_date": "No session of that day is recorded; “detail” lists the days there are.",
    "no_next_session": "That was the last recorded session; play it again instead.",
    "not_entitled": "Your role in the workspace does not have the right this needs.",
    "not_found": "It does not exist in your workspace. Objects of other workspaces do not exist for you.",
    "not_signed_in": "Sign in, or send an API key: “Authorization: Bearer ql_test_…”.",
    "nothing_open": "There is no open run, so there is nothing to square off.",
    "platform_kill": "The operators stopped trading for everybody; only they can lift that.",
    "rate_limited": "Too many requests. Repeat after “Retry-After” seconds.",
    "run_open": "A run is still open. Square it off, then archive the deployment.",
    "spec_invalid": "The strategy breaks one or more rules; “errors” names each place by a JSON pointer.",
    "unknown_action": "A replay does not know this action; “detail” lists what it can do.",
    "unknown_level": "The kill switch has three levels: pause_entries, cancel_orders, square_off.",
    "unknown_source": "There is no set of recorded sessions of that name; “detail” lists those there are.",
    "version_changed": "The object changed after you read it. Read it again, then repeat your change.",
}

OTHERWISE = "The “detail” of the answer says what is wrong and what to change; “errors” names single fields."


def meaning_of(code: str) -> str:
    """Plain words for a code."""
    return MEANINGS.get(code, OTHERWISE)
