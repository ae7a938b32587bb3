// Reads a stream of events piece by piece, wherever the network happened to cut it.

async function* events(reader) {
  const decoder = new TextDecoder()
  let rest = ""
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    const blocks = (rest + decoder.decode(value, { stream: true })).replaceAll("\r", "").split("\n\n")
    rest = blocks.pop()
    for (const block of blocks) yield eventOf(block)
  }
}

// A beat has no name and no data; it only says that the line is alive.
function eventOf(block) {
  const event = { name: "", data: {} }
  for (const line of block.split("\n")) {
    const at = line.indexOf(":")
    if (at < 1) continue
    const value = line.slice(at + 1).trimStart()
    if (line.startsWith("event:")) event.name = value
    if (line.startsWith("data:")) event.data = parsed(value)
  }
  return event
}

function parsed(text) {
  try {
    return JSON.parse(text)
  } catch {
    return {}
  }
}
