// The secret is changed once a day, so that one that somebody copied opens little for long. The
// old one stays good for some minutes: other tabs, and an answer that was lost on its way, find on.

const DAY = 86_400_000

async function renewSecret() {
  if (!isKnown() || talk.status === "none") return
  if (!keep.get("since")) keep.set("since", String(Date.now()))
  const isDue = Date.now() - Number(keep.get("since")) > DAY
  if (!isDue && !keep.get("next")) return
  const next = keep.get("next") ?? newSecret()
  keep.set("next", next)
  if (keep.isOnlyHere("next")) return // what cannot be kept must not replace what is
  await ask("POST", "secret/", { body: { next } })
  keep.set("", next)
  if (keep.isOnlyHere("")) return
  keep.drop("next")
  keep.set("since", String(Date.now()))
}
