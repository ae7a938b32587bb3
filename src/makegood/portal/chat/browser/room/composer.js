// Where the visitor writes. Enter sends, Shift+Enter makes a line; what is begun is kept.

const composer = {
  root: make("form", { className: "composer", noValidate: true }),
  field: make("textarea", { className: "composer__field", rows: 1, name: "text", enterKeyHint: "send", dir: "auto" }),
  count: make("p", { className: "composer__trouble", role: "status", hidden: true }),

  put() {
    const id = newName()
    const label = make("label", { for: id, className: "heard" }, say("message"))
    this.field.id = id
    this.field.placeholder = say("writeHere")
    const smile = iconButton("smile", say("emoji"), undefined, { "aria-expanded": "false" })
    const clip = iconButton("clip", say("attach"), () => uploads.input.click())
    this.button = iconButton("send", say("send"), undefined, { type: "submit", className: "tool tool--send" })
    const row = make("div", { className: "composer__row" }, clip, smile, this.field, this.button)
    uploads.put()
    emoji.put(smile)
    this.root.append(emoji.root, uploads.trouble, this.count, uploads.root, uploads.input, label, row)
    this.listen()
    this.field.value = keep.get("draft") ?? ""
    hub.on("left", () => this.clear())
    this.draw()
  },

  clear() {
    this.field.value = ""
    uploads.chosen.forEach((one) => one.request?.abort())
    uploads.chosen = []
    uploads.draw()
    questions.isDone = false
    if (shop.isOpen) panel.show("home")
    this.draw()
  },

  listen() {
    this.root.addEventListener("submit", (event) => { event.preventDefault(); this.send() })
    this.field.addEventListener("keydown", (event) => this.pressed(event))
    this.field.addEventListener("input", () => {
      keep.set("draft", this.field.value)
      tellTyping(Boolean(this.field.value.trim()))
      this.draw()
    })
    this.field.addEventListener("paste", (event) => {
      if (!event.clipboardData.files.length) return
      event.preventDefault()
      uploads.add(event.clipboardData.files)
    })
  },

  pressed(event) {
    // While a word is being composed, Enter chooses it.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return
    event.preventDefault()
    this.send()
  },

  get over() {
    const most = shop.hello?.limits?.characters ?? 10_000
    return Math.max(0, this.field.value.length - most)
  },

  draw() {
    const isEmpty = !this.field.value.trim() && !uploads.chosen.length
    this.button.setAttribute("aria-disabled", String(isEmpty || uploads.isBusy || this.over > 0))
    this.count.hidden = !this.over
    this.count.textContent = this.over ? say("tooLong", this.over) : ""
    this.field.style.blockSize = "auto"
    this.field.style.blockSize = `${Math.min(this.field.scrollHeight, 132)}px`
  },

  send() {
    if (this.button.getAttribute("aria-disabled") === "true") return this.focus()
    const files = uploads.handOver()
    const said = { text: this.field.value.trim(), page: pageNow(), ...questions.answered(), ...invited.ledTo() }
    if (files.length) said.files = files.map((one) => one.token)
    if (shop.cart) said.cart = shop.cart
    if (shop.tags.length) said.tags = shop.tags
    log.isAtEnd = true
    outbox.add(said, files)
    this.field.value = ""
    keep.drop("draft")
    tellTyping(false)
    this.draw()
    this.focus()
  },

  insert(words) {
    this.field.setRangeText(words, this.field.selectionStart, this.field.selectionEnd, "end")
    this.field.dispatchEvent(new Event("input"))
    this.focus()
  },

  focus() {
    this.field.focus({ preventScroll: true })
  },
}
