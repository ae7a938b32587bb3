// What belongs together, and how a message that waits looks like one that is there.

function isNear(one, other) {
  if (!one || !other || one.message.from !== other.message.from) return false
  if (one.message.name !== other.message.name || one.entry?.refused) return false
  const apart = Date.parse(other.message.at) - Date.parse(one.message.at)
  return apart < NEAR && dayKey(one.message.at) === dayKey(other.message.at)
}

function asMessage(entry) {
  return { from: "me", name: "", at: entry.at, text: entry.said.text, files: entry.shown ?? [] }
}
