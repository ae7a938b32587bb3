// What was written and is not with the desk yet. Each message lies under a name of its own until
// the desk has said that it has it: tabs can add and take away without treading on each other.

const outbox = {
  all() {
    return keep.names("queue:").sort().map((name) => keep.read(name)).filter(Boolean)
  },

  // Only the leader sends, but what could not be kept is known to this page alone.
  next() {
    const waiting = this.all().filter((one) => !one.refused)
    return waiting.find((one) => tabs.isLeader || keep.isOnlyHere(`queue:${one.id}`))
  },

  put(entry) {
    keep.write(`queue:${entry.id}`, entry)
    this.changed()
  },

  drop(id) {
    keep.drop(`queue:${id}`)
    this.changed()
  },

  changed() {
    hub.tell("queue")
    tabs.tell("queue")
  },

  // `shown` is what the page shows of its files until the desk does.
  add(said, shown) {
    this.put({ id: newId(), at: new Date().toISOString(), said, shown })
    post.start()
  },

  again(id) {
    const entry = this.all().find((one) => one.id === id)
    if (!entry) return
    delete entry.refused
    this.put(entry)
    post.start()
  },
}

// A visitor waits so many seconds; for longer they are told, and choose.
const LONGEST_WAIT = 120

// Sends the oldest, then the next: one at a time, in their order, until all are there.
const post = {
  bell: new Bell(),
  isBusy: false,
  tries: 0,
  works: 0,

  start() {
    tabs.start()
    if (this.isBusy) this.bell.ring()
    else this.run()
  },

  async run() {
    this.isBusy = true
    try {
      for (let entry = outbox.next(); entry; entry = outbox.next()) {
        const wait = await this.send(entry)
        if (wait) await this.bell.sleep(wait)
      }
    } finally {
      this.isBusy = false
      this.tries = 0
    }
  },

  // How long to wait before anything is sent again; 0 goes on at once.
  async send(entry, work) {
    try {
      const body = { client_id: entry.id, ...entry.said, ...(work && { work }) }
      const { turn } = talk
      const { message } = await ask("POST", "messages/", { body })
      if (turn === talk.turn) take({ messages: [{ client_id: entry.id, ...message }], conversation: { status: "open" } })
      outbox.drop(entry.id)
      this.tries = this.works = 0
      if (link.state === "lost") link.set(link.wasWell ? "live" : "idle")
      hub.tell("sent", message)
      return 0
    } catch (trouble) {
      return this.failed(entry, trouble)
    }
  },

  async failed(entry, trouble) {
    this.works += 1
    if (trouble.code === "work" && this.works < 6) return this.send(entry, await workOn(trouble.work))
    if (trouble.isPassing) {
      this.tries += 1
      if (this.tries > 1) link.set("lost")
      return pause(this.tries) + 1
    }
    if (trouble.code === "too_much" && trouble.after <= LONGEST_WAIT) {
      hub.tell("held", { words: trouble.words, seconds: trouble.after })
      return trouble.after * 1000
    }
    if (trouble.code === "blocked") hub.tell("blocked", trouble.words)
    outbox.put({ ...entry, refused: trouble.words || trouble.code })
    return 0
  },
}
