// Hears of news at once: a stream where the network lets one through, questions every few
// seconds where it does not. Only the leading tab of a browser that has written listens.

const SILENCE = 40_000
const FIRST_WORD = 10_000
const POLL = { visible: 3_000, hidden: 15_000 }

const link = {
  state: "idle",
  bell: new Bell(),
  failedAt: [],
  isRunning: false,
  stream: null,
  wasWell: false,
  isOver: false,

  set(state) {
    if (state === this.state) return
    this.state = state
    hub.tell("link", state)
  },

  get isWanted() {
    return tabs.isLeader && tabs.isRunning && isKnown()
  },

  hurry() {
    this.bell.ring()
    post.bell.ring()
  },

  async run() {
    if (this.isRunning) return
    this.isRunning = true
    for (let tries = 0; this.isWanted; ) {
      if (this.hasFailedOften()) await this.poll()
      this.wasWell = false
      const began = Date.now()
      await this.listen().catch(() => {})
      if (!this.isWanted) break
      if (this.isOver && talk.status === "none") break // nothing was said: nothing can be new
      if (!this.wasWell) this.failed(tries)
      tries = this.wasWell && Date.now() - began > 900 ? 1 : tries + 1
      await this.bell.sleep(pause(tries))
    }
    this.isRunning = false
    this.set("idle")
  },

  failed(tries) {
    const now = Date.now()
    this.failedAt = [...this.failedAt.filter((at) => now - at < 30_000), now]
    if (tries > 0) this.set("lost")
  },

  hasFailedOften() {
    return this.failedAt.length >= 3 && navigator.onLine
  },

  // For a minute: then the stream is tried once more.
  async poll() {
    this.failedAt = this.failedAt.slice(1)
    const until = Date.now() + 60_000
    for (let tries = 0; this.isWanted && Date.now() < until; ) {
      try {
        await fetchNews()
        tries = 0
        this.set("polling")
      } catch {
        tries += 1
        this.set("lost")
      }
      await this.bell.sleep(tries ? pause(tries + 1) : POLL[document.visibilityState] ?? POLL.hidden)
    }
  },

  async listen() {
    const given = new AbortController()
    this.stream = given
    let timer = setTimeout(() => given.abort(), FIRST_WORD)
    try {
      if (!talk.isLoaded || this.state === "lost") await fetchNews()
      const address = `${BASE}live/?after=${talk.newest()}&lang=${language()}`
      const headers = { authorization: `Bearer ${secret()}`, accept: "text/event-stream" }
      const how = { headers, signal: given.signal, credentials: "omit", cache: "no-store" }
      const response = await fetch(address, how)
      this.isOver = response.status === 204
      if (this.isOver) return
      if (!response.ok) throw new Trouble(String(response.status))
      for await (const event of events(response.body.getReader())) {
        clearTimeout(timer)
        timer = setTimeout(() => given.abort(), SILENCE)
        this.wasWell = true
        if (this.state !== "live") renewSecret().catch(() => {})
        this.set("live")
        post.start() // what another tab left behind
        await heard(event)
      }
    } finally {
      clearTimeout(timer)
      given.abort()
    }
  },

  hangUp() {
    this.stream?.abort()
    this.bell.ring()
  },
}

async function heard({ name, data }) {
  // Twice, where the first asking was under way before the news came.
  const isNew = () => data.seq > talk.newest() || data.status !== talk.status
  for (let tries = 0; name === "news" && isNew() && tries < 2; tries += 1) await fetchNews()
  if (name === "read") take({ their_read: data.seq })
  if (name !== "typing") return
  talk.typing = data.is_typing ? data.name || " " : ""
  tabs.tell("typing", talk.typing)
  hub.tell("typing", talk.typing)
}
