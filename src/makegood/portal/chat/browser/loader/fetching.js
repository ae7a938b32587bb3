// The newest to begin with, or what came after those we have; asked once at a time.
let fetching = null

function fetchNews() {
  if (fetching) return fetching
  const mine = fetchAll().finally(() => { if (fetching === mine) fetching = null })
  fetching = mine
  return mine
}

async function fetchAll() {
  for (let isMore = true; isMore; ) {
    const after = talk.newest()
    const isFirst = !talk.isLoaded
    const { turn } = talk
    const page = await ask("GET", "messages/", { query: isFirst || !after ? {} : { after } })
    if (turn !== talk.turn) return // it was asked for somebody else
    talk.isLoaded = true
    if (isFirst || !after) talk.hasEarlier = page.is_more
    take({ ...page, isNews: !isFirst })
    if (isFirst) hub.tell("loaded")
    isMore = !isFirst && after > 0 && page.is_more
  }
}

async function fetchEarlier() {
  const { turn } = talk
  const page = await ask("GET", "messages/", { query: { before: talk.oldest() } })
  if (turn !== talk.turn) return
  talk.hasEarlier = page.is_more
  take({ messages: page.messages })
}
