// The conversation as this browser knows it: what the desk said last, in the desk's order.

const talk = {
  messages: new Map(),
  status: "none",
  wait: "",
  read: 0,
  theirRead: 0,
  asks: 0,
  typing: "",
  hasEarlier: false,
  isLoaded: false,
  turn: 0,

  list() {
    return [...this.messages.values()].sort((one, other) => one.seq - other.seq)
  },

  newest() {
    return Math.max(0, ...this.messages.keys())
  },

  oldest() {
    return Math.min(...this.messages.keys())
  },

  unread() {
    return this.list().filter((one) => one.from !== "me" && one.seq > this.read).length
  },

  forget() {
    this.messages.clear()
    this.turn += 1
    fetching = null
    Object.assign(this, { status: "none", wait: "", hasEarlier: false, read: 0, theirRead: 0, asks: 0, typing: "", isLoaded: false })
    hub.tell("talk")
  },
}

// The shop has said who sits here: what they may read now, and of nobody else anything.
function changeHands(who) {
  if (who.is_new) {
    link.hangUp()
    talk.forget()
    if (who.is_other) hub.tell("left")
  }
  hub.tell("identified", who)
  if (isKnown()) listenFromNowOn()
}

// Takes in what one tab fetched, and lets the others know.
function take(page, { isFromTab = false } = {}) {
  const fresh = (page.messages ?? []).filter((one) => !talk.messages.has(one.seq))
  for (const message of page.messages ?? []) talk.messages.set(message.seq, message)
  if (page.conversation) Object.assign(talk, { asks: 0 }, page.conversation)
  if ("wait" in page) talk.wait = page.wait
  talk.read = Math.max(talk.read, page.read ?? 0)
  talk.theirRead = Math.max(talk.theirRead, page.their_read ?? 0)
  if (!isFromTab) tabs.tell("page", page)
  const theirs = fresh.filter((one) => one.from !== "me")
  if (theirs.length) talk.typing = ""
  hub.tell("talk", { fresh })
  if (page.isNews) for (const message of theirs) hub.tell("message", message)
}

function readAll() {
  const newest = talk.newest()
  if (newest <= talk.read) return
  talk.read = newest
  tabs.tell("page", { read: newest })
  hub.tell("talk", {})
  tellSeen({ read: newest })
}

// What the desk may know of this page; sent when it changes, and never in the way.
const told = { page: "", cart: "", typingAt: 0 }

async function tellSeen(more = {}) {
  if (!isKnown() || talk.status === "none") return
  const page = pageNow()
  const cart = shop.cart
  const body = { ...more }
  if (told.page !== page.url) Object.assign(body, { page })
  if (cart && told.cart !== JSON.stringify(cart)) Object.assign(body, { cart })
  if (!Object.keys(body).length) return
  try {
    await ask("POST", "seen/", { body, keepalive: true })
    Object.assign(told, { page: page.url, cart: cart ? JSON.stringify(cart) : "" })
  } catch (trouble) {
    if (!(trouble instanceof Trouble)) throw trouble
  }
}

// Where they are now: for whoever answers, and only while somebody may.
function tellPage() {
  if (talk.status === "open" && !isAway()) tellSeen()
}

function tellTyping(isTyping) {
  const now = Date.now()
  if (isTyping && now - told.typingAt < 5_000) return
  if (!isTyping && !told.typingAt) return
  told.typingAt = isTyping ? now : 0
  tellSeen({ typing: isTyping })
}
