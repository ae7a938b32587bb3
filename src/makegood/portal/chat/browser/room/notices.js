// What is the matter, in one line above the writing: and what is not lost.

const notices = {
  root: make("p", { className: "notice", role: "status", hidden: true }),
  working: false,
  held: "",
  blocked: "",

  put() {
    hub.on("working", (isWorking) => { this.working = isWorking; this.draw() })
    hub.on("blocked", (words) => { this.blocked = words || say("blocked"); this.draw() })
    hub.on("held", ({ words, seconds }) => {
      this.held = words || say("held")
      this.draw()
      setTimeout(() => { this.held = ""; this.draw() }, seconds * 1000)
    })
    hub.on("sent", () => { this.held = this.blocked = ""; this.draw() })
    for (const name of ["link", "kept", "queue"]) hub.on(name, () => this.draw())
    for (const name of ["online", "offline"]) addEventListener(name, () => { this.draw(); log.draw() })
    this.draw()
  },

  words() {
    if (this.blocked) return ["blocked", this.blocked]
    if (isOffline()) return ["offline", say("offline")]
    if (this.held) return ["held", this.held]
    if (this.working) return ["working", say("working")]
    if (!keep.isSafe) return ["unkept", say("unkept")]
    return ["", ""]
  },

  draw() {
    const [kind, words] = this.words()
    if (this.root.textContent !== words) this.root.textContent = words
    this.root.dataset.kind = kind
    this.root.hidden = !words
  },
}
