"""Which permission opens which address. A view that asks for one stands here, and the other way."""

NEEDS: dict[str, str] = {
    **dict.fromkeys(
        (
            "desk:reply", "desk:redelivery", "desk:prepare", "desk:undo", "desk:prepared",
            "desk:prepared-writing", "desk:prepared-leaving", "desk:prepared-return",
            "desk:beside", "desk:side", "desk:side-draft", "desk:side-file-removal",
            "desk:side-delivery", "desk:next", "desk:promises-found", "desk:promise-times",
            "desk:promise-sentence", "desk:promise-keeping", "desk:promise-withdrawal",
            "desk:promise-moving", "desk:promise-handing", "desk:promise-next",
            "desk:promise-apology", "desk:promise-cause",
            "desk:wanted",
            "desk:chat-say", "desk:making-good", "desk:makegood-state", "desk:makegood-words",
            "desk:first",
        ),
        "answer",
    ),
    **dict.fromkeys(
        (
            "desk:assignment", "desk:tags", "desk:rest", "desk:resolution", "desk:reopening",
            "desk:handle", "desk:join", "desk:parting", "desk:likeness", "desk:splitting",
            "desk:orders-beside", "desk:order-code",
            "desk:belonging", "desk:forward", "desk:participant", "desk:macro", "desk:fields",
            "desk:act", "desk:side-state", "desk:placed", "lead:owner",
            "desk:chat-taking", "desk:chat-settle", "desk:chat-handing",
        ),
        "act",
    ),
    **dict.fromkeys(("desk:bulk", "desk:bulk-begin", "desk:bulk-stop", "desk:bulk-undo"), "bulk"),
    **dict.fromkeys(
        (
            "desk:person-details", "desk:person-tags", "desk:person-fields",
            "desk:person-consent", "desk:person-notes", "desk:person-note-removal",
            "desk:new-segment", "desk:segment", "desk:segment-removal",
        ),
        "customers.change",
    ),
    **dict.fromkeys(("desk:merging", "desk:apart", "desk:person-splitting"), "customers.merge"),
    **dict.fromkeys(
        ("desk:person-block", "desk:handle-block", "desk:lifting", "desk:network-lifting"),
        "customers.block",
    ),
    **dict.fromkeys(("desk:copies", "desk:copy"), "customers.export"),
    **dict.fromkeys(("desk:order-confirming", "desk:orders-confirming"), "answer"),
    **dict.fromkeys(("desk:order-parcel", "desk:order-scan"), "parcels.tell"),
    "desk:forgetting": "customers.forget",
    **dict.fromkeys(
        ("desk:disputes", "desk:dispute", "desk:dispute-packet", "desk:dispute-packet-file"),
        "disputes.see",
    ),
    **dict.fromkeys(
        (
            "desk:dispute-evidence", "desk:dispute-sending", "desk:dispute-order",
            "desk:dispute-letting-go",
        ),
        "disputes.answer",
    ),
    **dict.fromkeys(("desk:redaction", "desk:file-redaction"), "redact"),
    **dict.fromkeys(("desk:first-steps", "palette:style", "office:approval"), "office.settings"),
    **dict.fromkeys(("office:import", "office:undo_import", "office:export"), "kept.everybody"),
    **dict.fromkeys(
        (
            "office:inboxes", "office:connect", "office:new_mailbox", "office:new_forwarding",
            "office:new_form", "office:inbox", "office:naming", "office:servers", "office:token",
            "office:consent", "office:identity", "office:identity_end",
            "office:new_chat", "office:chat_trial",
            "office:rest", "office:machines", "office:end_of_rest",
        ),
        "office.inboxes",
    ),
    **dict.fromkeys(
        (
            "office:health", "office:inbox_health", "office:test_now", "office:looking",
            "office:probes", "office:waits", "office:range_again", "office:arrivals",
            "office:reading", "office:raw", "office:deliveries", "office:sending",
        ),
        "office.troubles",
    ),
    **dict.fromkeys(
        (
            "office:agents", "office:agent", "office:invite", "office:withdraw",
            "office:leaving", "office:agent_return",
        ),
        "office.agents",
    ),
    **dict.fromkeys(
        ("office:roles", "office:new_role", "office:role", "office:role_removal"), "office.roles"
    ),
    **dict.fromkeys(
        (
            "office:rolls", "office:roll", "office:roll_begin", "office:roll_stop",
            "office:roll_undo", "office:roll_refused",
        ),
        "office.imports",
    ),
    **dict.fromkeys(
        (
            "office:orders", "office:orders_file", "office:orders_begin", "office:orders_stop",
            "office:orders_undo", "office:shops", "office:new_shop", "office:shop",
            "office:shop_fields", "office:shop_secret", "office:shop_switching",
            "office:shop_import", "office:shop_reading",
        ),
        "office.shop",
    ),
    "desk:makegoods-file": "see.everything",
    **dict.fromkeys(
        (
            "office:authority", "office:authority_limit", "office:new_budget", "office:budget",
            "office:budget_closing",
        ),
        "office.authority",
    ),
    **dict.fromkeys(
        (
            "office:makegoods", "office:makegoods_publishing", "office:makegoods_draft_removal",
            "office:makegoods_preview", "office:new_failure", "office:failure_end",
        ),
        "office.makegoods",
    ),
    **dict.fromkeys(
        ("office:ahead", "office:ahead_cause", "office:ahead_stopping"), "office.ahead"
    ),
    "office:history": "ledger.see",
    **dict.fromkeys(("lead:board", "lead:late", "lead:late_orders"), "lead.see"),
    **dict.fromkeys(("office:keys", "office:key_removal"), "office.keys"),
    **dict.fromkeys(
        (
            "office:teams", "office:new_team", "office:team", "office:hours",
            "office:new_calendar", "office:calendar", "office:calendar_removal",
            "office:recount",
            "office:calendar_file", "office:calendar_days", "office:calendar_days_undo",
        ),
        "office.teams",
    ),
    **dict.fromkeys(("office:routing", "office:team_routing", "office:work"), "office.routing"),
    **dict.fromkeys(
        (
            "office:policies", "office:new_policy", "office:policy_order", "office:policy",
            "office:policy_publishing", "office:policy_switching", "office:policy_removal",
            "office:policy_previewing", "office:policy_preview", "office:causes",
            "office:cause", "office:cause_switching", "office:terms", "office:new_terms",
            "office:one_terms", "office:terms_switching",
        ),
        "office.policies",
    ),
    **dict.fromkeys(
        (
            "office:fields", "office:new_field", "office:field", "office:field_archiving",
            "office:field_restoring",
        ),
        "office.fields",
    ),
    **dict.fromkeys(
        (
            "office:rules", "office:new_rule", "office:rule_order", "office:all_rules",
            "office:rule_examples", "office:rule", "office:rule_switch", "office:rule_removal",
            "office:rule_trial", "office:rule_trial_end",
        ),
        "office.rules",
    ),
    **dict.fromkeys(
        (
            "office:tags", "office:new_tag", "office:tag", "office:tag_merging",
            "office:tag_removal", "office:tag_return",
        ),
        "office.tags",
    ),
    **dict.fromkeys(("office:blocked", "office:lifting"), "office.blocked"),
}  # fmt: skip

ANY_OF_THE_OFFICE = {"office:home"}
"""Opens to whoever has anything to do in the office, and shows each what is theirs."""

NEEDS_ONLY_FOR: dict[str, tuple[str, ...]] = {"desk:side": ("POST",)}
"""Where everybody reads and only some write: the methods that the permission is asked for."""

PERSONAL = {
    "about oneself": (
        "desk:look", "desk:wishes", "desk:browsers", "desk:browser-removal", "desk:digest-end",
        "desk:notices-reading", "desk:presence", "desk:time-zone", "desk:habit",
        "desk:standing",
        "desk:view-order", "desk:following", "desk:unread", "desk:seen", "desk:side-seen",
        "office:profile", "office:picture",
    ),
    "one’s own, or with whom the act itself asks": (
        "desk:new-view", "desk:change-view", "desk:view-removal", "office:new_reply",
        "office:reply", "office:reply_removal", "office:new_macro", "office:macro",
        "office:macro_removal",
    ),
    "notes are everybody’s, and drafts are one’s own": (
        "desk:note", "desk:chat-note", "desk:draft", "desk:preview", "desk:draft-files",
        "desk:draft-file-removal", "desk:saved-replies",
    ),
    "each act on an order asks for its own: see `errands.queries.may_ask`": (
        "desk:errand", "desk:errand-off", "desk:errand-settled",
    ),
    "whoever was asked says yes or no, and the act asks who that is": ("desk:approval",),
    "a card number goes at once, whoever sees it": ("desk:spotted",),
}  # fmt: skip
"""What may be posted without a permission by whoever sees the thing, and why."""

ASKED_BY_ACTS = {
    "see.everything": "by every list and every address of a conversation",
    "answer.alone": "when an answer leaves, and when somebody else is asked",
    "answer.approve": "when a waiting answer is let go",
    "views.share": "when a view is shared with everybody",
    "kept.team": "when a macro is made for a team",
    "orders.refund": "where a shop is asked to give money back",
    "orders.change": "where a shop is asked to change an order",
    "orders.watch": "when orders are late, and somebody is to be told",
    "orders.coupon": "where a shop is asked for a coupon",
}
"""Which permissions no address asks for, because an act behind it does."""

PROVES: dict[str, tuple[str, ...]] = {
    "desk:copies": ("POST",),
    "desk:copy": ("POST",),
    "desk:forgetting": ("GET", "POST"),
    "office:servers": ("GET", "POST"),
    "office:token": ("GET", "POST"),
    "office:identity": ("GET", "POST"),
    "office:identity_end": ("POST",),
    "office:consent": ("GET", "POST"),
    "office:agent": ("POST",),
    "office:invite": ("POST",),
    "office:leaving": ("POST",),
    "office:agent_return": ("POST",),
    "office:new_role": ("POST",),
    "office:role": ("POST",),
    "office:role_removal": ("POST",),
    "office:key_removal": ("POST",),
    "office:new_shop": ("GET", "POST"),
    "office:shop_fields": ("GET", "POST"),
    "office:shop_secret": ("GET", "POST"),
    "office:shop_switching": ("POST",),
    "office:authority_limit": ("POST",),
    "office:new_budget": ("POST",),
    "office:budget": ("POST",),
    "office:budget_closing": ("POST",),
    "office:makegoods_publishing": ("POST",),
    "office:orders_begin": ("POST",),
    "office:orders_undo": ("POST",),
    "office:roll_begin": ("POST",),
    "office:roll_undo": ("POST",),
}
"""Before these the password or the second step is asked for again."""
