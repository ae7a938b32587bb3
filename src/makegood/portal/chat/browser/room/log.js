// What was said, oldest first: the desk's messages in the desk's order, then those on their way.

const NEAR = 5 * 60_000

const log = {
  nodes: new Map(),
  list: make("div", { className: "log__list", role: "log", "aria-live": "polite", "aria-relevant": "additions", tabIndex: 0 }),
  earlier: make("button", { type: "button", className: "word log__earlier", hidden: true }),
  writing: make("p", { className: "log__writing", hidden: true }),
  line: make("p", { className: "log__line", hidden: true }),
  root: make("div", { className: "log" }),
  isAtEnd: true,

  put() {
    this.list.setAttribute("aria-label", say("keepTalk"))
    this.earlier.textContent = say("earlier")
    this.earlier.addEventListener("click", () => this.showEarlier())
    this.writing.append(make("span", { className: "dots", "aria-hidden": "true" }, ...[1, 2, 3].map(() => make("i"))), make("span", {}))
    this.root.append(this.earlier, this.list, this.writing, this.line)
    this.root.addEventListener("scroll", () => {
      if (this.tall === this.root.clientHeight) this.isAtEnd = this.root.scrollHeight - this.root.scrollTop - this.tall < 60
      if (this.root.scrollTop < 40 && talk.hasEarlier) this.showEarlier()
      if (this.isAtEnd) this.seen()
    }, { passive: true })
    // What comes below it, or a phone's keyboard, leaves the newest in sight.
    new ResizeObserver(() => { this.tall = this.root.clientHeight; if (this.isAtEnd) this.toEnd() }).observe(this.root)
    for (const name of ["talk", "queue", "link"]) hub.on(name, () => this.draw())
    hub.on("typing", () => this.drawWriting())
    document.addEventListener("visibilitychange", () => this.seen())
    this.draw()
  },

  items() {
    const there = talk.list()
    const named = new Set(there.map((one) => one.client_id).filter(Boolean))
    const waiting = outbox.all().filter((one) => !named.has(one.id))
    const items = [
      ...there.map((message) => ({ id: message.client_id || `s${message.seq}`, message })),
      ...waiting.map((entry) => ({ id: entry.id, entry, message: asMessage(entry) })),
    ]
    const lastOfMine = items.findLast((one) => one.message.from === "me" && !one.entry)
    items.forEach((item, index) => {
      item.isFirst = !isNear(items[index - 1], item)
      item.isLast = !isNear(item, items[index + 1])
      item.isNewDay = !index || dayKey(items[index - 1].message.at) !== dayKey(item.message.at)
      item.isLastOfMine = item === lastOfMine
    })
    return items
  },

  draw() {
    if (this.root.hidden || !shop.isOpen) return
    const items = this.items()
    const wanted = []
    for (const item of items) {
      if (item.isNewDay) wanted.push(this.day(item.message.at))
      const parts = this.nodes.get(item.id) ?? messageNode(item.id)
      this.nodes.set(item.id, parts)
      drawMessage(parts, item)
      wanted.push(parts.root)
    }
    this.arrange(wanted)
    this.earlier.hidden = !talk.hasEarlier
    this.drawLine(items)
    this.drawWriting()
  },

  // Only what moved is moved: who listens to the page hears what is new, and nothing twice.
  arrange(wanted) {
    const kept = new Set(wanted)
    for (const child of [...this.list.children]) if (!kept.has(child)) child.remove()
    wanted.forEach((node, index) => {
      if (this.list.children[index] !== node) this.list.insertBefore(node, this.list.children[index] ?? null)
    })
    if (this.isAtEnd) this.toEnd()
  },

  day(at) {
    const id = `d${dayKey(at)}`
    if (!this.nodes.has(id)) this.nodes.set(id, { root: make("p", { className: "log__day" }, make("span", {}, dayOf(at))) })
    return this.nodes.get(id).root
  },

  drawLine(items) {
    const isSettled = talk.status === "resolved" && !items.at(-1)?.entry
    const isMine = items.at(-1)?.message.from === "me"
    const words = !items.length ? say("empty") : isSettled ? say("settled") : isMine && !items.at(-1).entry ? talk.wait : ""
    this.line.textContent = words
    this.line.hidden = !words
    this.root.classList.toggle("log--empty", !items.length)
  },

  drawWriting() {
    this.writing.hidden = !talk.typing
    this.writing.lastChild.textContent = talk.typing ? say("writing", talk.typing) : ""
    if (this.isAtEnd) this.toEnd()
  },

  async showEarlier() {
    if (this.isFetching) return
    this.isFetching = true
    const before = this.root.scrollHeight - this.root.scrollTop
    this.list.setAttribute("aria-busy", "true")
    await fetchEarlier().catch(() => {})
    this.root.scrollTop = this.root.scrollHeight - before
    this.list.removeAttribute("aria-busy")
    this.isFetching = false
  },

  toEnd() {
    this.root.scrollTop = this.root.scrollHeight
    this.seen()
  },

  seen() {
    if (shop.isOpen && !this.root.hidden && this.root.isConnected && !isAway()) readAll()
  },
}
