// The shop may speak first: a few words beside the button, where a rule of its holds. Judged here,
// because only the page knows where somebody is, how long, and what is in their cart.

const VISIT = 30 * 60_000
const STALE = 60_000

const inviting = {
  root: make("div", { className: "invite", role: "status" }),
  seconds: 0,
  page: "",
  timer: null,
  isOver: false,
  isAsking: false,

  put() {
    face.frame.append(this.root)
    hub.on("open", () => { if (this.root.firstChild) invited.opened(); this.end() })
    hub.on("hello", () => this.start())
    this.root.addEventListener("keydown", (event) => event.key === "Escape" && this.end(true))
  },

  start() {
    if (this.isOver || this.timer || !this.rules().length) return
    if (this.rules().some((rule) => rule.returning)) this.remember()
    this.timer = setInterval(() => this.tick(), 1_000)
  },

  rules() {
    return shop.hello?.is_open ? (shop.hello.invitations ?? []) : []
  },

  // Whoever comes back after half an hour came before.
  remember() {
    const { at = 0, isBack = false } = keep.read("came") ?? {}
    keep.write("came", { at: Date.now(), isBack: isBack || (at > 0 && Date.now() - at > VISIT) })
  },

  // Only while somebody looks; another page is another stay, also where nothing is loaded for it.
  tick() {
    if (document.visibilityState !== "visible") return
    this.seconds = this.page === pageNow().url ? this.seconds + 1 : 0
    this.page = pageNow().url
    const rule = this.rules().find((one) => this.holds(one))
    if (rule) this.show(rule)
  },

  holds({ key, page = "", seconds = 0, cart = 0, returning = false, days = 7 }) {
    const shownAt = Number(keep.get(`invited:${key}`) ?? 0)
    return this.isFree()
      && (!shownAt || Date.now() - shownAt >= days * DAY)
      && this.page.includes(page)
      && this.seconds >= seconds
      && worth(shop.cart) >= cart
      && (!returning || Boolean(keep.read("came")?.isBack))
  },

  // Whichever rule it was: when this visitor was invited within a day.
  lately() {
    return (keep.read("invites") ?? []).filter((at) => Date.now() - at < DAY)
  },

  // Nobody who is in a conversation is invited to one, and nobody too often.
  isFree() {
    return this.lately().length < (shop.hello.invites_most ?? 2) && !shop.isOpen && talk.status !== "open" && !talk.unread() && !outbox.all().length
  },

  // What was said of the opening hours may be an hour old: asked again before anybody is invited.
  async show(rule) {
    if (this.isAsking) return
    this.isAsking = true
    if (Date.now() - (shop.hello.askedAt ?? 0) > STALE) await greet()
    this.isAsking = false
    const isStill = this.rules().some((one) => one.key === rule.key) && this.holds(rule)
    if (this.isOver || begun.isOver || !isStill) return
    this.end()
    const word = invited.wordFor(rule.key)
    keep.set(`invited:${rule.key}`, String(Date.now()))
    keep.write("invites", [...this.lately(), Date.now()])
    // Where that cannot be kept, nobody could say how often they were invited.
    if (!keep.isSafe) return
    this.draw(rule.words)
    invited.shown(rule.key, word)
  },

  draw(words) {
    const write = make("button", { type: "button", className: "invite__go", onclick: () => api.open("talk") }, say("take"))
    const close = make("button", { type: "button", className: "invite__close", "aria-label": say("decline"), onclick: () => this.end(true) }, icon("M18 6 6 18", "m6 6 12 12"))
    this.root.replaceChildren(make("p", { className: "invite__words", dir: "auto" }, words), close, write)
    hub.tell("invited", words)
  },

  // Once on a page, whether it is taken or not.
  end(isByHand = false) {
    const isHere = this.root.contains(face.shade.activeElement)
    if (isByHand) invited.tell("put away")
    clearInterval(this.timer)
    this.isOver = true
    this.root.replaceChildren()
    if (isByHand && isHere) launcher.button.focus()
  },
}

// A total as shops write it: 84, "84.00", "84,00", "1.234,50".
function worth(cart) {
  const text = String(cart?.total ?? 0).replace(/[^\d.,]/g, "").replace(/[.,](?=\d{3}(?:[.,]|$))/g, "")
  return Number(text.replace(",", ".")) || 0
}
